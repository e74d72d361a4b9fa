"""The engagement figures of a whole agency: our run against DuckDB and against a loop of ORM queries."""

import random
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from django.db import connection

from agency.models import Agency
from bench.orm_loop import write_figures_of
from bench.progress import say
from bench.table import Result, Row, at_least, at_most
from bench.timing import median_ratio, timed
from influencers.metrics import runs
from influencers.metrics.export import FIGURES
from influencers.metrics.statement import FORMULA_VERSION, MONTH, RIPE_AFTER, WINDOW, write_figures
from influencers.models import Account, EngagementFigures, Influencer, MetricsRange, MetricsRun, Platform, Post
from influencers.services.figures import compute_range, recompute

FOLDER = Path(__file__).parent
ACCOUNTS = 20_000
SAMPLE = 300
ROUNDS = 5
WORKERS = 2  # as Celery has on two cores
COMPARED = ("followers", *FIGURES)
SHARES = {
    Platform.INSTAGRAM: 45,
    Platform.TIKTOK: 25,
    Platform.YOUTUBE: 12,
    Platform.FACEBOOK: 5,
    Platform.X: 4,
    Platform.LINKEDIN: 4,
    Platform.BLOG: 3,
    Platform.TWITCH: 2,
}
POST_COLUMNS = {
    "account_id": "BIGINT",
    "external_id": "VARCHAR",
    "posted_at": "TIMESTAMPTZ",
    "kind": "VARCHAR",
    **dict.fromkeys(("likes", "comments", "shares", "views", "reach", "replies"), "BIGINT"),
    "is_sponsored": "VARCHAR",
    "is_excluded": "BOOLEAN",
    "is_deleted": "BOOLEAN",
}
TABLES = {
    "accounts": (
        "SELECT id, platform, typed_followers FROM influencers_account",
        {"id": "BIGINT", "platform": "VARCHAR", "typed_followers": "BIGINT"},
    ),
    "counts": (
        "SELECT account_id, day, followers FROM influencers_followercount",
        {"account_id": "BIGINT", "day": "DATE", "followers": "BIGINT"},
    ),
    "posts": (f"SELECT {', '.join(POST_COLUMNS)} FROM influencers_post", POST_COLUMNS),
}


