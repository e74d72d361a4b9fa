"""The rows of a roster as the database takes them: people and accounts in two temporary tables."""

import csv
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from influencers.imports.errors import RefusedRow
from influencers.imports.outcome import Outcome
from influencers.imports.roster_types import RosterRow
from influencers.imports.staging import array_literal, as_lines, copy_lines, pieces, run

STAGED_ROW = {
    "seq": "integer", "line": "integer", "sheet": "text", "name": "text", "is_name_given": "boolean", "niches": "varchar[]",
    "tags": "varchar[]", "languages": "varchar[]",
    "country": "text", "region": "text", "city": "text", "email": "text", "status": "text",
}  # fmt: skip
STAGED_ACCOUNT = {
    "seq": "integer", "nth": "integer", "platform": "text", "handle": "text", "external_id": "text", "url": "text",
    "followers": "bigint", "step": "bigint",
}  # fmt: skip
TABLES = f"""
CREATE TEMP TABLE staged_row ({", ".join(f"{name} {kind}" for name, kind in STAGED_ROW.items())}) ON COMMIT DROP;
CREATE TEMP TABLE staged_account ({", ".join(f"{name} {kind}" for name, kind in STAGED_ACCOUNT.items())},
    key text GENERATED ALWAYS AS (lower(handle)) STORED) ON COMMIT DROP
"""

# Says whether a row speaks of somebody who was erased; told how many rows were read so far.
Objected = Callable[[RosterRow], bool]
Progress = Callable[[int], None]


def stage_roster(
    rows: Iterable[RosterRow | RefusedRow], outcome: Outcome, *, objected: Objected | None, progress: Progress | None
) -> None:
    """Fill `staged_row` and `staged_account`; what is refused or skipped goes to the outcome instead."""
    run(TABLES)
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as accounts:
        taken = _taken(rows, outcome, objected, progress)
        copy_lines("staged_row", tuple(STAGED_ROW), as_lines(_people(taken, csv.writer(accounts))), never_null=TEXTS)
        copy_lines("staged_account", tuple(STAGED_ACCOUNT), pieces(accounts), never_null=("platform", "handle", "url"))


TEXTS = tuple(name for name, kind in STAGED_ROW.items() if kind == "text")


def _taken(
    rows: Iterable[RosterRow | RefusedRow], outcome: Outcome, objected: Objected | None, progress: Progress | None
) -> Iterator[RosterRow]:
    for row in rows:
        outcome.rows += 1
        if progress is not None:
            progress(outcome.rows)
        if isinstance(row, RefusedRow):
            outcome.errors.extend(row.errors)
        elif objected is not None and objected(row):
            outcome.skipped += 1
            outcome.objected.append(row.line)
        elif row.repeats_line is not None:
            outcome.skipped += 1
        else:
            yield row


def _people(rows: Iterable[RosterRow], accounts: Any) -> Iterator[tuple[Any, ...]]:
    for seq, row in enumerate(rows, start=1):
        for nth, account in enumerate(row.accounts):
            count = account.followers
            handle = account.handle if account.handle.isascii() else unicodedata.normalize("NFC", account.handle)
            said = (count.value, count.step) if count else (None, None)
            accounts.writerow((seq, nth, account.platform, handle, account.external_id, account.url, *said))
        yield (
            seq, row.line, row.sheet, row.name, row.is_name_given, array_literal(row.niches), array_literal(row.tags),
            array_literal(row.languages), row.country, row.region, row.city, row.email, row.status,
        )  # fmt: skip
