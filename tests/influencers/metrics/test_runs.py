"""Runs, ranges, leases: who may compute what, and how a run ends."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from agency.models import Agency, Membership
from influencers.metrics import runs
from influencers.metrics.renewal import RenewedLease
from influencers.models import EngagementFigures, MetricsRange, MetricsRun
from influencers.services.figures import compute_range
from tests.factories import AccountFactory, AgencyFactory

T = datetime(2026, 5, 1, tzinfo=UTC)
RUN, RANGE = MetricsRun.State, MetricsRange.State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ranges_of_two(settings: Any) -> None:
    settings.METRICS_RANGE_ACCOUNTS = 2


def create_run(agency: Agency, as_of: datetime = T, *, replace: bool = False, **options: Any) -> MetricsRun:
    return runs.create_run(
        agency=agency, as_of=as_of, replace=replace, **{"kind": MetricsRun.Kind.MANUAL, "by": None, **options}
    )


def lapse(part: MetricsRange) -> None:
    """As if a minute and more had passed since the lease was taken."""
    MetricsRange.objects.filter(pk=part.pk).update(leased_until=now() - timedelta(seconds=1))


# --- creating ----------------------------------------------------------------------------------------


def test_create_run_covers_every_account_of_the_agency_once(agency: Agency, manager: Membership) -> None:
    accounts = AccountFactory.create_batch(5, agency=agency)
    AccountFactory(agency=AgencyFactory())
    run = create_run(agency, by=manager)
    parts = list(run.ranges.order_by("low").values_list("low", "high", "accounts", "state", "attempts"))
    ids = [account.pk for account in accounts]
    assert parts == [
        (ids[0], ids[1], 2, "waiting", 0),
        (ids[2], ids[3], 2, "waiting", 0),
        (ids[4], ids[4], 1, "waiting", 0),
    ]
    assert (run.accounts, run.state, run.requested_by, run.formula_version) == (5, RUN.QUEUED, manager.user, 1)


def test_create_run_keeps_the_calendar_day_of_the_agencys_zone() -> None:
    zone = AgencyFactory(timezone="Pacific/Auckland")
    assert str(create_run(zone, datetime(2026, 5, 1, 12, tzinfo=UTC)).day) == "2026-05-02"


def test_create_run_without_accounts_is_finished_at_once(agency: Agency) -> None:
    run = create_run(agency)
    run.refresh_from_db()
    assert (run.state, run.accounts, run.error) == (RUN.FINISHED, 0, "")
    assert run.seconds is not None


def test_create_run_replaces_todays_rows_and_past_ones_only_when_told(agency: Agency) -> None:
    assert create_run(agency).replace is False
    assert create_run(agency, replace=True).replace is True
    assert create_run(agency, agency.start_of(agency.today())).replace is True
    assert create_run(agency, agency.start_of(agency.today()) - timedelta(microseconds=1)).replace is False


def test_create_run_refuses_a_second_nightly_run_of_a_day(agency: Agency) -> None:
    create_run(agency, kind=MetricsRun.Kind.NIGHTLY)
    with pytest.raises(IntegrityError, match="metrics_run_one_nightly_per_day"), transaction.atomic():
        create_run(agency, kind=MetricsRun.Kind.NIGHTLY)


# --- leases ------------------------------------------------------------------------------------------


def test_take_range_gives_a_range_to_one_taker(agency: Agency) -> None:
    AccountFactory(agency=agency)
    run = create_run(agency)
    part = run.ranges.get()
    lease = runs.take_range(part.pk)
    assert lease is not None
    assert runs.take_range(part.pk) is None
    part.refresh_from_db()
    run.refresh_from_db()
    assert (part.state, part.attempts, part.lease) == (RANGE.LEASED, 1, lease.id)
    assert timedelta(seconds=55) < part.leased_until - now() <= timedelta(seconds=60)
    assert run.state == RUN.RUNNING
    assert run.started_at is not None


def test_take_range_takes_over_when_the_lease_has_run_out(agency: Agency) -> None:
    AccountFactory(agency=agency)
    part = create_run(agency).ranges.get()
    vanished = runs.take_range(part.pk)
    assert vanished is not None
    lapse(part)
    heir = runs.take_range(part.pk)
    assert heir is not None
    # The first one wakes up again: it may neither renew nor finish nor fail what is no longer its own.
    assert runs.renew_lease(vanished) is False
    assert runs.finish_range(vanished) is False
    runs.fail_range(vanished, "late")
    part.refresh_from_db()
    assert (part.state, part.attempts, part.lease, part.error) == (RANGE.LEASED, 2, heir.id, "")


def test_take_range_leaves_runs_alone_that_are_over(agency: Agency) -> None:
    AccountFactory(agency=agency)
    run = create_run(agency)
    MetricsRun.objects.filter(pk=run.pk).update(state=RUN.FAILED)
    assert runs.take_range(run.ranges.get().pk) is None
    assert runs.take_range(0) is None


def test_renew_lease_runs_the_full_length_again(agency: Agency) -> None:
    AccountFactory(agency=agency)
    part = create_run(agency).ranges.get()
    lease = runs.take_range(part.pk)
    assert lease is not None
    lapse(part)
    assert runs.renew_lease(lease) is True
    part.refresh_from_db()
    assert part.leased_until > now() + timedelta(seconds=55)


@pytest.mark.django_db(transaction=True)
def test_take_range_by_twenty_at_once_gives_it_to_one(agency: Agency) -> None:
    AccountFactory(agency=agency)
    part = create_run(agency).ranges.get()
    barrier, leases = threading.Barrier(20), []

    def take() -> None:
        barrier.wait()
        leases.append(runs.take_range(part.pk))
        connection.close()

    in_threads([take] * 20)
    assert sum(lease is not None for lease in leases) == 1
    part.refresh_from_db()
    assert part.attempts == 1


@pytest.mark.django_db(transaction=True)
def test_finish_range_by_all_at_once_ends_the_run_once(agency: Agency, settings: Any) -> None:
    settings.METRICS_RANGE_ACCOUNTS = 1
    AccountFactory.create_batch(8, agency=agency)
    run = create_run(agency)
    barrier = threading.Barrier(8)

    def compute(pk: int) -> None:
        barrier.wait()
        assert compute_range(range_id=pk) is True
        connection.close()

    in_threads([lambda pk=pk: compute(pk) for pk in run.ranges.values_list("pk", flat=True)])
    run.refresh_from_db()
    assert (run.state, run.figures.count()) == (RUN.FINISHED, 8)
    assert run.finished_at >= max(run.ranges.values_list("finished_at", flat=True))


@pytest.mark.django_db(transaction=True)
def test_renewed_lease_outlives_its_length(agency: Agency, settings: Any) -> None:
    settings.METRICS_LEASE_SECONDS = 1
    AccountFactory(agency=agency)
    part = create_run(agency).ranges.get()
    lease = runs.take_range(part.pk)
    assert lease is not None
    with RenewedLease(lease):
        threading.Event().wait(1.5)
        assert runs.take_range(part.pk) is None
    part.refresh_from_db()
    assert part.lease == lease.id


@pytest.mark.django_db(transaction=True)
def test_renewed_lease_stops_when_the_range_was_taken_over(
    agency: Agency, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.METRICS_LEASE_SECONDS = 0.1
    AccountFactory(agency=agency)
    part = create_run(agency).ranges.get()
    lease = runs.take_range(part.pk)
    assert lease is not None
    MetricsRange.objects.filter(pk=part.pk).update(lease=None)
    with RenewedLease(lease) as renewed:
        renewed._thread.join(5)
        assert not renewed._thread.is_alive()
    assert "was taken over" in caplog.text


def in_threads(jobs: list[Callable[[], None]]) -> None:
    failures: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []


# --- how a run ends ----------------------------------------------------------------------------------


def test_run_ends_with_its_last_range(agency: Agency) -> None:
    AccountFactory.create_batch(3, agency=agency)
    run = create_run(agency)
    first, last = run.ranges.order_by("low")
    assert compute_range(range_id=first.pk) is True
    run.refresh_from_db()
    assert (run.state, run.finished_at) == (RUN.RUNNING, None)
    assert compute_range(range_id=last.pk) is True
    run.refresh_from_db()
    assert (run.state, run.error, run.figures.count()) == (RUN.FINISHED, "", 3)


def test_run_with_an_account_that_got_no_row_computes_its_range_again(agency: Agency) -> None:
    AccountFactory.create_batch(2, agency=agency)
    run = create_run(agency)
    part = run.ranges.get()
    lease = runs.take_range(part.pk)
    assert lease is not None
    assert runs.finish_range(lease) is True  # without having written anything
    part.refresh_from_db()
    run.refresh_from_db()
    assert (part.state, part.error, run.state) == (RANGE.WAITING, "2 accounts got no figures.", RUN.RUNNING)
    assert compute_range(range_id=part.pk) is True
    run.refresh_from_db()
    part.refresh_from_db()
    assert (run.state, part.attempts, runs.was_taken_over(part)) == (RUN.FINISHED, 2, False)


def test_run_does_not_wait_for_accounts_that_came_later_or_went(agency: Agency) -> None:
    first, gone, _last = AccountFactory.create_batch(3, agency=agency)
    run = create_run(agency)
    low, high = run.ranges.order_by("low")
    compute_range(range_id=low.pk)
    gone.delete()
    AccountFactory(agency=agency)
    compute_range(range_id=high.pk)
    run.refresh_from_db()
    assert (run.state, run.figures.count()) == (RUN.FINISHED, 2)
    assert run.figures.filter(account=first).exists()


def test_fail_range_gives_three_attempts_and_fails_the_run_with_the_reason(agency: Agency) -> None:
    AccountFactory.create_batch(3, agency=agency)
    run = create_run(agency)
    bad, good = run.ranges.order_by("low")
    for attempt in (1, 2, 3):
        lease = runs.take_range(bad.pk)
        assert lease is not None
        runs.fail_range(lease, f"division by zero\n {attempt}")
    assert runs.take_range(bad.pk) is None
    run.refresh_from_db()
    assert run.state == RUN.RUNNING  # the other accounts get their figures all the same
    compute_range(range_id=good.pk)
    run.refresh_from_db()
    bad.refresh_from_db()
    assert (run.state, bad.state, bad.attempts) == (RUN.FAILED, RANGE.FAILED, 3)
    assert run.error == "division by zero 1\ndivision by zero 2\ndivision by zero 3"
    assert (runs.was_taken_over(bad), EngagementFigures.objects.count()) == (False, 1)


@pytest.mark.parametrize(
    ("state", "attempts", "errors", "expected"),
    [
        ("waiting", 0, 0, False),
        ("leased", 1, 0, False),
        ("leased", 2, 0, True),
        ("leased", 2, 1, False),
        ("done", 1, 0, False),
        ("done", 2, 0, True),
        ("done", 3, 1, True),
        ("waiting", 2, 1, True),
        ("failed", 3, 3, False),
    ],
)
def test_was_taken_over_tells_vanished_workers_from_errors(
    state: str, attempts: int, errors: int, expected: bool
) -> None:
    part = MetricsRange(state=state, attempts=attempts, error="\n".join(["no"] * errors))
    assert runs.was_taken_over(part) is expected
