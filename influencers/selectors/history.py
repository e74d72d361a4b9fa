"""Who changed what on a creator's record, field by field, as far as the reader may see it.

Events keep the row as it was before a change; what it became is the next event of the same row, or the row as it is now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from agency.models import Brand, Membership, User
from influencers.models import (
    Account,
    AudienceShare,
    BrandFitNote,
    ImportBatch,
    ImportChange,
    Influencer,
    Merge,
    Price,
)
from influencers.selectors.history_words import FOR_WRITERS, SHOWN, field_label, subject_text, value_text

DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: what it was and what it became; empty where there was or is nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row that changed or went, or something that happened to the record as a whole."""

    subject: str
    fields: list[FieldChange] = field(default_factory=list)
    is_deletion: bool = False


@dataclass(slots=True)
class Moment:
    """All that one person, import or command changed at once; `by` is empty where nobody wrote it down."""

    at: datetime
    by: str
    changes: list[Change]


class RecordHistory:
    """The history of one creator for one reader."""

    def __init__(self, influencer: Influencer, membership: Membership) -> None:
        self.influencer, self.membership = influencer, membership
        account_events: Any = _events(Account)
        gone = account_events.filter(influencer_id=influencer.pk, pgh_label=DELETED)
        known = {account.pk: str(account) for account in influencer.accounts.all()}
        self.accounts = {row.pgh_obj_id: f"@{row.handle}" for row in gone} | known
        self.brands = dict(Brand.objects.visible_to(membership).values_list("pk", "name"))

    # --- what there is -----------------------------------------------------------------------------------
    def events(self) -> dict[type[Model], Any]:
        """The events of each table that the reader may see."""
        pk = self.influencer.pk
        seen: dict[type[Model], Q] = {
            Influencer: Q(pgh_obj_id=pk),
            Account: Q(influencer_id=pk) | Q(pgh_obj_id__in=list(self.accounts)),
            AudienceShare: Q(account_id__in=list(self.accounts)),
        }
        if self.membership.can_see_fees:
            seen[Price] = Q(influencer_id=pk)
        if self.membership.can_write:
            seen[BrandFitNote] = Q(influencer_id=pk, brand_id__in=list(self.brands))
        agency = Q(agency_id=self.influencer.agency_id)
        return {model: _events(model).filter(agency & condition) for model, condition in seen.items()}

    def moments(self) -> "QuerySet[Any]":
        """When something changed, newest first, each instant once; to be paged."""
        pk = self.influencer.pk
        instants: list[Any] = [rows.values_list("pgh_created_at", flat=True) for rows in self.events().values()]
        instants += [
            Influencer.objects.filter(pk=pk).values_list("created_at", flat=True),
            Account.objects.filter(influencer_id=pk).values_list("created_at", flat=True),
            Merge.objects.filter(kept_id=pk).order_by().values_list("merged_at", flat=True),
            Merge.objects.filter(kept_id=pk, undone_at__isnull=False).order_by().values_list("undone_at", flat=True),
        ]
        found: QuerySet[Any] = instants[0].union(*instants[1:]).order_by("-pgh_created_at")
        return found

    # --- what happened -----------------------------------------------------------------------------------
    def at(self, instants: Sequence[datetime]) -> list[Moment]:
        """What happened at these instants, in their order; those of which the reader may see nothing are left out."""
        moments: dict[tuple[datetime, str], Moment] = {}

        def happened(at: datetime, by: str, change: Change) -> None:
            moments.setdefault((at, by), Moment(at, by, [])).changes.append(change)

        found = [(model, list(rows.filter(pgh_created_at__in=instants))) for model, rows in self.events().items()]
        authors = Authors([event.pgh_context for _model, events in found for event in events])
        for model, events in found:
            for event, change in self._changes(model, events):
                happened(event.pgh_created_at, authors.of(event.pgh_context), change)
        for at, by, subject in (*self._beginnings(), *self._merges()):
            if at in instants:
                happened(at, by, Change(subject))
        return sorted(moments.values(), key=lambda moment: moment.at, reverse=True)

    def _changes(self, model: Any, events: list[Any]) -> Iterable[tuple[Any, Change]]:
        """Each event with what became of it; events that change nothing that is shown are left out."""
        after = _rows_after(model, events)
        names = self._names(model, [*events, *after.values()])
        shown = [name for name in SHOWN[model] if self.membership.can_write or name not in FOR_WRITERS]
        for event in events:
            now = None if event.pgh_label == DELETED else after.get(event.pgh_id)
            if model is BrandFitNote and now is not None and now.brand_id not in self.brands:
                continue
            fields = [
                FieldChange(field_label(model, name), old, new)
                for name in shown
                if (old := value_text(model, name, event, names))
                != (new := value_text(model, name, now, names) if now is not None else "")
            ]
            if fields:
                subject = subject_text(model, event, self.accounts, self.brands)
                yield event, Change(subject, fields, is_deletion=event.pgh_label == DELETED)

    def _names(self, model: Any, rows: list[Any]) -> dict[int, str]:
        """The names of the creators that accounts moved from and to."""
        ids = {row.influencer_id for row in rows} if model is Account else set()
        others = Influencer.objects.filter(agency_id=self.influencer.agency_id, pk__in=ids)
        return dict(others.values_list("pk", "name")) if ids - {self.influencer.pk} else {}

    def _beginnings(self) -> Iterable[tuple[datetime, str, str]]:
        """When the creator and the accounts came onto the roster."""
        creation = ImportChange.objects.filter(
            batch__agency_id=self.influencer.agency_id,
            table=ImportChange.Table.INFLUENCER,
            row_id__isnull=True,
            created_ids__contains=[self.influencer.pk],
        )
        batch = ImportBatch.objects.filter(changes__in=creation).first()
        by = str(self.influencer.created_by or "")
        if batch:
            by = ", ".join(part for part in (by or str(batch.imported_by or ""), import_text(batch.file_name)) if part)
        yield self.influencer.created_at, by, _("Added to the roster")
        for account in self.influencer.accounts.all():
            at = account.created_at
            yield (
                at,
                by if at == self.influencer.created_at else "",
                _("Added the account %(account)s") % {"account": f"{account} · {account.get_platform_display()}"},
            )

    def _merges(self) -> Iterable[tuple[datetime, str, str]]:
        for merge in Merge.objects.filter(kept=self.influencer).select_related("merged_by"):
            by = str(merge.merged_by or "")
            yield merge.merged_at, by, _("Took in the record of “%(name)s”") % {"name": merge.merged_name}
            if merge.undone_at:
                yield merge.undone_at, "", _("Parted from “%(name)s” again") % {"name": merge.merged_name}


