"""Recomputing: here, on workers, by night; twice, late, after a crash."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils.timezone import now

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers import tasks
from influencers.metrics import runs
from influencers.models import Account, EngagementFigures, MetricsRange, MetricsRun, Post
from influencers.services import figures
from tests.factories import AccountFactory, AgencyFactory, PostFactory

T = datetime(2026, 5, 1, tzinfo=UTC)
RUN, RANGE = MetricsRun.State, MetricsRange.State

pytestmark = pytest.mark.django_db
Sent = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def account(agency: Agency) -> Account:
    """An account with five posts that count, each at 1 %."""
    account = AccountFactory(agency=agency, typed_followers=10_000)
    for age in range(5):
        PostFactory(agency=agency, account=account, posted_at=T - timedelta(days=5 + age), likes=90, comments=10)
    return account


def rate_of(account: Account, as_of: datetime = T) -> float | None:
    return EngagementFigures.objects.get(account=account, as_of=as_of).headline_rate


def snapshot() -> list[dict[str, Any]]:
    return list(EngagementFigures.objects.order_by("pk").values())


# --- one range ---------------------------------------------------------------------------------------


def test_compute_range_twice_changes_nothing(agency: Agency, account: Account) -> None:
    run = runs.create_run(agency=agency, kind=MetricsRun.Kind.MANUAL, as_of=T, replace=False, by=None)
    part = run.ranges.get()
    tasks.compute_range(range_id=part.pk)
    before = snapshot()
    assert (len(before), rate_of(account)) == (1, 0.01)
    tasks.compute_range(range_id=part.pk)
    assert figures.compute_range(range_id=part.pk) is False
    assert snapshot() == before
    part.refresh_from_db()
    assert part.attempts == 1


def test_compute_range_that_is_not_there_is_skipped() -> None:
    assert figures.compute_range(range_id=0) is False


def test_compute_range_takes_over_from_a_worker_that_vanished_after_writing(agency: Agency, account: Account) -> None:
    run = runs.create_run(agency=agency, kind=MetricsRun.Kind.MANUAL, as_of=T, replace=False, by=None)
    part = run.ranges.get()
    assert runs.take_range(part.pk) is not None
    EngagementFigures.objects.create(
        agency=agency, account=account, as_of=T, formula_version=1, run=run, computed_at=T, window_posts=0,
        headline_reason="no_posts", er_followers_n=0, er_views_n=0, er_reach_n=0, saturation_known=0,
    )  # fmt: skip
    assert figures.compute_range(range_id=part.pk) is False
    MetricsRange.objects.update(leased_until=now() - timedelta(seconds=1))
    assert figures.compute_range(range_id=part.pk) is True
    part.refresh_from_db()
    assert (rate_of(account), runs.was_taken_over(part)) == (0.01, True)


def test_compute_range_writes_nothing_when_its_lease_is_lost(
    agency: Agency, account: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = runs.create_run(agency=agency, kind=MetricsRun.Kind.MANUAL, as_of=T, replace=False, by=None)
    part = run.ranges.get()
    monkeypatch.setattr(runs, "finish_range", lambda lease: False)
    assert figures.compute_range(range_id=part.pk) is False
    assert not EngagementFigures.objects.exists()
    assert "taken over" in caplog.text


def test_compute_range_notes_an_error_of_the_database(
    agency: Agency, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(part: MetricsRange) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return 0

    monkeypatch.setattr(figures, "write_figures", fail)
    run = figures.recompute(agency=agency, as_of=T, by=None)
    part = run.ranges.get()
    assert (run.state, part.state, part.attempts) == (RUN.FAILED, RANGE.FAILED, 3)
    assert run.error.splitlines() == ["division by zero"] * 3
    assert not EngagementFigures.objects.exists()


def test_compute_range_gives_up_on_a_range_that_kills_every_worker(agency: Agency, account: Account) -> None:
    run = runs.create_run(agency=agency, kind=MetricsRun.Kind.MANUAL, as_of=T, replace=False, by=None)
    part = run.ranges.get()
    MetricsRange.objects.filter(pk=part.pk).update(attempts=runs.MAX_ATTEMPTS)
    assert figures.compute_range(range_id=part.pk) is False
    run.refresh_from_db()
    assert (run.state, run.error) == (RUN.FAILED, "Its worker vanished too often.")


# --- in this process ---------------------------------------------------------------------------------


def test_recompute_leaves_the_rows_of_a_past_cutoff_unless_told(agency: Agency, account: Account) -> None:
    first = figures.recompute(agency=agency, as_of=T, by=None)
    assert (first.state, rate_of(account)) == (RUN.FINISHED, 0.01)
    Post.objects.update(likes=190)
    newcomer = AccountFactory(agency=agency)
    assert figures.recompute(agency=agency, as_of=T, by=None).state == RUN.FINISHED
    assert rate_of(account) == 0.01
    assert EngagementFigures.objects.get(account=account).run == first
    assert EngagementFigures.objects.get(account=newcomer).headline_reason == "no_posts"
    replaced = figures.recompute(agency=agency, as_of=T, replace=True, by=None)
    assert rate_of(account) == 0.02
    assert set(EngagementFigures.objects.values_list("run", flat=True)) == {replaced.pk}


def test_recompute_is_as_of_the_start_of_today_and_follows_new_posts(agency: Agency, manager: Membership) -> None:
    account = AccountFactory(agency=agency, typed_followers=100)
    today = agency.start_of(agency.today())
    run = figures.recompute(agency=agency, by=manager)
    assert (run.as_of, run.kind, run.requested_by) == (today, MetricsRun.Kind.MANUAL, manager.user)
    for age in range(5):
        PostFactory(agency=agency, account=account, posted_at=today - timedelta(days=4 + age), likes=1, comments=0)
    figures.recompute(agency=agency, by=manager)
    assert rate_of(account, today) == 0.01


def test_recompute_waits_for_a_worker_that_holds_a_range(
    agency: Agency, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = []

    def end_the_lease(seconds: float) -> None:
        waits.append(seconds)
        MetricsRange.objects.update(leased_until=now() - timedelta(seconds=1))

    create_run = runs.create_run

    def create_and_lose_a_range(**options: Any) -> MetricsRun:
        run = create_run(**options)
        assert runs.take_range(run.ranges.get().pk) is not None
        return run

    monkeypatch.setattr(runs, "create_run", create_and_lose_a_range)
    monkeypatch.setattr("influencers.services.figures.time.sleep", end_the_lease)
    run = figures.recompute(agency=agency, as_of=T, by=None)
    assert (run.state, waits, run.ranges.get().attempts) == (RUN.FINISHED, [0.2], 2)


# --- by workers --------------------------------------------------------------------------------------


def test_request_run_is_as_of_now_and_sent_to_the_workers(
    agency: Agency, account: Account, manager: Membership, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run = figures.request_run(agency=agency, by=manager)
        assert sent == []  # a worker that is faster than the commit would find nothing
    assert now() - run.as_of < timedelta(minutes=1)
    assert (run.state, run.requested_by) == (RUN.QUEUED, manager.user)
    assert sent == [("influencers.compute_range", {"range_id": run.ranges.get().pk})]


def test_request_run_is_refused_while_one_is_in_progress(agency: Agency, account: Account, manager: Membership) -> None:
    figures.request_run(agency=agency, by=manager)
    with pytest.raises(Refused, match="The figures are being recomputed already"):
        figures.request_run(agency=agency, by=manager)
    assert MetricsRun.objects.count() == 1
    tasks.compute_range(range_id=MetricsRange.objects.get().pk)
    figures.request_run(agency=agency, by=manager)


def test_request_run_stands_when_the_broker_is_gone(
    agency: Agency, account: Account, manager: Membership, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def refuse(*args: Any, **options: Any) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr("agency.celery.app.send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        figures.request_run(agency=agency, by=manager)
    assert MetricsRun.objects.get().state == RUN.QUEUED
    assert "no broker" in caplog.text


def test_enqueue_run_leaves_the_work_to_the_workers(
    agency: Agency, account: Account, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run = figures.enqueue_run(agency=agency, as_of=T, by=None)
    assert (run.state, run.as_of, len(sent)) == (RUN.QUEUED, T, 1)


def test_nudge_ranges_sends_what_nobody_holds(
    agency: Agency, sent: Sent, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.METRICS_RANGE_ACCOUNTS = 1
    AccountFactory.create_batch(5, agency=agency)
    run = runs.create_run(agency=agency, kind=MetricsRun.Kind.MANUAL, as_of=T, replace=False, by=None)
    done, held, lapsed, waiting, failed = run.ranges.order_by("low")
    assert figures.compute_range(range_id=done.pk) is True
    for part in (held, lapsed):
        runs.take_range(part.pk)
    MetricsRange.objects.filter(pk=lapsed.pk).update(leased_until=now() - timedelta(seconds=1))
    MetricsRange.objects.filter(pk=failed.pk).update(state=RANGE.FAILED)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.nudge_ranges()
    assert sent == [("influencers.compute_range", {"range_id": pk}) for pk in (lapsed.pk, waiting.pk)]


def test_nudge_ranges_leaves_runs_alone_that_are_over(agency: Agency, account: Account, sent: Sent) -> None:
    runs.create_run(agency=agency, kind=MetricsRun.Kind.MANUAL, as_of=T, replace=False, by=None)
    MetricsRun.objects.update(state=RUN.FAILED)
    assert figures.send_free_ranges() == 0


# --- by night ----------------------------------------------------------------------------------------


def nightly(at: str) -> list[tuple[str, str]]:
    """Slug and cut-off in the agency's zone of each run that is started at that moment."""
    started = figures.start_nightly_runs(at=datetime.fromisoformat(at))
    return [(run.agency.slug, run.as_of.astimezone(run.agency.zone).isoformat()) for run in started]


