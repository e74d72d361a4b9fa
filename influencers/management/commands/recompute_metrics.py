"""Recompute the figures of an agency as of a cut-off."""

import time
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import now
from django.utils.translation import gettext as _

from agency.management.json_command import UsageError
from agency.models import Agency
from influencers.management.cutoff_command import CutoffCommand
from influencers.models import MetricsRun
from influencers.services.figures import enqueue_run, recompute


class Command(CutoffCommand):
    """Prints run, as_of, accounts, state and seconds; exit code 1 when the run failed."""

    help = "Recompute the engagement figures of an agency."
    as_of_help = "default: today"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--replace", action="store_true", help="overwrite the stored figures of a past day")
        parser.add_argument("--enqueue", action="store_true", help="leave the work to the workers and return at once")

    def run_for(self, agency: Agency, as_of: datetime | None, options: dict[str, Any]) -> dict[str, Any]:
        if as_of is not None and as_of > now():
            raise UsageError(_("The cut-off %(as_of)s lies in the future.") % {"as_of": as_of.isoformat()})
        began = time.monotonic()
        start = enqueue_run if options["enqueue"] else recompute
        run = start(agency=agency, as_of=as_of, replace=options["replace"], by=None)
        if run.state == MetricsRun.State.FAILED:
            self.exit_code = 1
            self.stderr.write(run.error)
        return {
            "run": run.pk,
            "as_of": run.as_of.astimezone(UTC).isoformat(),
            "accounts": run.accounts,
            "state": run.state,
            "seconds": round(time.monotonic() - began, 3),
        }
