"""What stands in a window of days, for one member: seven queries, however many rows.

Work for brands that the member may not know of appears as days on which a creator is not available, and as nothing else:
no brand, no campaign, no state, and joined so that nobody can tell one booking from two.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from agency.models import Membership
from campaigns.claims.words import clause_texts, last_day, visible_brand_ids
from campaigns.fields import day_set
from campaigns.models import Claim, Collaboration, Deliverable
from influencers.models import Influencer, Platform

CREATOR = ("influencer_id", "influencer__name", "influencer__sort_name")


class Kind(StrEnum):
    """What an entry is."""

    COLLABORATION = "collaboration"
    PART = "part"  # somebody else's collaboration that takes this creator too: the duo's
    GO_LIVE = "go-live"
    EXCLUSIVITY = "exclusivity"
    ABSENCE = "absence"
    HIDDEN = "hidden"


class Creator(NamedTuple):
    """A row of the timeline."""

    pk: int
    name: str
    sort_name: str


class Entry(NamedTuple):
    """Days, first to last (None: no end), on which something holds for a creator. Made by the thousand, hence a tuple."""

    key: str
    kind: Kind
    creator: Creator
    first: date
    last: date | None
    what: str = ""
    brand: str = ""
    state: str = ""
    exclusive: str = ""
    hour: time | None = None
    collaboration_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A window of days, first to last, and what the reader asked to see of it. No states means every one."""

    first: date
    last: date
    brand_id: int | None = None
    creator: str = ""
    states: frozenset[str] = field(default_factory=frozenset)
    picks_collaborations: bool = False
    """Rows are only those creators that have a collaboration of that brand or state."""


def read_window(wanted: Wanted, reader: Membership) -> list[Entry]:
    """Every entry of the window that the reader may see, by creator, then first day."""
    visible = visible_brand_ids(reader)
    collaborations = list(_collaborations(wanted, reader, visible))
    only = {entry.creator.pk for entry in collaborations} if wanted.picks_collaborations else None
    entries = [
        *collaborations,
        *_go_lives(collaborations, wanted),
        *_claimed(wanted, reader, visible, only),
        *_absences(wanted, reader, only),
    ]
    return sorted(entries, key=lambda entry: (entry.creator.sort_name, entry.creator.pk, entry.first, entry.key))


def _creators(wanted: Wanted, reader: Membership, only: set[int] | None) -> QuerySet[Influencer]:
    creators = Influencer.objects.filter(agency_id=reader.agency_id)
    if only is not None:
        creators = creators.filter(pk__in=only)
    return creators.matching(wanted.creator) if wanted.creator else creators


def _of_creators(wanted: Wanted, reader: Membership, only: set[int] | None) -> Q:
    """A condition only where there is something to narrow."""
    if only is None and not wanted.creator:
        return Q()
    return Q(influencer__in=_creators(wanted, reader, only).values("pk"))


def _creator(row: Any) -> Creator:
    return Creator(row.influencer_id, row.influencer__name, row.influencer__sort_name)


def _collaborations(wanted: Wanted, reader: Membership, visible: Iterable[int]) -> Iterator[Entry]:
    live = Deliverable.objects.filter(
        collaboration=OuterRef("pk"), live_from__lte=wanted.last, live_to__gte=wanted.first
    ).exclude(state=Deliverable.State.DROPPED)
    rows = (
        Collaboration.objects.filter(
            _of_creators(wanted, reader, None), agency_id=reader.agency_id, campaign__brand__in=visible
        )
        .annotate(first=Coalesce("starts_on", "campaign__starts_on"), last=Coalesce("ends_on", "campaign__ends_on"))
        .filter(Q(first__lte=wanted.last, last__gte=wanted.first) | Exists(live))
    )
    if wanted.brand_id is not None:
        rows = rows.filter(campaign__brand=wanted.brand_id)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    for row in rows.order_by("pk").values_list(
        "pk", "state", "first", "last", "campaign__name", "campaign__brand__name", *CREATOR, named=True
    ):
        yield Entry(
            key=f"c{row.pk}",
            kind=Kind.COLLABORATION,
            creator=_creator(row),
            first=row.first,
            last=row.last,
            what=row.campaign__name,
            brand=row.campaign__brand__name,
            state=row.state,
            collaboration_id=row.pk,
        )


