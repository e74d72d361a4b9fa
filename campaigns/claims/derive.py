"""What a collaboration or an absence claims: a pure function of its rows, the tree of categories and the client's brands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from psycopg.types.multirange import Multirange

from agency.countries import COUNTRIES
from agency.errors import Refused
from agency.models import Brand, Category
from campaigns.claims.platforms import platform_set
from campaigns.fields import EVERYTHING, day_set, everything_but, id_set
from campaigns.models import Collaboration, Deliverable, Exclusivity, Unavailability
from influencers.models import Influencer


class Moves(StrEnum):
    """What happens to a period when the whole booking is put some days later."""

    WITH = "with"
    START = "start"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from first to last, both inclusive; no last day means without end."""

    first: date
    last: date | None
    moves: Moves = Moves.WITH

    def __post_init__(self) -> None:
        if self.last is not None:
            shifted(self.last, 1)  # stored half-open, so the day after must exist


@dataclass(frozen=True, slots=True)
class Row:
    """One claim as it should be stored."""

    influencer_id: int
    clause_id: int | None
    is_exclusive: bool
    periods: tuple[Period, ...]
    parties: "Multirange[int]"
    categories: "Multirange[int]"
    platforms: "Multirange[int]"
    markets: "Multirange[int]"

    @property
    def during(self) -> "Multirange[date]":
        return day_set((period.first, period.last) for period in self.periods)


class Surroundings:
    """What derivation reads of the agency beyond the booking: branches of the category tree, brands by client. Each read once."""

    def __init__(self, agency_id: int) -> None:
        self.agency_id = agency_id
        self._branches: dict[frozenset[int], Multirange[int]] = {}
        self._brands: dict[int, frozenset[int]] = {}

    def branch(self, roots: Iterable[int]) -> "Multirange[int]":
        """The categories with everything below them; no categories mean all."""
        key = frozenset(roots)
        if not key:
            return EVERYTHING
        if key not in self._branches:
            self._branches[key] = id_set(Category.with_descendants(self.agency_id, key))
        return self._branches[key]

    def siblings(self, brand: Brand) -> frozenset[int]:
        """The brands of the brand's client, itself among them; of a brand without a client itself alone."""
        if brand.client_id is None:
            return frozenset([brand.pk])
        if brand.client_id not in self._brands:
            ids = Brand.objects.filter(client_id=brand.client_id).values_list("pk", flat=True)
            self._brands[brand.client_id] = frozenset(ids)
        return self._brands[brand.client_id] | {brand.pk}


def with_everything(collaborations: QuerySet[Collaboration]) -> QuerySet[Collaboration]:
    """The collaborations with all that `collaboration_rows` reads; only a campaign without categories asks for its brand's."""
    return collaborations.select_related("campaign__brand", "influencer").prefetch_related(
        "campaign__categories",
        Prefetch("influencer__members", Influencer.objects.only("pk")),
        Prefetch("deliverables", Deliverable.objects.select_related("account")),
        "clauses__categories",
        "clauses__brands",
    )


def people_of(influencer: Influencer) -> list[int]:
    """The creator, and the members of a duo: each of them is taken."""
    return sorted({influencer.pk, *(member.pk for member in influencer.members.all())})


