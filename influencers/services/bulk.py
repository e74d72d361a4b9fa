"""One change to many creators at once: set-based, in one transaction, kept by the history like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import BigIntegerField, CharField, F, Func, QuerySet, Value
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.models import Influencer
from influencers.services.people import set_status

TAGS: "ArrayField[list[str], list[str]]" = ArrayField(CharField(max_length=60))
IDS: "ArrayField[list[int], list[int]]" = ArrayField(BigIntegerField())


class WithWords(Func):
    """The first array and the words of the second that it lacks, in order."""

    template = (
        "ARRAY(SELECT word FROM unnest(array_cat(%(expressions)s)) WITH ORDINALITY AS w(word, place)"
        " GROUP BY word ORDER BY min(place))"
    )
    output_field = TAGS


@transaction.atomic
def tag_creators(*, agency: Agency, creators: QuerySet[Any], tags: Sequence[str], by: Membership | None) -> int:
    """All of them carry the tags; returns how many lacked one before."""
    people = locked(agency, creators).exclude(tags__contains=list(tags))
    return people.update(tags=WithWords(F("tags"), Value(list(tags), output_field=TAGS)))


@transaction.atomic
def untag_creators(*, agency: Agency, creators: QuerySet[Any], tags: Sequence[str], by: Membership | None) -> int:
    """None of them carries one of the tags; returns how many did before."""
    people = locked(agency, creators).filter(tags__overlap=list(tags))
    left: Any = F("tags")
    for tag in tags:
        left = Func(left, Value(tag), function="array_remove", output_field=TAGS)
    return people.update(tags=left)


@transaction.atomic
def set_status_of(
    *, agency: Agency, creators: QuerySet[Any], status: Influencer.Status, by: Membership | None
) -> int:  # fmt: skip
    """All of them have the status; returns how many had another one before."""
    return set_status(influencers=locked(agency, creators), status=status, by=by)


@dataclass(frozen=True, slots=True)
class Informed:
    """How many are marked now, and how many had been told before and stay as they were."""

    marked: int
    earlier: int


@transaction.atomic
def mark_informed(*, agency: Agency, creators: QuerySet[Any], on: date, how: str, by: Membership | None) -> Informed:
    """They were told on that day that their data are kept, and how. What was recorded earlier is not overwritten."""
    if on > agency.today():
        raise Refused(_("That day is still to come."))
    people = locked(agency, creators)
    earlier = people.filter(informed_on__isnull=False).count()
    return Informed(people.filter(informed_on__isnull=True).update(informed_on=on, informed_how=how), earlier)


def locked(agency: Agency, creators: QuerySet[Any]) -> QuerySet[Influencer]:
    """Those of the rows (whose keys are ids of creators) that are on the agency's roster, locked in the order of their ids.

    The same people for the rest of the transaction, whatever happens to the filter that found them.
    """
    people = Influencer.objects.filter(agency=agency, pk__in=creators.order_by().values("pk"))
    ids = list(people.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    found: QuerySet[Influencer] = Influencer.objects.filter(pk__in=one_of(ids))
    return found


def one_of(ids: list[int]) -> Func:
    """The ids as one parameter: a list of a hundred thousand would be as many."""
    return Func(
        Value(ids, output_field=IDS), template="(SELECT unnest(%(expressions)s))", output_field=BigIntegerField()
    )