def test_nightly_run_starts_at_two_and_once_a_day(agency: Agency) -> None:  # Copenhagen, UTC+2 in May
    assert nightly("2026-05-01T23:59:00Z") == []
    assert nightly("2026-05-02T00:00:00Z") == [("northern", "2026-05-02T00:00:00+02:00")]
    assert nightly("2026-05-02T01:00:00Z") == []
    assert nightly("2026-05-02T21:59:00Z") == []
    assert nightly("2026-05-03T00:00:00Z") == [("northern", "2026-05-03T00:00:00+02:00")]


def test_nightly_run_makes_up_for_missed_nights_once(agency: Agency) -> None:
    nightly("2026-05-02T01:00:00Z")
    assert nightly("2026-05-09T15:00:00Z") == [("northern", "2026-05-09T00:00:00+02:00")]
    assert nightly("2026-05-09T16:00:00Z") == []
    assert list(MetricsRun.objects.order_by("day").values_list("day", flat=True)) == [
        date(2026, 5, 2),
        date(2026, 5, 9),
    ]


def test_nightly_run_when_two_o_clock_does_not_exist(agency: Agency) -> None:
    assert nightly("2026-03-29T00:59:59Z") == []  # 01:59:59; the next second is 03:00
    assert nightly("2026-03-29T01:00:00Z") == [("northern", "2026-03-29T00:00:00+01:00")]
    assert nightly("2026-03-29T02:00:00Z") == []


