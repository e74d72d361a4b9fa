"""What stands against a row: the same conditions as the constraint `claim_no_clash`, as a question."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Func, QuerySet, Value
from psycopg.types.multirange import Multirange

from campaigns.claims.derive import Row
from campaigns.fields import DateMultirangeField
from campaigns.models import Claim

SELECT_RELATED = (
    "influencer",
    "collaboration__campaign__brand",
    "collaboration__influencer",
    "clause",
    "unavailability",
)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A stored claim that a row meets, and on which days."""

    row: Row
    claim: Claim
    days: "Multirange[date]"


class Shared(Func):
    """The intersection of two multiranges."""

    template = "(%(expressions)s)"
    arg_joiner = " * "
    arity = 2


def meeting(row: Row) -> QuerySet[Claim]:
    """Enforced claims of the creator, of the other kind, that meet the row in everything but the days."""
    return Claim.objects.filter(
        enforced=True,
        influencer_id=row.influencer_id,
        is_exclusive=not row.is_exclusive,
        parties__overlap=row.parties,
        categories__overlap=row.categories,
        platforms__overlap=row.platforms,
        markets__overlap=row.markets,
    )


def during_value(days: "Multirange[date]") -> Value:
    return Value(days, output_field=DateMultirangeField())


def obstacles(rows: Iterable[Row], *, without: Sequence[int] = ()) -> list[Obstacle]:
    """Every stored claim that the rows clash with, earliest days first; claims of the collaborations `without` aside."""
    found: list[Obstacle] = []
    for row in rows:
        during = row.during
        claims: Any = (
            meeting(row)
            .filter(during__overlap=during)
            .annotate(shared=Shared("during", during_value(during), output_field=DateMultirangeField()))
            .select_related(*SELECT_RELATED)
        )
        found += [Obstacle(row, claim, claim.shared) for claim in claims if claim.collaboration_id not in without]
    return sorted(found, key=lambda obstacle: (obstacle.days[0].lower or date.min, obstacle.claim.pk))
