"""The roster as a list: which account speaks for a creator, its latest figures, in which order, one line per creator."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Func, OuterRef, Q, QuerySet, Subquery, TextField

from agency.models import Agency
from influencers.models import Account, EngagementFigures, Influencer, InfluencerQuerySet
from influencers.selectors.cursor import Order, by_count, by_rate, by_text
from influencers.selectors.tiers import Bands, TierReading, read_tier

SPEAKS_FIRST = (F("is_primary").desc(), F("followers").desc(nulls_last=True), "pk")


def primary_accounts(outer: str) -> QuerySet[Account]:
    """The account that speaks for the creator whose id is `outer`: the one marked primary, else the largest, comes first."""
    return Account.objects.filter(influencer=OuterRef(outer)).order_by(*SPEAKS_FIRST)


def latest_figures(outer: str) -> QuerySet[EngagementFigures]:
    """The figures of the account whose id is `outer`: newest cut-off, then newest formulas, first."""
    return EngagementFigures.objects.filter(account=OuterRef(outer)).order_by("-as_of", "-formula_version")


def with_primary_account(rows: InfluencerQuerySet) -> InfluencerQuerySet:
    """Adds `primary_id`, the id of the account that speaks for the creator, null where there is none."""
    return rows.annotate(primary_id=Subquery(primary_accounts("pk").values("pk")[:1]))


def with_followers(rows: InfluencerQuerySet) -> InfluencerQuerySet:
    """Adds `followers` of the account that speaks for the creator, null where unknown."""
    return rows.annotate(followers=Subquery(primary_accounts("pk").values("followers")[:1]))


def with_rate(rows: InfluencerQuerySet) -> InfluencerQuerySet:
    """Adds `rate`, the headline rate of the account that speaks for the creator, null where unknown."""
    rate = Subquery(latest_figures("primary_id").values("headline_rate")[:1])
    return with_primary_account(rows).annotate(rate=rate)


def with_growth(rows: InfluencerQuerySet) -> InfluencerQuerySet:
    """Adds `growth`, the growth in 30 days of the account that speaks for the creator, null where unknown."""
    growth = Subquery(latest_figures("primary_id").values("growth_30d")[:1])
    return with_primary_account(rows).annotate(growth=growth)


def without_rate(agency: Agency) -> InfluencerQuerySet:
    """Creators for whom no engagement rate is known: no account, no figures, or too little known in them."""
    return with_rate(Influencer.objects.filter(agency=agency)).filter(Q(rate__isnull=True))


def figures_of(account_ids: Iterable[int]) -> dict[int, EngagementFigures]:
    """The latest figures by account id; accounts without any are left out. One query, one index look-up per account."""
    accounts = Account.objects.filter(pk__in=list(account_ids))
    newest = accounts.values_list(Subquery(latest_figures("pk").values("pk")[:1]))
    return {figures.account_id: figures for figures in EngagementFigures.objects.filter(pk__in=newest)}


def niches_of(agency: Agency) -> list[str]:
    """Every niche that some creator of the agency has, in alphabetical order."""
    each = Func(F("niches"), function="unnest", output_field=TextField())
    niches = Influencer.objects.filter(agency=agency).annotate(niche=each).values_list("niche", flat=True)
    return sorted(niches.distinct().order_by(), key=str.casefold)


@dataclass(frozen=True, slots=True)
class Sorting:
    """A column that the roster sorts by; `first_descending` is the direction of the first click."""

    order: Order
    first_descending: bool = False

    def prepared(self, rows: InfluencerQuerySet) -> InfluencerQuerySet:
        """The rows with the annotation that the order needs."""
        add = {"followers": with_followers, "rate": with_rate, "growth": with_growth}.get(self.order.key)
        return add(rows) if add else rows


SORTINGS = {
    "name": Sorting(by_text("sort_name")),
    "followers": Sorting(by_count("followers"), first_descending=True),
    "rate": Sorting(by_rate("rate"), first_descending=True),
    "growth": Sorting(by_rate("growth"), first_descending=True),
}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of the roster; `accounts` begins with the one that speaks for the creator."""

    influencer: Influencer
    accounts: list[Account] = field(default_factory=list)
    tier: TierReading = field(default_factory=lambda: TierReading(None))
    figures: EngagementFigures | None = None

    @property
    def primary(self) -> Account | None:
        return self.accounts[0] if self.accounts else None


def roster_rows(influencers: list[Influencer], bands: Bands) -> list[RosterRow]:
    """The lines of these creators, in their order; two queries however many they are."""
    by_creator: dict[int, list[Account]] = {influencer.pk: [] for influencer in influencers}
    accounts = Account.objects.filter(influencer__in=by_creator)
    for account in accounts.order_by(*SPEAKS_FIRST):
        by_creator[account.influencer_id].append(account)
    figures = figures_of(own[0].pk for own in by_creator.values() if own)
    rows = []
    for influencer in influencers:
        own = by_creator[influencer.pk]
        primary = own[0] if own else None
        latest = figures.get(primary.pk) if primary else None
        rows.append(RosterRow(influencer, own, read_tier(bands, primary), latest))
    return rows