def test_nightly_run_when_two_o_clock_comes_twice(agency: Agency) -> None:
    assert nightly("2026-10-25T00:00:00Z") == [("northern", "2026-10-25T00:00:00+02:00")]  # the first 02:00
    assert nightly("2026-10-25T01:00:00Z") == []  # the second
    assert nightly("2026-10-26T01:00:00Z") == [("northern", "2026-10-26T00:00:00+01:00")]


def test_nightly_run_on_the_other_side_of_the_world() -> None:
    AgencyFactory(slug="kiwi", timezone="Pacific/Auckland")
    assert nightly("2026-09-26T13:59:59Z") == []  # 01:59:59 on the 27th; then the clock jumps to 03:00
    assert nightly("2026-09-26T14:00:00Z") == [("kiwi", "2026-09-27T00:00:00+12:00")]
    assert nightly("2026-09-27T12:59:00Z") == []  # 01:59 on the 28th, summer time
    assert nightly("2026-09-27T13:00:00Z") == [("kiwi", "2026-09-28T00:00:00+13:00")]
    assert nightly("2027-04-03T13:00:00Z") == [("kiwi", "2027-04-04T00:00:00+13:00")]  # the first 02:00
    assert nightly("2027-04-03T14:30:00Z") == []  # the second


@pytest.mark.parametrize("zone", ["Europe/Copenhagen", "Pacific/Auckland"])
def test_nightly_run_hour_by_hour_is_one_per_day_over_changes_of_the_clock(zone: str) -> None:
    agency = AgencyFactory(timezone=zone)
    for start in ("2026-03-27T00:00Z", "2026-04-03T00:00Z", "2026-09-25T00:00Z", "2026-10-23T00:00Z"):
        begin = datetime.fromisoformat(start)
        for hour in range(5 * 24):
            figures.start_nightly_runs(at=begin + timedelta(hours=hour, minutes=17))
        days = list(MetricsRun.objects.filter(agency=agency).order_by("as_of").values_list("day", "as_of"))
        assert [day for day, _ in days] == [days[0][0] + timedelta(days=n) for n in range(len(days))]
        assert len(days) in {5, 6}
        assert all(as_of == agency.start_of(day) for day, as_of in days)
        MetricsRun.objects.all().delete()


def test_nightly_run_is_sent_to_the_workers(
    agency: Agency, account: Account, sent: Sent, django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        [run] = figures.start_nightly_runs(at=datetime(2026, 5, 2, 12, tzinfo=UTC))
    assert (run.kind, run.replace) == (MetricsRun.Kind.NIGHTLY, False)
    assert sent == [("influencers.compute_range", {"range_id": run.ranges.get().pk})]


def test_choose_nightly_runs_starts_those_of_now_and_twice_changes_nothing(agency: Agency) -> None:
    AgencyFactory(timezone="Pacific/Auckland")
    tasks.choose_nightly_runs()  # at any time of day it is past 02:00 in one of the two zones
    started = MetricsRun.objects.count()
    assert started in {1, 2}
    tasks.choose_nightly_runs()
    assert MetricsRun.objects.count() == started


def test_nightly_run_of_one_agency_that_fails_does_not_stop_the_others(
    agency: Agency, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    AgencyFactory(slug="second")
    start = figures._start_nightly_run

    def fail_for_the_first(which: Agency, as_of: datetime) -> MetricsRun | None:
        if which == agency:
            raise DatabaseError("deadlock detected")
        return start(which, as_of)

    monkeypatch.setattr(figures, "_start_nightly_run", fail_for_the_first)
    assert nightly("2026-05-02T12:00:00Z") == [("second", "2026-05-02T00:00:00+02:00")]
    assert "deadlock detected" in caplog.text
