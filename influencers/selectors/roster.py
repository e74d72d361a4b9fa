"""The roster as a list: which account speaks for a creator, its latest figures, in which order, one line per creator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from agency.models import Agency
from influencers.models import Account, EngagementFigures, Influencer, Price, RosterLine
from influencers.selectors.cursor import Order, by_count, by_rate, by_text
from influencers.selectors.tiers import Bands, TierReading, read_tier

SPEAKS_FIRST = (F("is_primary").desc(), F("followers").desc(nulls_last=True), "pk")
Lines = QuerySet[RosterLine, RosterLine]


def latest_figures(outer: str) -> QuerySet[EngagementFigures]:
    """The figures of the account whose id is `outer`: newest cut-off, then newest formulas, first."""
    return EngagementFigures.objects.filter(account=OuterRef(outer)).order_by("-as_of", "-formula_version")


def figures_of(account_ids: Iterable[int]) -> dict[int, EngagementFigures]:
    """The latest figures by account id; accounts without any are left out. One query, one index look-up per account."""
    accounts = Account.objects.filter(pk__in=list(account_ids))
    newest = accounts.values_list(Subquery(latest_figures("pk").values("pk")[:1]))
    return {figures.account_id: figures for figures in EngagementFigures.objects.filter(pk__in=newest)}


def without_rate(agency: Agency) -> Lines:
    """Creators for whom no engagement rate is known: no account, no figures, or too little known in them."""
    return RosterLine.objects.filter(agency=agency, headline_rate__isnull=True)


@dataclass(frozen=True, slots=True)
class Sorting:
    """A column that the roster sorts by; `first_descending` is the direction of the first click."""

    order: Order
    first_descending: bool = False


SORTINGS = {
    "name": Sorting(by_text("sort_name")),
    "followers": Sorting(by_count("followers"), first_descending=True),
    "rate": Sorting(by_rate("headline_rate"), first_descending=True),
    "growth": Sorting(by_rate("growth_30d"), first_descending=True),
}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of the roster; `accounts` begins with the one that speaks for the creator."""

    line: RosterLine
    accounts: list[Account] = field(default_factory=list)
    tier: TierReading = field(default_factory=lambda: TierReading(None))
    figures: EngagementFigures | None = None
    prices: Sequence[Price] = ()

    @property
    def influencer(self) -> Influencer:
        return self.line.influencer

    @property
    def primary(self) -> Account | None:
        return self.accounts[0] if self.accounts else None


OF_INFLUENCER = ("name", "kind", "languages", "country", "region", "city", "niches", "tags", "status")
OF_LINE = ("account", "followers", "headline_rate", "growth_30d", "saturation", "figures_as_of", "rate_percentile")
OF_ACCOUNT = ("influencer", "platform", "handle", "followers", "typed_followers", "typed_followers_step")
# What the cells of a page need of the figures, for value and reason.
OF_FIGURES = (
    "account_id", "as_of", "formula_version", "window_posts", "headline_rate", "headline_reason", "er_followers_n",
    "er_views_n", "saturation", "saturation_known", "growth_30d", "growth_from", "growth_to",
)  # fmt: skip


def lines_of(ids: Sequence[int]) -> dict[int, tuple[RosterLine, EngagementFigures | None]]:
    """The lines of these creators with the creator and the figures that the line shows. One query."""
    newest = FilteredRelation("account__figures", condition=Q(account__figures__as_of=F("figures_as_of")))
    lines: QuerySet[Any] = (
        RosterLine.objects.filter(pk__in=ids)
        .select_related("influencer")
        .only(*OF_LINE, *(f"influencer__{name}" for name in OF_INFLUENCER))
        .annotate(newest=newest, **{f"of_{name}": F(f"newest__{name}") for name in OF_FIGURES})
        .order_by("newest__formula_version")  # of two rows of one cut-off the later formula is read last
    )
    return {line.pk: (line, _figures_of(line)) for line in lines}


def _figures_of(line: Any) -> EngagementFigures | None:
    if line.of_as_of is None:
        return None
    return EngagementFigures(**{name: getattr(line, f"of_{name}") for name in OF_FIGURES})


def accounts_of(ids: Sequence[int]) -> dict[int, list[Account]]:
    """The accounts by creator, the one that speaks first. One query."""
    found: dict[int, list[Account]] = {pk: [] for pk in ids}
    for account in Account.objects.filter(influencer__in=ids).only(*OF_ACCOUNT).order_by(*SPEAKS_FIRST):
        found[account.influencer_id].append(account)
    return found


def prices_of(ids: Sequence[int], agency: Agency) -> dict[int, list[Price]]:
    """The prices that are valid today, by creator, lowest first. One query."""
    today = agency.today()
    still = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    found: dict[int, list[Price]] = {}
    for price in Price.objects.filter(still, influencer__in=ids, valid_from__lte=today).order_by("amount", "pk"):
        found.setdefault(price.influencer_id, []).append(price)
    return found


def roster_rows(ids: Sequence[int], bands: Bands, *, prices: dict[int, list[Price]] | None = None) -> list[RosterRow]:
    """The lines of these creators, in their order; two queries however many they are."""
    if not ids:
        return []
    lines, accounts = lines_of(ids), accounts_of(ids)
    rows = []
    for pk in ids:
        if pk in lines:  # not deleted since
            line, figures = lines[pk]
            own = accounts[pk]
            rows.append(
                RosterRow(line, own, read_tier(bands, own[0] if own else None), figures, (prices or {}).get(pk, ()))
            )
    return rows
