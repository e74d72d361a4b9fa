"""Two agencies with a canary in every text and amount, and the people who look at them.

The first has an open client and a confidential one; the second is everybody else's business. Tags say who may hear a canary.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.test import Client as Browser
from django.utils.timezone import now

from agency.models import Agency, Brand, Category, Client, ClientContact, Invitation, Membership, User
from campaigns.claims.store import creators_locked, read_for_claims, write_absence, write_claims
from campaigns.fields import day_set
from campaigns.models import Campaign, Claim, Clash, Collaboration, Deliverable, Exclusivity, Unavailability
from influencers.models import (
    Account,
    BrandFitNote,
    EngagementFigures,
    FollowerCount,
    ImportBatch,
    Influencer,
    MetricsRange,
    MetricsRun,
    Post,
    TierBand,
    TierScheme,
)
from tests.tenancy.canaries import Aviary
from tests.tenancy.plant_events import plant_events
from tests.tenancy.plant_find import plant_find
from tests.tenancy.plant_fit import plant_fit
from tests.tenancy.plant_imports import plant_imports
from tests.tenancy.plant_lists import plant_lists
from tests.tenancy.plant_merging import plant_merging
from tests.tenancy.plant_protection import plant_protection
from tests.tenancy.plant_record import plant_record

FOREIGN, ROSTER, CLIENT, FEE, INTERNAL, SECRET, MANAGERS = "f", "o", "c", "d", "i", "s", "m"
PEOPLE = ("anonymous", "outsider", "viewer", "guest", "marketer", "teammate", "manager", "rosterer", "chief")

# Who may hear a canary of which tag. Nobody else may, in any answer.
MAY_HEAR: dict[str, set[str]] = {
    FOREIGN: {"outsider"},
    ROSTER: set(PEOPLE) - {"anonymous", "outsider"},  # creators, categories, people of the agency
    CLIENT: {
        "guest",
        "marketer",
        "teammate",
        "manager",
        "rosterer",
        "chief",
    },  # the open client; a viewer is in no team
    FEE: {"marketer", "teammate", "manager", "rosterer", "chief"},  # its fees
    INTERNAL: {"marketer", "teammate", "manager", "rosterer", "chief"},  # internal notes, contacts, reasons of absences
    SECRET: {"teammate", "manager", "chief"},  # the confidential client, all of it
    MANAGERS: {"manager", "chief"},  # who is invited
}


@dataclass(eq=False)
class World:
    """The rows by model and by whose they are ("open", "secret", "foreign"), the people, and their canaries."""

    aviary: Aviary = field(default_factory=Aviary)
    rows: dict[type[Model], dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    people: dict[str, Membership] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = "tenancy-sweep-invitation-token"

    @property
    def agency(self) -> Agency:
        return self.rows[Agency]["open"]  # type: ignore[no-any-return]

    @property
    def foreign(self) -> Agency:
        return self.rows[Agency]["foreign"]  # type: ignore[no-any-return]

    def plant(self, model: type[Model], tag: str, **given: Any) -> Any:
        """A row whose texts and amounts are canaries of the tag; known by its model and whose it is."""
        row = model._base_manager.create(**self.aviary.fill(model, tag, given))
        whose = {FOREIGN: "foreign", SECRET: "secret"}.get(tag, "open")
        self.rows[model].setdefault(whose, row)
        return row

    def log_in(self, person: str) -> None:
        browser = Browser()
        browser.force_login(self.people[person].user, backend="django.contrib.auth.backends.ModelBackend")
        self.cookies[person] = browser.cookies["sessionid"].value

    def browser(self, person: str) -> Browser:
        """A fresh browser in which the person is logged in."""
        browser = Browser(raise_request_exception=False)
        if person != "anonymous":
            browser.cookies["sessionid"] = self.cookies[person]
        return browser


def build(hash_token: Callable[[str], str]) -> World:
    """Both agencies and everybody in them."""
    world = World()
    for tag in (ROSTER, FOREIGN):
        slug = world.aviary.word(tag, "agency.Agency.slug")
        world.plant(Agency, tag, slug=slug, timezone="Europe/Copenhagen", currency="EUR")
    add_people(world)
    add_agency(world, world.foreign, FOREIGN, world.people["outsider"], FOREIGN)
    add_client(world, world.foreign, FOREIGN, world.people["outsider"])
    add_agency(world, world.agency, ROSTER, world.people["manager"], MANAGERS)
    add_client(world, world.agency, CLIENT, world.people["manager"]).team.add(world.people["guest"])
    secret = add_client(world, world.agency, SECRET, world.people["marketer"])  # who is not in its team any more
    secret.team.add(world.people["teammate"])
    world.rows[Brand]["open"].rivals.add(world.rows[Brand]["secret"])
    add_hidden_refusal(world)
    plant_find(world)
    plant_fit(world)
    add_claims(world, world.agency)
    add_claims(world, world.foreign)
    add_newcomer(world)
    plant_events(world)
    Invitation.objects.filter(agency=world.agency).update(token_hash=hash_token(world.token))
    return world


def add_newcomer(world: World) -> None:
    """A third agency in which nothing is yet."""
    agency = Agency.objects.create(name="Empty", slug="empty", timezone="Europe/Copenhagen")
    world.rows[Agency]["empty"] = agency
    world.people["newcomer"] = Membership.objects.create(
        agency=agency, user=User.objects.create_user("newcomer@empty.example"), role="manager", is_roster_manager=True
    )
    world.log_in("newcomer")


def add_neighbour(world: World) -> None:
    """One more agency, as busy as the others."""
    slug = world.aviary.word(FOREIGN, "agency.Agency.slug")
    agency = world.plant(Agency, FOREIGN, slug=slug, timezone="Europe/Copenhagen", currency="EUR")
    owner = Membership.objects.create(agency=agency, user=world.plant(User, FOREIGN, password="!"), role="manager")
    neighbour = World(aviary=world.aviary)
    add_agency(neighbour, agency, FOREIGN, owner, FOREIGN)
    add_client(neighbour, agency, FOREIGN, owner)
    add_claims(neighbour, agency)


def add_people(world: World) -> None:
    roles = {"viewer": "viewer", "guest": "viewer", "manager": "manager", "chief": "manager", "outsider": "manager"}
    for person in PEOPLE[1:]:
        tag = FOREIGN if person == "outsider" else ROSTER
        user = world.plant(User, tag, password="!")
        world.people[person] = Membership.objects.create(
            agency=world.foreign if person == "outsider" else world.agency,
            user=user,
            role=roles.get(person, "marketer"),
            is_roster_manager=person in {"rosterer", "chief", "outsider"},
        )
        world.log_in(person)
    world.rows[Membership] = {"open": world.people["marketer"], "foreign": world.people["outsider"]}


def add_agency(world: World, agency: Agency, tag: str, manager: Membership, managers_tag: str) -> None:
    """What belongs to no client: the roster, its figures and imports, categories, tiers, invitations."""
    today = agency.today()
    world.plant(Category, tag, agency=agency)
    scheme = world.plant(TierScheme, tag, agency=agency, is_default=True)
    world.plant(TierBand, tag, scheme=scheme, rank=4, platform="")
    influencer = world.plant(Influencer, tag, agency=agency, country="DK", status="active")
    world.plant(Influencer, tag, agency=agency, country="DK", status="active")  # of whom no figure is known
    account = world.plant(
        Account,
        tag,
        agency=agency,
        influencer=influencer,
        platform="instagram",
        typed_followers_on=today,
        is_primary=True,
    )
    world.plant(FollowerCount, tag, agency=agency, account=account, day=today - timedelta(days=1), source="import")
    world.plant(Post, tag, agency=agency, account=account, posted_at=now() - timedelta(days=9), counted_at=now())
    run = world.plant(
        MetricsRun, tag, agency=agency, kind="nightly", day=today, as_of=agency.start_of(today), formula_version=1,
        state="failed", requested_by=manager.user,
    )  # fmt: skip
    world.plant(MetricsRange, tag, run=run, low=account.pk, high=account.pk, accounts=1, state="failed")
    world.plant(
        EngagementFigures, tag, agency=agency, account=account, as_of=run.as_of, formula_version=1, run=run, computed_at=now(),
        window_posts=12, headline_rate=0.0312, er_followers_n=12, er_followers_median=0.0312, er_followers_mean=0.0312,
        er_followers_p25=0.02, er_followers_p75=0.04, er_views_n=0, er_reach_n=0, saturation_known=5, posts_per_week=1.25,
    )  # fmt: skip
    word = world.aviary.word
    refused = {key: word(tag, f"influencers.ImportBatch.errors.{key}") for key in ("column", "value", "message")}
    detected = {"sheet": word(tag, "influencers.ImportBatch.detected")}
    world.plant(
        ImportBatch, tag, agency=agency, kind="roster", mapping={}, detected=detected, errors=[{"row": 2, **refused}],
        rows=2, created=1, imported_by=manager.user, options={}, left=[],
    )  # fmt: skip
    plant_imports(world, agency, tag)
    plant_record(world, agency, tag)
    plant_protection(world, agency, managers_tag, manager)
    plant_lists(world, agency, tag, manager)
    plant_merging(world, agency, tag, manager)
    world.plant(Invitation, managers_tag, agency=agency, role="viewer", invited_by=manager.user)
    world.rows[Invitation].setdefault("open" if tag == ROSTER else "foreign", Invitation.objects.get(agency=agency))


def add_client(world: World, agency: Agency, tag: str, owner: Membership) -> Client:
    """A client with a brand, notes, a running campaign, a booked creator, its deliverable, clause and clash."""
    whose = "foreign" if tag == FOREIGN else "open"
    influencer, account = world.rows[Influencer][whose], world.rows[Account][whose]
    today = agency.today()
    client = world.plant(Client, tag, agency=agency, is_confidential=tag == SECRET)
    internal = INTERNAL if tag == CLIENT else tag
    world.plant(ClientContact, internal, agency=agency, client=client)
    brand = world.plant(Brand, tag, agency=agency, client=client)
    category = world.plant(Category, ROSTER, agency=agency) if tag == SECRET else world.rows[Category][whose]
    brand.categories.add(category)
    for is_internal, note_tag in ((False, tag), (True, internal)):
        note = {"agency": agency, "influencer": influencer, "brand": brand, "written_on": today, "author": owner.user}
        world.plant(BrandFitNote, note_tag, **note, is_internal=is_internal)
    campaign = world.plant(
        Campaign, tag, agency=agency, brand=brand, owner=owner, status="running", budget=fee(world, tag, "Campaign.budget"),
        starts_on=today - timedelta(days=5), ends_on=today + timedelta(days=20),
    )  # fmt: skip
    campaign.categories.add(category)
    collaboration = add_collaboration(world, campaign, tag, influencer, owner)
    world.plant(
        Deliverable, tag, agency=agency, collaboration=collaboration, account=account, draft_due_on=today,
        live_from=today + timedelta(days=1), live_to=today + timedelta(days=2), post=world.rows[Post][whose],
        note=world.aviary.word(internal, "campaigns.Deliverable.note"),
    )  # fmt: skip
    clause = world.plant(Exclusivity, tag, agency=agency, collaboration=collaboration, scope="categories", platforms=[])
    clause.categories.add(category)
    first, second = absences(world, influencer, FOREIGN if tag == FOREIGN else INTERNAL, whose)
    clash = {"agency": agency, "influencer": influencer, "collaboration": collaboration, "rule": "C8"}
    world.plant(Clash, tag, **clash, unavailability=second, during=day_set([(second.starts_on,) * 2]), reason="")
    world.plant(
        Clash, internal, **clash, unavailability=first, during=day_set([(first.ends_on,) * 2]), state="accepted",
        decided_by=owner, decided_at=now(),
    )  # fmt: skip
    return client  # type: ignore[no-any-return]


def absences(world: World, influencer: Influencer, tag: str, whose: str) -> list[Any]:
    """Two absences in the days of the deliverables: the clash with the first was accepted, the other is open."""
    known, today = world.rows[Unavailability], influencer.agency.today()
    for key, first, last in ((whose, 0, 1), (f"{whose}, later", 2, 2)):
        if key not in known:
            days = {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}
            known[key] = world.plant(Unavailability, tag, agency=influencer.agency, influencer=influencer, **days)
    return [known[whose], known[f"{whose}, later"]]


def add_collaboration(world: World, campaign: Campaign, tag: str, influencer: Influencer, owner: Membership) -> Any:
    """A booked creator; the fees of the open client have a tag of their own."""
    money = {name: fee(world, tag, f"Collaboration.{name}") for name in ("fee", "client_price")}
    return world.plant(
        Collaboration, tag, agency=campaign.agency, campaign=campaign, influencer=influencer, state="booked",
        booked_at=now(), booked_by=owner, option_until=now() + timedelta(days=1), **money,
    )  # fmt: skip


def fee(world: World, tag: str, field_name: str) -> Decimal:
    return Decimal(world.aviary.amount(FEE if tag == CLIENT else tag, f"campaigns.{field_name}"))


def add_hidden_refusal(world: World) -> None:
    """A second creator whom the confidential client holds alone, and who is proposed to the open client."""
    agency, owner = world.agency, world.people["manager"]
    held = world.plant(Influencer, ROSTER, agency=agency, country="DK", status="active")
    world.plant(Account, ROSTER, agency=agency, influencer=held, platform="tiktok", typed_followers_on=agency.today())
    holding = add_collaboration(world, world.rows[Campaign]["secret"], SECRET, held, owner)
    world.rows[Exclusivity]["held"] = world.plant(
        Exclusivity, SECRET, agency=agency, collaboration=holding, scope="full", platforms=[]
    )
    world.rows[Collaboration]["refused"] = world.plant(
        Collaboration, CLIENT, agency=agency, campaign=world.rows[Campaign]["open"], influencer=held, state="proposed",
        fee=None, client_price=None,
    )  # fmt: skip


def add_claims(world: World, agency: Agency) -> None:
    """What the bookings claim, as the services derive it."""
    bookings = Collaboration.objects.holding().filter(agency=agency)
    for booking in bookings:
        with creators_locked(booking.agency_id, [booking.influencer_id]):
            write_claims(read_for_claims([booking.pk]), by=None)
    for absence in Unavailability.objects.filter(agency=agency):
        with creators_locked(absence.agency_id, [absence.influencer_id]):
            write_absence(absence)
    for whose, booking in world.rows[Collaboration].items():
        claim = Claim.objects.filter(collaboration=booking).first()
        if claim:
            world.rows[Claim][whose] = claim
