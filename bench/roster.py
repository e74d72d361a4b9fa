"""The roster at agency scale: importing a spreadsheet, the pages over it, an export; and what else a team would use."""

import csv
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from agency.models import Agency, Membership, User
from bench.progress import say
from bench.roster_file import write_roster_file
from bench.roster_pages import REQUESTS, page_rows
from bench.table import Result, Row, at_least, at_most
from bench.timing import timed
from influencers.models import Account, Influencer
from influencers.services.figures import recompute
from influencers.services.tiers import seed_tier_schemes

ROWS = 100_000
LOOP_SAMPLE = 400
PEER_SAMPLE = 3_000
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
        peers = peer_rows(path, min(PEER_SAMPLE, count))
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
            *peers,
            Row("memory of an import at its peak", max(new["peak"], known["peak"]), "MiB", at_most(500)),
            Row("of that before the file is opened", max(new["before"], known["before"]), "MiB"),
            *pages,
        ),
        f"{count:,} creators, {Account.objects.count():,} accounts; one import each way in a process of its own.",
    )


def imported(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.roster_import", str(path)]
    answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer


def peer_rows(path: Path, count: int) -> list[Row]:
    """django-import-export on the first rows of the same file: as it comes, the same rows again, and with every bulk switch."""
    rows = []
    for figure, mode in (("new rows", ()), ("the same rows again", ()), ("bulk, no checks, no accounts", ("bulk",))):
        command = [sys.executable, "-m", "bench.roster_import_export", str(path), str(count), *mode]
        answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        note = f"first {count:,} rows; {answer['peak']:.0f} MiB"
        rows.append(Row(f"django-import-export, {figure}", count / answer["seconds"], "rows/s", None, note))
    Agency.objects.get(slug="import-export").delete()
    return rows


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
