"""Temporary tables that an import fills by COPY and merges from, so that its cost does not grow by a query for each row."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction

# The upper half of the 64-bit key of the advisory lock that lets one import at a time into an agency ("impo" in ASCII).
NAMESPACE = 0x696D706F << 32


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


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Stream rows into a table of ours by COPY; memory is bounded by one row."""
    with connection.cursor() as cursor:
        names = ", ".join(columns)
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"ANALYZE {table}")
