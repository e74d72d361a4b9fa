"""Django fields for PostgreSQL's multiranges: sets of days and sets of ids that an exclusion constraint can intersect."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.fields.ranges import RangeOperators
from django.db import models
from django.db.models.lookups import PostgresOperatorLookup
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

EVERYTHING: Multirange[int] = Multirange([Range(None, None)])
"""The set of all ids, `{(,)}`: "all" and "unknown" are both this, because what is not known is assumed to meet."""


def id_set(ids: Iterable[int]) -> Multirange[int]:
    """The given ids as a canonical multirange (sorted, neighbours joined); no ids make the empty set."""
    ranges: list[list[int]] = []
    for pk in sorted(set(ids)):
        if ranges and ranges[-1][1] == pk:
            ranges[-1][1] = pk + 1
        else:
            ranges.append([pk, pk + 1])
    return Multirange([Range(low, high) for low, high in ranges])


def everything_but(ids: Iterable[int]) -> Multirange[int]:
    """All ids except the given ones."""
    ranges: list[Range[int]] = []
    start: int | None = None
    for pk in sorted(set(ids)):
        if start is None or start < pk:
            ranges.append(Range(start, pk))
        start = pk + 1
    ranges.append(Range(start, None))
    return Multirange(ranges)


def day_set(periods: Iterable[tuple[date, date | None]]) -> Multirange[date]:
    """Periods of days, first and last inclusive (last None: open end), as a canonical multirange of half-open ranges."""
    merged: list[list[date | None]] = []
    for first, last in sorted(periods, key=lambda period: (period[0], period[1] or date.max)):
        end = None if last is None else last + timedelta(days=1)
        if merged and (merged[-1][1] is None or first <= merged[-1][1]):
            if merged[-1][1] is not None and (end is None or end > merged[-1][1]):
                merged[-1][1] = end
        else:
            merged.append([first, end])
    return Multirange([Range(low, high) for low, high in merged])


class MultirangeField(models.Field):  # type: ignore[type-arg]
    """Base of the two multirange fields; values are psycopg `Multirange` objects."""

    multirange_type: str

    def db_type(self, connection: Any) -> str:
        return self.multirange_type

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        # An empty multirange carries no element type, so the placeholder names it.
        return f"%s::{self.multirange_type}"

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


class DateMultirangeField(MultirangeField):
    """A set of days."""

    multirange_type = "datemultirange"


class IntegerMultirangeField(MultirangeField):
    """A set of ids."""

    multirange_type = "int4multirange"


@MultirangeField.register_lookup
class MultirangeOverlap(PostgresOperatorLookup):
    """`field__overlap=`: the two sets have an element in common."""

    lookup_name = "overlap"
    postgres_operator = RangeOperators.OVERLAPS