def shifted(day: date, days: int) -> date:
    """The day so many days later (negative: earlier); refused beyond the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise Refused(_("These days lie beyond the calendar.")) from error


def flight_of(collaboration: Collaboration) -> tuple[date, date]:
    """The collaboration's own days, else the campaign's."""
    if collaboration.starts_on and collaboration.ends_on:
        return collaboration.starts_on, collaboration.ends_on
    return collaboration.campaign.starts_on, collaboration.campaign.ends_on


def promoted_categories(collaboration: Collaboration) -> list[int]:
    """The campaign's promoted categories, else the brand's."""
    campaign = collaboration.campaign
    own = [category.pk for category in campaign.categories.all()]
    return own or [category.pk for category in campaign.brand.categories.all()]


def counted_deliverables(collaboration: Collaboration) -> list[Deliverable]:
    """Those that take days: not the dropped ones; of a cancelled collaboration only what went live."""
    if not collaboration.pk:
        return []
    live = Deliverable.State.LIVE
    if collaboration.state == Collaboration.State.CANCELLED:
        return [row for row in collaboration.deliverables.all() if row.state == live]
    return [row for row in collaboration.deliverables.all() if row.state != Deliverable.State.DROPPED]


def holds(collaboration: Collaboration) -> bool:
    """Whether the collaboration has claims: an option, booked, live, completed; cancelled only where content went live.

    Of an erased creator nothing is held: there is nobody to book twice.
    """
    if collaboration.influencer.is_erased:
        return False
    if collaboration.state == Collaboration.State.CANCELLED:
        return bool(counted_deliverables(collaboration))
    return collaboration.state in Collaboration.HOLDING_STATES


def collaboration_rows(
    collaboration: Collaboration, surroundings: Surroundings, *, as_booked: bool = False
) -> list[Row]:  # fmt: skip
    """The activity and the clauses, for the creator and each member of a duo; nothing for a state that holds nothing.

    `as_booked` derives what a booking would claim, whatever the state. Refused without a category: what is promoted
    decides what it clashes with.
    """
    if not (as_booked or holds(collaboration)):
        return []
    promoted = promoted_categories(collaboration)
    if not promoted:
        raise Refused(
            _("“%(campaign)s” has no product category. Choose what it promotes; clashes are found by it.")
            % {"campaign": collaboration.campaign}
        )
    deliverables = counted_deliverables(collaboration)
    clauses = collaboration.clauses.all() if collaboration.pk else []
    posts = post_periods(collaboration, deliverables)
    brand = collaboration.campaign.brand
    rows: list[Row] = []
    for person in people_of(collaboration.influencer):
        rows.append(
            Row(
                influencer_id=person,
                clause_id=None,
                is_exclusive=False,
                periods=tuple(posts),
                parties=id_set([brand.pk]),
                categories=id_set(promoted),
                platforms=activity_platforms(deliverables),
                markets=market_set(collaboration.campaign.markets),
            )
        )
        rows.extend(
            Row(
                influencer_id=person,
                clause_id=clause.pk,
                is_exclusive=True,
                periods=tuple(clause_periods(clause, posts, collaboration.usage_rights_until)),
                parties=clause_parties(clause, brand, surroundings),
                categories=surroundings.branch(category.pk for category in clause.categories.all()),
                platforms=platform_set(clause.platforms),
                markets=market_set(clause.markets),
            )
            for clause in clauses
        )
    return rows


def absence_rows(absence: Unavailability) -> list[Row]:
    """An absence shuts out everything, for the creator and each member of a duo."""
    return [
        Row(
            influencer_id=person,
            clause_id=None,
            is_exclusive=True,
            periods=(Period(absence.starts_on, absence.ends_on, Moves.NEVER),),
            parties=EVERYTHING,
            categories=EVERYTHING,
            platforms=EVERYTHING,
            markets=EVERYTHING,
        )
        for person in people_of(absence.influencer)
    ]


def post_periods(collaboration: Collaboration, deliverables: Sequence[Deliverable]) -> list[Period]:
    """The go-live windows in order; the flight while no deliverable has a date."""
    dated = sorted((row.live_from, row.live_to) for row in deliverables if row.live_from and row.live_to)
    return [Period(first, last) for first, last in dated] or [Period(*flight_of(collaboration))]


def activity_platforms(deliverables: Sequence[Deliverable]) -> "Multirange[int]":
    """The platforms of the deliverables' accounts; all as long as one of them is not known."""
    platforms = [row.account.platform if row.account else "" for row in deliverables]
    return EVERYTHING if "" in platforms else platform_set(platforms)


def market_set(codes: Iterable[str]) -> "Multirange[int]":
    """The countries' ISO 3166 numbers; none given means all."""
    numbers = [COUNTRIES[code].numeric for code in codes]
    return id_set(numbers) if numbers else EVERYTHING


def clause_parties(clause: Exclusivity, brand: Brand, surroundings: Surroundings) -> "Multirange[int]":
    """Named brands: those. Full and category: everyone but the own brand and those of its client that are not named."""
    named = {other.pk for other in clause.brands.all()} - {brand.pk}
    if clause.scope == Exclusivity.Scope.BRANDS:
        if not named:
            raise Refused(_("An exclusivity against named brands names at least one other brand."))
        return id_set(named)
    return everything_but((surroundings.siblings(brand) - named) | {brand.pk})


def clause_periods(clause: Exclusivity, posts: Sequence[Period], rights_until: date | None) -> list[Period]:
    """The anchor, widened by the days before and after: `[first − before, last + after + 1)`, open end allowed."""
    anchor = Exclusivity.Anchor
    first = posts[0].first
    last = max(post.last or post.first for post in posts)

    def widened(start: date, end: date | None, moves: Moves = Moves.WITH) -> Period:
        is_open = clause.is_open_ended or end is None
        return Period(
            shifted(start, -clause.days_before),
            None if is_open or end is None else shifted(end, clause.days_after),
            moves,
        )

    if clause.anchor == anchor.FIXED:
        # The database has it that fixed dates are there (exclusivity_fixed_has_dates).
        return [widened(clause.fixed_from or first, clause.fixed_to, Moves.NEVER)]
    if clause.anchor == anchor.EACH_POST:
        return [widened(post.first, post.last) for post in posts]
    if clause.anchor == anchor.USAGE and not clause.is_open_ended:
        # What is not known is assumed to meet: rights without a known end have none.
        around_first = widened(first, first)
        if rights_until is None:
            return [widened(first, None)]
        return [around_first] if rights_until <= first else [around_first, widened(first, rights_until, Moves.START)]
    return [widened(first, last)]
