"""Imports by real workers: killed in the middle, two at once."""

import io
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as site
from django.db import connection
from django.utils.timezone import now

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.imports.staging import NAMESPACE
from influencers.models import Account, ImportBatch, ImportChange, Influencer, RosterLine
from influencers.services import import_care, import_runs, import_steps
from influencers.services.imports import import_roster
from tests.factories import AccountFactory, InfluencerFactory
from tests.influencers.metrics import workers
from tests.influencers.test_import_undo import dump

pytestmark = pytest.mark.django_db(transaction=True)
State = ImportBatch.State


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Messages do go out here, to queues of this test's own; the workers find the files where the test puts them."""
    monkeypatch.setenv("MEDIA_ROOT", str(site.MEDIA_ROOT))
    workers.forget_messages()
    yield
    workers.forget_messages()


def roster_of(rows: int, first: int = 0) -> str:
    lines = [f"Creator {n},creator.{n},tok.{n},{1000 + n},DK" for n in range(first, first + rows)]
    return "\n".join(["Name,Instagram,TikTok,Instagram followers,Country", *lines]) + "\n"


def ready(agency: Agency, by: Membership, text: str) -> ImportBatch:
    batch = import_steps.start_import(agency=agency, file=io.BytesIO(text.encode()), filename="roster.csv", by=by)
    return import_steps.request_check(batch=batch, preview=import_steps.preview_of(batch), by=by)


def is_in(batch: ImportBatch, state: str) -> bool:
    batch.refresh_from_db()
    return batch.state == state


def test_an_import_killed_in_the_middle_changes_nothing_and_can_be_repeated_and_undone(
    agency: Agency, marketer: Membership, tmp_path: Path
) -> None:
    AccountFactory(agency=agency, handle="creator.7", influencer__name="Old name", typed_followers=5)
    before = dump()
    batch = ready(agency, marketer, roster_of(300))
    log = tmp_path / "worker.log"
    with psycopg.connect(workers.database_url()) as other:
        # Whoever imports has inserted its accounts when it comes to the creators, and waits there.
        other.execute("LOCK TABLE influencers_influencer IN SHARE MODE")
        with workers.killed_at_the_end(workers.worker(log)):
            import_steps.request_apply(batch=batch, by=marketer)
            workers.wait_until(lambda: waits_for(other), "the import is in the middle", seconds=60, log=log)
            workers.wait_until(lambda: has_told(batch), "its progress is seen", seconds=10, log=log)
        other.rollback()
    assert is_in(batch, State.APPLYING)
    assert dump() == before
    assert not ImportChange.objects.exists()

    ImportBatch.objects.filter(pk=batch.pk).update(heartbeat_at=now() - timedelta(seconds=61))
    import_care.mind_imports()
    assert is_in(batch, State.FAILED)
    assert batch.error == "The import was interrupted. Nothing was changed; import again."
    with workers.killed_at_the_end(workers.worker(log)):
        import_steps.request_apply(batch=batch, by=marketer)
        workers.wait_until(lambda: is_in(batch, State.APPLIED), "the import", seconds=60, log=log)
        assert (batch.created, batch.updated, Influencer.objects.count()) == (299, 1, 300)
        import_steps.request_undo(batch=batch, by=marketer)
        workers.wait_until(lambda: is_in(batch, State.UNDONE), "the undo", seconds=60, log=log)
    assert batch.left == []
    assert dump() == before


def waits_for(other: psycopg.Connection) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))", [other.info.backend_pid]
        )
        return bool(cursor.fetchone()[0])


def has_told(batch: ImportBatch) -> bool:
    batch.refresh_from_db()
    return batch.done_rows == 300


def meanwhile(work: Callable[[], Any], statement: str, params: list[Any]) -> list[Any]:
    """Do the work while somebody else's statement is not committed before the work waits for it; what came of the work."""
    came: list[Any] = []

    def do() -> None:
        try:
            came.append(work())
        except Refused as refusal:
            came.append(str(refusal))
        finally:
            connection.close()

    with psycopg.connect(workers.database_url()) as other:
        other.execute(statement, params)  # type: ignore[arg-type]
        thread = threading.Thread(target=do)
        thread.start()
        deadline = time.monotonic() + 30
        while not waits_for(other) and thread.is_alive():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        other.commit()
        thread.join(30)
    return came


TAGGED = b"Platform,Handle,Tags,Followers\ninstagram,anna,vip,90\n"


