"""Import creators and their accounts from a spreadsheet."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agency.management.json_command import UsageError
from agency.models import Agency
from influencers.imports.outcome import Outcome
from influencers.management.import_command import ImportCommand
from influencers.services.imports import import_roster


class Command(ImportCommand):
    help = "Import creators and their accounts from a CSV or XLSX file. The same file again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--mapping",
            type=Path,
            metavar="M.json",
            help='JSON object: column heading to meaning, e.g. {"Fans": "followers"}',
        )

    def import_file(self, agency: Agency, file: Path, options: dict[str, Any]) -> Outcome:
        return import_roster(
            agency=agency,
            file=file,
            filename=file.name,
            platform=options["platform"],
            mapping=read_mapping(options["mapping"]),
            dry_run=options["dry_run"],
            by=None,
        )


def read_mapping(path: Path | None) -> dict[str, str] | None:
    """The mapping in a JSON file; a usage error when it is no object of texts."""
    if path is None:
        return None
    try:
        mapping = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise UsageError(f"The mapping {path} cannot be read: {error}") from error
    if not isinstance(mapping, dict) or not all(isinstance(meaning, str) for meaning in mapping.values()):
        raise UsageError('A mapping is a JSON object of texts, e.g. {"Fans": "followers"}.')
    return mapping
