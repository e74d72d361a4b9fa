"""The audience of a creator's accounts as the profile shows it: the latest shares of each dimension, and the days before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language_info

from agency.countries import country_name
from influencers.models import AGE_BANDS, GENDERS, Account, AudienceShare

DIMENSIONS = AudienceShare.Dimension
ORDERS: dict[str, dict[str, int]] = {
    DIMENSIONS.AGE: {key: place for place, (key, _label) in enumerate(AGE_BANDS)},
    DIMENSIONS.GENDER: {key: place for place, (key, _label) in enumerate(GENDERS)},
}
NAMES: dict[str, dict[str, Any]] = {DIMENSIONS.AGE: dict(AGE_BANDS), DIMENSIONS.GENDER: dict(GENDERS)}
MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an audience under its name; `share` is a fraction."""

    key: str
    name: str
    share: Decimal

    @property
    def width(self) -> str:
        """The length of its bar as CSS wants it."""
        return f"{self.share * 100:.2f}%"


@dataclass(frozen=True, slots=True)
class DayOfShares:
    """What was said of a dimension on one day; `rest` is the part of the audience that no share speaks of."""

    as_of: date
    sources: list[str]
    parts: list[Part]

    @property
    def rest(self) -> Decimal:
        return Decimal(1) - sum((part.share for part in self.parts), Decimal(0))

    @property
    def rest_width(self) -> str:
        return f"{self.rest * 100:.2f}%"

    @property
    def first_parts(self) -> list[Part]:
        return self.parts[:MOST_SHOWN]

    @property
    def more_parts(self) -> list[Part]:
        return self.parts[MOST_SHOWN:]


@dataclass(frozen=True, slots=True)
class DimensionOfAccount:
    """A dimension of an account's audience: the latest day, if any, and the days before, newest first."""

    dimension: DIMENSIONS
    latest: DayOfShares | None
    earlier: list[DayOfShares]


@dataclass(frozen=True, slots=True)
class AccountAudience:
    """All dimensions of one account."""

    account: Account
    dimensions: list[DimensionOfAccount]


def part_name(dimension: str, key: str) -> str:
    """The part as people call it: Denmark, Danish, 18–24, women; the key itself where it has no name."""
    if dimension == DIMENSIONS.COUNTRY:
        return country_name(key)
    if dimension == DIMENSIONS.LANGUAGE:
        try:
            return str(get_language_info(key)["name_translated"])
        except KeyError:
            return key
    return str(NAMES.get(dimension, {}).get(key, key))


def days_of_shares(dimension: str, shares: Iterable[AudienceShare]) -> list[DayOfShares]:
    """The shares by day, newest first; ages and genders in their own order, all else the largest first."""
    by_day: dict[date, list[AudienceShare]] = {}
    for share in shares:
        by_day.setdefault(share.as_of, []).append(share)
    order = ORDERS.get(dimension, {})
    found = []
    for day in sorted(by_day, reverse=True):
        rows = sorted(by_day[day], key=lambda row: (order.get(row.key, len(order)), -row.share, row.key))
        parts = [Part(row.key, part_name(dimension, row.key), row.share) for row in rows]
        found.append(DayOfShares(day, sorted({row.source for row in rows}), parts))
    return found


def audience_of(accounts: Sequence[Account]) -> list[AccountAudience]:
    """Every dimension of every account, in the order of the accounts. One query."""
    rows: dict[tuple[int, str], list[AudienceShare]] = {}
    for share in AudienceShare.objects.filter(account__in=accounts):
        rows.setdefault((share.account_id, share.dimension), []).append(share)
    found = []
    for account in accounts:
        dimensions = []
        for dimension in DIMENSIONS:
            days = days_of_shares(dimension, rows.get((account.pk, dimension.value), ()))
            dimensions.append(DimensionOfAccount(dimension, days[0] if days else None, days[1:]))
        found.append(AccountAudience(account, dimensions))
    return found
