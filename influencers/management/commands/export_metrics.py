"""Write the figures of an agency as of a cut-off to a CSV file."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.management.json_command import CommandRefused
from agency.models import Agency
from influencers.management.cutoff_command import CutoffCommand
from influencers.metrics.export import latest_cutoff, write_export


class Command(CutoffCommand):
    """Prints file, as_of and rows; without a single row no file is written and the exit code is 1."""

    help = "Write the engagement figures of an agency to a CSV file."
    as_of_help = "default: that of the latest finished run"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE")

    def run_for(self, agency: Agency, as_of: datetime | None, options: dict[str, Any]) -> dict[str, Any]:
        as_of = as_of or latest_cutoff(agency)
        if as_of is None:
            raise Refused(_("No run has finished yet. Run recompute_metrics first."))
        target: Path = options["output"]
        try:
            rows = write_whole(agency, as_of, target)
        except OSError as error:
            raise CommandRefused(
                _("%(file)s could not be written: %(reason)s") % {"file": target, "reason": error.strerror}
            ) from error
        return {"file": str(target), "as_of": as_of.astimezone(UTC).isoformat(), "rows": rows}


def write_whole(agency: Agency, as_of: datetime, target: Path) -> int:
    """Writes the file whole or not at all; Refused when there is nothing to write."""
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            rows = write_export(agency, as_of, file)
        if rows == 0:
            raise Refused(_("There are no figures as of %(as_of)s.") % {"as_of": as_of.isoformat()})
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return rows
