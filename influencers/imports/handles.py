"""Which profile a text names: a handle on a known platform, or a profile's address in any usual shape."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from django.utils.translation import gettext as _

from influencers.imports.cells import INVISIBLE
from influencers.imports.errors import CellError
from influencers.imports.profile_addresses import Address, read_address, site_platform, url_parts

PlatformName = Literal[
    "instagram", "tiktok", "youtube", "facebook", "x", "linkedin", "twitch", "podcast", "blog", "newsletter", "other"
]
PLATFORMS: tuple[PlatformName, ...] = get_args(PlatformName)
# Platforms on which anything may be a name: there an address of any site is an identity too.
FREE_PLATFORMS: frozenset[PlatformName] = frozenset({"podcast", "blog", "newsletter", "other"})
# Handles that keep the kind of their address, because a bare one of that name is another profile.
KINDS = ("company/", "c/", "user/")
LONGEST_HANDLE = 200
_LONGEST_ADDRESS = 500

_PLATFORM_WORDS: dict[str, PlatformName] = {
    **{name: name for name in PLATFORMS},
    "ig": "instagram",
    "insta": "instagram",
    "tik tok": "tiktok",
    "tt": "tiktok",
    "yt": "youtube",
    "you tube": "youtube",
    "fb": "facebook",
    "meta": "facebook",
    "twitter": "x",
    "x twitter": "x",
    "twitter x": "x",
    "x formerly twitter": "x",
    "linked in": "linkedin",
    "twitch tv": "twitch",
    "instagram com": "instagram",
    "tiktok com": "tiktok",
    "web": "blog",
    "youtube com": "youtube",
    "website": "blog",
    "substack": "newsletter",
    "spotify": "podcast",
    "facebook page": "facebook",
}

# What a platform itself allows. Kept a little wider where old names break the rule of today.
_LEGAL: dict[str, re.Pattern[str]] = {
    "instagram": re.compile(r"(?!.*\.\.)[a-z0-9._]{1,30}"),
    "tiktok": re.compile(r"[a-z0-9._]{2,24}"),
    "youtube": re.compile(r"(?:(?:c|user)/[^\W_][\w.·-]{0,99}|[\w.·-]{3,100})"),
    "facebook": re.compile(r"[\w.-]{1,100}"),
    "x": re.compile(r"[a-zA-Z0-9_]{1,15}"),
    "linkedin": re.compile(r"(?:company/)?[\w-]{2,100}"),
    "twitch": re.compile(r"[a-z0-9_]{2,25}"),
}
_LOWER_CASE_PLATFORMS = frozenset({"instagram", "tiktok", "twitch"})
_PROFILE_ADDRESS = {
    "instagram": "https://www.instagram.com/{}/",
    "tiktok": "https://www.tiktok.com/@{}",
    "youtube": "https://www.youtube.com/@{}",
    "facebook": "https://www.facebook.com/{}",
    "x": "https://x.com/{}",
    "linkedin": "https://www.linkedin.com/in/{}/",
    "twitch": "https://www.twitch.tv/{}",
}


@dataclass(frozen=True, slots=True)
class ProfileLink:
    """One profile; `url` is its plain address on the platform, made here, or empty where a handle has none."""

    platform: PlatformName
    handle: str
    external_id: str | None
    url: str


@lru_cache(maxsize=1024)
def read_platform(text: str, *, column: str = "") -> PlatformName:
    """Return the platform that the text names (IG, Twitter, tiktok.com); CellError if it names none."""
    key = " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold().removeprefix("www.")))
    if key not in _PLATFORM_WORDS:
        message = _("This is not a platform that is known here. Known are: %(platforms)s.")
        raise CellError(column, text, message % {"platforms": ", ".join(PLATFORMS)})
    return _PLATFORM_WORDS[key]


def handle_key(handle: str) -> str:
    """Return what decides whether two handles of one platform are the same."""
    return unicodedata.normalize("NFC", handle).lower()


def normalise_handle(platform: PlatformName, text: str, *, column: str = "") -> str:
    """Return the handle without @, spaces and invisible marks, legal on the platform; CellError otherwise.

    Instagram, TikTok and Twitch know small letters only, so theirs come back so; elsewhere the writing is kept.
    """
    handle = text if text.isascii() else unicodedata.normalize("NFC", INVISIBLE.sub("", text))
    handle = handle.strip().removeprefix("@").strip()
    if platform in _LOWER_CASE_PLATFORMS:
        handle = handle.lower()
    if not handle:
        raise CellError(column, text, _("There is no handle in this cell."))
    legal = _LEGAL.get(platform)
    if len(handle) > LONGEST_HANDLE or (legal is not None and legal.fullmatch(handle) is None):
        raise CellError(column, text, _what_is_legal(platform))
    return handle


def parse_profile(text: str, *, platform: PlatformName | None = None, column: str = "") -> ProfileLink:
    """Return the profile that an address or, where the platform is known, a handle names; CellError otherwise.

    With `platform` given, an address on another platform is an error, never silently the other platform's profile.
    """
    cleaned = (text if text.isascii() else INVISIBLE.sub("", text)).strip()
    parts = url_parts(cleaned)
    if parts is None:
        if platform is None:
            raise CellError(
                column, text, _("This is no profile address, and nothing says which platform the handle is on.")
            )
        handle = normalise_handle(platform, text, column=column)
        return ProfileLink(platform, handle, None, profile_url(platform, handle))
    if len(cleaned) > _LONGEST_ADDRESS:
        raise CellError(column, text, _("This address is longer than 500 characters."))
    if platform in FREE_PLATFORMS and (site_platform(parts) is None or platform == "other"):
        return _free_profile(platform, parts.host, parts.segments)
    found = read_address(parts, text, column)
    if platform is not None and found.platform != platform:
        message = _("This address is on %(found)s, but the column or the file says %(said)s.")
        raise CellError(column, text, message % {"found": found.platform, "said": platform})
    return _from_address(found, text, column)


def profile_url(platform: PlatformName, handle: str) -> str:
    """Return the address of the profile on the platform, empty where a handle does not lead to one."""
    if platform == "linkedin" and handle.startswith("company/"):
        return f"https://www.linkedin.com/{handle}/"
    if platform == "youtube" and handle.startswith(("c/", "user/")):
        return f"https://www.youtube.com/{handle}"
    return _PROFILE_ADDRESS[platform].format(handle) if platform in _PROFILE_ADDRESS else ""


def _from_address(found: Address, text: str, column: str) -> ProfileLink:
    platform = _PLATFORM_WORDS[found.platform]
    if found.external_id and found.handle == found.external_id:
        return ProfileLink(platform, found.handle, found.external_id, found.url)
    try:
        handle = normalise_handle(platform, found.handle, column=column)
    except CellError as error:
        raise CellError(column, text, error.message) from None
    return ProfileLink(platform, handle, found.external_id, found.url or profile_url(platform, handle))


def _free_profile(platform: PlatformName | None, host: str, segments: tuple[str, ...]) -> ProfileLink:
    assert platform is not None  # noqa: S101 - the caller found it among the free platforms
    address = "/".join((host.removeprefix("www."), *segments))[:LONGEST_HANDLE]
    return ProfileLink(platform, address, None, f"https://{'/'.join((host, *segments))}")


def _what_is_legal(platform: PlatformName) -> str:
    rules = {
        "instagram": _(
            "An Instagram handle has up to 30 letters a–z, digits, dots and underscores, and no two dots in a row."
        ),
        "tiktok": _("A TikTok handle has 2 to 24 letters a–z, digits, dots and underscores."),
        "youtube": _("A YouTube handle has 3 letters, digits, dots, hyphens or underscores or more, and no spaces."),
        "facebook": _("A Facebook page name has letters, digits, dots and hyphens, and no spaces."),
        "x": _("A handle on X has up to 15 letters a–z, digits and underscores."),
        "linkedin": _("A LinkedIn name has letters, digits and hyphens, and no spaces."),
        "twitch": _("A Twitch handle has 2 to 25 letters a–z, digits and underscores."),
    }
    return rules.get(platform, _("This is longer than 200 characters."))
