"""Import posts with their counts from a spreadsheet or an export."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agency.models import Agency
from influencers.imports.outcome import Outcome
from influencers.management.import_command import ImportCommand
from influencers.services.imports import import_posts


class Command(ImportCommand):
    help = "Import posts with their counts from a CSV or XLSX file. Newer counts replace older ones, never the other way round."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--handle", help="the account, for a file that has no column for it")
        parser.add_argument("--create-accounts", action="store_true", help="add accounts that the roster lacks")

    def import_file(self, agency: Agency, file: Path, options: dict[str, Any]) -> Outcome:
        return import_posts(
            agency=agency,
            file=file,
            filename=file.name,
            platform=options["platform"],
            handle=options["handle"],
            create_accounts=options["create_accounts"],
            dry_run=options["dry_run"],
            by=None,
        )
