"""Many creators into a line-up at once."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from agency.models import Membership
from campaigns.models import Campaign, Collaboration
from campaigns.services.rows import same_agency
from influencers.models import Influencer

BATCH = 2_000
NAMED = 100


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many were left out for a reason, and the first of them by name."""

    count: int
    first: list[Influencer]

    @classmethod
    def of(cls, people: QuerySet[Influencer]) -> "LeftOut":
        return cls(people.count(), list(people.only("name", "sort_name").order_by("sort_name", "pk")[:NAMED]))

    @property
    def others(self) -> int:
        return self.count - len(self.first)


@dataclass(frozen=True, slots=True)
class LineUpAnswer:
    """How many were proposed, and who was left out for which reason."""

    added: int
    blocked: LeftOut
    already: LeftOut

    @property
    def left_out(self) -> int:
        return self.blocked.count + self.already.count


@transaction.atomic
def add_many_to_line_up(*, campaign: Campaign, creators: QuerySet[Any], by: Membership | None) -> LineUpAnswer:
    """All of them (rows whose keys are ids of creators of the agency) are proposed for the campaign.

    Left out, with the reason: who is in the line-up already, in whatever state, and whom the agency does not work with.
    Nothing is claimed yet.
    """
    same_agency(campaign.agency_id, by)
    people = Influencer.objects.filter(agency=campaign.agency_id, pk__in=creators.order_by().values("pk"))
    in_line_up = campaign.collaborations.values("influencer")
    already = LeftOut.of(people.filter(pk__in=in_line_up))
    missing = people.exclude(pk__in=in_line_up)
    blocked = LeftOut.of(missing.filter(status=Influencer.Status.BLOCKED))
    free = missing.exclude(status=Influencer.Status.BLOCKED).order_by("pk")
    ids = list(free.select_for_update(no_key=True).values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        Collaboration.objects.bulk_create(
            Collaboration(agency_id=campaign.agency_id, campaign=campaign, influencer_id=pk, currency=campaign.currency)
            for pk in ids[start : start + BATCH]
        )
    return LineUpAnswer(len(ids), blocked, already)
