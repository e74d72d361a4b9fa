"""Accounts and posts for cases worked out by hand, and the figures of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.reference.figures import Cell, RefAccount, RefPost, compute

# T and so D, the 30th of April. T − 72 h is 27 April 00:00, T − 90 d is 30 January 00:00, both UTC.
T = datetime(2025, 4, 30, tzinfo=UTC)
D = date(2025, 4, 30)
TICK = timedelta(microseconds=1)


def ago(*, days: float = 0, hours: float = 0) -> datetime:
    return T - timedelta(days=days, hours=hours)


def post(external_id: str, posted_at: datetime | None, **known: Any) -> RefPost:
    """A post whose comments are a known 0 unless said otherwise, so that likes alone make its interactions."""
    return RefPost(external_id, posted_at, **{"comments": 0, **known})


def series(prefix: str, count: int, *, first_day: int = 5, **known: Any) -> list[RefPost]:
    """`count` posts of equal numbers, one a day, the youngest `first_day` days before T."""
    return [post(f"{prefix}{number:02}", ago(days=first_day + number), **known) for number in range(count)]


def figures(
    posts: Sequence[RefPost] = (),
    *,
    platform: str = "instagram",
    typed: int | None = None,
    counts: Sequence[tuple[date, int]] = (),
    cutoff: datetime = T,
    zone: ZoneInfo | None = None,
) -> dict[str, Cell]:
    account = RefAccount("someone", platform, typed, counts, posts)
    return compute(account, cutoff=cutoff, zone=zone or ZoneInfo("UTC"))


def spread(row: dict[str, Cell], rate: str) -> list[Cell]:
    return [row[f"{rate}_{part}"] for part in ("n", "median", "mean", "p25", "p75")]
