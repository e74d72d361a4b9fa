"""Writing claims: locks in one order, derive, delete, insert, in the transaction of the change.

The order is (1) the agency's lock, shared, (2) the creators by id, (3) the claims. Services take (1) and (2) with
`creators_locked` before they read what they change, and end with `write_claims` or `write_absence`.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors
from psycopg.types.multirange import Multirange

from agency.errors import Refused
from agency.locks import lock_agency_shared
from agency.models import Membership
from campaigns.claims.derive import Row, Surroundings, absence_rows, collaboration_rows, with_everything
from campaigns.claims.obstacles import Meeting, met, multirange_literal
from campaigns.claims.refusals import ClashRefused
from campaigns.models import Claim, Clash, Collaboration, Unavailability
from influencers.models import Influencer

P = ParamSpec("P")
R = TypeVar("R")
RETRIES = 3
CONSTRAINT = "claim_no_clash"
GivenUp = dict[tuple[Any, ...], list["Multirange[date]"]]


def is_conflict(error: OperationalError) -> bool:
    """Whether PostgreSQL gave up on this transaction only because of others at the same time."""
    return isinstance(error.__cause__, errors.DeadlockDetected | errors.SerializationFailure)


def retry_on_conflict(service: Callable[P, R]) -> Callable[P, R]:
    """Run the whole service again after a deadlock or serialization error, three times at most.

    Inside a transaction of the caller there is nothing to repeat, because all of it is lost: then the error goes to him.
    """

    @wraps(service)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return service(*args, **kwargs)
        for attempt in range(RETRIES + 1):
            try:
                return service(*args, **kwargs)
            except OperationalError as error:
                if not is_conflict(error):
                    raise
                if attempt == RETRIES:
                    raise Refused(_("Too many people change this at once. Nothing was changed; try again.")) from error
            time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - spreads the next attempts
        raise AssertionError("unreachable")

    return wrapper


def lock_creators(influencer_ids: Iterable[int]) -> None:
    """The creators and the members of duos among them, in the order of their ids, until the transaction ends."""
    ids = set(influencer_ids)
    members = Influencer.members.through._default_manager.filter(from_influencer__in=ids).values("to_influencer")
    rows = Influencer.objects.filter(Q(pk__in=ids) | Q(pk__in=members)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


@contextmanager
def creators_locked(agency_id: int, influencer_ids: Iterable[int]) -> Iterator[None]:
    """A transaction in which nobody else changes claims of these creators, nor what the agency's claims are derived from."""
    with transaction.atomic():
        lock_agency_shared(agency_id)
        lock_creators(influencer_ids)
        yield


def read_for_claims(collaboration_ids: Iterable[int]) -> list[Collaboration]:
    """The collaborations as they are now, with all that claims are derived from."""
    return list(with_everything(Collaboration.objects.filter(pk__in=list(collaboration_ids))).order_by("pk"))


def write_claims(collaborations: Sequence[Collaboration], *, by: Membership | None) -> None:
    """Derive the claims of collaborations that were read with `read_for_claims` anew. To be called under the locks.

    Raises ClashRefused with everything that stands in the way; the caller's transaction must then be undone. Days that were
    given up to a fact before (an absence) stay given up for as long as the fact stands.
    """
    if not collaborations:
        return
    ids = [collaboration.pk for collaboration in collaborations]
    given_up = take_away(ids)
    surroundings = Surroundings(collaborations[0].agency_id)
    found: list[Meeting] = []
    refused: list[Row] = []
    for collaboration in collaborations:
        rows = collaboration_rows(collaboration, surroundings)
        if in_the_way := insert(collaboration, rows, given_up):
            found += in_the_way
            refused = rows
    if found:
        raise ClashRefused(found, reader=by, rows=refused if len(ids) == 1 else (), without=ids)
    settle_clashes(ids, has_given_up=bool(given_up))


