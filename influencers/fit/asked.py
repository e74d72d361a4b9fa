"""What a ranking is asked for, and what is looked up once before the roster is ranked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agency.models import Brand, Membership
from influencers.fit.work import Work
from influencers.models import InfluencerQuerySet, Platform
from influencers.selectors.tiers import Bands, tier_of

LOW, NORMAL, HIGH = 1, 2, 3
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Median:
    """The median price of a tier, over `n` creators."""

    amount: float
    n: int


@dataclass(frozen=True, slots=True)
class PriceGroup:
    """Prices that can be held against each other."""

    kind: str
    platform: str
    currency: str
    tier: str


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """A valid price of a creator, and the median that it is held against, None where fewer than five are known."""

    group: PriceGroup
    amount: float
    median: Median | None


@dataclass(frozen=True, slots=True)
class Asked:
    """For which brand, by whom, on what day; `weights` by key of the chosen criteria."""

    brand: Brand
    reader: Membership
    today: date
    bands: Bands
    weights: Mapping[str, int]
    creators: InfluencerQuerySet | None = None  # those to rank; None is everybody
    with_blocked: bool = True  # those with whom the agency does not work
    few: bool = False  # whether they are a handful
    at_least: int = 0  # how many of the chosen criteria must be known


@dataclass(frozen=True, slots=True)
class Known:
    """What the sentences of one page need beside its rows."""

    asked: Asked
    prices: Mapping[int, list[OwnPrice]] = field(default_factory=dict)
    work: Mapping[int, list[Work]] = field(default_factory=dict)

    @property
    def brand(self) -> Brand:
        return self.asked.brand

    def tier(self, row: Row) -> str:
        """The name of the creator's tier, empty where there is none."""
        band = tier_of(self.asked.bands, row["platform"], row["followers"]) if row["platform"] else None
        return band.name if band else ""

    def peers(self, row: Row) -> str:
        """mid Instagram: among whom a percentile is counted."""
        return " ".join(part for part in (self.tier(row), str(Platform(row["platform"]).label)) if part)


def share(value: Any) -> str:
    """A fraction as 62 % or 62.5 %: at most one decimal, which is all that audience figures are good for."""
    tenths = round(float(value) * 1000)
    return number_format(tenths / 10, 0 if tenths % 10 == 0 else 1, force_grouping=True) + " %"


def listed(words: Any) -> str:
    """DK, SE."""
    return ", ".join(words) if words else _("none")


def spellings(words: Any) -> list[str]:
    """The ways in which the words may be written in a roster: as given, small, capital, in capitals."""
    ways = (str, str.lower, str.upper, str.capitalize, str.title)
    return sorted({way(word) for word in words for way in ways})
