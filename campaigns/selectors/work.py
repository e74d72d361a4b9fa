"""What needs somebody: clashes and what is due."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from agency.models import Membership
from campaigns.models import Clash, Collaboration, Deliverable

WEEK = timedelta(days=6)
BEFORE_DRAFT = [Deliverable.State.PLANNED, Deliverable.State.FEEDBACK]


def clashes_for(reader: Membership) -> QuerySet[Clash]:
    """Clashes of collaborations that the reader may know of, newest first."""
    return (
        Clash.objects.filter(collaboration__in=Collaboration.objects.visible_to(reader))
        .select_related(
            "influencer",
            "collaboration__campaign__brand",
            "collaboration__campaign__owner",
            "against__campaign__brand",
            "decided_by__user",
        )
        .order_by("-found_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Due:
    """A go-live or a draft on a day of this week; late drafts stand on today."""

    day: date
    deliverable: Deliverable
    is_draft: bool
    is_late: bool


def due_this_week(reader: Membership, today: date) -> list[Due]:
    """Go-lives and drafts of the reader's own campaigns from today for seven days, and drafts that are late; by day."""
    last = today + WEEK
    goes_live = Q(live_from__lte=last, live_to__gte=today)
    wants_draft = Q(draft_due_on__lte=last, state__in=BEFORE_DRAFT)
    rows = (
        Deliverable.objects.filter(
            goes_live | wants_draft,
            collaboration__in=Collaboration.objects.visible_to(reader).filter(
                campaign__owner=reader, state__in=Collaboration.HOLDING_STATES
            ),
        )
        .exclude(state__in=[Deliverable.State.LIVE, Deliverable.State.DROPPED])
        .select_related("collaboration__influencer", "collaboration__campaign__brand", "account")
    )
    found: list[Due] = []
    for row in rows:
        if row.draft_due_on and row.draft_due_on <= last and row.state in BEFORE_DRAFT:
            found.append(Due(max(row.draft_due_on, today), row, is_draft=True, is_late=row.draft_due_on < today))
        if row.live_from and row.live_to and row.live_from <= last and row.live_to >= today:
            found.append(Due(max(row.live_from, today), row, is_draft=False, is_late=False))
    return sorted(found, key=lambda due: (due.day, not due.is_draft, due.deliverable.pk))
