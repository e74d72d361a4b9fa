"""An agency full of bookings, and proposals to book: made in bulk, their claims derived by the site's own code."""

import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from agency.models import Agency, Brand, Category, Client, Membership, User
from campaigns.claims.derive import Surroundings, collaboration_rows, with_everything
from campaigns.claims.store import claim_of
from campaigns.models import Campaign, Claim, Collaboration, Deliverable, Exclusivity
from influencers.models import Account, Influencer

FIRST_DAY = date(2026, 1, 5)
PITCH = timedelta(days=40)  # from booking to booking of one creator; clauses reach 14 days, so they never meet
PER_CREATOR = 10
CATEGORIES = 8
BRANDS = 20 * CATEGORIES  # twenty rivals in each
LIVE_DAYS = timedelta(days=3)
DAYS_AFTER = 14
CHUNK = 2000


class Roster:
    """Creators with one account each, rival brands that promote the same few categories, and who works with them."""

    def __init__(self, creators: int) -> None:
        self.chance = random.Random(3)
        self.agency = Agency.objects.create(name="Bench", slug="bench", timezone="Europe/Copenhagen")
        user = User.objects.create_user("manager@bench.example")
        self.manager = Membership.objects.create(agency=self.agency, user=user, role=Membership.Role.MANAGER)
        self.categories = Category.objects.bulk_create(
            Category(agency=self.agency, name=f"Category {n}") for n in range(CATEGORIES)
        )
        clients = Client.objects.bulk_create(Client(agency=self.agency, name=f"Client {n}") for n in range(BRANDS))
        self.brands = Brand.objects.bulk_create(
            Brand(agency=self.agency, client=client, name=f"Brand {client.name}") for client in clients
        )
        for number, brand in enumerate(self.brands):
            brand.categories.add(self.category_of(number))
        self.creators = Influencer.objects.bulk_create(
            (Influencer(agency=self.agency, name=f"Creator {n}", status="active") for n in range(creators)), CHUNK
        )
        accounts = Account.objects.bulk_create(
            (
                Account(agency=self.agency, influencer=creator, platform="instagram", handle=f"creator.{creator.pk}")
                for creator in self.creators
            ),
            CHUNK,
        )
        self.accounts = {account.influencer_id: account for account in accounts}

    def category_of(self, brand_number: int) -> Category:
        return self.categories[brand_number % CATEGORIES]

    def campaigns(self, count: int, *, step: int = 1) -> list[Campaign]:
        """Campaigns for every `step`-th brand in turn, promoting the brand's category; a step of CATEGORIES makes rivals."""
        numbers = [n * step % BRANDS for n in range(count)]
        campaigns = Campaign.objects.bulk_create(
            (
                Campaign(
                    agency=self.agency,
                    brand=self.brands[number],
                    owner=self.manager,
                    name=f"Campaign {place}",
                    starts_on=FIRST_DAY,
                    ends_on=FIRST_DAY + timedelta(days=900),
                )
                for place, number in enumerate(numbers)
            ),
            CHUNK,
        )
        promoted = Campaign.categories.through
        promoted._default_manager.bulk_create(
            (
                promoted(campaign=campaign, category=self.category_of(number))
                for number, campaign in zip(numbers, campaigns, strict=True)
            ),
            CHUNK,
        )
        return campaigns

    def collaborations(
        self, wanted: Iterable[tuple[Campaign, Influencer, date]], state: Collaboration.State
    ) -> list[Collaboration]:
        """Each with one deliverable of three days and one clause that shuts the category out around it."""
        booked_at = timezone.now() if state in Collaboration.HOLDING_STATES else None
        made = Collaboration.objects.bulk_create(
            (
                Collaboration(
                    agency=self.agency,
                    campaign=campaign,
                    influencer=creator,
                    state=state,
                    booked_at=booked_at,
                    starts_on=first,
                    ends_on=first + LIVE_DAYS,
                )
                for campaign, creator, first in wanted
            ),
            CHUNK,
        )
        Deliverable.objects.bulk_create(
            (
                Deliverable(
                    agency=self.agency,
                    collaboration=row,
                    account=self.accounts[row.influencer_id],
                    live_from=row.starts_on,
                    live_to=row.ends_on,
                )
                for row in made
            ),
            CHUNK,
        )
        clauses = Exclusivity.objects.bulk_create(
            (
                Exclusivity(agency=self.agency, collaboration=row, days_before=DAYS_AFTER, days_after=DAYS_AFTER)
                for row in made
            ),
            CHUNK,
        )
        numbers = {brand.pk: number for number, brand in enumerate(self.brands)}
        named = Exclusivity.categories.through
        named._default_manager.bulk_create(
            (
                named(exclusivity=clause, category=self.category_of(numbers[row.campaign.brand_id]))
                for clause, row in zip(clauses, made, strict=True)
            ),
            CHUNK,
        )
        return made

    def fill(self) -> int:
        """Ten bookings for each creator, far enough apart; returns the claims that they stand on."""
        campaigns = self.campaigns(2 * BRANDS)
        wanted = [
            (campaign, creator, FIRST_DAY + place * PITCH)
            for creator in self.creators
            for place, campaign in enumerate(self.chance.sample(campaigns, PER_CREATOR))
        ]
        write_claims_in_bulk(self.collaborations(wanted, Collaboration.State.BOOKED))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        return Claim.objects.count()


def write_claims_in_bulk(collaborations: Sequence[Collaboration]) -> None:
    """The claims that each would have got when it was booked, without asking one by one; PostgreSQL checks them all."""
    surroundings = Surroundings(collaborations[0].agency_id)
    ids = [collaboration.pk for collaboration in collaborations]
    for start in range(0, len(ids), CHUNK):
        rows = with_everything(Collaboration.objects.filter(pk__in=ids[start : start + CHUNK]))
        Claim.objects.bulk_create(
            claim_of(row, collaboration.agency_id, row.during, collaboration=collaboration)
            for collaboration in rows
            for row in collaboration_rows(collaboration, surroundings)
        )
