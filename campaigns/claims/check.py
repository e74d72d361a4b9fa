"""The proof that stored claims are the derived ones, and the place where days that were given up come back."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from psycopg.types.multirange import Multirange

from agency.errors import Refused
from agency.models import Agency
from campaigns.claims.derive import Row, Surroundings, absence_rows, collaboration_rows, holds, with_everything
from campaigns.claims.refusals import ClashRefused
from campaigns.claims.store import creators_locked, read_for_claims, write_claims
from campaigns.claims.words import multirange_text
from campaigns.fields import day_set
from campaigns.models import Claim, Clash, Collaboration, Unavailability

BATCH = 500
DIFFERENT = "Stored claims differ from the derived ones."
Problem = dict[str, Any]
Rows = dict[tuple[str, ...], "Multirange[Any]"]


def check_agency(agency: Agency) -> tuple[int, list[Problem]]:
    """How many bookings and absences were checked, and what is wrong with them.

    Stored claims must be the derived ones. Days that were given up to a fact and fit again are enforced again; those that
    still do not fit are a problem until a manager accepts their clash.
    """
    checked = 0
    problems: list[Problem] = []
    surroundings = Surroundings(agency.pk)
    for collaboration in collaborations_to_check(agency):
        checked += 1
        if difference(collaboration, surroundings) and (message := confirmed_difference(collaboration)):
            problems.append(problem_of(collaboration, message))
    absences = Unavailability.objects.filter(agency=agency).select_related("influencer").prefetch_related("claims")
    for absence in absences.order_by("pk"):
        checked += 1
        if stored_rows(absence.claims.all()) != derived_rows(absence_rows(absence)):
            problems.append({"unavailability": absence.pk, "message": DIFFERENT})
    problems += enforce_again(agency)
    return checked, problems


def confirmed_difference(collaboration: Collaboration) -> str:
    """The difference as it is while nobody can change it; it may have been changed between two reads before."""
    with creators_locked(collaboration.agency_id, [collaboration.influencer_id]):
        fresh = read_for_claims([collaboration.pk])
        return difference(fresh[0], Surroundings(collaboration.agency_id)) if fresh else ""


def problem_of(collaboration: Collaboration, message: str) -> Problem:
    return {"collaboration": collaboration.pk, "message": message}


def collaborations_to_check(agency: Agency) -> Iterator[Collaboration]:
    """Everything that holds a creator or has claims, in batches."""
    held = Q(state__in=[*Collaboration.HOLDING_STATES, Collaboration.State.CANCELLED])
    stored = Q(pk__in=Claim.objects.filter(agency=agency, collaboration__isnull=False).values("collaboration"))
    candidates = Collaboration.objects.filter(held | stored, agency=agency).order_by("pk")
    for collaboration in with_everything(candidates).iterator(chunk_size=BATCH):
        if holds(collaboration) or collaboration.claims.exists():
            yield collaboration


def difference(collaboration: Collaboration, surroundings: Surroundings) -> str:
    """What is wrong with the stored claims of a collaboration; empty if nothing is."""
    try:
        rows = collaboration_rows(collaboration, surroundings)
    except Refused as refusal:
        return str(refusal)
    if stored_rows(collaboration.claims.all()) != derived_rows(rows):
        return DIFFERENT
    return ""


def derived_rows(rows: Iterable[Row]) -> Rows:
    return {key_of(row): row.during for row in rows}


def stored_rows(claims: QuerySet[Claim]) -> Rows:
    """The stored claims; days that are enforced and days that were given up belong together."""
    days: dict[tuple[str, ...], list[tuple[Any, Any]]] = {}
    for claim in claims:
        days.setdefault(key_of(claim), []).extend((part.lower, part.upper) for part in claim.during)
    return {key: half_open_set(parts) for key, parts in days.items()}


def half_open_set(parts: Iterable[tuple[Any, Any]]) -> "Multirange[Any]":
    return day_set((low, None if high is None else high - timedelta(days=1)) for low, high in parts)


def key_of(row: Row | Claim) -> tuple[str, ...]:
    """Everything of a claim but its days."""
    sets = (row.parties, row.categories, row.platforms, row.markets)
    return (str(row.influencer_id), str(row.clause_id), str(row.is_exclusive), *(str(numbers) for numbers in sets))


def enforce_again(agency: Agency) -> list[Problem]:
    """Derive the claims of every booking that gave up days; what still does not fit is listed unless a manager accepted it."""
    given_up = Claim.objects.filter(agency=agency, enforced=False)
    ids = sorted(pk for pk in given_up.values_list("collaboration_id", flat=True).distinct() if pk)
    problems: list[Problem] = []
    for collaboration in Collaboration.objects.filter(pk__in=ids).order_by("pk"):
        try:
            with creators_locked(agency.pk, [collaboration.influencer_id]):
                write_claims(read_for_claims([collaboration.pk]), by=None)
        except ClashRefused as refusal:
            problems.append(problem_of(collaboration, str(refusal)))
            continue
        open_clashes = collaboration.clashes.filter(state=Clash.State.OPEN)
        problems += [
            problem_of(collaboration, f"Not enforced: {multirange_text(clash.during)}.") for clash in open_clashes
        ]
    return problems
