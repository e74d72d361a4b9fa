"""Tier schemes: the four that every agency starts with, and which one counts."""

from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.metrics.percentiles import set_rate_percentiles
from influencers.models import Platform, TierBand, TierScheme

# Bookings of this size need a recorded check of brand fit, timing and other collaborations.
CHECK_FROM, CHECK_UNTIL = 50_000, 100_000
NANO, MICRO, MESO, MACRO, MEGA = range(1, 6)
NAMES = {NANO: "nano", MICRO: "micro", MESO: "meso", MACRO: "macro", MEGA: "mega"}


class Ladder(NamedTuple):
    """The floors of a scheme on a platform (empty: any), as (rank, first follower count inside), smallest first."""

    platform: str
    floors: tuple[tuple[int, int], ...]


class SchemeSeed(NamedTuple):
    name: str
    source: str
    ladders: tuple[Ladder, ...]
    is_default: bool = False


SCHEMES = (
    SchemeSeed(
        "HIB",
        "Het Influencer Bureau, Netherlands, 2019",
        (Ladder("", ((NANO, 500), (MICRO, 5_000), (MESO, 50_000), (MACRO, 100_000), (MEGA, 1_000_000))),),
        is_default=True,
    ),
    SchemeSeed(
        "High Social",
        "High Social, TikTok growth service",
        (Ladder("", ((NANO, 100), (MICRO, 10_000), (MACRO, 100_000), (MEGA, 1_000_000))),),
    ),
    SchemeSeed(
        "Danish common",
        "Danish agency usage, 2017: micro from 1,000, everything from 100,000 is mega",
        (Ladder("", ((MICRO, 1_000), (MEGA, 100_000))),),
    ),
    SchemeSeed(
        "Mediakix 2017",
        "Mediakix study, 2017: on Instagram macro is more than 100,000, on YouTube and Facebook at least 250,000",
        (
            Ladder(Platform.INSTAGRAM, ((MICRO, 10_000), (MACRO, 100_001))),
            Ladder(Platform.YOUTUBE, ((MACRO, 250_000),)),
            Ladder(Platform.FACEBOOK, ((MACRO, 250_000),)),
        ),
    ),
)


@transaction.atomic
def seed_tier_schemes(agency: Agency) -> None:
    """The schemes of the field, each once; HIB is the default unless the agency already has one. A second call changes nothing."""
    has_default = TierScheme.objects.filter(agency=agency, is_default=True).exists()
    for seed in SCHEMES:
        scheme, is_new = TierScheme.objects.get_or_create(
            agency=agency,
            name=seed.name,
            defaults={"source": seed.source, "is_default": seed.is_default and not has_default},
        )
        if is_new:
            TierBand.objects.bulk_create(band for ladder in seed.ladders for band in _bands(scheme, ladder))


def _bands(scheme: TierScheme, ladder: Ladder) -> list[TierBand]:
    ends: list[int | None] = [floor for _rank, floor in ladder.floors[1:]] + [None]
    return [
        TierBand(
            scheme=scheme,
            platform=ladder.platform,
            name=NAMES[rank],
            rank=rank,
            floor=floor,
            needs_check=floor < CHECK_UNTIL and (end is None or end > CHECK_FROM),
        )
        for (rank, floor), end in zip(ladder.floors, ends, strict=True)
    ]


def seed_on_creation(sender: type[Agency], *, agency: Agency, **_signal: Any) -> None:
    """Receiver of `agency_created`."""
    seed_tier_schemes(agency)


@transaction.atomic
def choose_tier_scheme(*, scheme: TierScheme, by: Membership | None) -> None:
    """The scheme by which the agency names sizes from now on; what was frozen on bookings and briefs stays."""
    Agency.objects.select_for_update(no_key=True).get(pk=scheme.agency_id)
    if not scheme.bands.exists():
        raise Refused(
            _("“%(scheme)s” has no tiers yet. Add its bands in the admin panel first.") % {"scheme": scheme.name}
        )
    TierScheme.objects.filter(agency_id=scheme.agency_id, is_default=True).exclude(pk=scheme.pk).update(
        is_default=False
    )
    TierScheme.objects.filter(pk=scheme.pk).update(is_default=True)
    scheme.is_default = True
    set_rate_percentiles(scheme.agency_id)
