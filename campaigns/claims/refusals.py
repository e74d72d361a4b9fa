"""A clash as a sentence: who, which days, why, and when it would fit. Nothing that the reader may not know of is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg.types.multirange import Multirange

from agency.errors import Refused
from agency.models import Membership
from agency.templatetags.meso import days_text
from campaigns.claims.derive import Row
from campaigns.claims.obstacles import Meeting, Obstacle, obstacles
from campaigns.claims.windows import Window, free_windows
from campaigns.claims.words import clause_text, last_day, multirange_text, visible_brand_ids
from campaigns.models import Claim, Collaboration
from influencers.models import Influencer


@dataclass(frozen=True, slots=True)
class Side:
    """What stands in the way, as far as the reader may know it."""

    influencer: Influencer
    days: "Multirange[date]"
    sentence: str
    collaboration: Collaboration | None
    is_absence: bool

    @property
    def days_text(self) -> str:
        return multirange_text(self.days)


class ClashRefused(Refused):
    """PostgreSQL refuses these claims: what stands in the way and when they would fit, told to one reader.

    `reader` None is nobody in particular: then no brand, campaign or category is named. What is told is worked out when it
    is read, after the locks are gone. A refusal of several bookings at once (a campaign was changed) has no windows.
    """

    def __init__(
        self,
        meetings: Sequence[Meeting],
        *,
        reader: Membership | None,
        rows: Sequence[Row] = (),
        without: Sequence[int] = (),
    ) -> None:
        super().__init__(meetings, reader)
        self.meetings = meetings
        self.reader = reader
        self.rows = rows
        self.without = without

    def __str__(self) -> str:
        return self.sentence

    @cached_property
    def windows(self) -> list[Window]:
        """The next times at which all of it would fit; empty if there is none."""
        return free_windows(self.rows, without=self.without)

    @cached_property
    def visible(self) -> frozenset[int]:
        return visible_brand_ids(self.reader)

    @cached_property
    def sides(self) -> list[Side]:
        """What stands in the way, each booking or absence once per creator, earliest first."""
        seen: dict[tuple[int, int | None, int | None], list[Obstacle]] = {}
        for obstacle in obstacles(self.meetings):
            claim = obstacle.claim
            key = (claim.influencer_id, claim.collaboration_id, claim.unavailability_id)
            seen.setdefault(key, []).append(obstacle)
        return [self._side(group) for group in seen.values()]

    @cached_property
    def sentence(self) -> str:
        """Emma is booked for Northwind Coffee until 17 May 2026. Exclusive in hot drinks, 14 days after. Next free: 1 June 2026."""
        if not self.sides:
            return _("This clashes with another booking.")
        parts = [self.sides[0].sentence]
        if more := len(self.sides) - 1:
            parts.append(ngettext("%(n)s more clash.", "%(n)s more clashes.", more) % {"n": more})
        if self.windows:
            parts.append(_("Next free: %(day)s.") % {"day": days_text(self.windows[0].first, self.windows[0].first)})
        return " ".join(parts)

    def _side(self, group: list[Obstacle]) -> Side:
        # Their exclusivity is the reason to name first: giving up ours would not help against it.
        named = next((obstacle for obstacle in group if obstacle.claim.is_exclusive), group[0])
        claim, days = named.claim, named.days
        collaboration = claim.collaboration
        is_visible = collaboration is not None and collaboration.campaign.brand_id in self.visible
        return Side(
            influencer=claim.influencer,
            days=days,
            sentence=self._sentence(claim, days, is_visible=is_visible),
            collaboration=collaboration if is_visible else None,
            is_absence=claim.unavailability_id is not None,
        )

    def _sentence(self, claim: Claim, days: "Multirange[date]", *, is_visible: bool) -> str:
        words = {"creator": claim.influencer.name, "days": multirange_text(days)}
        if claim.unavailability_id:
            return _("%(creator)s is away %(days)s.") % words
        if claim.collaboration is None or not is_visible:
            return _("%(creator)s is not available %(days)s: exclusivity.") % words
        words["brand"] = claim.collaboration.campaign.brand.name
        if claim.clause:
            words["until"] = until_text(claim.collaboration)
            words["clause"] = clause_text(claim.clause, self.visible)
            return _("%(creator)s is booked for %(brand)s until %(until)s. %(clause)s.") % words
        return _("%(creator)s works for %(brand)s %(days)s, which the exclusivity asked for shuts out.") % words


def until_text(collaboration: Collaboration) -> str:
    """The last day on which the booking acts."""
    activity = collaboration.claims.filter(is_exclusive=False).values_list("during", flat=True)
    ends = [part.upper for during in activity for part in during if part.upper]
    day = last_day(max(ends, default=None))
    return days_text(day, day)
