"""Recomputing the figures: by night, on demand, here or on workers."""

import logging
import time
from collections.abc import Iterable
from datetime import datetime
from datetime import time as time_of_day

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.metrics import runs
from influencers.metrics.renewal import RenewedLease
from influencers.metrics.statement import write_figures
from influencers.models import MetricsRange, MetricsRun

logger = logging.getLogger(__name__)

NIGHTLY_FROM = time_of_day(2)
NUDGE_LIFETIME = 120  # seconds; the beat sends a range again every minute while nobody holds it
WAIT_SECONDS = 0.2


class LeaseLostError(Exception):
    """Somebody else took the range over while it was computed; what was computed is rolled back."""


def compute_range(*, range_id: int) -> bool:
    """Computes one range and marks it as done in one transaction; False when it is held, done, taken over or failed.

    May be called at any time, any number of times, by anybody.
    """
    lease = runs.take_range(range_id)
    if lease is None:
        return False
    if lease.part.attempts > runs.MAX_ATTEMPTS:
        runs.fail_range(lease, _("Its worker vanished too often."))
        return False
    try:
        with RenewedLease(lease):
            _write_and_finish(lease)
    except LeaseLostError:
        logger.warning("Range %s was taken over; its figures are written by whoever holds it now.", range_id)
        return False
    except DatabaseError as error:
        logger.exception("Range %s of run %s failed.", range_id, lease.part.run_id)
        runs.fail_range(lease, str(error).partition("\n")[0])
        return False
    return True


def request_run(*, agency: Agency, by: Membership) -> MetricsRun:
    """An on-demand run as of now, sent to the workers; Refused while another run of the agency is in progress."""
    with transaction.atomic():
        Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)  # one at a time, or two clicks make two runs
        if MetricsRun.objects.filter(agency=agency, state__in=runs.OPEN_RUNS).exists():
            raise Refused(_("The figures are being recomputed already. Wait until that run has finished."))
        run = runs.create_run(agency=agency, kind=MetricsRun.Kind.MANUAL, as_of=now(), replace=False, by=by)
        send_ranges(run.ranges.values_list("pk", flat=True))
    return run


def enqueue_run(
    *, agency: Agency, as_of: datetime | None = None, replace: bool = False, by: Membership | None
) -> MetricsRun:
    """A run on demand for the workers, as of the start of the agency's day unless told otherwise."""
    with transaction.atomic():
        run = _manual_run(agency=agency, as_of=as_of, replace=replace, by=by)
        send_ranges(run.ranges.values_list("pk", flat=True))
    return run


def recompute(
    *, agency: Agency, as_of: datetime | None = None, replace: bool = False, by: Membership | None
) -> MetricsRun:
    """A run on demand, computed in this process; comes back when it has ended, even if workers took ranges."""
    run = _manual_run(agency=agency, as_of=as_of, replace=replace, by=by)
    while run.state in runs.OPEN_RUNS:
        computed = [compute_range(range_id=pk) for pk in list(_free_ranges_of(run))]
        run.refresh_from_db()
        if not any(computed) and run.state in runs.OPEN_RUNS:
            time.sleep(WAIT_SECONDS)
    return run


def start_nightly_runs(*, at: datetime | None = None) -> list[MetricsRun]:
    """One nightly run for each agency that is past 02:00 of its day and has none for it; missed nights are one run."""
    at = at or now()
    started = []
    for agency in Agency.objects.order_by("pk"):
        local = at.astimezone(agency.zone)
        if local.time() < NIGHTLY_FROM:
            continue
        try:
            run = _start_nightly_run(agency, agency.start_of(local.date()))
        except DatabaseError:
            # The other agencies must have their night all the same; this one is tried again within the hour.
            logger.exception("The nightly run of agency %s could not be started.", agency.pk)
            continue
        if run is not None:
            started.append(run)
    return started


def send_free_ranges() -> int:
    """Sends every range of an open run that nobody holds to the workers; returns how many."""
    ranges = list(runs.free_ranges().order_by("run_id", "low").values_list("pk", flat=True))
    send_ranges(ranges)
    return len(ranges)


def send_ranges(range_ids: Iterable[int]) -> None:
    """Nudges the workers after the commit. A lost or late message harms nothing: the rows say what is to be done."""
    wanted = list(range_ids)

    def nudge() -> None:
        for range_id in wanted:
            current_app.send_task("influencers.compute_range", kwargs={"range_id": range_id}, expires=NUDGE_LIFETIME)

    # Robust: without a broker the run still stands, and the beat nudges again.
    transaction.on_commit(nudge, robust=True)


@transaction.atomic
def _write_and_finish(lease: runs.Lease) -> None:
    with connection.cursor() as cursor:
        # A process that is frozen here must not hold the rows for ever against whoever takes the range over.
        cursor.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [f"{settings.METRICS_LEASE_SECONDS}s"]
        )
    write_figures(lease.part)
    if not runs.finish_range(lease):
        raise LeaseLostError


def _manual_run(*, agency: Agency, as_of: datetime | None, replace: bool, by: Membership | None) -> MetricsRun:
    as_of = as_of or agency.start_of(agency.today())
    return runs.create_run(agency=agency, kind=MetricsRun.Kind.MANUAL, as_of=as_of, replace=replace, by=by)


@transaction.atomic
def _start_nightly_run(agency: Agency, as_of: datetime) -> MetricsRun | None:
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    nightly = MetricsRun.Kind.NIGHTLY
    day = as_of.astimezone(agency.zone).date()
    if MetricsRun.objects.filter(agency=agency, kind=nightly, day=day).exists():
        return None
    run = runs.create_run(agency=agency, kind=nightly, as_of=as_of, replace=False, by=None)
    send_ranges(run.ranges.values_list("pk", flat=True))
    return run


def _free_ranges_of(run: MetricsRun) -> "list[int]":
    return list(
        MetricsRange.objects.filter(run=run, pk__in=runs.free_ranges().values("pk"))
        .order_by("low")
        .values_list("pk", flat=True)
    )
