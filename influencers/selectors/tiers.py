"""Which tier a follower count falls into, by a scheme, in Python for what is shown and in SQL for what is searched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agency.models import Agency
from influencers.models import Account, TierBand
from influencers.models.tiers import bands_for, tier_of

Bands = Sequence[TierBand]

__all__ = ["Bands", "TierReading", "bands_for", "default_bands", "in_tier", "read_tier", "tier_names", "tier_of"]


@dataclass(frozen=True, slots=True)
class TierReading:
    """The tier of a count, or the reason why there is none; `neighbour` names the tier that the exact count may be in instead."""

    band: TierBand | None
    reason: str = ""
    neighbour: str = ""

    @property
    def name(self) -> str:
        return self.band.name if self.band else ""

    @property
    def rank(self) -> int:
        return self.band.rank if self.band else 0

    @property
    def is_uncertain(self) -> bool:
        return bool(self.neighbour)

    def __bool__(self) -> bool:
        return self.band is not None


def default_bands(agency: Agency) -> Bands:
    """The bands of the scheme that the agency chose; none if it chose none. One query."""
    bands = TierBand.objects.filter(scheme__agency=agency, scheme__is_default=True).select_related("scheme")
    return tuple(bands.order_by("platform", "floor"))


def read_tier(bands: Bands, account: Account | None) -> TierReading:
    """The tier of the account's current count; of a rounded count near a boundary also the tier on the other side."""
    if account is None:
        return TierReading(None, _("no account"))
    followers = account.followers
    band = tier_of(bands, account.platform, followers)
    if followers is None or band is None:
        return TierReading(None, _why_none(bands, account))
    neighbour = ""
    if account.is_rounded:
        # 12K may have been cut or rounded, so the exact count lies less than one step away on either side.
        span = account.typed_followers_step - 1
        for possible in (followers - span, followers + span):
            other = tier_of(bands, account.platform, max(0, possible))
            if other != band:
                neighbour = other.name if other else _("no tier")
    return TierReading(band, neighbour=neighbour)


def _why_none(bands: Bands, account: Account) -> str:
    if account.followers is None:
        return _("followers are unknown")
    if not bands:
        return _("no tier scheme is chosen")
    own = bands_for(bands, account.platform)
    if not own:
        return _("the tier scheme has no tiers for %(platform)s") % {"platform": account.get_platform_display()}
    floor = number_format(own[0].floor, 0, force_grouping=True)
    return _("below %(floor)s followers, where the lowest tier begins") % {"floor": floor}


def tier_names(bands: Bands) -> list[str]:
    """The names of the scheme's tiers, smallest first, each once."""
    return list(dict.fromkeys(band.name for band in sorted(bands, key=lambda band: (band.rank, band.floor))))


def in_tier(bands: Bands, name: str) -> Q:
    """The condition on accounts that `tier_of` gives a band of that name."""
    condition = Q(pk__in=[])
    own = {band.platform for band in bands if band.platform}
    for platform in [*sorted(own), ""]:
        ladder = [band for band in bands if band.platform == platform]
        for low, high in _spans(ladder, name):
            here = Q(platform=platform) if platform else ~Q(platform__in=sorted(own))
            condition |= here & Q(followers__gte=low) & (Q() if high is None else Q(followers__lt=high))
    return condition


def _spans(ladder: Iterable[TierBand], name: str) -> Iterable[tuple[int, int | None]]:
    """From (inclusive) and to (exclusive) of each band of that name; the top one has no end."""
    rungs = sorted(ladder, key=lambda band: band.floor)
    above: list[int | None] = [band.floor for band in rungs[1:]]
    return [(band.floor, end) for band, end in zip(rungs, [*above, None], strict=False) if band.name == name]
