"""When a booking fits: the same days, later. Worked out by PostgreSQL in numbers of days to wait."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from campaigns.claims.derive import Row
from campaigns.claims.obstacles import ASKED, MEETS, asked_parameters

# For each pair of a period of ours and a period that stands against it: the shifts by which they would meet.
# A period that moves along meets [c, d) when c − stop < shift < d − first. One whose end stays meets until its start is past d
# (it may be empty before that, but then the first post's own period, which moves along, meets just the same).
# A period that never moves and meets blocks every shift.
FORBIDDEN = (
    f"""
WITH against AS (
    SELECT ours.first, ours.stop, ours.moves, lower(part) AS c, upper(part) AS d
    FROM {ASKED}, %(firsts)s::date[], %(stops)s::date[], %(moves)s::text[])
        AS ours(influencer_id, is_exclusive, parties, categories, platforms, markets, first, stop, moves)
    JOIN campaigns_claim claim ON {MEETS}
    CROSS JOIN LATERAL unnest(claim.during) AS part
"""  # noqa: S608 - joined from constants
    """
), forbidden AS (
    SELECT CASE moves
        WHEN 'with' THEN int4range(c - stop + 1, d - first)
        WHEN 'start' THEN CASE WHEN stop IS NULL OR stop > c THEN int4range(NULL, d - first) END
        ELSE CASE WHEN (d IS NULL OR first < d) AND (stop IS NULL OR c < stop) THEN int4range(NULL, NULL) END
    END AS shifts
    FROM against
)
SELECT lower(free) FROM unnest(int4multirange(int4range(%(soonest)s, NULL)) - (
    SELECT COALESCE(range_agg(shifts) FILTER (WHERE shifts IS NOT NULL), '{}') FROM forbidden
)) AS free ORDER BY 1 LIMIT %(count)s
"""
)


@dataclass(frozen=True, slots=True)
class Window:
    """Days on which the booking would fit, and by how many days that is later than asked."""

    shift: int
    first: date
    last: date


def free_windows(
    rows: Sequence[Row], *, without: Iterable[int] = (), count: int = 3, soonest: int = 0
) -> list[Window]:  # fmt: skip
    """The next times at which all rows fit, none earlier than `soonest` days after what is asked; empty if there is none.

    Both directions count: our activity against what shuts it out, and our clauses against what they would shut out.
    """
    activities = [period for row in rows if not row.is_exclusive for period in row.periods]
    if not activities:
        return []
    first = min(period.first for period in activities)
    last = max(period.last or period.first for period in activities)
    periods = [(row, period) for row in rows for period in row.periods]
    parameters = asked_parameters([row for row, _period in periods], without) | {
        "firsts": [period.first for _row, period in periods],
        "stops": [None if period.last is None else period.last + timedelta(days=1) for _row, period in periods],
        "moves": [str(period.moves) for _row, period in periods],
        "soonest": soonest,
        "count": count,
    }
    with connection.cursor() as cursor:
        cursor.execute(FORBIDDEN, parameters)
        shifts = [shift for (shift,) in cursor.fetchall()]
    return [Window(shift, first + timedelta(days=shift), last + timedelta(days=shift)) for shift in shifts]
