"""The roster: importing a spreadsheet of creators, and the list page over them."""

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agency.models import Agency, Membership, User
from bench.progress import say
from bench.roster_file import write_roster_file
from bench.table import Result, Row, at_least, at_most
from bench.timing import percentile, timed, timed_with_cpu
from influencers.models import Account, Influencer
from influencers.services.figures import recompute
from influencers.services.tiers import seed_tier_schemes

ROWS = 20_000
REQUESTS = 60
LOOP_SAMPLE = 400
VIEWS = {
    "as it opens": "",
    "sorted by followers": "?sort=-followers",
    "sorted by rate": "?sort=-rate",
    "searched": "?q=sorensen",
    "one platform, one niche": "?platform=tiktok&niche=food",
}
WITH_RATES = """
UPDATE influencers_engagementfigures
SET headline_rate = (hashint8extended(account_id, 1) & 1023) / 10240.0, headline_reason = '', er_followers_n = 12
WHERE account_id % 5 <> 0
"""


def run(scale: float) -> Result:
    agency = Agency.objects.create(name="Bench", slug="bench", timezone="Europe/Copenhagen")
    seed_tier_schemes(agency)
    user = User.objects.create_user("manager@bench.example")
    Membership.objects.create(agency=agency, user=user, role=Membership.Role.MANAGER)
    count = max(round(ROWS * scale), 200)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.csv"
        write_roster_file(path, count)
        new, known = imported(path), imported(path)
        say(f"imported: {new['seconds']:.2f} s, again {known['seconds']:.2f} s")
        assert new["created"] == count, new
        assert known["unchanged"] == count, known
        loop = loop_rate(path, min(LOOP_SAMPLE, count))
    recompute(agency=agency, as_of=datetime(2026, 5, 1, tzinfo=UTC), by=None)
    with connection.cursor() as cursor:
        cursor.execute(WITH_RATES)
        cursor.execute("VACUUM ANALYZE")
    pages = page_rows(user, max(round(REQUESTS * scale), 5))
    return Result(
        "roster",
        (
            Row("import, new rows", count / new["seconds"], "rows/s", at_least(10_000)),
            Row("import, the same file again", count / known["seconds"], "rows/s", at_least(10_000)),
            Row(
                "get_or_create row by row",
                loop,
                "rows/s",
                compared_with="the same columns, first rows only, nothing checked",
            ),
            Row("memory of an import at its peak", max(new["peak"], known["peak"]), "MiB"),
            Row("of that before the file is opened", max(new["before"], known["before"]), "MiB"),
            *pages,
        ),
        f"{count:,} creators, {Account.objects.count():,} accounts; one import each way in a process of its own.",
    )


def imported(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.roster_import", str(path)]
    answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer


def loop_rate(path: Path, count: int) -> float:
    """Rows per second of the loop that everybody writes first, in an agency of its own."""
    agency = Agency.objects.create(name="Loop", slug="loop")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row, _ in zip(csv.DictReader(file), range(count), strict=False)]

    def loop() -> None:
        for row in rows:
            person, _is_new = Influencer.objects.get_or_create(
                agency=agency, name=row["Name"], defaults={"country": row["Country"], "email": row["E-mail"]}
            )
            for platform in ("Instagram", "TikTok"):
                if row[platform]:
                    handle = row[platform].rstrip("/").rpartition("/")[2]
                    Account.objects.get_or_create(
                        agency=agency, platform=platform.lower(), handle=handle, defaults={"influencer": person}
                    )

    seconds, _nothing = timed(loop)
    agency.delete()
    return count / seconds


def page_rows(user: User, requests: int) -> list[Row]:
    """p50 and p95 of the page over all its variants, in turn, and the most queries of one page."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    taken: dict[str, list[float]] = {name: [] for name in VIEWS}
    computing: list[float] = []
    queries = size = 0
    for query in VIEWS.values():
        ask(client, query)
        with CaptureQueriesContext(connection) as captured:
            size = max(size, ask(client, query)[2])
        queries = max(queries, len(captured))
    for _ in range(requests):
        for name, query in VIEWS.items():
            seconds, computed, _size = ask(client, query)
            taken[name].append(1000 * seconds)
            computing.append(1000 * computed)
    everything: Sequence[float] = [value for values in taken.values() for value in values]
    each = f"{requests} requests each of {len(VIEWS)} variants, in process"
    return [
        Row("roster page, p95", percentile(everything, 0.95), "ms", at_most(60), each),
        Row("roster page, p50", percentile(everything, 0.5), "ms"),
        Row(
            "of that computing in Python, p50",
            percentile(computing, 0.5),
            "ms",
            compared_with="the rest is PostgreSQL and waiting",
        ),
        *(Row(f"{name}, p95", percentile(values, 0.95), "ms") for name, values in taken.items()),
        Row("queries of a roster page", queries, "", at_most(12)),
        Row("size of a roster page", size / 1024, "KiB"),
    ]


def ask(client: Client, query: str) -> tuple[float, float, int]:
    seconds, computed, answer = timed_with_cpu(lambda: client.get(f"/bench/roster/{query}"))
    assert answer.status_code == 200, answer.status_code
    return seconds, computed, len(answer.content)
