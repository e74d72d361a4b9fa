"""Creators as rankings compare them, and how tests read what comes out."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from agency.models import Agency, Brand, Membership
from influencers.fit.asked import Asked
from influencers.fit.criteria import CRITERIA
from influencers.fit.ranking import Ranked
from influencers.models import Account, AudienceShare, Influencer, Price, RosterLine
from influencers.selectors.tiers import Bands
from tests.factories import AccountFactory, InfluencerFactory


def creator(agency: Agency, name: str, **facts: Any) -> Influencer:
    """With an Instagram account of 20,000 followers; `line` are figures of its roster line."""
    line, account = facts.pop("line", {}), facts.pop("account", True)
    influencer = InfluencerFactory(agency=agency, name=name, **facts)
    if account:
        AccountFactory(agency=agency, influencer=influencer, typed_followers=20_000)
    if line:
        stamp = {"figures_as_of": timezone.now()} if "country" not in line else {}
        RosterLine.objects.filter(pk=influencer.pk).update(**line | stamp)
    return influencer


def audience(influencer: Influencer, dimension: str, shares: dict[str, str], day: date | None = None) -> None:
    account = Account.objects.get(influencer=influencer)
    for key, part in shares.items():
        AudienceShare.objects.create(
            agency=influencer.agency, account=account, dimension=dimension, key=key, share=Decimal(part),
            source="media kit", as_of=day or date(2026, 5, 1),
        )  # fmt: skip


def asked(brand: Brand, by: Membership, bands: Bands = (), **given: Any) -> Asked:
    weights = given.pop("weights", {criterion.key: 2 for criterion in CRITERIA})
    return Asked(brand, by, brand.agency.today(), bands, weights, **given)


def parts(ranked: Ranked) -> dict[str, float | None]:
    return {part.criterion.key: None if part.value is None else round(part.value, 9) for part in ranked.parts}


def texts(ranked: Ranked) -> dict[str, str]:
    return {part.criterion.key: part.text for part in ranked.parts}


def order(found: list[Ranked]) -> list[str]:
    names = Influencer.objects.in_bulk([row.influencer_id for row in found])
    return [names[row.influencer_id].name for row in found]


def price(influencer: Influencer, amount: int, **facts: Any) -> None:
    fields = {"kind": "post", "platform": "instagram", "currency": "EUR", "valid_from": date(2026, 1, 1)}
    Price.objects.create(agency=influencer.agency, influencer=influencer, amount=amount, **fields | facts)
