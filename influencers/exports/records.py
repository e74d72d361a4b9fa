"""The record of what left the site, made before the first byte does; and the file that is made from the record."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import BigIntegerField, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from agency.models import Agency, User
from influencers.exports.columns import Layout
from influencers.exports.delimited import csv_pieces
from influencers.exports.rows import exported_rows
from influencers.exports.workbook import check_size, xlsx_pieces
from influencers.models import DataExport

MOST_SUBJECT, MOST_RECIPIENT = 300, 200  # as DataExport has room for
IDS: "ArrayField[list[int], list[int]]" = ArrayField(BigIntegerField())


class FileKind(StrEnum):
    """The two forms of a roster file."""

    CSV = "csv"
    XLSX = "xlsx"


CONTENT_TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def check_fits(kind: FileKind, creators: int) -> None:
    """Refused for more creators than the kind of file can hold."""
    if kind == FileKind.XLSX:
        check_size(creators)


@transaction.atomic
def record_export(
    *,
    agency: Agency,
    kind: DataExport.Kind,
    subject: str,
    creators: QuerySet[Any],
    by: User | None,
    recipient: str = "",
) -> DataExport:
    """The export of these rows, whose primary keys are ids of creators, in their order. The ids never pass through Python."""
    export = DataExport.objects.create(
        agency=agency,
        kind=kind,
        subject=shortened(subject, MOST_SUBJECT),
        recipient=shortened(recipient, MOST_RECIPIENT),
        made_by=by,
    )
    ids = ArraySubquery(creators.values("pk"), output_field=IDS)
    DataExport.objects.filter(pk=export.pk).update(influencer_ids=ids)
    return export


def shortened(text: str, most: int) -> str:
    """The text, cut to the length with an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A file to be sent: its name (agency and day, no person's), its type, its pieces."""

    name: str
    content_type: str
    pieces: Iterator[bytes]


def roster_file(export: DataExport, layout: Layout, kind: FileKind) -> RosterFile:
    """The creators whom the record names, as a file that is made while it is sent."""
    agency = export.agency
    batches = exported_rows(export, layout)
    if kind == FileKind.XLSX:
        forms = [column.form for column in layout.columns]
        pieces = xlsx_pieces(layout.headings, forms, batches, sheet=_("Roster"))
    else:
        pieces = csv_pieces(layout.headings, batches)
    return RosterFile(f"{slugify(agency.slug)}-roster-{agency.today():%Y-%m-%d}.{kind}", CONTENT_TYPES[kind], pieces)
