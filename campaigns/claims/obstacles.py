"""What stands against claims: the same conditions as the constraint `claim_no_clash`, as a question."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from psycopg.types.multirange import Multirange

from campaigns.models import Claim

SELECT_RELATED = ("influencer", "collaboration__campaign__brand", "clause", "unavailability")
SETS = ("parties", "categories", "platforms", "markets")

# Our side of the join: one line per claim (or per period of one), to be filled by `asked_parameters`.
ASKED = """unnest(
    %(influencers)s::bigint[], %(exclusive)s::boolean[], %(parties)s::int4multirange[], %(categories)s::int4multirange[],
    %(platforms)s::int4multirange[], %(markets)s::int4multirange[]"""
MEETS = """claim.enforced AND claim.influencer_id = ours.influencer_id AND claim.is_exclusive <> ours.is_exclusive
    AND claim.parties && ours.parties AND claim.categories && ours.categories
    AND claim.platforms && ours.platforms AND claim.markets && ours.markets
    AND (claim.collaboration_id IS NULL OR claim.collaboration_id <> ALL(%(without)s::bigint[]))"""
OBSTACLES = f"""
SELECT ours.line, claim.id, claim.during * ours.during
FROM {ASKED}, %(during)s::datemultirange[])
    WITH ORDINALITY AS ours(influencer_id, is_exclusive, parties, categories, platforms, markets, during, line)
JOIN campaigns_claim claim ON {MEETS} AND claim.during && ours.during
"""  # noqa: S608 - joined from the constants above


class Meeting(NamedTuple):
    """The asked claim of that index meets the stored one on these days."""

    line: int
    claim_id: int
    days: "Multirange[date]"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A stored claim that stands in the way, and on which days."""

    claim: Claim
    days: "Multirange[date]"


def met(asked: Iterable[Any], *, without: Sequence[int] = ()) -> list[Meeting]:
    """Which of these rows or claims meet which stored claim, and on which days; claims of the collaborations `without` aside."""
    lines = list(asked)
    if not lines:
        return []
    parameters = asked_parameters(lines, without)
    parameters["during"] = [multirange_literal(line.during) for line in lines]
    with connection.cursor() as cursor:
        cursor.execute(OBSTACLES, parameters)
        return [Meeting(line - 1, claim_id, days) for line, claim_id, days in cursor.fetchall()]


def obstacles(meetings: Sequence[Meeting]) -> list[Obstacle]:
    """The stored claims that were met, earliest days first; those that are gone by now aside."""
    claims = Claim.objects.select_related(*SELECT_RELATED).in_bulk([meeting.claim_id for meeting in meetings])
    found = [Obstacle(claims[each.claim_id], each.days) for each in meetings if each.claim_id in claims]
    return sorted(found, key=lambda obstacle: (obstacle.days[0].lower or date.min, obstacle.claim.pk))


def asked_parameters(lines: Sequence[Any], without: Iterable[int]) -> dict[str, Any]:
    """The parameters of `ASKED` and `MEETS`."""
    return {
        "influencers": [line.influencer_id for line in lines],
        "exclusive": [line.is_exclusive for line in lines],
        **{name: [multirange_literal(getattr(line, name)) for line in lines] for name in SETS},
        "without": list(without),
    }


def multirange_literal(parts: "Multirange[Any]") -> str:
    """A multirange of half-open ranges as PostgreSQL writes it; array parameters take texts."""
    return "{" + ",".join(f"[{bound(part.lower)},{bound(part.upper)})" for part in parts) + "}"


def bound(value: object) -> str:
    """An end of a range; none is written as nothing, and PostgreSQL reads an open end."""
    return "" if value is None else str(value)
