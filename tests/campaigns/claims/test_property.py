"""Random bookings against a model that knows nothing of ranges: every day × brand × category × platform × market is a point."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from campaigns.claims.check import check_agency
from campaigns.claims.refusals import ClashRefused
from campaigns.models import Campaign, Collaboration, Deliverable, Exclusivity
from campaigns.services import move_collaboration
from influencers.models import Influencer
from tests.campaigns.booking import World

START = date(2026, 5, 1)
BRANDS = ("own", "sister", "rival", "stranger")  # own and sister are of one client
CATEGORIES = ("drinks", "hot", "coffee", "tea", "cold", "fashion")
BELOW = {
    "drinks": {"drinks", "hot", "coffee", "tea", "cold"},
    "hot": {"hot", "coffee", "tea"},
    **{leaf: {leaf} for leaf in ("coffee", "tea", "cold", "fashion")},
}
PLATFORMS = ("instagram", "tiktok", "elsewhere")
MARKETS = ("DK", "NL", "elsewhere")
FLIGHT = (3, 9)
HORIZON = range(-10, 40)

Points = frozenset[tuple[int, str, str, str, str]]


@dataclass(frozen=True)
class Clause:
    scope: str
    categories: frozenset[str]
    named: frozenset[str]
    anchor: str
    fixed: tuple[int, int]
    before: int
    after: int
    is_open: bool
    platforms: frozenset[str]
    markets: frozenset[str]


@dataclass(frozen=True)
class Booking:
    brand: str
    categories: frozenset[str]
    windows: tuple[tuple[int, int], ...]
    platform: str
    markets: frozenset[str]
    clauses: tuple[Clause, ...]
    rights_until: int


def windows(highest: int = 14) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(1, highest), st.integers(0, 3)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def some_of(values: tuple[str, ...], least: int = 0) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), min_size=least, max_size=2)


clauses = st.builds(
    Clause,
    scope=st.sampled_from(["full", "categories", "brands"]),
    categories=some_of(CATEGORIES, 1),
    named=some_of(BRANDS, 1),
    anchor=st.sampled_from(["posts", "each_post", "fixed", "usage"]),
    fixed=windows(),
    before=st.integers(0, 3),
    after=st.integers(0, 4),
    is_open=st.booleans().flatmap(lambda often: st.just(False) if often else st.booleans()),
    platforms=some_of(PLATFORMS[:2]),
    markets=some_of(MARKETS[:2]),
)
bookings = st.builds(
    Booking,
    brand=st.sampled_from(BRANDS),
    categories=some_of(CATEGORIES, 1),
    windows=st.lists(windows(), max_size=2).map(tuple),
    platform=st.sampled_from(["", "instagram", "tiktok"]),
    markets=some_of(MARKETS[:2]),
    clauses=st.lists(clauses, max_size=2).map(tuple),
    rights_until=st.integers(1, 20),
)


# --- the model -----------------------------------------------------------------------------------------


def acting_days(booking: Booking) -> list[tuple[int, int]]:
    return sorted(booking.windows) or [FLIGHT]


def activity_points(booking: Booking) -> Points:
    days = {day for first, last in acting_days(booking) for day in range(first, last + 1)}
    # Without a deliverable nobody knows the platform.
    platforms = {booking.platform} if booking.platform and booking.windows else set(PLATFORMS)
    return frozenset(product(days, {booking.brand}, booking.categories, platforms, booking.markets or set(MARKETS)))


def shut_days(booking: Booking, clause: Clause) -> set[int]:
    acting = acting_days(booking)
    first, last = acting[0][0], max(end for _start, end in acting)
    spans = {
        "posts": [(first, last)],
        "each_post": acting,
        "fixed": [clause.fixed],
        "usage": [(first, max(first, booking.rights_until))],
    }[clause.anchor]
    widened = [(start - clause.before, 10**6 if clause.is_open else end + clause.after) for start, end in spans]
    return {day for day in HORIZON if any(start <= day <= end for start, end in widened)}


def shut_brands(booking: Booking, clause: Clause) -> set[str]:
    if clause.scope == "brands":
        return set(clause.named) - {booking.brand}
    family = {"own", "sister"} if booking.brand in {"own", "sister"} else {booking.brand}
    return set(BRANDS) - (family - clause.named) - {booking.brand}


def clause_points(booking: Booking, clause: Clause) -> Points:
    categories = (
        set().union(*(BELOW[name] for name in clause.categories)) if clause.scope == "categories" else set(CATEGORIES)
    )
    return frozenset(
        product(
            shut_days(booking, clause),
            shut_brands(booking, clause),
            categories,
            clause.platforms or set(PLATFORMS),
            clause.markets or set(MARKETS),
        )
    )


def shut_points(booking: Booking) -> Points:
    return frozenset().union(*(clause_points(booking, clause) for clause in booking.clauses))


def clash(one: Booking, other: Booking) -> bool:
    return bool(
        activity_points(one) & shut_points(other) or activity_points(other) & shut_points(one),
    )


# --- the real thing ------------------------------------------------------------------------------------


def day(number: int) -> date:
    return START + timedelta(days=number)


class Stage:
    """The four brands and six categories as rows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.categories = {name: getattr(world, name) for name in CATEGORIES}
        own = world.brand("own")
        self.brands = {
            "own": own,
            "sister": world.brand("sister", client=own.client),
            "rival": world.brand("rival", client=None),
            "stranger": world.brand("stranger"),
        }

    def propose(self, booking: Booking, influencer: Influencer) -> Collaboration:
        agency = self.world.agency
        campaign = Campaign.objects.create(
            agency=agency,
            brand=self.brands[booking.brand],
            owner=self.world.owner,
            name="x",
            starts_on=day(FLIGHT[0]),
            ends_on=day(FLIGHT[1]),
            markets=sorted(booking.markets),
        )
        campaign.categories.set(self.categories[name] for name in booking.categories)
        collaboration = Collaboration.objects.create(
            agency=agency, campaign=campaign, influencer=influencer, usage_rights_until=day(booking.rights_until)
        )
        account = self.world.account(influencer, booking.platform) if booking.platform else None
        Deliverable.objects.bulk_create(
            Deliverable(
                agency=agency, collaboration=collaboration, account=account, live_from=day(first), live_to=day(last)
            )
            for first, last in booking.windows
        )
        for clause in booking.clauses:
            row = Exclusivity.objects.create(
                agency=agency,
                collaboration=collaboration,
                scope=clause.scope,
                platforms=sorted(clause.platforms),
                markets=sorted(clause.markets),
                anchor=clause.anchor,
                fixed_from=day(clause.fixed[0]),
                fixed_to=None if clause.is_open else day(clause.fixed[1]),
                days_before=clause.before,
                days_after=clause.after,
                is_open_ended=clause.is_open,
            )
            if clause.scope == "categories":
                row.categories.set(self.categories[name] for name in clause.categories)
            row.brands.set(self.brands[name] for name in clause.named)
        return collaboration


