"""Where a creator stands on a day: free, or what takes them, told to one reader."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from agency.models import Membership
from agency.templatetags.meso import days_text
from campaigns.claims.words import clause_text, last_day, visible_brand_ids
from campaigns.models import Claim
from campaigns.selectors.creators import claims_from, claims_of_day
from influencers.models import Influencer


@dataclass(frozen=True, slots=True)
class Presence:
    """What takes the creator on a day (nothing: free), and the next day on which that is otherwise, if there is one."""

    lines: list[str]
    changes_on: date | None

    @property
    def is_free(self) -> bool:
        return not self.lines


def presence_of(influencer: Influencer, day: date, reader: Membership) -> Presence:
    """A sentence for each booking, exclusivity and absence of the day, and the next day on which it is otherwise.

    Work of brands that the reader may not know of is one sentence without names.
    """
    visible = visible_brand_ids(reader)
    lines: list[str] = []
    for claim in claims_of_day(influencer, day):
        line = sentence(claim, day, visible)
        if line not in lines:
            lines.append(line)
    return Presence(lines, changing_day(influencer, day, is_free=not lines))


def changing_day(influencer: Influencer, day: date, *, is_free: bool) -> date | None:
    """Of a free creator the first day that is taken, of a taken one the first that is free; None if that never comes."""
    periods = sorted(
        (part.lower or date.min, part.upper or date.max)
        for claim in claims_from(influencer, day)
        for part in claim.during
        if (part.upper or date.max) > day
    )
    if is_free:
        return periods[0][0] if periods else None
    free = day
    for first, end in periods:
        if first > free:
            break
        free = max(free, end)
    return None if free == date.max else free


def sentence(claim: Claim, day: date, visible: frozenset[int]) -> str:
    part = next(part for part in claim.during if (part.lower or date.min) <= day < (part.upper or date.max))
    until = last_day(part.upper)
    words = {"until": days_text(until, until) if until else ""}
    if claim.unavailability_id:
        return _("Away until %(until)s.") % words
    if claim.collaboration is None or claim.collaboration.campaign.brand_id not in visible:
        return _("Not available until %(until)s: exclusivity.") % words if until else _("Not available: exclusivity.")
    words["brand"] = claim.collaboration.campaign.brand.name
    if claim.clause is None:
        return _("Works for %(brand)s until %(until)s.") % words
    words["clause"] = clause_text(claim.clause, visible)
    if until is None:
        return _("%(brand)s: %(clause)s.") % words
    return _("%(brand)s: %(clause)s, until %(until)s.") % words
