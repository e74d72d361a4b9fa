"""Two records become one, and are parted again for a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors

from agency.errors import Refused
from agency.locks import lock_agency_exclusive
from agency.models import Agency, Membership
from influencers.merging.fields import differs_from_itself, new_values, proposed_primary
from influencers.merging.parting import as_json, part_rows
from influencers.merging.past import newest_event, part_history
from influencers.merging.refusals import MergeRefused
from influencers.merging.rows import (
    choose_primary,
    erase,
    move_rows,
    new_trail,
    remember_percentiles,
    set_primary,
    snapshot,
)
from influencers.models import Account, Influencer, Merge, NotDuplicates
from influencers.signals import influencers_merged, influencers_merging, merge_undone

P = ParamSpec("P")
R = TypeVar("R")
UNDOABLE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Parted:
    """The record that came back, and what stays with the one that had taken it in."""

    restored: Influencer
    left: list[str] = field(default_factory=list)


def alone(service: Callable[P, R]) -> Callable[P, R]:
    """In a transaction; when PostgreSQL gives it up for others at the same moment, a sentence says so."""

    @wraps(service)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return service(*args, **kwargs)
        except OperationalError as error:
            if not isinstance(error.__cause__, errors.DeadlockDetected | errors.SerializationFailure):
                raise
            raise Refused(
                _("Others changed these creators at the same moment. Nothing was changed; try again.")
            ) from error

    return wrapper


@alone
def merge_influencers(
    *,
    kept: Influencer,
    merged: Influencer,
    choices: Mapping[str, str] | None = None,
    primary: Account | None = None,
    by: Membership,
) -> Merge:
    """Everything of `merged` is `kept`'s afterwards, and its record is gone; for a day `undo_merge` parts them.

    `choices` says field by field whose value stays ("kept" or "other"); a field that it leaves out keeps what is proposed.
    Refused, with nothing changed, when the two cannot be one person or bookings of the two would clash.
    """
    kept, merged = locked(by.agency, kept.pk, merged.pk)
    trail = new_trail()
    influencers_merging.send(Influencer, kept=kept, merged=merged, by=by, undo=trail)
    values = new_values(kept, merged, choices or {})
    chosen = primary if primary and primary.influencer_id in {kept.pk, merged.pk} else proposed_primary(kept, merged)
    remember_percentiles(trail, kept, merged)
    choose_primary(trail, kept, merged, chosen.pk if chosen else None)
    (trail["merged"],) = snapshot(Influencer.objects.filter(pk=merged.pk))
    before = {name: as_json(kept, name) for name in values}
    move_rows(trail, kept, merged)
    set_primary(chosen.pk if chosen else None)
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save(update_fields=list(values))
    trail["kept"] = {name: [before[name], as_json(kept, name)] for name in values}
    trail["newest_event"] = newest_event(kept)
    influencers_merged.send(Influencer, kept=kept, merged=merged, by=by, undo=trail)
    erase(Influencer, [merged.pk])
    return Merge.objects.create(
        agency=by.agency, kept=kept, merged_id=merged.pk, merged_name=merged.name, choices=dict(choices or {}),
        undo=trail, merged_by=by.user,
    )  # fmt: skip


def locked(agency: Agency, kept: int, merged: int) -> tuple[Influencer, Influencer]:
    """Both as they are now, with nobody else deriving claims in the agency or changing them (design section 4)."""
    lock_agency_exclusive(agency.pk)
    rows = (
        Influencer.objects.filter(agency=agency, is_erased=False, pk__in=[kept, merged])
        .order_by("pk")
        .select_for_update()
    )
    found = {row.pk: row for row in rows}
    if found.keys() != {kept, merged}:
        raise Refused(_("Somebody merged or removed one of the two in the meantime."))
    if reason := differs_from_itself(found[kept], found[merged]):
        raise MergeRefused(reason)
    return found[kept], found[merged]


@alone
def undo_merge(*, merge: Merge, by: Membership) -> Parted:
    """Both records as they were, with their old numbers; what was changed since stays with the kept one, and is said.

    Refused after a day, when it was undone already, and while a later merge into the same record stands.
    """
    lock_agency_exclusive(by.agency_id)
    merge = Merge.objects.select_for_update().select_related("kept", "agency").get(pk=merge.pk, agency=by.agency)
    refuse_parting(merge, timezone.now())
    list(Influencer.objects.filter(pk=merge.kept_id).select_for_update())
    left = part_rows(merge, by)
    part_history(merge, merge.undo)
    restored = Influencer.objects.get(pk=merge.merged_id)
    kept = Influencer.objects.get(pk=merge.kept_id)
    answers = merge_undone.send(Influencer, merge=merge, kept=kept, restored=restored, by=by)
    left += [sentence for _receiver, said in answers for sentence in said or ()]
    merge.undone_at = timezone.now()
    merge.undo = {"left": left}
    merge.save(update_fields=["undone_at", "undo"])
    return Parted(restored, left)


def refuse_parting(merge: Merge, now: datetime) -> None:
    if merge.undone_at is not None:
        raise Refused(_("The two were parted already."))
    if now >= merge.merged_at + UNDOABLE:
        raise Refused(_("A merge can be undone for a day. This one is older: correct the records by hand."))
    later = Merge.objects.filter(kept=merge.kept_id, undone_at=None, pk__gt=merge.pk)
    if newest := later.order_by("-pk").first():
        raise Refused(_("%(name)s was merged later: undo that first.") % {"name": newest.merged_name})


def undoable_merges(kept: Influencer) -> list[Merge]:
    """What `undo_merge` would part from the record now, the last one first: only that one can be undone next."""
    since = timezone.now() - UNDOABLE
    merges = Merge.objects.filter(kept=kept, undone_at=None, merged_at__gt=since).select_related("agency")
    return list(merges.order_by("-pk")[:1])


def say_two_people(*, first: Influencer, second: Influencer, by: Membership) -> NotDuplicates:
    """The two are not suggested as duplicates again; said twice, it is kept once."""
    if first.pk == second.pk or {first.agency_id, second.agency_id} != {by.agency_id}:
        raise Refused(_("That is not in this agency."))
    low, high = sorted([first.pk, second.pk])
    row, _is_new = NotDuplicates.objects.get_or_create(
        first_id=low, second_id=high, defaults={"agency": by.agency, "said_by": by.user}
    )
    return row


def kept_instead_of(agency: Agency, pk: int) -> Influencer | None:
    """Who has taken in the record of that number, even if over others in between; none when nobody has."""
    merge = Merge.objects.filter(agency=agency, merged_id=pk, undone_at=None).select_related("kept").first()
    return merge.kept if merge else None
