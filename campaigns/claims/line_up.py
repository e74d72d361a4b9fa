"""A campaign's line-up as the page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agency.models import Membership
from campaigns.claims.derive import counted_deliverables, post_periods, with_everything
from campaigns.claims.lights import Light, lights_of
from campaigns.models import Campaign, Collaboration, Deliverable
from campaigns.selectors.creators import main_account
from influencers.models import TierBand
from influencers.selectors.tiers import TierReading, default_bands, read_tier


@dataclass(frozen=True, slots=True)
class LineUpRow:
    """One creator of the line-up; fee and price only for those who may see them."""

    collaboration: Collaboration
    deliverables: Sequence[Deliverable]
    first: date
    last: date
    tier: TierReading
    light: Light
    fee: Decimal | None
    client_price: Decimal | None


def line_up(campaign: Campaign, reader: Membership) -> list[LineUpRow]:
    """The rows by name, those that ended last; a fixed number of queries."""
    rows = with_everything(campaign.collaborations.all()).prefetch_related("influencer__accounts")
    collaborations = list(rows.order_by("influencer__sort_name", "pk"))
    lights = lights_of(collaborations)
    bands = default_bands(reader.agency)
    found = [line_up_row(each, lights[each.pk], bands, reader) for each in collaborations]
    return sorted(found, key=lambda row: row.light is Light.NONE)


def line_up_row(
    collaboration: Collaboration, light: Light, bands: Sequence[TierBand], reader: Membership
) -> LineUpRow:  # fmt: skip
    deliverables = counted_deliverables(collaboration)
    posts = post_periods(collaboration, deliverables)
    sees_fees = reader.can_see_fees
    return LineUpRow(
        collaboration=collaboration,
        deliverables=deliverables,
        first=posts[0].first,
        last=max(post.last or post.first for post in posts),
        tier=tier_of_collaboration(collaboration, bands),
        light=light,
        fee=collaboration.fee if sees_fees else None,
        client_price=collaboration.client_price if sees_fees else None,
    )


def tier_of_collaboration(collaboration: Collaboration, bands: Sequence[TierBand]) -> TierReading:
    """The tier that the booking froze; before that, the one that is read today."""
    frozen = collaboration.tier_at_booking
    if not frozen:
        return read_tier(bands, main_account(collaboration.influencer))
    # A scheme may have been changed since; then the word stands in the palest colour.
    band = next((band for band in bands if band.name == frozen), None) or TierBand(name=frozen, rank=1)
    return TierReading(band)
