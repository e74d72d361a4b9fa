"""The raw rows of one agency straight from PostgreSQL, past every model and query of the project."""

from collections import defaultdict
from datetime import date
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from tests.reference.figures import RefAccount, RefPost


class Connection(Protocol):
    """What psycopg's and Django's connections have in common."""

    def cursor(self) -> Any: ...


AGENCY = "SELECT id, timezone FROM agency_agency WHERE slug = %s"

ACCOUNTS = "SELECT id, platform, handle, typed_followers FROM influencers_account WHERE agency_id = %s"

COUNTS = """
SELECT account_id, day, followers
FROM influencers_followercount
WHERE account_id IN (SELECT id FROM influencers_account WHERE agency_id = %s)
"""

POSTS = """
SELECT account_id, external_id, posted_at, kind, likes, comments, shares, saves, views, reach, impressions, replies,
       is_sponsored, is_excluded, is_deleted
FROM influencers_post
WHERE account_id IN (SELECT id FROM influencers_account WHERE agency_id = %s)
"""


def load_zone(connection: Connection, agency_slug: str) -> ZoneInfo:
    """The agency's time zone; LookupError if there is no such agency."""
    return ZoneInfo(_agency(connection, agency_slug)[1])


def load_accounts(connection: Connection, agency_slug: str) -> list[RefAccount]:
    """Every account of the agency with its posts and counts, keyed by handle; LookupError without such an agency."""
    agency_id, _ = _agency(connection, agency_slug)
    counts: dict[Any, list[tuple[date, int]]] = defaultdict(list)
    for account_id, day, followers in _rows(connection, COUNTS, agency_id):
        counts[account_id].append((day, followers))
    posts: dict[Any, list[RefPost]] = defaultdict(list)
    for account_id, *fields in _rows(connection, POSTS, agency_id):
        posts[account_id].append(RefPost(*fields))
    return [
        RefAccount(handle, platform, typed_followers, counts[account_id], posts[account_id])
        for account_id, platform, handle, typed_followers in _rows(connection, ACCOUNTS, agency_id)
    ]


def _agency(connection: Connection, slug: str) -> tuple[Any, str]:
    rows = _rows(connection, AGENCY, slug)
    if not rows:
        raise LookupError(f"There is no agency {slug!r}.")
    agency_id, timezone = rows[0]
    return agency_id, str(timezone)


def _rows(connection: Connection, query: str, argument: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [argument])
        return list(cursor.fetchall())
