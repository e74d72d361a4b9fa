"""What the import commands have in common."""

from abc import abstractmethod
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agency.management.json_command import JsonCommand, UsageError
from agency.models import Agency
from influencers.imports.outcome import Outcome
from influencers.models import Platform


class ImportCommand(JsonCommand):
    """Prints the counts and the refused rows; exit code 1, and nothing changed, when the file or every row was refused."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV or XLSX")
        parser.add_argument("--agency", required=True, metavar="SLUG")
        parser.add_argument("--platform", choices=Platform.values, help="platform of handles that no column places")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")

    @abstractmethod
    def import_file(self, agency: Agency, file: Path, options: dict[str, Any]) -> Outcome:
        """Import the file into the agency."""

    def run(self, **options: Any) -> dict[str, Any]:
        agency = self.agency_of(options["agency"])
        file: Path = options["file"]
        if not file.is_file():
            raise UsageError(f"There is no file {file}.")
        outcome = self.import_file(agency, file, options)
        if outcome.rows and outcome.refused == outcome.rows:
            self.exit_code = 1
        return outcome.as_dict()
