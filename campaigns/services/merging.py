"""What becomes of bookings when two creators turn out to be one: refused if they clash, claims derived anew if they do not."""

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from psycopg.types.multirange import Multirange

from agency.models import Membership
from campaigns.claims.derive import absence_rows
from campaigns.claims.obstacles import met
from campaigns.claims.refusals import ClashRefused
from campaigns.claims.store import claim_of, holding_ids, lock_creators, read_for_claims, write_absence, write_claims
from campaigns.claims.words import multirange_text, visible_brand_ids
from campaigns.models import Claim, Clash, Collaboration, Unavailability
from influencers.merging.refusals import MergeRefused
from influencers.merging.rows import Trail, put_back, snapshot
from influencers.models import Influencer, Merge

Standing = Set[tuple[int | None, int | None]]
ASIDE, FOUND = "claims_given_up", "clashes_found"


def on_merging(
    sender: Any, *, kept: Influencer, merged: Influencer, by: Membership | None, undo: Trail, **_signal: Any
) -> None:
    """Refuses two people who stand in one line-up, and bookings that one person could not have; then clears the way."""
    lock_creators(circle(kept, merged))
    refuse_shared_line_ups(kept, merged, by)
    if reasons := list(clashes_between(kept, merged, by)):
        raise MergeRefused(_("As one person they would be booked twice."), reasons)
    aside = Claim.objects.filter(influencer=merged, enforced=False)
    undo[ASIDE] = snapshot(aside)
    # Days given up to an absence are recognised by the creator when claims are derived.
    aside.update(influencer=kept)
    Claim.objects.filter(influencer=merged).delete()


def on_merged(sender: Any, *, kept: Influencer, by: Membership | None, undo: Trail, **_signal: Any) -> None:
    """Bookings and absences hold the one that was kept, and the members of a duo."""
    people = circle(kept)
    clashes = Clash.objects.filter(collaboration__influencer__in=people)
    known = list(clashes.values_list("pk", flat=True))
    derive_anew(people, kept.agency_id, by=by)
    undo[FOUND] = list(clashes.exclude(pk__in=known).order_by("pk").values_list("pk", flat=True))


def on_parted(
    sender: Any, *, merge: Merge, kept: Influencer, restored: Influencer, by: Membership | None, **_signal: Any
) -> None:
    """Bookings and absences hold whom they held before."""
    people = circle(kept, restored)
    lock_creators(people)
    own = Claim.objects.filter(collaboration__influencer=restored, influencer=kept, enforced=False)
    own.update(influencer=restored)
    put_back(Claim, still_standing(merge.undo[ASIDE], restored))
    derive_anew(people, kept.agency_id, by=by)
    # Only as one person did they clash; what nobody decided about is no record of anything.
    Clash.objects.filter(pk__in=merge.undo[FOUND], state=Clash.State.RESOLVED, decided_by=None).delete()


def circle(*creators: Influencer) -> set[int]:
    """The creators and the duos they belong to: whose bookings hold them."""
    duos = Influencer.members.through._default_manager.filter(to_influencer__in=creators)
    return {creator.pk for creator in creators} | set(duos.values_list("from_influencer", flat=True))


def derive_anew(people: Iterable[int], agency_id: int, *, by: Membership | None) -> None:
    """All claims of bookings and absences of these creators, which nothing may stand against."""
    people = list(people)
    absences = list(Unavailability.objects.filter(influencer__in=people).select_related("influencer").order_by("pk"))
    Claim.objects.filter(unavailability__in=absences).delete()
    claims = [
        claim_of(row, agency_id, row.during, absence=absence) for absence in absences for row in absence_rows(absence)
    ]
    known, meetings = standing(agency_id), met(claims)
    against = Claim.objects.in_bulk([meeting.claim_id for meeting in meetings])
    if not all(one_matter(claims[meeting.line], against[meeting.claim_id], known) for meeting in meetings):
        raise MergeRefused(_("A member of the duo is booked on days on which the other record is away."))
    for absence in absences:
        write_absence(absence)
    try:
        write_claims(read_for_claims(holding_ids(agency_id, Q(influencer__in=people))), by=by)
    except ClashRefused as refusal:
        raise MergeRefused(_("With all members together a booking would clash."), [str(refusal)]) from refusal


