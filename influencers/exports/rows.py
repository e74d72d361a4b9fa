"""The creators of an export, read batch by batch: memory does not grow with their number."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F, Q

from agency.models import Agency
from influencers.exports.columns import AccountCells, Creator, Layout, Need
from influencers.models import Account, DataExport, Influencer, Price
from influencers.selectors.roster import SPEAKS_FIRST
from influencers.selectors.tiers import bands_for, default_bands

BATCH = 2_000
FIELDS = (
    *("pk", "name", "kind", "role_type", "status", "niches", "tags", "country", "region", "city", "languages"),
    *("email", "phone", "management_contact", "management_email"),
    *("source", "lawful_basis", "informed_on", "informed_how"),
    *("line__platform", "line__followers", "line__headline_rate", "line__rate_percentile", "line__growth_30d"),
    *("line__saturation", "line__figures_as_of"),
)
Rows = list[list[Any]]


def exported_rows(export: DataExport, layout: Layout) -> Iterator[Rows]:
    """The cells of every creator whom the record of the export names and who still exists, in its order, in batches."""
    tiers = TierNames(export.agency)
    today = export.agency.today()
    start = 0
    while ids := _ids(export, start):
        creators = _creators(export.agency_id, ids)
        if Need.ACCOUNTS in layout.needs:
            _add_accounts(creators)
        if Need.PRICES in layout.needs:
            _add_prices(creators, today)
        for creator in creators.values():
            creator.tier = tiers.name(creator.fields["line__platform"], creator.fields["line__followers"])
        readers = [column.read for column in layout.columns]
        yield [[_plain(read(creators[pk])) for read in readers] for pk in ids if pk in creators]
        start += BATCH


def _ids(export: DataExport, start: int) -> list[int]:
    """A slice of the ids that the record names; none beyond its end."""
    key = f"influencer_ids__{start}_{start + BATCH}"
    return DataExport.objects.filter(pk=export.pk).values_list(key, flat=True).first() or []


def _creators(agency_id: int, ids: list[int]) -> dict[int, Creator]:
    found = Influencer.objects.filter(agency=agency_id, pk__in=ids).values(*FIELDS)
    return {fields["pk"]: Creator(fields) for fields in found}


def _add_accounts(creators: dict[int, Creator]) -> None:
    accounts = Account.objects.filter(influencer__in=creators).order_by("influencer", *SPEAKS_FIRST)
    columns = ("influencer", "pk", "platform", "handle", "url", "followers", "followers_on")
    for influencer, *cells in accounts.values_list(*columns):
        creators[influencer].accounts.append(AccountCells(*cells))


def _add_prices(creators: dict[int, Creator], today: date) -> None:
    """Later ones win: those of any platform come first, then those of the speaking account's, each from old to new."""
    holds = Q(valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    prices = Price.objects.filter(holds, Q(platform="") | Q(platform=F("influencer__line__platform")))
    prices = prices.filter(influencer__in=creators).order_by("platform", "valid_from", "pk")
    for influencer, kind, amount, currency in prices.values_list("influencer", "kind", "amount", "currency"):
        creators[influencer].prices[kind] = (amount, currency)


def _plain(value: Any) -> Any:
    """Unknown and empty are the same empty cell; an instant is written in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return None if value == "" else value


class TierNames:
    """Names of tiers by the agency's scheme, for very many counts."""

    def __init__(self, agency: Agency) -> None:
        self._bands = default_bands(agency)
        self._ladders: dict[str, tuple[list[int], list[str]]] = {}

    def name(self, platform: str, followers: int | None) -> str:
        """As `tier_of` reads it; empty where there is none."""
        if followers is None:
            return ""
        if platform not in self._ladders:
            ladder = bands_for(self._bands, platform)
            self._ladders[platform] = ([band.floor for band in ladder], [band.name for band in ladder])
        floors, names = self._ladders[platform]
        place = bisect_right(floors, followers)
        return names[place - 1] if place else ""