class Authors:
    """The people and imports that the contexts of some events name. At most two queries."""

    def __init__(self, contexts: Iterable[Any]) -> None:
        known = [context for context in contexts if isinstance(context, dict)]
        users: set[int] = {context["user"] for context in known if context.get("user") is not None}
        batches: set[int] = {context["batch"] for context in known if context.get("batch") is not None}
        self.users = {user.pk: str(user) for user in User.objects.filter(pk__in=users)} if users else {}
        self.files = dict(ImportBatch.objects.filter(pk__in=batches).values_list("pk", "file_name")) if batches else {}

    def of(self, context: Any) -> str:
        """“Emma Holm”, “Emma Holm, import of roster.csv”, “a command”."""
        facts = context if isinstance(context, dict) else {}
        said = []
        if facts.get("user") is not None:
            said.append(self.users.get(facts["user"], _("somebody who is gone")))
        if facts.get("batch") is not None:
            said.append(import_text(self.files[facts["batch"]]) if facts["batch"] in self.files else _("an import"))
        return ", ".join(said) or _("a command")


def import_text(file_name: str) -> str:
    return _("import of %(file)s") % {"file": file_name}


def _events(model: Any) -> Any:
    return model.pgh_event_model.objects


def _rows_after(model: Any, events: list[Any]) -> dict[int, Any]:
    """By event id the row as it was afterwards: its next event, else the row itself; none where it is gone. Three queries."""
    manager = _events(model)
    later = manager.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id")).order_by("pgh_id")
    changed = [event for event in events if event.pgh_label != DELETED]
    numbered = manager.filter(pk__in=[event.pgh_id for event in changed])
    next_ids = dict(numbered.annotate(next_id=Subquery(later.values("pgh_id")[:1])).values_list("pgh_id", "next_id"))
    next_rows = manager.in_bulk([pk for pk in next_ids.values() if pk is not None])
    present = model.objects.in_bulk([event.pgh_obj_id for event in changed if next_ids[event.pgh_id] is None])
    after = {}
    for event in changed:
        next_id = next_ids[event.pgh_id]
        row = next_rows.get(next_id) if next_id is not None else present.get(event.pgh_obj_id)
        if row is not None:
            after[event.pgh_id] = row
    return after
