"""What data protection asks for, done: telling people that they are on the roster, and erasing them."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.errors import Refused
from agency.history import changed_by
from agency.locks import lock_agency_exclusive
from agency.models import Agency, Membership
from influencers.models import Erasure, Influencer
from influencers.protection.fingerprints import keep_fingerprints
from influencers.protection.holdings import all_holdings
from influencers.protection.mentions import spared_mentions
from influencers.protection.sessions import delete_sessions_with
from influencers.protection.uploads import delete_uploads_with
from influencers.protection.words import PersonWords, words_of
from influencers.signals import influencer_erasing

# Keys, never free text: a sentence about the reason would name the person.
REASONS = {
    "asked": gettext_lazy("asked to be erased"),
    "objected": gettext_lazy("objects to being on the roster"),
    "baseless": gettext_lazy("should not have been kept"),
    "age": gettext_lazy("not needed for a long time"),
}
BY_HAND = ("asked", "objected", "baseless")
# Nobody said anything against being on the roster: whoever was not needed for long may be added or imported again.
NO_OBJECTION = frozenset({"age"})


@dataclass(frozen=True, slots=True)
class ErasureOutlook:
    """What erasing somebody would do; with `obstacles` it is refused."""

    obstacles: list[str]
    lost: list[str]
    kept: list[str]
    words: PersonWords
    mentions: list[tuple[Influencer, int]]


@transaction.atomic
def record_protection(
    *,
    influencer: Influencer,
    source: str,
    lawful_basis: str,
    informed_on: date | None,
    informed_how: str,
    by: Membership,
) -> Influencer:
    """Where the record came from, on what basis it is kept, and when and how the person was told."""
    if not by.can_write:
        raise Refused(_("Your role in this agency does not allow this."))
    if informed_on and informed_on > influencer.agency.today():
        raise Refused(_("Nobody was informed in the future."))
    if informed_how and not informed_on:
        raise Refused(_("Give the day on which they were informed, too."))
    influencer.source, influencer.lawful_basis = source.strip(), lawful_basis
    influencer.informed_on, influencer.informed_how = informed_on, informed_how.strip()
    influencer.save(update_fields=["source", "lawful_basis", "informed_on", "informed_how"])
    return influencer


@transaction.atomic
def inform_influencers(
    *, influencers: QuerySet[Influencer], informed_on: date, informed_how: str, by: Membership
) -> int:
    """Marks those of them who were not informed yet; returns how many."""
    if not by.can_write:
        raise Refused(_("Your role in this agency does not allow this."))
    if informed_on > by.agency.today():
        raise Refused(_("Nobody was informed in the future."))
    waiting = influencers.filter(agency_id=by.agency_id, informed_on__isnull=True)
    return waiting.order_by().update(informed_on=informed_on, informed_how=informed_how.strip())


def erasure_outlook(influencer: Influencer) -> ErasureOutlook:
    """What an erasure would delete, keep and be stopped by, for the page that asks before it is done."""
    parts = [holdings.outlook(influencer) for holdings in all_holdings()]
    words = words_of(influencer)
    return ErasureOutlook(
        obstacles=[sentence for part in parts for sentence in part.obstacles],
        lost=[sentence for part in parts for sentence in part.lost],
        kept=[sentence for part in parts for sentence in part.kept],
        words=words,
        mentions=spared_mentions(influencer, words),
    )


def erase_influencer(*, influencer: Influencer, reason: str, by: Membership | None) -> Erasure:
    """The person is gone from the agency: rows, history, imports, files, sessions; only fingerprints and what the law keeps stay.

    Refused, with nothing changed, while collaborations run. There is no way back.
    """
    if by is not None and not by.is_manager:
        raise Refused(_("Only a manager may erase a creator."))
    if reason not in REASONS:
        raise Refused(_("Choose a reason."))
    agency_id = influencer.agency_id
    with transaction.atomic(), changed_by(user=by.user_id if by else None):
        lock_agency_exclusive(agency_id)
        person = Influencer.objects.select_for_update().filter(agency_id=agency_id, pk=influencer.pk).first()
        if person is None:
            raise Refused(_("This creator is not on the roster any more."))
        refuse_obstacles(person)
        words = words_of(person)
        erasure = new_erasure(agency_id, reason=reason, by=by)
        if reason not in NO_OBJECTION:
            keep_fingerprints(erasure, words.identifiers)
        answers = influencer_erasing.send(Influencer, influencer=person, erasure=erasure, words=words, by=by)
        told: Counter[str] = Counter()
        for _receiver, answer in answers:
            told.update(answer)
        erasure.counts = {"elsewhere": dict(told), **run_erase(erasure, person, words)}
        erasure.counts["sessions"] = delete_sessions_with(words)
        # Last, because files do not come back: whatever fails before leaves all of them.
        erasure.counts["uploads"] = delete_uploads_with(agency_id, list(words.spellings))
        erasure.save(update_fields=["counts"])
    return erasure


def refuse_obstacles(person: Influencer) -> None:
    """Refused with every obstacle when one of the registered parts has one."""
    obstacles = [sentence for holdings in all_holdings() for sentence in holdings.outlook(person).obstacles]
    if obstacles:
        raise Refused(" ".join([_("This creator cannot be erased yet."), *obstacles]))


def new_erasure(agency_id: int, *, reason: str, by: Membership | None) -> Erasure:
    """The record of the erasure, with the agency's next number."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    last = Erasure.objects.filter(agency_id=agency_id).aggregate(last=Max("number"))["last"] or 0
    return Erasure.objects.create(
        agency_id=agency_id, number=last + 1, reason=reason, erased_by=by.user if by else None
    )


def run_erase(erasure: Erasure, person: Influencer, words: PersonWords) -> dict[str, Any]:
    """Calls the one function that erases; the row of the person stays, emptied, where another row must point at it."""
    keep = any(holdings.still_points_at(person) for holdings in all_holdings())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL meso.erasing = 'on'")
        cursor.execute(
            "SELECT meso_erase(%s, %s, %s, %s, %s)", [erasure.pk, person.pk, words.strict, words.loose, keep]
        )
        (counts,) = cursor.fetchone()
        cursor.execute("SET LOCAL meso.erasing = 'off'")
    return dict(json.loads(counts))
