"""Campaigns: created and changed; a change that would make its bookings clash is refused."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Q

from agency.locks import lock_agency_exclusive
from agency.models import Brand, Category, Membership
from campaigns.claims.store import holding_ids, read_for_claims, retry_on_conflict, write_claims
from campaigns.models import Campaign
from campaigns.services.rows import assign, same_agency


class CampaignFields(TypedDict, total=False):
    """What may be set on a campaign."""

    brand: Brand
    owner: Membership
    name: str
    objective: str
    status: str
    starts_on: date
    ends_on: date
    budget: Decimal | None
    currency: str
    target_reach: int | None
    markets: Sequence[str]
    key_messages: Sequence[str]
    dos: str
    donts: str
    hashtags: Sequence[str]
    tracking: str
    embargo_until: datetime | None


@transaction.atomic
def create_campaign(
    *, categories: Iterable[Category] = (), by: Membership | None, **fields: Unpack[CampaignFields]
) -> Campaign:  # fmt: skip
    """A new campaign of the agency of its brand; without categories it promotes the brand's, without an owner it is `by`'s."""
    if by is not None:
        fields.setdefault("owner", by)
    brand = fields["brand"]
    fields.setdefault("currency", brand.agency.currency)
    chosen = list(categories)
    same_agency(brand.agency_id, fields["owner"], *chosen)
    campaign = Campaign(agency_id=brand.agency_id)
    assign(campaign, fields)
    campaign.save()
    promote(campaign, chosen)
    return campaign


@retry_on_conflict
@transaction.atomic
def update_campaign(
    *,
    campaign: Campaign,
    categories: Iterable[Category] | None = None,
    by: Membership | None,
    **fields: Unpack[CampaignFields],
) -> Campaign:
    """Change the given fields; claims of its bookings are derived anew.

    Raises ClashRefused with everything that the change would clash with. Nobody books in the agency meanwhile: what a
    booking claims is derived from its campaign.
    """
    lock_agency_exclusive(campaign.agency_id)
    campaign = Campaign.objects.select_related("brand").get(pk=campaign.pk)
    chosen = None if categories is None else list(categories)
    same_agency(campaign.agency_id, fields.get("brand"), fields.get("owner"), *(chosen or []))
    assign(campaign, fields)
    campaign.save()
    if chosen is not None:
        promote(campaign, chosen)
    write_claims(read_for_claims(holding_ids(campaign.agency_id, Q(campaign=campaign))), by=by)
    return campaign


def promote(campaign: Campaign, categories: Iterable[Category]) -> None:
    """The promoted categories; none means those of the brand, written down so that editing the brand changes no booking."""
    campaign.categories.set(list(categories) or campaign.brand.categories.all())