def _go_lives(collaborations: Iterable[Entry], wanted: Wanted) -> Iterator[Entry]:
    formats = {value: str(label) for value, label in Deliverable.Format.choices}
    platforms = {value: str(label) for value, label in Platform.choices}
    by_id = {entry.collaboration_id: entry for entry in collaborations}
    rows: Iterable[Any] = (
        Deliverable.objects.filter(collaboration__in=by_id, live_from__lte=wanted.last, live_to__gte=wanted.first)
        .exclude(state=Deliverable.State.DROPPED)
        .order_by("pk")
        .values_list(
            "pk", "collaboration_id", "format", "live_from", "live_to", "live_time", "account__platform", "account__handle",
            named=True,
        )
    )  # fmt: skip
    for row in rows:
        of = by_id[row.collaboration_id]
        what = formats[row.format]
        if row.account__platform:
            what = f"{what}, {platforms[row.account__platform]} @{row.account__handle}"
        yield Entry(
            key=f"d{row.pk}",
            kind=Kind.GO_LIVE,
            creator=of.creator,
            first=row.live_from,
            last=row.live_to,
            what=what,
            brand=of.brand,
            state=of.state,
            hour=row.live_time,
            collaboration_id=of.collaboration_id,
        )


def _claimed(wanted: Wanted, reader: Membership, visible: frozenset[int], only: set[int] | None) -> Iterator[Entry]:
    """Exclusivities as they stand in the claims, days of a duo on the rows of its members, and hidden work."""
    window = day_set([(wanted.first, wanted.last)])
    concerns = (
        Q(clause__isnull=False)
        | ~Q(collaboration__campaign__brand__in=visible)
        | ~Q(collaboration__influencer=F("influencer"))
    )
    rows = list(
        Claim.objects.filter(_of_creators(wanted, reader, only), agency_id=reader.agency_id, collaboration__isnull=False)
        .filter(concerns, during__overlap=window)
        .order_by("pk")
        .values_list(
            "pk", "clause_id", "during", "collaboration_id", "collaboration__state", "collaboration__campaign__name",
            "collaboration__campaign__brand_id", "collaboration__campaign__brand__name",
            "collaboration__influencer_id", "collaboration__influencer__name", *CREATOR,
            named=True,
        )
    )  # fmt: skip
    shown = [row for row in rows if row.collaboration__campaign__brand_id in visible]
    clauses = clause_texts({row.clause_id for row in shown if row.clause_id}, visible)
    for row in shown:
        yield from _claim_entries(row, clauses.get(row.clause_id, ""), wanted)
    yield from _hidden([row for row in rows if row.collaboration__campaign__brand_id not in visible], wanted)


def _claim_entries(row: Any, exclusive: str, wanted: Wanted) -> Iterator[Entry]:
    for number, (first, last) in enumerate(_parts(row.during, wanted)):
        yield Entry(
            key=f"k{row.pk}-{number}",
            kind=Kind.EXCLUSIVITY if row.clause_id else Kind.PART,
            creator=_creator(row),
            first=first,
            last=last,
            what=_what(row),
            brand=row.collaboration__campaign__brand__name,
            state="" if row.clause_id else row.collaboration__state,
            exclusive=exclusive,
            collaboration_id=row.collaboration_id,
        )


def _what(row: Any) -> str:
    """The campaign, and for a claim on a member whose duo it is."""
    if row.collaboration__influencer_id == row.influencer_id:
        return str(row.collaboration__campaign__name)
    return _("%(campaign)s, as part of %(name)s") % {
        "campaign": row.collaboration__campaign__name,
        "name": row.collaboration__influencer__name,
    }


def _hidden(rows: Iterable[Any], wanted: Wanted) -> Iterator[Entry]:
    """All hidden days of a creator as one set; the key says nothing about where they come from."""
    days: dict[Creator, list[tuple[date, date | None]]] = {}
    for row in rows:
        days.setdefault(_creator(row), []).extend((part.lower, last_day(part.upper)) for part in row.during)
    for creator, periods in days.items():
        for number, (first, last) in enumerate(_parts(day_set(periods), wanted)):
            yield Entry(f"h{creator.pk}-{number}", Kind.HIDDEN, creator, first, last)


def _parts(during: Iterable[Any], wanted: Wanted) -> Iterator[tuple[date, date | None]]:
    """The parts of a set of days that touch the window."""
    for part in during:
        last = last_day(part.upper)
        if part.lower <= wanted.last and (last is None or last >= wanted.first):
            yield part.lower, last


def _absences(wanted: Wanted, reader: Membership, only: set[int] | None) -> Iterator[Entry]:
    """Absences, those of a duo on the rows of its members too; why is for those who write."""
    rows = Claim.objects.filter(
        _of_creators(wanted, reader, only),
        agency_id=reader.agency_id,
        unavailability__starts_on__lte=wanted.last,
        unavailability__ends_on__gte=wanted.first,
    ).order_by("pk")
    for row in rows.values_list(
        "pk", "unavailability__starts_on", "unavailability__ends_on", "unavailability__reason", *CREATOR, named=True
    ):
        what = row.unavailability__reason if reader.can_write else ""
        yield Entry(
            f"a{row.pk}",
            Kind.ABSENCE,
            _creator(row),
            row.unavailability__starts_on,
            row.unavailability__ends_on,
            what=what,
        )
