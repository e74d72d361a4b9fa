"""What is kept no longer than it is needed: old prospects, files of given-up imports, expired legal records, records of exports."""

import calendar
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import now

from agency.errors import Refused
from agency.models import Agency
from influencers.models import (
    BrandFit,
    BrandFitNote,
    DataExport,
    ImportBatch,
    Influencer,
    LegalRetention,
    Price,
    ShortlistEntry,
)
from influencers.protection.holdings import all_holdings
from influencers.protection.uploads import delete_upload, kept_uploads
from influencers.services.protection import erase_influencer

logger = logging.getLogger(__name__)

EXPORTS_KEPT_YEARS = 3
UPLOADS_KEPT, REFUSED_ROWS_KEPT = timedelta(days=30), timedelta(days=7)
BUSY = (ImportBatch.State.CHECKING, ImportBatch.State.APPLYING, ImportBatch.State.UNDOING)


@dataclass(frozen=True, slots=True)
class Expired:
    """What is due in an agency; ids only, because the answer of the command may be kept in a log."""

    prospects: list[int]
    legal: list[int]
    uploads: list[ImportBatch]
    exports: list[int]

    def as_dict(self) -> dict[str, Any]:
        return {
            "prospects": self.prospects,
            "legal_retention": self.legal,
            "uploads": [batch.pk for batch in self.uploads],
            "exports": self.exports,
        }


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months earlier, the last of its month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def expired(agency: Agency, *, months: int | None = None) -> Expired:
    """What is due now; `months` stands for the setting RETENTION_MONTHS, 0 keeps every prospect."""
    months = settings.RETENTION_MONTHS if months is None else months
    today = agency.today()
    old_exports = agency.start_of(months_before(today, 12 * EXPORTS_KEPT_YEARS))
    return Expired(
        prospects=unused_prospects(agency, agency.start_of(months_before(today, months))) if months else [],
        legal=ids(LegalRetention.objects.filter(agency=agency, keep_until__lt=today)),
        uploads=[batch for batch in kept_uploads(agency.pk) if is_forgotten(batch)],
        exports=ids(DataExport.objects.filter(agency=agency, made_at__lt=old_exports)),
    )


def ids(rows: "QuerySet[Any]") -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def is_forgotten(batch: ImportBatch) -> bool:
    """Whether nobody waits for the files any more: the import ended a week ago, or was left lying for a month."""
    if batch.state in BUSY:
        return False
    kept = UPLOADS_KEPT if batch.state == ImportBatch.State.UPLOADED else REFUSED_ROWS_KEPT
    return batch.imported_at < now() - kept


def unused_prospects(agency: Agency, since: datetime) -> list[int]:
    """Prospects older than that whom nobody has assessed, noted, priced, listed, edited or lined up since, or ever booked."""
    day = since.astimezone(agency.zone).date()
    found = Influencer.objects.filter(
        agency=agency, status=Influencer.Status.PROSPECT, created_at__lt=since, duos__isnull=True, members__isnull=True
    )
    of_them = {"influencer__in": found}
    touched: set[int] = set()
    for rows in (
        BrandFitNote.objects.filter(**of_them, written_on__gte=day),
        BrandFit.objects.filter(**of_them, written_on__gte=day),
        Price.objects.filter(**of_them, valid_from__gte=day),
        ShortlistEntry.objects.filter(**of_them, added_at__gte=since),
        # An import keeps a record fresh without anybody needing it; an edit by a person is a need.
        apps.get_model("influencers", "InfluencerEvent")._default_manager.filter(
            agency=agency, pgh_created_at__gte=since, pgh_context__user__isnull=False, pgh_context__batch__isnull=True
        ),
    ):
        column = "pgh_obj_id" if hasattr(rows.model, "pgh_obj_id") else "influencer_id"
        touched.update(rows.order_by().values_list(column, flat=True))
    for holdings in all_holdings():
        touched.update(holdings.in_use(agency.pk, since))
    return sorted(set(found.order_by().values_list("pk", flat=True)) - touched)


def apply_retention(agency: Agency, *, months: int | None = None) -> dict[str, Any]:
    """Does what `expired` lists; who got work in the meantime stays. Each erasure is a transaction of its own."""
    due = expired(agency, months=months)
    LegalRetention.objects.filter(pk__in=due.legal).delete()
    DataExport.objects.filter(pk__in=due.exports).delete()
    for batch in due.uploads:
        delete_upload(batch)
    return {**due.as_dict(), "refused": erase_all(agency, due.prospects)}


def erase_all(agency: Agency, influencer_ids: Iterable[int]) -> list[dict[str, Any]]:
    """Erases each for age; the answer is who was not, as ids."""
    refused: list[dict[str, Any]] = []
    for pk in influencer_ids:
        person = Influencer.objects.filter(agency=agency, pk=pk).first()
        try:
            if person is not None:
                erase_influencer(influencer=person, reason="age", by=None)
        except Refused:
            refused.append({"influencer": pk, "message": "running"})
    return refused


def apply_everywhere() -> None:
    """`apply_retention` for every agency; the log gets numbers only."""
    for agency in Agency.objects.order_by("pk"):
        done = apply_retention(agency)
        logger.info("Retention, agency %s: %s", agency.pk, {what: len(rows) for what, rows in done.items()})
