"""Prove that stored claims are the derived ones, and enforce again what fits."""

from typing import Any

from django.core.management.base import CommandParser

from agency.management.json_command import JsonCommand
from agency.models import Agency
from campaigns.claims.check import check_agency


class Command(JsonCommand):
    """Prints checked and problems; exit code 1 when there is a problem."""

    help = "Check that stored claims are the derived ones; enforce again the days that fit again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", metavar="SLUG", help="one agency only (default: all)")

    def run(self, **options: Any) -> dict[str, Any]:
        slug = options["agency"]
        agencies = [self.agency_of(slug)] if slug else list(Agency.objects.order_by("pk"))
        checked, problems = 0, []
        for agency in agencies:
            count, found = check_agency(agency)
            checked += count
            problems += [{"agency": agency.slug, **problem} for problem in found]
        self.exit_code = 1 if problems else 0
        return {"checked": checked, "problems": problems}
