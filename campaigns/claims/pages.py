"""What the page of a collaboration shows of its claims, written for its reader."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agency.errors import Refused
from agency.models import Membership
from campaigns.claims.answers import Answer, answer_for
from campaigns.claims.derive import Row, Surroundings, collaboration_rows, holds, with_everything
from campaigns.claims.line_up import tier_of_collaboration
from campaigns.claims.words import clash_text, clause_text, multirange_text, visible_brand_ids
from campaigns.models import Clash, Collaboration, Deliverable, Exclusivity
from campaigns.selectors.creators import absences_of
from influencers.selectors.tiers import default_bands


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause in words, and on which days it shuts out (empty while nobody can say)."""

    clause: Exclusivity
    text: str
    days: str


@dataclass(frozen=True, slots=True)
class DeliverableLine:
    """A deliverable with its note, which is for colleagues and empty for a viewer."""

    deliverable: Deliverable
    note: str


def collaboration_page(collaboration: Collaboration, reader: Membership) -> Mapping[str, Any]:
    """The whole page. Fees, prices, notes and reasons of absences only for those who may see them."""
    rows = with_everything(Collaboration.objects.filter(pk=collaboration.pk))
    fresh = rows.select_related("booked_by__user").prefetch_related("influencer__accounts").get()
    visible = visible_brand_ids(reader)
    claimed, reason = claimed_rows(fresh)
    clashes = fresh.clashes.select_related("influencer", "collaboration__campaign__brand", "against__campaign__brand")
    return {
        "collaboration": fresh,
        "campaign": fresh.campaign,
        "influencer": fresh.influencer,
        "tier": tier_of_collaboration(fresh, default_bands(reader.agency)),
        "deliverables": [
            DeliverableLine(each, each.note if reader.can_write else "") for each in fresh.deliverables.all()
        ],
        "clauses": list(clause_lines(fresh, claimed, visible)),
        "absences": absences_of(fresh.influencer, reader.agency.today()),
        "activity_days": next((multirange_text(row.during) for row in claimed if not row.is_exclusive), ""),
        "answer": answer_of(fresh, claimed, reader),
        "reason": reason,
        "holds": holds(fresh),
        "fee": fresh.fee if reader.can_see_fees else None,
        "client_price": fresh.client_price if reader.can_see_fees else None,
        "clashes": [clash_text(clash, visible) for clash in clashes.exclude(state=Clash.State.RESOLVED)],
    }


def claimed_rows(collaboration: Collaboration) -> tuple[list[Row], str]:
    """What a booking claims, or why nobody can say."""
    try:
        return collaboration_rows(collaboration, Surroundings(collaboration.agency_id), as_booked=True), ""
    except Refused as refusal:
        return [], str(refusal)


def clause_lines(collaboration: Collaboration, claimed: list[Row], visible: frozenset[int]) -> Iterator[ClauseLine]:
    days = {row.clause_id: multirange_text(row.during) for row in claimed}
    for clause in collaboration.clauses.all():
        yield ClauseLine(clause, clause_text(clause, visible), days.get(clause.pk, ""))


def answer_of(collaboration: Collaboration, claimed: list[Row], reader: Membership) -> Answer | None:
    """Would it fit, as long as it neither holds nor ended; of what holds only what may clash."""
    ended = {Collaboration.State.DECLINED, Collaboration.State.CANCELLED}
    if not claimed or collaboration.state in ended:
        return None
    return answer_for(claimed, agency_id=collaboration.agency_id, without=[collaboration.pk], reader=reader)
