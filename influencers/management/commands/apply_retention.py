"""`apply_retention --agency S [--dry-run] [--older-than-months N]`"""

from typing import Any

from django.core.management.base import CommandParser

from agency.management.json_command import JsonCommand, UsageError
from influencers.services.retention import apply_retention, expired


class Command(JsonCommand):
    help = (
        "Erases prospects that nobody has needed for so long, and deletes legal records, uploads and records of exports that "
        "have run out. Names nobody: prints ids."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="list what is due and change nothing")
        parser.add_argument(
            "--older-than-months",
            type=int,
            metavar="N",
            help="instead of the setting RETENTION_MONTHS; 0 keeps all prospects",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        agency, months = self.agency_of(options["agency"]), options["older_than_months"]
        if months is not None and months < 0:
            raise UsageError("--older-than-months counts back: give 0 or more.")
        if options["dry_run"]:
            return {"dry_run": True, **expired(agency, months=months).as_dict()}
        return {"dry_run": False, **apply_retention(agency, months=months)}
