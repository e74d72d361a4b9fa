"""The fixed numbers by which claims know platforms."""

from collections.abc import Iterable

from psycopg.types.multirange import Multirange

from campaigns.fields import EVERYTHING, id_set
from influencers.models import Platform

# Stored in claims: a number is never changed and never used again, whatever happens to the order of the platforms.
PLATFORM_NUMBERS = {
    Platform.INSTAGRAM: 1,
    Platform.TIKTOK: 2,
    Platform.YOUTUBE: 3,
    Platform.FACEBOOK: 4,
    Platform.X: 5,
    Platform.LINKEDIN: 6,
    Platform.TWITCH: 7,
    Platform.PODCAST: 8,
    Platform.BLOG: 9,
    Platform.NEWSLETTER: 10,
    Platform.OTHER: 11,
}


def platform_set(platforms: Iterable[str]) -> Multirange[int]:
    """The platforms' numbers; none given means all."""
    numbers = [PLATFORM_NUMBERS[Platform(platform)] for platform in platforms]
    return id_set(numbers) if numbers else EVERYTHING