def take_away(collaboration_ids: Sequence[int]) -> GivenUp:
    """Delete the stored claims; the answer is the days that were not enforced, by collaboration, creator and clause."""
    statement = """
        DELETE FROM campaigns_claim WHERE collaboration_id = ANY(%s)
        RETURNING enforced, collaboration_id, influencer_id, clause_id, during
    """
    found: GivenUp = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(collaboration_ids)])
        for enforced, *key, during in cursor.fetchall():
            if not enforced:
                found.setdefault(tuple(key), []).append(during)
    return found


def insert(collaboration: Collaboration, rows: Sequence[Row], given_up: GivenUp) -> list[Meeting]:
    """Insert the rows; the answer is what stands in the way, and then nothing was inserted.

    Asking first spares the usual clash a failed insert; PostgreSQL has the last word all the same.
    """
    claims = [
        claim
        for row in rows
        for claim in claims_of(
            row, collaboration, given_up.get((collaboration.pk, row.influencer_id, row.clause_id), ())
        )
    ]
    enforced = [claim for claim in claims if claim.enforced]
    if found := met(enforced):
        return found
    if insert_claims(claims):
        return []
    return met(enforced)


def claims_of(row: Row, collaboration: Collaboration, given_up: Sequence["Multirange[date]"]) -> list[Claim]:
    """The row as one claim; as two where days were given up that something still shuts out."""
    during = row.during
    aside = still_blocked(row, given_up) if given_up else None
    if not aside:
        return [claim_of(row, collaboration.agency_id, during, collaboration=collaboration)]
    claims = [claim_of(row, collaboration.agency_id, aside, collaboration=collaboration, enforced=False)]
    if rest := calculate("SELECT %s::datemultirange - %s::datemultirange", [during, aside]):
        claims.append(claim_of(row, collaboration.agency_id, rest, collaboration=collaboration))
    return claims


def insert_claims(claims: Sequence[Claim]) -> bool:
    try:
        with transaction.atomic():
            Claim.objects.bulk_create(claims)
    except IntegrityError as error:
        cause = error.__cause__
        if not (isinstance(cause, errors.ExclusionViolation) and cause.diag.constraint_name == CONSTRAINT):
            raise
        return False
    return True


def claim_of(
    row: Row,
    agency_id: int,
    during: "Multirange[date]",
    *,
    collaboration: Collaboration | None = None,
    absence: Unavailability | None = None,
    enforced: bool = True,
) -> Claim:
    return Claim(
        agency_id=agency_id,
        influencer_id=row.influencer_id,
        collaboration=collaboration,
        clause_id=row.clause_id,
        unavailability=absence,
        is_exclusive=row.is_exclusive,
        enforced=enforced,
        during=during,
        parties=row.parties,
        categories=row.categories,
        platforms=row.platforms,
        markets=row.markets,
    )


def still_blocked(row: Row, given_up: Sequence["Multirange[date]"]) -> "Multirange[date]":
    """Of the days given up before, those of the row that something still shuts out."""
    statement = """
        SELECT (SELECT COALESCE(range_agg(days), '{}') FROM unnest(%s::datemultirange[]) AS days)
             * (SELECT COALESCE(range_agg(days), '{}') FROM unnest(%s::datemultirange[]) AS days)
    """
    blocked = [meeting.days for meeting in met([row])]
    return calculate(statement, [[multirange_literal(days) for days in sets] for sets in (given_up, blocked)])


def calculate(statement: str, parameters: list[Any]) -> "Multirange[date]":
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        (answer,) = cursor.fetchone()
    return answer  # type: ignore[no-any-return]


# --- facts ------------------------------------------------------------------------------------------

MAKE_ROOM = """
WITH hit AS (
    SELECT * FROM campaigns_claim
    WHERE enforced AND NOT is_exclusive AND influencer_id = %(influencer)s AND during && %(during)s::datemultirange
), put_aside AS (
    INSERT INTO campaigns_claim (agency_id, influencer_id, collaboration_id, clause_id, unavailability_id, is_exclusive,
                                 enforced, during, parties, categories, platforms, markets)
    SELECT agency_id, influencer_id, collaboration_id, clause_id, unavailability_id, is_exclusive,
           false, during * %(during)s::datemultirange, parties, categories, platforms, markets
    FROM hit
), emptied AS (
    DELETE FROM campaigns_claim WHERE id IN (SELECT id FROM hit WHERE during <@ %(during)s::datemultirange)
), shortened AS (
    UPDATE campaigns_claim SET during = during - %(during)s::datemultirange
    WHERE id IN (SELECT id FROM hit WHERE NOT during <@ %(during)s::datemultirange)
)
SELECT DISTINCT collaboration_id FROM hit
"""


