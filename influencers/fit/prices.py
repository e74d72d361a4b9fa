"""Prices against what others of the same size ask: the median of a tier for one deliverable, platform and currency."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection

from influencers.fit.asked import Asked, Median, OwnPrice, PriceGroup
from influencers.models import InfluencerQuerySet, Platform, RosterLine
from influencers.selectors.tiers import Bands, bands_for, tier_of

FEWEST = 5
# The valid prices with the tier of the account that speaks for the creator; of several of one kind the one that began last.
VALID = """SELECT DISTINCT ON (p.influencer_id, p.kind, p.platform, p.currency)
        p.influencer_id, p.kind, p.platform, p.currency, p.amount, {tier} AS tier
    FROM influencers_price AS p JOIN influencers_rosterline AS of_tier ON of_tier.influencer_id = p.influencer_id
    WHERE p.agency_id = %(agency)s AND p.valid_from <= %(today)s AND (p.valid_to IS NULL OR p.valid_to >= %(today)s) {only}
    ORDER BY p.influencer_id, p.kind, p.platform, p.currency, p.valid_from DESC, p.id DESC"""
MEDIANS = """SELECT kind, platform, currency, tier, percentile_cont(0.5) WITHIN GROUP (ORDER BY amount::float8), count(*)
    FROM ({prices}) AS valid WHERE tier <> '' GROUP BY kind, platform, currency, tier HAVING count(*) >= %(fewest)s"""


def tier_sql(bands: Bands, params: dict[str, Any]) -> str:
    """An expression for the name of the tier of the line `of_tier`, '' where there is none; its names go into `params`."""
    cases = []
    for platform in Platform.values:
        rungs = sorted(bands_for(bands, platform), key=lambda band: band.floor, reverse=True)
        steps = []
        for band in rungs:
            name = f"tier_{band.pk}"
            params[name] = band.name
            steps.append(f"WHEN of_tier.followers >= {int(band.floor)} THEN %({name})s::text")
        if steps:
            cases.append(f"WHEN '{platform}' THEN CASE {' '.join(steps)} ELSE '' END")
    return f"CASE of_tier.platform {' '.join(cases)} ELSE '' END" if cases else "''::text"


def valid_prices_sql(bands: Bands, params: dict[str, Any], *, only: str = "") -> str:
    """The query of valid prices with their tiers; `only` narrows them further."""
    return VALID.format(tier=tier_sql(bands, params), only=only)


def medians(
    agency_id: int, bands: Bands, today: date, *, creators: InfluencerQuerySet | None = None
) -> dict[PriceGroup, Median]:
    """What each tier asks, where at least five creators have a price; `creators` narrows it to their tiers. Two queries."""
    params: dict[str, Any] = {"agency": agency_id, "today": today, "fewest": FEWEST}
    only = ""
    if creators is not None:
        lines = RosterLine.objects.filter(influencer__in=creators).values_list("platform", "followers")
        tiers = (tier_of(bands, platform, followers) for platform, followers in lines if platform)
        params["tiers"] = sorted({tier.name for tier in tiers if tier})
        only = f"AND {tier_sql(bands, params)} = ANY(%(tiers)s)"
    with connection.cursor() as cursor:
        cursor.execute(MEDIANS.format(prices=valid_prices_sql(bands, params, only=only)), params)
        return {PriceGroup(*group): Median(amount, n) for *group, amount, n in cursor.fetchall() if amount > 0}


def prices_of(asked: Asked, influencers: Collection[int], known: dict[PriceGroup, Median]) -> dict[int, list[OwnPrice]]:
    """The valid prices of these creators, each with its median. One query."""
    params: dict[str, Any] = {
        "agency": asked.brand.agency_id,
        "today": asked.today,
        "influencers": list(influencers),
    }
    found: dict[int, list[OwnPrice]] = {}
    with connection.cursor() as cursor:
        only = "AND p.influencer_id = ANY(%(influencers)s)"
        cursor.execute(valid_prices_sql(asked.bands, params, only=only), params)
        for influencer_id, kind, platform, currency, amount, tier in cursor.fetchall():
            group = PriceGroup(kind, platform, currency, tier)
            found.setdefault(influencer_id, []).append(OwnPrice(group, float(amount), known.get(group)))
    return found