def names_another(booking: Booking) -> bool:
    return all(clause.scope != "brands" or clause.named - {booking.brand} for clause in booking.clauses)


@given(asked=st.lists(bookings.filter(names_another), min_size=3, max_size=6))
def test_never_two_in_and_refused_exactly_when_the_model_says_so(
    world: World, emma: Influencer, asked: list[Booking]
) -> None:
    with transaction.atomic():
        stage = Stage(world)
        accepted: list[Booking] = []
        for booking in asked:
            collaboration = stage.propose(booking, emma)
            expected = any(clash(booking, other) for other in accepted)
            refusal = refusal_of(collaboration)
            assert bool(refusal) is expected, booking
            if refusal is None:
                accepted.append(booking)
            else:
                assert refusal.sides
                verify_window(refusal, booking, accepted)
        assert check_agency(world.agency) == (len(accepted), [])
        transaction.set_rollback(True)


def refusal_of(collaboration: Collaboration) -> ClashRefused | None:
    try:
        move_collaboration(collaboration=collaboration, state="booked", by=None)
    except ClashRefused as refusal:
        return refusal
    return None


def moved(booking: Booking, days: int) -> Booking:
    """The booking so many days later; fixed dates and the end of usage rights stay."""
    shifted = tuple((first + days, last + days) for first, last in acting_days(booking))
    return Booking(
        booking.brand,
        booking.categories,
        shifted,
        booking.platform if booking.windows else "",
        booking.markets,
        booking.clauses,
        booking.rights_until,
    )


def verify_window(refusal: ClashRefused, booking: Booking, accepted: list[Booking]) -> None:
    """Each window named is free, none before the first is, as far as the model looks."""
    shifts = [window.shift for window in refusal.windows]
    assert shifts == sorted(shifts)
    free = [days for days in range(20) if not any(clash(moved(booking, days), other) for other in accepted)]
    if shifts and shifts[0] < 20:
        assert free, shifts
        assert shifts[0] == free[0]
    else:
        assert not free
    for shift in shifts:
        assert not any(clash(moved(booking, shift), other) for other in accepted)
