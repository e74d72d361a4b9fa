"""Temporary tables that an import fills by COPY and merges from, so that its cost does not grow by a query for each row."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import IO, Any

from django.db import connection, transaction

# The upper half of the 64-bit key of the advisory lock that lets one import at a time into an agency ("impo" in ASCII).
NAMESPACE = 0x696D706F << 32
ROWS_AT_ONCE = 1000
CHARACTERS_AT_ONCE = 256 * 1024


def one_import_at_a_time(agency_id: int) -> None:
    """Wait until no other import works on the agency; holds until the transaction ends."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("The import's lock lasts for a transaction; there is none.")
    run("SELECT pg_advisory_xact_lock(%(key)s)", {"key": NAMESPACE | agency_id})


def run(statement: str, params: dict[str, Any] | None = None) -> int:
    """Execute one statement; the number of rows that it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def fetch(statement: str, params: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Execute one query; its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def stream(query: str) -> Iterator[str]:
    """Yield the one text column of a query, row by row; memory is bounded by one row."""
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
        copy.set_types(["text"])
        for (text,) in copy.rows():
            yield text


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Stream rows into a table of ours by COPY; memory is bounded by one row."""
    with connection.cursor() as cursor:
        names = ", ".join(columns)
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"ANALYZE {table}")


def copy_lines(table: str, columns: Sequence[str], lines: Iterable[str], *, never_null: Sequence[str]) -> None:
    """Stream lines of CSV into a table of ours; an empty cell is NULL, but an empty text in the columns `never_null`."""
    with connection.cursor() as cursor:
        empty = f", FORCE_NOT_NULL ({', '.join(never_null)})"
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv{empty})") as copy:
            for text in lines:
                copy.write(text)
        cursor.execute(f"ANALYZE {table}")


def as_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield rows as CSV, many at a time: several times faster than handing each value to the driver."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % ROWS_AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def pieces(file: IO[str]) -> Iterator[str]:
    """Yield the text of a file from its start, piece by piece."""
    file.seek(0)
    while piece := file.read(CHARACTERS_AT_ONCE):
        yield piece


@lru_cache(maxsize=4096)
def array_literal(words: tuple[str, ...]) -> str:
    """Return the texts as PostgreSQL writes an array of them."""
    quoted = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return "{" + ",".join(f'"{word}"' for word in quoted) + "}"
