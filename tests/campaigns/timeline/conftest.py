"""A week of work for two clients, one of them confidential."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from agency.models import Agency, Brand, Membership
from campaigns.models import Collaboration
from campaigns.services.clauses import add_clause
from campaigns.services.collaborations import move_collaboration
from campaigns.services.deliverables import add_deliverable
from campaigns.timeline.window import Wanted
from influencers.models import Influencer
from tests.factories import (
    AccountFactory,
    BrandFactory,
    CampaignFactory,
    CategoryFactory,
    ClientFactory,
    CollaborationFactory,
    InfluencerFactory,
)

MAY = Wanted(first=date(2026, 5, 1), last=date(2026, 5, 31))

Book = Callable[..., Collaboration]


@pytest.fixture
def coffee(agency: Agency) -> Brand:
    return BrandFactory(agency=agency, name="Fjord Coffee", categories=[CategoryFactory(agency=agency, name="Coffee")])


@pytest.fixture
def secret(agency: Agency) -> Brand:
    """A brand of a confidential client in whose team nobody is."""
    client = ClientFactory(agency=agency, name="Canary Client", is_confidential=True)
    return BrandFactory(
        agency=agency,
        client=client,
        name="Canary Brand",
        categories=[CategoryFactory(agency=agency, name="Canary Cars")],
    )


@pytest.fixture
def emma(agency: Agency) -> Influencer:
    return InfluencerFactory(agency=agency, name="Emma Hansen")


@pytest.fixture
def book(manager: Membership) -> Book:
    """A creator in a campaign of the brand from one day of May 2026 to another, moved to a state."""

    def make(
        brand: Brand, creator: Influencer, first: int, last: int, state: str = "booked", **campaign: Any
    ) -> Collaboration:
        campaign = {
            "name": f"{brand.name} in May",
            "starts_on": date(2026, 5, first),
            "ends_on": date(2026, 5, last),
            **campaign,
        }
        collaboration = CollaborationFactory(
            agency=brand.agency,
            influencer=creator,
            campaign=CampaignFactory(
                agency=brand.agency, brand=brand, owner=manager, categories=list(brand.categories.all()), **campaign
            ),
            fee=98_765,
            client_price=87_654,
        )
        if state != "proposed":
            collaboration = move_collaboration(collaboration=collaboration, state=state, by=manager)
        return collaboration

    return make


@pytest.fixture
def busy(coffee: Brand, secret: Brand, emma: Influencer, book: Book, manager: Membership) -> Collaboration:
    """Emma: booked for coffee 3–9 May with a reel on 5 May at 18:30 and exclusivity of 2 days after; hidden work 20–22 May."""
    collaboration = book(coffee, emma, 3, 9)
    account = AccountFactory(agency=emma.agency, influencer=emma, handle="emma")
    add_deliverable(
        collaboration=collaboration,
        by=manager,
        account=account,
        format="reel",
        live_from=date(2026, 5, 5),
        live_to=date(2026, 5, 5),
        live_time=time(18, 30),
    )
    add_clause(
        collaboration=collaboration,
        by=manager,
        scope="categories",
        categories=list(coffee.categories.all()),
        days_after=2,
    )
    hidden = book(secret, emma, 20, 22, name="Canary Campaign")
    add_clause(
        collaboration=hidden, by=manager, scope="categories", categories=list(secret.categories.all()), days_after=3
    )
    book(secret, emma, 27, 28, "negotiating", name="Canary Plan")
    return collaboration
