"""The demo's clients, campaigns and bookings, all through the services that pages use. Days are counted from today."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.timezone import now

from agency.brand_services import BrandFacts, create_brand, create_client
from agency.models import Agency, Brand, Category, Client, Membership
from campaigns.demo.cast import BRANDS, CONFIDENTIAL_CLIENT, FIT_NOTES, MARKET_LANGUAGES, RIVALS
from campaigns.models import Campaign, Collaboration, Deliverable, Exclusivity
from campaigns.services import (
    add_clause,
    add_deliverable,
    add_to_line_up,
    create_campaign,
    move_collaboration,
    record_unavailability,
)
from influencers.models import Influencer
from influencers.services.notes import write_fit_note

State = Collaboration.State


@dataclass(frozen=True, slots=True)
class Part:
    """One creator's part in a campaign: the state to end in, go-live days from today, the fee."""

    state: State
    live_days: tuple[int, ...]
    fee: int
    is_star: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign of the demo; days are counted from today."""

    name: str
    brand: str
    owner: str
    objective: Campaign.Objective
    status: Campaign.Status
    starts: int
    ends: int
    budget: int
    key_messages: tuple[str, ...]
    parts: tuple[Part, ...]
    clause: Exclusivity.Scope | None = None
    days_after: int = 0
    hashtags: tuple[str, ...] = ()


PLANS = (
    Plan("Calm skin, plainly said", "Havtorn Skin", "manager", Campaign.Objective.NICHE, Campaign.Status.FINISHED, -110, -50,
         18_000,
         ("Three ingredients, named.", "No before-and-after."),
         (Part(State.COMPLETED, (-100, -80), 1_400), Part(State.COMPLETED, (-92,), 900), Part(State.COMPLETED, (-75, -60), 2_100),
          Part(State.DECLINED, (-70,), 0), Part(State.CANCELLED, (-66,), 800)),
         Exclusivity.Scope.CATEGORIES, 30, ("#plainlysaid",)),
    Plan("Morning ritual", "Fjordlys Coffee", "marketer", Campaign.Objective.AWARENESS, Campaign.Status.RUNNING, -21, 24, 42_000,
         ("Ten quiet minutes.", "Beans with a name and a place.", "Brewed at home."),
         (Part(State.LIVE, (-5, 6), 3_200, is_star=True), Part(State.LIVE, (-9, 2), 1_800), Part(State.BOOKED, (3, 12), 2_600),
          Part(State.BOOKED, (4,), 1_100), Part(State.BOOKED, (9, 17), 4_900), Part(State.OPTION, (15,), 1_500),
          Part(State.NEGOTIATING, (18,), 2_000), Part(State.PROPOSED, (), 0)),
         Exclusivity.Scope.CATEGORIES, 14, ("#morningritual", "#fjordlys")),
    Plan("First sip", "Brikka Coffee", "manager", Campaign.Objective.SALES, Campaign.Status.RUNNING, 2, 45, 30_000,
         ("Strong in forty seconds.", "Made for the platform, not the table."),
         (Part(State.NEGOTIATING, (10,), 3_000, is_star=True), Part(State.BOOKED, (11, 20), 2_200),
          Part(State.BOOKED, (14,), 1_600), Part(State.CONTACTED, (22,), 1_900), Part(State.APPROVED, (), 0)),
         Exclusivity.Scope.BRANDS, 21, ("#firstsip",)),
    Plan("Ride to work", "Velo Nord", "marketer", Campaign.Objective.ENGAGEMENT, Campaign.Status.RUNNING, -12, 50, 25_000,
         ("Ten kilometres is nothing.", "Rain is a jacket."),
         (Part(State.BOOKED, (5, 26), 2_400, is_star=True), Part(State.LIVE, (-3, 19), 1_700), Part(State.BOOKED, (1, 28), 900),
          Part(State.BOOKED, (6,), 5_200), Part(State.NEGOTIATING, (30,), 1_300), Part(State.PROPOSED, (), 0)),
         Exclusivity.Scope.CATEGORIES, 7, ("#ridetowork",)),
    Plan("Quiet launch", "Aurelia Audio", "manager", Campaign.Objective.LAUNCH, Campaign.Status.RUNNING, 1, 35, 60_000,
         ("Nothing before the day.", "Sound without show."),
         (Part(State.BOOKED, (7,), 7_500), Part(State.BOOKED, (7, 21), 6_100), Part(State.OPTION, (21,), 4_000),
          Part(State.CONTACTED, (25,), 3_000)),
         Exclusivity.Scope.FULL, 2, ("#quietlaunch",)),
)  # fmt: skip
ABSENCES = ((20, 34, "holiday"), (-40, -33, "illness"), (8, 12, "wedding"))


def make_brands(agency: Agency, *, by: Membership) -> dict[str, Brand]:
    """Six brands of five clients; two of the brands are rivals, one client is confidential."""
    categories = {category.name: category for category in Category.objects.filter(agency=agency)}
    clients: dict[str, Client] = {}
    brands: dict[str, Brand] = {}
    for cast in BRANDS:
        if cast.client not in clients:
            is_confidential = cast.client == CONFIDENTIAL_CLIENT
            clients[cast.client] = create_client(
                agency=agency, name=cast.client, is_confidential=is_confidential, by=by
            )
        facts = BrandFacts(
            categories=[categories[cast.category]],
            rivals=[brands[name] for name in RIVALS if cast.name in RIVALS and name in brands],
            markets=list(cast.markets),
            values=cast.values,
            no_go_topics=cast.no_go_topics,
            target_audience=cast.target_audience,
        )
        brand = create_brand(agency=agency, client=clients[cast.client], name=cast.name, facts=facts, by=by)
        brand.target_ages, brand.niches = list(cast.ages), list(cast.niches)
        brand.target_women_percent = cast.women_percent
        brand.languages = sorted({MARKET_LANGUAGES[market] for market in cast.markets})
        brand.save()
        brands[cast.name] = brand
    return brands


def make_work(
    agency: Agency,
    people: Sequence[Influencer],
    members: dict[str, Membership],
    brands: dict[str, Brand],
    rng: random.Random,
) -> tuple[Campaign, Influencer]:
    """Campaigns with their bookings, absences and notes; returns the campaign and the creator of the clash to try."""
    cast = _casting(people, rng)
    star = next(cast)
    campaigns = {}
    for plan in PLANS:
        campaign = _campaign(agency, plan, brands[plan.brand], members[plan.owner])
        campaigns[plan.name] = campaign
        for part in plan.parts:
            _collaboration(campaign, plan, part, star if part.is_star else next(cast), brands, by=members[plan.owner])
    today = agency.today()
    for first, last, reason in ABSENCES:
        record_unavailability(
            influencer=next(cast),
            starts_on=today + timedelta(days=first),
            ends_on=today + timedelta(days=last),
            reason=reason,
            by=members["marketer"],
        )
    _notes(agency, [star, *(next(cast) for _ in range(8))], list(brands.values()), members["marketer"], rng)
    return campaigns["First sip"], star


def _casting(people: Sequence[Influencer], rng: random.Random) -> Iterator[Influencer]:
    """Active creators with an account, the first a meso one, each once."""
    usable = [person for person in people if person.status == "active" and person.kind == "creator"]
    star = next(person for person in people[90:] if person in usable)
    rest = [person for person in usable[20:] if person is not star]
    rng.shuffle(rest)
    yield star
    yield from rest


def _campaign(agency: Agency, plan: Plan, brand: Brand, owner: Membership) -> Campaign:
    today = agency.today()
    return create_campaign(
        brand=brand,
        owner=owner,
        name=plan.name,
        objective=plan.objective,
        status=plan.status,
        starts_on=today + timedelta(days=plan.starts),
        ends_on=today + timedelta(days=plan.ends),
        budget=Decimal(plan.budget),
        currency=agency.currency,
        markets=brand.markets,
        key_messages=list(plan.key_messages),
        dos="Say in your own words why you use it.\nLabel the post as the market wants it.",
        donts="No other brand of the category in the picture.",
        hashtags=list(plan.hashtags),
        by=owner,
    )


def _collaboration(
    campaign: Campaign, plan: Plan, part: Part, influencer: Influencer, brands: dict[str, Brand], *, by: Membership
) -> None:
    collaboration = add_to_line_up(
        campaign=campaign,
        influencer=influencer,
        fee=Decimal(part.fee) if part.fee else None,
        client_price=Decimal(part.fee) * Decimal("1.25") if part.fee else None,
        currency=campaign.currency,
        option_until=now() + timedelta(days=3) if part.state == State.OPTION else None,
        by=by,
    )
    account = influencer.accounts.filter(is_primary=True).first()
    today = campaign.agency.today()
    for days in part.live_days:
        go_live = today + timedelta(days=days)
        add_deliverable(
            collaboration=collaboration,
            account=account,
            format=_format_of(account.platform if account else ""),
            state=_deliverable_state(part.state, days),
            draft_due_on=go_live - timedelta(days=6),
            feedback_due_on=go_live - timedelta(days=4),
            live_from=go_live,
            live_to=go_live + timedelta(days=1),
            by=by,
        )
    if plan.clause and part.live_days:
        _clause(collaboration, plan, brands, by=by)
    for state in _path_to(part.state):
        move_collaboration(collaboration=collaboration, state=state, by=by)


def _format_of(platform: str) -> Deliverable.Format:
    formats = {
        "instagram": Deliverable.Format.REEL,
        "tiktok": Deliverable.Format.SHORT,
        "youtube": Deliverable.Format.VIDEO,
    }
    return formats.get(platform, Deliverable.Format.POST)


def _deliverable_state(state: State, days: int) -> Deliverable.State:
    if state in {State.LIVE, State.COMPLETED} and days < 0:
        return Deliverable.State.LIVE
    if state in {State.LIVE, State.BOOKED} and days < 4:
        return Deliverable.State.APPROVED
    return Deliverable.State.PLANNED


def _clause(collaboration: Collaboration, plan: Plan, brands: dict[str, Brand], *, by: Membership) -> None:
    scope = plan.clause or Exclusivity.Scope.FULL
    add_clause(
        collaboration=collaboration,
        scope=scope,
        categories=list(collaboration.campaign.categories.all()) if scope == Exclusivity.Scope.CATEGORIES else (),
        brands=[brands[name] for name in RIVALS if name != plan.brand] if scope == Exclusivity.Scope.BRANDS else (),
        days_before=1 if scope == Exclusivity.Scope.FULL else 3,
        days_after=plan.days_after,
        by=by,
    )


def _path_to(state: State) -> list[State]:
    paths: dict[State, list[State]] = {
        State.PROPOSED: [],
        State.LIVE: [State.BOOKED, State.LIVE],
        State.COMPLETED: [State.BOOKED, State.LIVE, State.COMPLETED],
    }
    return paths.get(state, [state])


def _notes(
    agency: Agency, people: Sequence[Influencer], brands: Sequence[Brand], author: Membership, rng: random.Random
) -> None:
    visible: Callable[[Brand], bool] = Brand.objects.visible_to(author).contains
    known = [brand for brand in brands if visible(brand)]
    for index, influencer in enumerate(people):
        written_on: date = agency.today() - timedelta(days=rng.randrange(3, 200))
        write_fit_note(
            influencer=influencer,
            brand=known[index % len(known)],
            text=FIT_NOTES[index % len(FIT_NOTES)],
            written_on=written_on,
            is_internal=index % 3 != 0,
            by=author,
        )
