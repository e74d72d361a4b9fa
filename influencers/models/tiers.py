"""Tier schemes: a tier is a function of scheme, platform and follower count; it is never stored on a person."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.models import TenantModel
from influencers.models.accounts import Platform


class TierScheme(TenantModel):
    """A named way of cutting follower counts into tiers; one per agency is the default."""

    name = models.CharField(_("name"), max_length=100)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_default = models.BooleanField(_("default of the agency"), default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="tier_scheme_once_per_agency"),
            models.UniqueConstraint(
                fields=["agency"], condition=models.Q(is_default=True), name="tier_scheme_one_default_per_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TierBand(models.Model):
    """One tier of a scheme: from `floor` followers on, inclusive, to the next floor. A platform's bands win over bands of any."""

    scheme = models.ForeignKey(TierScheme, on_delete=models.CASCADE, related_name="bands")
    platform = models.CharField(
        _("platform"), max_length=12, choices=Platform.choices, blank=True, help_text=_("Empty: any.")
    )
    name = models.CharField(_("name"), max_length=30)
    rank = models.PositiveSmallIntegerField(_("rank"), help_text=_("1 nano to 5 mega; decides the colour."))
    floor = models.BigIntegerField(_("from followers"))
    needs_check = models.BooleanField(_("booking needs a recorded check"), default=False)

    class Meta:
        ordering = ["platform", "floor"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "platform", "floor"], name="tier_band_once_per_floor"),
            models.CheckConstraint(condition=models.Q(floor__gte=0), name="tier_band_floor_not_negative"),
            models.CheckConstraint(condition=models.Q(rank__range=(1, 5)), name="tier_band_rank_1_to_5"),
        ]

    def __str__(self) -> str:
        return self.name


def bands_for(bands: Iterable[TierBand], platform: str) -> list[TierBand]:
    """The bands that count on the platform, lowest floor first: its own if there are any, else those of any platform."""
    bands = list(bands)
    own = [band for band in bands if band.platform == platform]
    return sorted(own or [band for band in bands if not band.platform], key=lambda band: band.floor)


def tier_of(bands: Iterable[TierBand], platform: str, followers: int | None) -> TierBand | None:
    """The band with the highest floor that the count reaches.

    None below the lowest floor, for an unknown count, and where the scheme says nothing about the platform.
    """
    if followers is None:
        return None
    reached = [band for band in bands_for(bands, platform) if band.floor <= followers]
    return reached[-1] if reached else None
