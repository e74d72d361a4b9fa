"""A real worker, killed in the middle of a run: nothing is lost, and the run says so."""

import random
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from agency.models import Agency, Membership
from influencers.metrics import runs
from influencers.metrics.progress import progress_of
from influencers.models import EngagementFigures, MetricsRange, MetricsRun
from influencers.services.figures import compute_range, recompute, send_free_ranges, send_ranges
from tests.influencers.metrics import workers
from tests.influencers.metrics.generated import disagreements, stored
from tests.reference.figures import RefAccount, RefPost
from tests.reference.reading import load_accounts

T = datetime(2026, 5, 1, tzinfo=UTC)
NOT_COMPARED = {"id", "run_id", "computed_at"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sent() -> Iterator[None]:
    """Messages do go out here, to queues of this test's own."""
    workers.forget_messages()
    yield
    workers.forget_messages()


def fill(agency: Agency, accounts: int) -> None:
    seeded = random.Random(7)
    stored(
        agency,
        [
            RefAccount(
                key=f"creator{number:04}",
                platform=seeded.choice(["instagram", "tiktok", "youtube"]),
                typed_followers=seeded.randrange(1000, 100_000),
                counts=[(T.date() - timedelta(days=back), seeded.randrange(1000, 100_000)) for back in (1, 20, 40)],
                posts=[
                    RefPost(
                        external_id=f"p{age}",
                        posted_at=T - timedelta(days=2 + 3 * age),
                        likes=seeded.randrange(1000),
                        comments=seeded.randrange(100),
                        views=seeded.randrange(100_000),
                        is_sponsored=seeded.choice(["yes", "no", "unknown"]),
                    )
                    for age in range(8)
                ],
            )
            for number in range(accounts)
        ],
    )


def start_run(agency: Agency) -> MetricsRun:
    run = runs.create_run(agency=agency, kind=MetricsRun.Kind.MANUAL, as_of=T, replace=False, by=None)
    send_ranges(run.ranges.order_by("low").values_list("pk", flat=True))
    return run


def hold_up(other: psycopg.Connection, agency: Agency, account: int) -> None:
    """Whoever computes this account waits in the middle of the statement until the other connection is done."""
    other.execute(
        """
        INSERT INTO influencers_engagementfigures (
            agency_id, account_id, as_of, formula_version, computed_at, window_posts, headline_reason,
            er_followers_n, er_views_n, er_reach_n, saturation_known
        ) VALUES (%s, %s, %s, 1, now(), 0, 'no_posts', 0, 0, 0, 0)
        """,
        [agency.pk, account, T],
    )


def rows(agency: Agency) -> list[dict[str, Any]]:
    found = EngagementFigures.objects.filter(agency=agency).order_by("account_id").values()
    return [{name: value for name, value in row.items() if name not in NOT_COMPARED} for row in found]


def has_state(run: MetricsRun, state: str) -> bool:
    run.refresh_from_db()
    return run.state == state


def test_killed_worker_costs_nothing_and_the_run_says_so(
    agency: Agency, viewer: Membership, settings: Any, tmp_path: Path
) -> None:
    settings.METRICS_RANGE_ACCOUNTS = 1
    fill(agency, 12)
    log = tmp_path / "worker.log"
    run = start_run(agency)
    stuck = run.ranges.order_by("low")[5]
    with psycopg.connect(workers.database_url()) as other:
        hold_up(other, agency, stuck.low)
        with workers.killed_at_the_end(workers.worker(log, lease_seconds=2)):
            leased = MetricsRange.objects.filter(pk=stuck.pk, state=MetricsRange.State.LEASED)
            workers.wait_until(leased.exists, "the sixth range is being computed", seconds=30, log=log)
        assert run.ranges.filter(state=MetricsRange.State.DONE).count() == 5
        other.rollback()
    assert has_state(run, MetricsRun.State.RUNNING)
    assert not EngagementFigures.objects.filter(account_id=stuck.low).exists()

    with workers.killed_at_the_end(workers.worker(log)):
        free = runs.free_ranges().filter(pk=stuck.pk)
        workers.wait_until(free.exists, "the lease runs out", seconds=10, log=log)
        send_free_ranges()  # what the beat does every minute
        workers.wait_until(lambda: has_state(run, MetricsRun.State.FINISHED), "the run ends", seconds=30, log=log)

    assert progress_of(run).taken_over == 1
    client = Client()
    client.force_login(viewer.user, backend="django.contrib.auth.backends.ModelBackend")
    assert b"Resumed: 1 range was taken over from a worker that vanished" in client.get(run.get_absolute_url()).content
    after_the_kill = rows(agency)
    assert len(after_the_kill) == 12
    assert disagreements(agency, load_accounts(connection, agency.slug), T) == []
    recompute(agency=agency, as_of=T, replace=True, by=None)
    assert rows(agency) == after_the_kill


@pytest.mark.long
@pytest.mark.timeout(420)
def test_workers_killed_again_and_again_end_within_two_minutes(agency: Agency, settings: Any, tmp_path: Path) -> None:
    settings.METRICS_RANGE_ACCOUNTS = 2
    fill(agency, 1200)
    log = tmp_path / "worker.log"
    run = start_run(agency)
    done = run.ranges.filter(state=MetricsRange.State.DONE)
    with workers.killed_at_the_end(workers.beat(tmp_path / "beat.log")):
        for share in (100, 200, 300):
            with workers.killed_at_the_end(workers.worker(log, processes=2)):
                workers.wait_until(lambda share=share: done.count() >= share, f"{share} ranges", seconds=120, log=log)
        restarted = now()
        with workers.killed_at_the_end(workers.worker(log, processes=2)):
            workers.wait_until(lambda: has_state(run, MetricsRun.State.FINISHED), "the run ends", seconds=120, log=log)
    assert (run.finished_at - restarted).total_seconds() < 120
    after_the_kills = rows(agency)
    assert len(after_the_kills) == 1200
    recompute(agency=agency, as_of=T, replace=True, by=None)
    assert rows(agency) == after_the_kills


def test_worker_that_is_asked_to_stop_ends_its_range_first(agency: Agency, settings: Any, tmp_path: Path) -> None:
    settings.METRICS_RANGE_ACCOUNTS = 1
    fill(agency, 2)
    log = tmp_path / "worker.log"
    run = start_run(agency)
    first, second = run.ranges.order_by("low")
    with psycopg.connect(workers.database_url()) as other:
        hold_up(other, agency, first.low)
        with workers.killed_at_the_end(workers.worker(log)) as program:
            leased = MetricsRange.objects.filter(pk=first.pk, state=MetricsRange.State.LEASED)
            workers.wait_until(leased.exists, "the first range is being computed", seconds=30, log=log)
            program.process.send_signal(signal.SIGTERM)
            other.rollback()
            assert program.process.wait(30) == 0
    first.refresh_from_db()
    assert (first.state, first.attempts) == (MetricsRange.State.DONE, 1)
    compute_range(range_id=second.pk)
    assert has_state(run, MetricsRun.State.FINISHED)
    assert progress_of(run).taken_over == 0
