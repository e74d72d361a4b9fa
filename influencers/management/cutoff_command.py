"""What the commands on figures share: the agency and the cut-off."""

from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser

from agency.management.json_command import JsonCommand, UsageError
from agency.models import Agency
from influencers.metrics.instants import read_cutoff


class CutoffCommand(JsonCommand):
    """A command with --agency and --as-of; subclasses implement `run_for`."""

    as_of_help = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, metavar="SLUG")
        parser.add_argument(
            "--as-of",
            metavar="DAY-OR-INSTANT",
            help=f"2026-05-31 (its start in the agency's time zone) or 2026-05-31T00:00Z; {self.as_of_help}",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        agency = self.agency_of(options["agency"])
        try:
            as_of = read_cutoff(options["as_of"], agency) if options["as_of"] is not None else None
        except ValueError as error:
            raise UsageError(str(error)) from error
        return self.run_for(agency, as_of, options)

    def run_for(self, agency: Agency, as_of: datetime | None, options: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError
