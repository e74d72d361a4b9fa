"""Runs, their ranges of accounts, and the leases by which workers hold a range. Every change here is one transaction.

Who works on a range holds its lease: an id and a time until which the database's clock honours it. A worker that dies
lets the lease run out, and anybody may take the range over; a worker that was only slow then finds its lease gone and
writes nothing.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from agency.models import Agency, Membership
from influencers.metrics.percentiles import set_rate_percentiles
from influencers.metrics.statement import FORMULA_VERSION
from influencers.models import MetricsRange, MetricsRun

MAX_ERRORS = 3  # attempts of a range that may end in an error
MAX_ATTEMPTS = 25  # attempts of a range in all: one that kills every worker must not come back for ever

RUN = MetricsRun.State
RANGE = MetricsRange.State
OPEN_RUNS = (RUN.QUEUED, RUN.RUNNING)
OPEN_RANGES = (RANGE.WAITING, RANGE.LEASED)

SLICES = """
SELECT min(id), max(id), count(*)
FROM (
    SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS slice FROM influencers_account WHERE agency_id = %s
) AS sliced
GROUP BY slice ORDER BY slice
"""

# Ranges in which an account has no row. Accounts that came after the run began are no part of it.
INCOMPLETE = """
SELECT r.id, count(*)
FROM influencers_metricsrange AS r
JOIN influencers_account AS a ON a.id BETWEEN r.low AND r.high
WHERE r.run_id = %(run)s AND r.state = 'done' AND a.agency_id = %(agency)s AND a.created_at <= %(began)s
AND NOT EXISTS (
    SELECT FROM influencers_engagementfigures AS f
    WHERE f.account_id = a.id AND f.as_of = %(as_of)s AND f.formula_version = %(version)s
    -- One index look-up per account. Statistics never know the new cut-off, so the planner would take its rows for one and
    -- compare every account with every row.
    OFFSET 0
)
GROUP BY r.id
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """A held range: only who shows its id may renew or finish it."""

    id: uuid.UUID
    part: MetricsRange

    @property
    def rows(self) -> "QuerySet[MetricsRange]":
        """The range, while it is still held by this lease."""
        return MetricsRange.objects.filter(pk=self.part.pk, lease=self.id, state=RANGE.LEASED)


def lease_length() -> timedelta:
    return timedelta(seconds=settings.METRICS_LEASE_SECONDS)


@transaction.atomic
def create_run(
    *, agency: Agency, kind: MetricsRun.Kind, as_of: datetime, replace: bool, by: Membership | None
) -> MetricsRun:
    """A run with the ranges that cover every account of the agency; a run without accounts is finished at once.

    A cut-off of today is not past yet: its rows always follow the latest knowledge. Those of a past day are overwritten
    with `replace` only.
    """
    day = as_of.astimezone(agency.zone).date()
    run = MetricsRun.objects.create(
        agency=agency,
        kind=kind,
        day=day,
        as_of=as_of,
        formula_version=FORMULA_VERSION,
        replace=replace or day >= agency.today(),
        requested_by=by.user if by else None,
    )
    with connection.cursor() as cursor:
        cursor.execute(SLICES, [settings.METRICS_RANGE_ACCOUNTS, agency.pk])
        slices = cursor.fetchall()
    MetricsRange.objects.bulk_create(
        [MetricsRange(run=run, low=low, high=high, accounts=accounts) for low, high, accounts in slices]
    )
    run.accounts = sum(accounts for *_ids, accounts in slices)
    run.save(update_fields=["accounts"])
    if not slices:
        settle_run(run)
    return run


def free_ranges() -> "QuerySet[MetricsRange]":
    """Ranges of open runs that nobody holds."""
    free = Q(state=RANGE.WAITING) | Q(state=RANGE.LEASED, leased_until__lt=Now())
    return MetricsRange.objects.filter(free, run__state__in=OPEN_RUNS)


@transaction.atomic
def take_range(range_id: int) -> Lease | None:
    """The lease of a range, for one taker only; None when it is held, done, or of a run that is over."""
    part = (
        free_ranges()
        .filter(pk=range_id)
        .select_related("run__agency")
        .select_for_update(of=("self",), skip_locked=True)
        .first()
    )
    if part is None:
        return None
    lease = Lease(uuid.uuid4(), part)
    MetricsRange.objects.filter(pk=part.pk).update(
        state=RANGE.LEASED, lease=lease.id, leased_until=Now() + lease_length(), attempts=F("attempts") + 1
    )
    part.attempts += 1
    MetricsRun.objects.filter(pk=part.run_id, state=RUN.QUEUED).update(state=RUN.RUNNING, started_at=Now())
    return lease


def renew_lease(lease: Lease) -> bool:
    """Whether the lease still held; then it runs its full length again."""
    return lease.rows.update(leased_until=Now() + lease_length()) == 1


@transaction.atomic
def finish_range(lease: Lease) -> bool:
    """Marks the range as done if the lease is still held; the last range of a run ends the run, exactly once."""
    run = _locked_run(lease.part.run_id)
    done = lease.rows.update(state=RANGE.DONE, lease=None, leased_until=None, finished_at=Now())
    if done:
        settle_run(run)
    return done == 1


@transaction.atomic
def fail_range(lease: Lease, reason: str) -> None:
    """Notes why an attempt failed. The range waits for its next attempt, or fails for good after MAX_ERRORS of them."""
    run = _locked_run(lease.part.run_id)
    part = lease.rows.first()
    if part is not None:
        _note_error(part, reason)
        settle_run(run)


def settle_run(run: MetricsRun) -> None:
    """Ends a run none of whose ranges is open; the caller holds the run's row, in the transaction of the change."""
    if run.state not in OPEN_RUNS or run.ranges.filter(state__in=OPEN_RANGES).exists():
        return
    for part, missing in _incomplete_ranges(run):
        _note_error(part, _("%(count)d accounts got no figures.") % {"count": missing})
    states = set(run.ranges.values_list("state", flat=True))
    if RANGE.WAITING in states:
        return
    run.state = RUN.FAILED if RANGE.FAILED in states else RUN.FINISHED
    run.error = "\n".join(run.ranges.filter(state=RANGE.FAILED).order_by("low").values_list("error", flat=True))
    MetricsRun.objects.filter(pk=run.pk).update(
        state=run.state, error=run.error, started_at=Coalesce("started_at", Now()), finished_at=Now()
    )
    run.refresh_from_db(fields=["started_at", "finished_at"])
    set_rate_percentiles(run.agency_id)


def was_taken_over(part: MetricsRange) -> bool:
    """Whether a worker vanished with the range and another took it over: begun more often than ended, well or badly."""
    return part.attempts > len(part.error.splitlines()) + (part.state in {RANGE.LEASED, RANGE.DONE})


def _locked_run(run_id: int) -> MetricsRun:
    # Not FOR UPDATE: that would wait for every transaction that writes figures of this run.
    return MetricsRun.objects.select_for_update(no_key=True).get(pk=run_id)


def _incomplete_ranges(run: MetricsRun) -> list[tuple[MetricsRange, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            INCOMPLETE,
            {
                "agency": run.agency_id,
                "run": run.pk,
                "as_of": run.as_of,
                "version": run.formula_version,
                "began": run.created_at,
            },
        )
        missing = dict(cursor.fetchall())
    parts = MetricsRange.objects.in_bulk(missing)
    return [(parts[pk], count) for pk, count in missing.items()]


def _note_error(part: MetricsRange, reason: str) -> None:
    """One line per failed attempt, so that errors and vanished workers can be told apart."""
    line = " ".join(reason.split()) or "?"
    part.error = "\n".join([*part.error.splitlines(), line])
    is_hopeless = len(part.error.splitlines()) >= MAX_ERRORS or part.attempts >= MAX_ATTEMPTS
    part.state = RANGE.FAILED if is_hopeless else RANGE.WAITING
    part.lease = part.leased_until = part.finished_at = None
    part.save(update_fields=["error", "state", "lease", "leased_until", "finished_at"])