def write_absence(absence: Unavailability) -> None:
    """An absence is never refused: bookings that stand in it give up those days, and an open clash says so."""
    rows = absence_rows(absence)
    touched: set[int] = set()
    with connection.cursor() as cursor:
        for row in rows:
            days: Any = row.during  # psycopg knows multiranges, its types for Django do not
            cursor.execute(MAKE_ROOM, {"influencer": row.influencer_id, "during": days})
            touched |= {pk for (pk,) in cursor.fetchall()}
    Claim.objects.bulk_create(claim_of(row, absence.agency_id, row.during, absence=absence) for row in rows)
    settle_clashes(sorted(touched))


STANDING = """
SELECT mine.collaboration_id, other.collaboration_id, other.unavailability_id,
       bool_or(clause.scope = 'full'), range_agg(mine.during * other.during)
FROM campaigns_claim mine
JOIN campaigns_claim other
  ON other.enforced AND other.influencer_id = mine.influencer_id AND other.is_exclusive <> mine.is_exclusive
 AND other.during && mine.during AND other.parties && mine.parties AND other.categories && mine.categories
 AND other.platforms && mine.platforms AND other.markets && mine.markets
LEFT JOIN campaigns_exclusivity clause ON clause.id = COALESCE(mine.clause_id, other.clause_id)
WHERE NOT mine.enforced AND mine.collaboration_id = ANY(%s)
GROUP BY 1, 2, 3
"""


def settle_clashes(collaboration_ids: Sequence[int], *, has_given_up: bool = True) -> None:
    """Every fact that stands against the collaborations has a clash, open or accepted; all others are resolved."""
    standing: dict[tuple[Any, ...], tuple[bool | None, Multirange[date]]] = {}
    if has_given_up:
        with connection.cursor() as cursor:
            cursor.execute(STANDING, [list(collaboration_ids)])
            standing = {tuple(key): (is_full, days) for *key, is_full, days in cursor.fetchall()}
    known = Clash.objects.filter(collaboration__in=collaboration_ids).exclude(state=Clash.State.RESOLVED)
    for clash in known:
        found = standing.pop((clash.collaboration_id, clash.against_id, clash.unavailability_id), None)
        if found is None:
            clash.state, clash.decided_at = Clash.State.RESOLVED, timezone.now()
        else:
            clash.during = found[1]
        clash.save(update_fields=["state", "decided_at", "during"])
    creators = dict(
        Collaboration.objects.filter(pk__in=[key[0] for key in standing]).values_list("pk", "influencer_id")
    )
    agency_ids = dict(Collaboration.objects.filter(pk__in=creators).values_list("pk", "agency_id"))
    Clash.objects.bulk_create(
        Clash(
            agency_id=agency_ids[mine],
            influencer_id=creators[mine],
            collaboration_id=mine,
            against_id=other,
            unavailability_id=absence,
            rule=rule_code(absence_id=absence, is_full=is_full),
            during=days,
        )
        for (mine, other, absence), (is_full, days) in standing.items()
    )


def rule_code(*, absence_id: int | None, is_full: bool | None) -> str:
    """The rule of the catalogue: an absence is C8, a full exclusivity C2, any other C1."""
    if absence_id is not None:
        return "C8"
    return "C2" if is_full else "C1"


def holding_ids(agency_id: int, condition: Q) -> list[int]:
    """Collaborations of the agency that may have claims, narrowed by the condition."""
    states = [*Collaboration.HOLDING_STATES, Collaboration.State.CANCELLED]
    rows = Collaboration.objects.filter(condition, agency_id=agency_id, state__in=states)
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct())
