"""What the address of a profile says, platform by platform."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.utils.translation import gettext as _

from influencers.imports.errors import CellError

_SITES = {
    "instagram.com": "instagram",
    "tiktok.com": "tiktok",
    "youtube.com": "youtube",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "x.com": "x",
    "twitter.com": "x",
    "linkedin.com": "linkedin",
    "twitch.tv": "twitch",
}
_SHORT_LINKS = frozenset(
    {
        "vm.tiktok.com",
        "vt.tiktok.com",
        "youtu.be",
        "fb.me",
        "fb.watch",
        "t.co",
        "lnkd.in",
        "bit.ly",
        "tinyurl.com",
        "ig.me",
    }
    | {
        "instagr.am",
        "linktr.ee",
        "beacons.ai",
        "goo.gl",
        "ow.ly",
        "buff.ly",
        "t.ly",
        "on.soundcloud.com",
        "spotify.link",
    }
)
# First path segments that are the platform's own pages, so no profile of that name exists; blanks between.
_OWN_PAGES = {
    "instagram": (
        "p reel reels tv explore accounts direct s about developer legal stories share invites channel nametag ar "
        "popular topics web guides challenge oauth lite data emails press"
    ),
    "tiktok": "t tag music discover foryou following explore video embed search live",
    "youtube": (
        "watch playlist shorts results feed embed live hashtag post clip channel c user attribution_link redirect "
        "premium gaming movies account about creators trending podcasts kids t ads oops signin logout howyoutubeworks"
    ),
    "facebook": (
        "watch events photo.php photo photos permalink.php story.php share sharer login marketplace gaming reel reels "
        "groups hashtag help people pages pg p profile.php home.php sharer.php login.php stories video.php videos l.php "
        "public search policies privacy settings media notes note business ads adsmanager legal terms careers games oauth "
        "dialog plugins messages notifications bookmarks saved friends pages_manager"
    ),
    "x": (
        "i home search hashtag intent share explore settings login messages notifications compose tos privacy jobs "
        "download about"
    ),
    "twitch": (
        "videos directory p downloads settings jobs turbo search store team clip popout prime inventory wallet "
        "subscriptions friends drops"
    ),
}
_RESERVED = {platform: frozenset(pages.split()) for platform, pages in _OWN_PAGES.items()}
# Pages that stand for another address, which only the platform knows.
_SHARED = {"tiktok": frozenset({"t"}), "facebook": frozenset({"share"}), "instagram": frozenset({"share"})}
# Before a platform's name stand mobile sites and languages; anything else is help, business or news of the platform.
_PROFILE_HOST = re.compile(r"(?:(?:www|m|mobile|mbasic|touch|web|music|[a-z]{2}(?:-[a-z]{2})?)\.)?")
# The usual shapes, told without taking an address apart: most addresses, and most handles with a dot in them.
_PLAIN_ADDRESS = re.compile(r"https?://((?:www\.|m\.)?[a-z]+\.(?:com|tv))/(@?[\w.-]+)/?", re.IGNORECASE | re.ASCII)
_ONE_WORD = re.compile(r"[\w.@-]+", re.ASCII)
_ENDINGS = frozenset({""} | {host.rpartition(".")[2] for host in (*_SITES, *_SHORT_LINKS)})
_CHANNEL_ID = re.compile(r"UC[A-Za-z0-9_-]{22}")
_NUMBER = re.compile(r"\d{3,25}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}")
_NAMED_PAGE_WITH_ID = re.compile(r".+-(\d{9,20})")


@dataclass(frozen=True, slots=True)
class UrlParts:
    """An http(s) address taken apart: host in small letters, path segments unquoted."""

    host: str
    segments: tuple[str, ...]
    query: dict[str, list[str]]
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """The profile that an address names; `url` only where it is not the usual address of the handle."""

    platform: str
    handle: str
    external_id: str | None = None
    url: str = ""


def url_parts(text: str) -> UrlParts | None:
    """Take an address apart, with or without scheme; None if the text is no address.

    Without scheme or www only hosts of known platforms count, because `cj.mcc` and `governo.acre` are handles.
    """
    if "." not in text:
        return None
    plain = _PLAIN_ADDRESS.fullmatch(text)
    if plain is not None:
        return UrlParts(plain[1].lower(), (plain[2],), {})
    if _ONE_WORD.fullmatch(text) and text.rpartition(".")[2].lower() not in _ENDINGS and text[:4].lower() != "www.":
        return None
    return taken_apart(text)


def taken_apart(text: str) -> UrlParts | None:
    """Do the same for every shape, which takes ten times as long."""
    has_scheme = text.lower().startswith(("http://", "https://", "//"))
    split = _split(text if has_scheme else f"//{text}")
    host = (split.hostname or "").rstrip(".") if split is not None else ""
    if split is None or not _HOST.fullmatch(host):
        return None
    if (
        not has_scheme
        and not host.startswith("www.")
        and _site(host) is None
        and host not in _SHORT_LINKS
        and "/" not in text
    ):
        return None
    path = unquote(split.path) if "%" in split.path else split.path
    segments = tuple(segment for segment in map(str.strip, path.split("/")) if segment)
    return UrlParts(host, segments, parse_qs(split.query) if split.query else {}, split.fragment)


def _split(text: str) -> SplitResult | None:
    try:
        split = urlsplit(text)
        split.port  # noqa: B018 - reading it checks it
    except ValueError:
        return None
    return split if split.username is None and "@" not in split.netloc else None


def _site(host: str) -> str | None:
    for site in _SITES:
        if host == site or host.endswith(f".{site}"):
            return site
    return None


def site_platform(parts: UrlParts) -> str | None:
    """Return the platform whose site the address is on, None for any other site."""
    site = _site(parts.host)
    return None if site is None else _SITES[site]


def read_address(parts: UrlParts, text: str, column: str) -> Address:
    """Return the profile that the address names; CellError with a sentence if it names none."""
    site = _site(parts.host)
    platform = _SITES[site] if site is not None else None
    first = parts.segments[0].lower() if parts.segments else ""
    if parts.host in _SHORT_LINKS or (platform in _SHARED and first in _SHARED[platform]):
        raise CellError(
            column,
            text,
            _("This is a short link; it does not say whose profile it is. Open it and copy the full address."),
        )
    if site is None or platform is None:
        raise CellError(column, text, _("This address is on no platform that is known here."))
    if not _PROFILE_HOST.fullmatch(parts.host.removesuffix(site)):
        raise CellError(column, text, _("This address leads to a site of the platform on which there are no profiles."))
    if not (parts.segments or parts.fragment.startswith("!/")):
        raise CellError(column, text, _("This address names no profile, only the platform."))
    address = _READERS.get(platform, _first_segment)(platform, parts)
    if address is None:
        raise CellError(column, text, _("This address leads to a post or a page of the platform, not to a profile."))
    return address


def _first_segment(platform: str, parts: UrlParts) -> Address | None:
    first = parts.segments[0]
    return None if first.lower() in _RESERVED[platform] else Address(platform, first)


def _instagram(platform: str, parts: UrlParts) -> Address | None:
    first, *rest = parts.segments
    if first.lower() in {"stories", "_u"} and rest and rest[0] != "highlights":
        return Address(platform, rest[0])
    return _first_segment(platform, parts)


def _tiktok(platform: str, parts: UrlParts) -> Address | None:
    return Address(platform, parts.segments[0]) if parts.segments[0].startswith("@") else None


def _youtube(platform: str, parts: UrlParts) -> Address | None:
    first, *rest = parts.segments
    if first.startswith("@"):
        return Address(platform, first)
    first = first.lower()
    if first == "channel" and rest:
        channel = rest[0]
        if not _CHANNEL_ID.fullmatch(channel):
            return None
        return Address(platform, channel, channel, f"https://www.youtube.com/channel/{channel}")
    if first in {"c", "user"} and rest:
        # An old name can be the handle of somebody else, so it keeps its kind and never is the same as a handle.
        return Address(platform, f"{first}/{rest[0]}")
    return _first_segment(platform, parts)


def _x(platform: str, parts: UrlParts) -> Address | None:
    if not parts.segments:  # twitter.com/#!/jane, as links once were
        name = parts.fragment.removeprefix("!/").partition("/")[0]
        return Address(platform, name) if name else None
    names = parts.query.get("screen_name")
    if parts.segments[0].lower() == "intent" and names:
        return Address(platform, names[0])
    return _first_segment(platform, parts)


def _facebook(platform: str, parts: UrlParts) -> Address | None:
    first, *rest = parts.segments
    if first == "profile.php":
        return _facebook_id(platform, parts.query.get("id", [""])[0])
    if first in {"people", "pages"} and len(rest) > 1 and rest[0] != "category":
        return _facebook_id(platform, rest[1])
    if first == "pg" and rest:
        return Address(platform, rest[0])
    if first == "p" and rest and (number := _NAMED_PAGE_WITH_ID.fullmatch(rest[0])):
        return _facebook_id(platform, number[1])
    named = _NAMED_PAGE_WITH_ID.fullmatch(first)
    if named is not None:
        return Address(platform, first, named[1])
    return _first_segment(platform, parts)


def _facebook_id(platform: str, number: str) -> Address | None:
    if not _NUMBER.fullmatch(number):
        return None
    return Address(platform, number, number, f"https://www.facebook.com/profile.php?id={number}")


def _linkedin(platform: str, parts: UrlParts) -> Address | None:
    first, *rest = parts.segments
    if first in {"mwlite", "m"} and rest:
        first, *rest = rest
    if first in {"in", "company"} and rest:
        return Address(platform, rest[0] if first == "in" else f"company/{rest[0]}")
    return None


_READERS: dict[str, Callable[[str, UrlParts], Address | None]] = {
    "instagram": _instagram,
    "tiktok": _tiktok,
    "youtube": _youtube,
    "facebook": _facebook,
    "x": _x,
    "linkedin": _linkedin,
}
