"""Days on which a creator takes no work. A fact: never refused."""

from datetime import date

from agency.models import Membership
from campaigns.claims.store import creators_locked, read_for_claims, retry_on_conflict, write_absence, write_claims
from campaigns.models import Claim, Clash, Collaboration, Unavailability
from campaigns.services.rows import assign, same_agency
from influencers.models import Influencer


@retry_on_conflict
def record_unavailability(
    *, influencer: Influencer, starts_on: date, ends_on: date, reason: str = "", by: Membership | None
) -> Unavailability:
    """Record the absence. Bookings that stand in it give up those days, and an open clash says so."""
    same_agency(influencer.agency_id, by)
    absence = Unavailability(agency_id=influencer.agency_id, influencer=influencer)
    assign(absence, {"starts_on": starts_on, "ends_on": ends_on, "reason": reason})
    with creators_locked(influencer.agency_id, [influencer.pk]):
        absence.pk = None
        absence.save()
        write_absence(absence)
        return absence


@retry_on_conflict
def remove_unavailability(*, unavailability: Unavailability, by: Membership | None) -> None:
    """The creator is there after all: days that bookings gave up are theirs again, and their clashes are resolved."""
    standing = Clash.objects.filter(unavailability=unavailability)
    affected = Collaboration.objects.filter(pk__in=standing.values("collaboration"))
    people = [unavailability.influencer_id, *affected.values_list("influencer_id", flat=True)]
    with creators_locked(unavailability.agency_id, people):
        ids = sorted(standing.exclude(state=Clash.State.RESOLVED).values_list("collaboration_id", flat=True))
        Claim.objects.filter(unavailability=unavailability).delete()
        write_claims(read_for_claims(ids), by=by)
        # The record of the clash outlives the absence.
        standing.update(unavailability=None)
        Unavailability.objects.filter(pk=unavailability.pk).delete()
