"""One page of a long list by key instead of by number: as quick on the last page as on the first, and nothing is shown twice."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Func, Model, QuerySet, TextField, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThan
from django.http import QueryDict

M = TypeVar("M")
R = TypeVar("R", bound=Model)
BIGINT = 9_223_372_036_854_775_807
WORDS = ("after", "before", "at")


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) > BIGINT:
        raise ValueError(text)
    return number


def _fraction(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _text(text: str) -> str:
    if "\x00" in text:
        raise ValueError(text)
    return text


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by: a column or annotation, and how its value is read back from an address.

    `lowest` and `highest` lie beyond every value; an unknown value sorts as one of them, so that it comes last both ways.
    """

    key: str
    read: Callable[[str], Any]
    lowest: Any = None
    highest: Any = None

    def sorted_by(self, *, descending: bool) -> Any:
        """The expression of the sort, exactly as the indexes of the roster's lines have it."""
        if self.lowest is None:
            return F(self.key)
        return Coalesce(F(self.key), Value(self.lowest if descending else self.highest))


def by_text(key: str) -> Order:
    return Order(key, _text)


def by_count(key: str) -> Order:
    return Order(key, _whole, lowest=-1, highest=BIGINT)


def by_rate(key: str) -> Order:
    """Rates and growths: a growth is never below −1."""
    return Order(key, _fraction, lowest=-2.0, highest=1e308)


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[M]):
    """Some rows of a list and where the neighbouring pages begin, as query strings without the question mark."""

    rows: list[M]
    first: str
    previous: str
    next: str
    last: str

    def links(self, path: str, kept: QueryDict) -> dict[str, str]:
        """What `components/pager.html` needs: addresses that keep every filter; empty where there is nothing to go to."""
        kept = kept.copy()
        for word in WORDS:
            kept.pop(word, None)
        base = kept.urlencode()
        return {
            "first_url": self._address(path, base, self.first if self.previous else None),
            "previous_url": self._address(path, base, self.previous or None),
            "next_url": self._address(path, base, self.next or None),
            "last_url": self._address(path, base, self.last if self.next else None),
        }

    @staticmethod
    def _address(path: str, base: str, place: str | None) -> str:
        if place is None:
            return ""
        query = "&".join(part for part in (base, place) if part)
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `after`, `before` or `at=last` in the address asks for; the first page for an address that says nothing true."""

    place: tuple[Any, int] | None
    is_after: bool
    backwards: bool
    falling: bool

    @classmethod
    def read(cls, asked: QueryDict, order: Order, *, descending: bool) -> "Wanted":
        after, before = _place(asked.get("after"), order), _place(asked.get("before"), order)
        backwards = after is None and (before is not None or asked.get("at") == "last")
        return cls(after or before, after is not None, backwards, falling=descending != backwards)

    def page(self, found: list[M], size: int) -> "CursorPage[M] | None":
        """The page of these rows, one more than its size where there are more; None where nothing stands there any more."""
        has_more = len(found) > size
        found = found[:size]
        if not found:
            return CursorPage([], "", "", "", "") if self.place is None else None
        if self.backwards:
            found.reverse()
        has_before = has_more if self.backwards else self.is_after
        has_after = self.place is not None if self.backwards else has_more
        return CursorPage(
            found,
            first="",
            previous=_mark("before", found[0]) if has_before else "",
            next=_mark("after", found[-1]) if has_after else "",
            last=urlencode({"at": "last"}),
        )

    def nearest(self) -> QueryDict:
        """What stood there is gone, or the filters changed: the nearest page there is."""
        return QueryDict("at=last" if self.is_after else "")


def cursor_page(rows: QuerySet[R, R], order: Order, asked: QueryDict, *, descending: bool, size: int) -> CursorPage[R]:
    """The page of a list that the address asks for.

    Ties are settled by id, in the direction of the sort, so that every row is on exactly one page. One query.
    """
    wanted = Wanted.read(asked, order, descending=descending)
    keyed: QuerySet[Any] = rows.annotate(sort_key=order.sorted_by(descending=descending))
    if wanted.place is not None:
        here = _row(F("sort_key"), F("pk"))
        there = _row(Value(wanted.place[0]), Value(wanted.place[1]))
        keyed = keyed.filter(LessThan(here, there) if wanted.falling else GreaterThan(here, there))
    sign = "-" if wanted.falling else ""
    page = wanted.page(list(keyed.order_by(f"{sign}sort_key", f"{sign}pk")[: size + 1]), size)
    return page or cursor_page(rows, order, wanted.nearest(), descending=descending, size=size)


class Place(NamedTuple):
    """A row of a counted page: its id, and what it is sorted by."""

    pk: int
    sort_key: Any


# Materialized, filters are asked once for the page and its count, and no wrong guess about them can lead the planner to walk
# an index over everything. Without filters the page is a few steps in the index of its order, and the count reads another.
COUNTED = """
SELECT * FROM (
    WITH found(pk, sort_key) AS {materialized} ({rows})
    SELECT pk, sort_key, (SELECT count(*) FROM found) FROM found {beyond}
    ORDER BY sort_key {direction}, pk {direction} LIMIT %s
) AS page
"""


def counted_page(
    rows: QuerySet[Any, Any], order: Order, asked: QueryDict, *, descending: bool, size: int, is_narrowed: bool
) -> tuple[CursorPage[Place], int]:
    """As `cursor_page`, but ids only, and how many rows the list has at that moment. One query."""
    wanted = Wanted.read(asked, order, descending=descending)
    keyed = rows.order_by().annotate(sort_key=order.sorted_by(descending=descending))
    try:
        inner, parameters = keyed.values_list("pk", "sort_key").query.sql_with_params()
    except EmptyResultSet:  # filters that nothing can fit, such as scorecards for somebody who may see none
        return CursorPage([], "", "", "", ""), 0
    beyond = ""
    if wanted.place is not None:
        beyond = f"WHERE (sort_key, pk) {'<' if wanted.falling else '>'} (%s, %s)"
        parameters = (*parameters, *wanted.place)
    sql = COUNTED.format(
        materialized="MATERIALIZED" if is_narrowed else "NOT MATERIALIZED",
        rows=inner,
        beyond=beyond,
        direction="DESC" if wanted.falling else "ASC",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, (*parameters, size + 1))
        found = cursor.fetchall()
    total = found[0][2] if found else 0
    page = wanted.page([Place(pk, key) for pk, key, _total in found], size)
    if page is None:
        nearest = wanted.nearest()
        return counted_page(rows, order, nearest, descending=descending, size=size, is_narrowed=is_narrowed)
    return page, total


def _row(*parts: Any) -> Func:
    """A row value: PostgreSQL compares it part by part, and with an index on the same columns."""
    return Func(*parts, function="ROW", output_field=TextField())


def _mark(word: str, row: Any) -> str:
    value: Any = row.sort_key
    return urlencode({word: f"{value!r}~{row.pk}" if isinstance(value, float) else f"{value}~{row.pk}"})


def _place(text: str | None, order: Order) -> tuple[Any, int] | None:
    value, sign, pk = (text or "").rpartition("~")
    if not sign:
        return None
    try:
        return order.read(value), _whole(pk)
    except ValueError:
        return None  # an address that somebody shortened or mistyped leads to the first page
