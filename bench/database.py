"""A database of its own for each benchmark, on the server that the site uses; it is dropped afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from agency.embedded import locations

MAINTENANCE = "postgres"


class BusyError(RuntimeError):
    """Another benchmark uses the same database names on this server."""


def prefix() -> str:
    """What the databases' names begin with: MESO_BENCH_DB, else `meso_bench`."""
    return os.environ.get("MESO_BENCH_DB") or "meso_bench"


def url_of(name: str) -> str:
    """The address of a database on the server that the site uses."""
    parts = urlsplit(os.environ.get("DATABASE_URL") or locations.database_url())
    return urlunsplit(parts._replace(path=f"/{name}"))


@contextmanager
def alone_on_the_server() -> Iterator[psycopg.Connection]:
    """A maintenance connection that holds the lock of these database names: two runs at once would measure each other."""
    with psycopg.connect(url_of(MAINTENANCE), autocommit=True) as connection:
        (is_free,) = connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [prefix()]).fetchone() or (False,)
        if not is_free:
            raise BusyError("A benchmark runs on this server already. Wait until it has ended.")
        yield connection


@contextmanager
def own_database(connection: psycopg.Connection, benchmark: str) -> Iterator[str]:
    """The address of an empty database that lives as long as the block."""
    name = f"{prefix()}_{benchmark}"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    connection.execute(drop)  # left behind by a run that was killed
    connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
    try:
        yield url_of(name)
    finally:
        connection.execute(drop)