def still_standing(rows: Sequence[dict[str, Any]], restored: Influencer) -> list[dict[str, Any]]:
    """Days that bookings of the creator's duos had given up; those of the creator's own came back with the bookings."""
    bookings = Collaboration.objects.exclude(influencer=restored).in_bulk([row["collaboration_id"] for row in rows])
    clauses = set(Claim.objects.filter(collaboration__in=bookings).values_list("clause_id", flat=True)) | {None}
    return [row for row in rows if row["collaboration_id"] in bookings and row["clause_id"] in clauses]


# --- refusals ------------------------------------------------------------------------------------------
def refuse_shared_line_ups(kept: Influencer, merged: Influencer, by: Membership | None) -> None:
    """A creator stands in a line-up once; which of two parts is the right one, a person decides."""
    both = Collaboration.objects.filter(influencer=merged, campaign__collaborations__influencer=kept)
    visible = visible_brand_ids(by)
    found = both.select_related("campaign").order_by("campaign__starts_on", "pk")
    names = [each.campaign.name if each.campaign.brand_id in visible else "" for each in found]
    if names:
        reasons = [
            _("Both are in the line-up of “%(campaign)s”.") % {"campaign": name}
            if name
            else _("Both are in the line-up of a campaign that you may not see.")
            for name in names
        ]
        raise MergeRefused(_("Both are in one line-up. Remove one of the two there, then merge."), reasons)


def clashes_between(kept: Influencer, merged: Influencer, by: Membership | None) -> Iterator[str]:
    """What PostgreSQL would refuse of one person, each pair of bookings or absences once, with its days."""
    related = ("collaboration__campaign__brand", "unavailability")
    asked = list(Claim.objects.filter(influencer=merged, enforced=True).select_related(*related).order_by("pk"))
    for claim in asked:
        claim.influencer_id = kept.pk
    meetings = met(asked)
    against = Claim.objects.select_related(*related).in_bulk([meeting.claim_id for meeting in meetings])
    visible = visible_brand_ids(by)
    known = standing(kept.agency_id)
    pairs: list[tuple[str, str, Multirange[date]]] = []
    for meeting in meetings:
        mine, theirs = asked[meeting.line], against[meeting.claim_id]
        if not one_matter(mine, theirs, known):
            pairs.append((side(mine, merged, visible), side(theirs, kept, visible), meeting.days))
    pairs.sort(key=lambda pair: (pair[0], pair[1]))
    for (one, other), group in groupby(pairs, key=lambda pair: pair[:2]):
        days = sorted({multirange_text(days) for _one, _other, days in group})
        said = {"one": one, "other": other, "days": ", ".join(days)}
        yield _("%(days)s: %(one)s, %(other)s.") % said


def standing(agency_id: int) -> Standing:
    """Bookings and the absences in which they stand, as somebody was told already."""
    clashes = Clash.objects.filter(agency=agency_id, unavailability__isnull=False).exclude(state=Clash.State.RESOLVED)
    return set(clashes.values_list("collaboration_id", "unavailability_id"))


def one_matter(mine: Claim, theirs: Claim, known: Standing) -> bool:
    """One booking of a duo to which both belong, or a clash of a booking with an absence that stands already."""
    if mine.collaboration_id is not None and mine.collaboration_id == theirs.collaboration_id:
        return True
    sides = {(mine.collaboration_id, theirs.unavailability_id), (theirs.collaboration_id, mine.unavailability_id)}
    return not known.isdisjoint(sides)


def side(claim: Claim, creator: Influencer, visible: frozenset[int]) -> str:
    """Emma is booked for Northwind Coffee; without the brand for who may not know of it."""
    said = {"name": creator.name}
    if claim.unavailability_id:
        return _("%(name)s is away") % said
    if claim.collaboration is None or claim.collaboration.campaign.brand_id not in visible:
        return _("%(name)s is not available") % said
    brand = claim.collaboration.campaign.brand.name
    if claim.is_exclusive:
        return _("%(name)s is exclusive for %(brand)s") % (said | {"brand": brand})
    return _("%(name)s is booked for %(brand)s") % (said | {"brand": brand})