def run(scale: float) -> Result:
    agency = Agency.objects.create(name="Bench", slug="bench", timezone="Europe/Copenhagen")
    as_of = agency.start_of(date(2026, 5, 1)).astimezone(UTC)  # in UTC a day less is 24 hours less, over DST too
    accounts = max(round(ACCOUNTS * scale), 50)
    make_rows(agency, accounts, as_of)
    posts = Post.objects.count()
    say(f"{accounts:,} accounts, {posts:,} posts")
    rival = own_copy_of_duckdb()
    parameters = duckdb_parameters(agency, as_of)
    statement = (FOLDER / "figures_duckdb.sql").read_text(encoding="utf-8")
    works: dict[str, Callable[[], Any]] = {
        "duckdb": lambda: rival.execute(statement, parameters),
        "one": lambda: recompute(agency=agency, as_of=as_of, by=None),
        "two": lambda: run_with_workers(agency, as_of),
        "statement": lambda: write_in_one_statement(agency, as_of),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            clear_figures()
            seconds[name].append(timed(work)[0])
        say(", ".join(f"{name} {taken[-1]:.2f} s" for name, taken in seconds.items()))
    clear_figures()
    recompute(agency=agency, as_of=as_of, by=None)
    theirs = cells_of(rival.execute(f"SELECT account_id, {', '.join(COMPARED)} FROM figures").fetchall())
    different = differing_cells(theirs, stored_cells())
    orm_seconds, orm_different = orm_loop(agency, as_of, accounts, theirs)
    return table(accounts, posts, seconds, different, orm_seconds, orm_different)


def table(
    accounts: int,
    posts: int,
    seconds: dict[str, list[float]],
    different: int,
    orm_seconds: float,
    orm_different: int,
) -> Result:
    one, two, duck = (median(seconds[name]) for name in ("one", "two", "duckdb"))
    sample = f"{min(SAMPLE, accounts)} accounts, extrapolated to {accounts:,}"
    return Result(
        "figures",
        (
            Row("whole run, two workers", two, "s"),
            Row("whole run, one worker", one, "s"),
            Row("the SQL statement alone, one connection", median(seconds["statement"]), "s"),
            Row("DuckDB, table in memory, 2 threads", duck, "s"),
            Row("ORM loop", orm_seconds, "s", compared_with=sample),
            Row(
                "run, two workers ÷ DuckDB", median_ratio(seconds["two"], seconds["duckdb"]), "×", at_most(2), "DuckDB"
            ),
            Row("run, one worker ÷ DuckDB", median_ratio(seconds["one"], seconds["duckdb"]), "×"),
            Row("ORM loop ÷ run, one worker", orm_seconds / one, "×", at_least(20), f"ORM loop on {sample}"),
            Row("accounts per second, two workers", accounts / two),
            Row(
                "cells that differ from DuckDB", different, "", at_most(0), f"{accounts * len(COMPARED):,} cells, 1e-9"
            ),
            Row("cells of the ORM loop that differ from DuckDB", orm_different, "", at_most(0), "the sample"),
        ),
        f"{accounts:,} accounts, {posts:,} posts; medians of {ROUNDS} interleaved rounds; figures written to an empty table.",
    )


def make_rows(agency: Agency, accounts: int, as_of: datetime) -> None:
    """People and accounts from a seeded generator, counts and posts from hashes in SQL."""
    chance = random.Random(2)
    people = Influencer.objects.bulk_create(
        (Influencer(agency=agency, name=f"Creator {n}") for n in range(accounts)), batch_size=5000
    )
    platforms = chance.choices(list(SHARES), list(SHARES.values()), k=accounts)
    Account.objects.bulk_create(
        (
            Account(
                agency=agency,
                influencer=person,
                platform=platform,
                handle=f"creator.{person.pk}",
                typed_followers=None if chance.random() < 0.05 else int(chance.lognormvariate(9.5, 1.4)),
                created_at=as_of,
            )
            for person, platform in zip(people, platforms, strict=True)
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        for part in (FOLDER / "figures_rows.sql").read_text(encoding="utf-8").split(";\n\n"):
            cursor.execute(part, {"as_of": as_of, "day": as_of.astimezone(agency.zone).date()})
        cursor.execute("VACUUM ANALYZE")


def own_copy_of_duckdb() -> duckdb.DuckDBPyConnection:
    """The same rows in tables of DuckDB's own, in memory."""
    rival = duckdb.connect(config={"threads": 2})
    rival.execute("SET TimeZone = 'UTC'")
    with TemporaryDirectory() as folder, connection.cursor() as cursor:
        for name, (query, types) in TABLES.items():
            path = Path(folder) / f"{name}.csv"
            with path.open("wb") as file, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as rows:
                for block in rows:
                    file.write(block)
            rival.execute(f"CREATE TABLE {name} AS FROM read_csv(?, header = false, columns = {types})", [str(path)])
    return rival


def duckdb_parameters(agency: Agency, as_of: datetime) -> dict[str, Any]:
    return {
        "as_of": as_of,
        "ripe_until": as_of - RIPE_AFTER,
        "window_from": as_of - WINDOW,
        "month_from": as_of - MONTH,
        "day": as_of.astimezone(agency.zone).date(),
        "zone": agency.timezone,
    }


def clear_figures() -> None:
    MetricsRun.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE influencers_engagementfigures")


def run_with_workers(agency: Agency, as_of: datetime) -> None:
    """One run whose ranges two workers take by lease, as Celery's do; here they are threads, the work is PostgreSQL's."""
    created = runs.create_run(agency=agency, kind=MetricsRun.Kind.MANUAL, as_of=as_of, replace=False, by=None)
    ranges = list(created.ranges.order_by("low").values_list("pk", flat=True))

    def work() -> None:
        try:
            for pk in ranges:
                compute_range(range_id=pk)  # held or done by the other: False at once
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    created.refresh_from_db()
    assert created.state == MetricsRun.State.FINISHED, created.error


def write_in_one_statement(agency: Agency, as_of: datetime) -> None:
    day = as_of.astimezone(agency.zone).date()
    single = MetricsRun.objects.create(
        agency=agency, kind=MetricsRun.Kind.MANUAL, day=day, as_of=as_of, formula_version=FORMULA_VERSION
    )
    write_figures(MetricsRange(run=single, low=1, high=2**62))


def orm_loop(agency: Agency, as_of: datetime, accounts: int, theirs: dict[int, tuple[Any, ...]]) -> tuple[float, int]:
    """The loop's seconds for all accounts, extrapolated from a sample, and how many of the sample's cells are wrong."""
    ids = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    sample = ids[:: max(len(ids) // SAMPLE, 1)][:SAMPLE]
    clear_figures()

    def loop() -> None:
        for account in Account.objects.filter(pk__in=sample):
            write_figures_of(account, as_of, agency.zone, FORMULA_VERSION)

    taken, _nothing = timed(loop)
    different = differing_cells({pk: theirs[pk] for pk in sample}, stored_cells())
    return taken * accounts / len(sample), different


def stored_cells() -> dict[int, tuple[Any, ...]]:
    return cells_of(EngagementFigures.objects.values_list("account_id", *COMPARED))


def cells_of(rows: Iterable[tuple[Any, ...]]) -> dict[int, tuple[Any, ...]]:
    return {account: tuple(cells) for account, *cells in rows}


def differing_cells(reference: dict[int, tuple[Any, ...]], stored: dict[int, tuple[Any, ...]]) -> int:
    """Cells that are not the same figure; a missing or additional row counts with all its cells."""
    different = len(reference.keys() ^ stored.keys()) * len(COMPARED)
    for pk in reference.keys() & stored.keys():
        different += sum(not agree(a, b) for a, b in zip(reference[pk], stored[pk], strict=True))
    return different


def agree(a: Any, b: Any) -> bool:
    """Empties, texts and whole numbers exactly, the rest within 1e-9 · max(1, |a|)."""
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= 1e-9 * max(1.0, abs(a))
    return bool(a == b)