def test_what_somebody_writes_while_an_import_runs_is_not_overwritten(agency: Agency) -> None:
    account = AccountFactory(agency=agency, handle="anna", influencer__name="Anna", influencer__city="Oslo")
    anna = account.influencer
    (outcome,) = meanwhile(
        lambda: import_roster(agency=agency, file=io.BytesIO(TAGGED), filename="r.csv", by=None),
        "UPDATE influencers_influencer SET email = 'anna@new.example', tags = '{star}' WHERE id = %s",
        [anna.pk],
    )
    anna.refresh_from_db()
    assert (anna.email, anna.city, anna.tags) == ("anna@new.example", "Oslo", ["star", "vip"])
    change = ImportChange.objects.get(batch_id=outcome.batch, table="influencer")
    assert (change.before, change.after) == ({"tags": ["star"]}, {"tags": ["star", "vip"]})


def test_what_somebody_writes_to_an_account_while_an_import_runs_is_not_overwritten(agency: Agency) -> None:
    account = AccountFactory(agency=agency, handle="anna", influencer__name="Anna", url="")
    meanwhile(
        lambda: import_roster(agency=agency, file=io.BytesIO(TAGGED), filename="r.csv", by=None),
        "UPDATE influencers_account SET url = 'https://www.instagram.com/anna/' WHERE id = %s",
        [account.pk],
    )
    account.refresh_from_db()
    assert (account.url, account.typed_followers) == ("https://www.instagram.com/anna/", 90)


def test_an_account_that_moves_while_an_import_runs_refuses_the_import(agency: Agency) -> None:
    account = AccountFactory(agency=agency, handle="anna", influencer__name="Anna")
    other = InfluencerFactory(agency=agency, name="Bo")
    came = meanwhile(
        lambda: import_roster(agency=agency, file=io.BytesIO(TAGGED), filename="r.csv", by=None),
        "UPDATE influencers_account SET influencer_id = %s WHERE id = %s",
        [other.pk, account.pk],
    )
    assert came == ["The roster changed at the same moment. Nothing was imported; import again."]
    assert not ImportBatch.objects.exists()


def test_what_somebody_writes_while_an_import_is_taken_back_is_left(agency: Agency) -> None:
    anna = AccountFactory(agency=agency, handle="anna", influencer__name="Anna").influencer
    outcome = import_roster(agency=agency, file=io.BytesIO(TAGGED), filename="r.csv", by=None)
    ImportBatch.objects.filter(pk=outcome.batch).update(state=State.UNDOING)
    meanwhile(
        lambda: import_runs.undo_import(batch_id=outcome.batch or 0),
        "UPDATE influencers_influencer SET tags = '{vip,star}' WHERE id = %s",
        [anna.pk],
    )
    anna.refresh_from_db()
    assert anna.tags == ["vip", "star"]
    left = ImportBatch.objects.get(pk=outcome.batch).left
    assert [(one["table"], one["reason"]) for one in left] == [("influencer", "edited")]


def test_two_imports_at_once_into_one_agency_follow_each_other(agency: Agency, marketer: Membership) -> None:
    outcomes: list[dict[str, Any]] = []

    def bring_in(text: str) -> None:
        try:
            file = io.BytesIO(text.encode())
            outcomes.append(import_roster(agency=agency, file=file, filename="r.csv", by=None).as_dict())
        finally:
            connection.close()

    texts = [roster_of(200), roster_of(200, first=100), roster_of(200)]
    threads = [threading.Thread(target=bring_in, args=[text]) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(outcome["created"] for outcome in outcomes) == 300
    assert sum(outcome["unchanged"] for outcome in outcomes) == 300
    assert [outcome["errors"] for outcome in outcomes] == [[], [], []]
    assert (Influencer.objects.count(), Account.objects.count(), RosterLine.objects.count()) == (300, 600, 300)
    assert not Influencer.objects.exclude(handle_text__contains="creator.").exists()


def test_two_workers_with_one_import_do_it_once(agency: Agency, marketer: Membership) -> None:
    batch = import_steps.request_apply(batch=ready(agency, marketer, roster_of(50)), by=marketer)
    done: list[bool] = []

    def apply() -> None:
        try:
            done.append(import_runs.apply_import(batch_id=batch.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=apply) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == [False, False, False, True]
    assert Influencer.objects.count() == 50


@pytest.mark.long
@pytest.mark.timeout(300)
def test_the_beat_finds_a_dead_import_within_two_minutes(agency: Agency, marketer: Membership, tmp_path: Path) -> None:
    batch = ready(agency, marketer, roster_of(300))
    log = tmp_path / "worker.log"
    with psycopg.connect(workers.database_url()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [NAMESPACE | agency.pk])
        worker = workers.worker(log)
        import_steps.request_apply(batch=batch, by=marketer)
        workers.wait_until(lambda: waits_for(other), "the import waits for its turn", seconds=60, log=log)
        worker.end(signal.SIGKILL)
        other.rollback()
    with workers.killed_at_the_end(workers.beat(tmp_path / "beat.log")), workers.killed_at_the_end(workers.worker(log)):
        workers.wait_until(lambda: is_in(batch, State.FAILED), "the beat notices", seconds=150, log=log)
    assert not Influencer.objects.exists()
