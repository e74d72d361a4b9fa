"""Write the roster of an agency, or what a filter leaves of it, to a spreadsheet."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.http import QueryDict
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.management.json_command import CommandRefused, JsonCommand, UsageError
from agency.models import Agency, Membership
from influencers.exports.columns import CHOICES, Layout, layout
from influencers.exports.records import FileKind, check_fits, record_export, roster_file
from influencers.models import DataExport
from influencers.picking import Picking


class Command(JsonCommand):
    """Prints file, rows, columns, and the number of the export's record. Without a creator no file is written: exit code 1."""

    help = "Write the roster of an agency to a CSV or XLSX file. The export is recorded, as those of the site are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, metavar="SLUG")
        parser.add_argument(
            "--query", default="", help="the query string of the roster's address, e.g. platform=tiktok"
        )
        parser.add_argument("--columns", default="", help="keys with commas between them; default: all")
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE.csv|FILE.xlsx")

    def run(self, **options: Any) -> dict[str, Any]:
        agency = self.agency_of(options["agency"])
        target: Path = options["output"]
        kind = file_kind(target)
        keys = column_keys(options["columns"])
        query = QueryDict(options["query"].removeprefix("?"))
        picking = Picking(reader_of(agency), query, is_everything=True)
        if picking.is_misread:
            raise UsageError(_("Not known here: %(values)s") % {"values": ", ".join(picking.filter.form.errors)})
        if not picking.count:
            raise Refused(_("No creator fits these filters."))
        check_fits(kind, picking.count)
        export = record_export(
            agency=agency, kind=DataExport.Kind.ROSTER, subject=picking.in_words, creators=picking.lines, by=None
        )
        columns = layout(keys, None)
        try:
            write_whole(target, export, columns, kind)
        except OSError as error:
            export.delete()
            raise CommandRefused(
                _("%(file)s could not be written: %(reason)s") % {"file": target, "reason": error.strerror}
            ) from error
        return {
            "file": str(target),
            "rows": len(DataExport.objects.get(pk=export.pk).influencer_ids),
            "columns": columns.headings,
            "export": export.pk,
        }


def file_kind(target: Path) -> FileKind:
    """By the end of the name; anything else is a usage error."""
    try:
        return FileKind(target.suffix.lower().removeprefix("."))
    except ValueError as error:
        raise UsageError(_("The name of the file must end with .csv or .xlsx.")) from error


def column_keys(text: str) -> list[str]:
    """The keys; one that is not known is a usage error that lists those that are."""
    keys = [key.strip() for key in text.split(",") if key.strip()]
    known = [choice.key for choice in CHOICES]
    if unknown := [key for key in keys if key not in known]:
        words = {"unknown": ", ".join(unknown), "known": ", ".join(known)}
        raise UsageError(_("No such columns: %(unknown)s. There are: %(known)s.") % words)
    return keys


def reader_of(agency: Agency) -> Membership:
    """Whose eyes read the filters: a manager's, who sees everything of the agency. Nobody is recorded as the one who took it."""
    managers = Membership.objects.filter(agency=agency, role=Membership.Role.MANAGER, is_active=True)
    manager = managers.select_related("agency").order_by("pk").first()
    if manager is None:
        raise Refused(_("The agency has no manager, and only a manager sees the whole roster."))
    return manager


def write_whole(target: Path, export: DataExport, columns: Layout, kind: FileKind) -> None:
    """Writes the file whole or not at all."""
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            for piece in roster_file(export, columns, kind).pieces:
                file.write(piece)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
