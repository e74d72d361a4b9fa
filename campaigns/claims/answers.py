"""The answer before the click: would this booking fit, and if not, when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agency.models import Membership
from campaigns.claims.derive import Row, Surroundings, collaboration_rows, with_everything
from campaigns.claims.obstacles import met
from campaigns.claims.possible import PossibleClash, possible_clashes
from campaigns.claims.refusals import ClashRefused
from campaigns.claims.windows import Window
from campaigns.models import Campaign, Collaboration
from influencers.models import Influencer


@dataclass(frozen=True, slots=True)
class Answer:
    """Free when there is no refusal; possible clashes warn either way."""

    refusal: ClashRefused | None
    possible: Sequence[PossibleClash] = ()

    @property
    def is_free(self) -> bool:
        return self.refusal is None

    @property
    def windows(self) -> list[Window]:
        return self.refusal.windows if self.refusal else []


def answer_for(rows: Sequence[Row], *, agency_id: int, without: Sequence[int], reader: Membership | None) -> Answer:
    """What PostgreSQL would say to these rows now; claims of the collaborations `without` aside."""
    found = met(rows, without=without)
    refusal = ClashRefused(found, reader=reader, rows=rows, without=without) if found else None
    return Answer(refusal, possible_clashes(rows, reader=reader, agency_id=agency_id, without=without))


def check_booking(
    *,
    campaign: Campaign,
    influencer: Influencer,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reader: Membership | None,
) -> Answer:
    """Would the creator be free for the campaign, on the given days or else over its whole flight.

    Refused (not a clash) when the campaign has no category.
    """
    asked = Collaboration(
        agency_id=campaign.agency_id, campaign=campaign, influencer=influencer, starts_on=starts_on, ends_on=ends_on
    )
    rows = collaboration_rows(asked, Surroundings(campaign.agency_id), as_booked=True)
    own = list(campaign.collaborations.filter(influencer=influencer).values_list("pk", flat=True))
    return answer_for(rows, agency_id=campaign.agency_id, without=own, reader=reader)


def check_collaboration(collaboration: Collaboration, *, reader: Membership | None) -> Answer:
    """Would this collaboration fit as it stands, with its deliverables and clauses."""
    fresh = with_everything(Collaboration.objects.filter(pk=collaboration.pk)).get()
    rows = collaboration_rows(fresh, Surroundings(fresh.agency_id), as_booked=True)
    return answer_for(rows, agency_id=fresh.agency_id, without=[fresh.pk], reader=reader)
