"""What the address of a post says: its platform, its id there, perhaps whose it is and of which kind."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from influencers.imports.handles import PlatformName, read_platform
from influencers.imports.profile_addresses import UrlParts, site_platform, url_parts

PostKind = Literal["post", "video", "short", "story", "live", "text"]

_KIND_BY_SEGMENT: dict[str, PostKind] = {
    "p": "post",
    "reel": "short",
    "reels": "short",
    "tv": "video",
    "photo": "post",
    "posts": "post",
    "photos": "post",
    "video": "video",
    "videos": "video",
    "shorts": "short",
    "live": "live",
    "stories": "story",
}
_SHORTCODE = re.compile(r"[A-Za-z0-9_-]{5,40}")
_DIGITS = re.compile(r"\d{5,25}")
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_FACEBOOK_ID = re.compile(r"(?:.*_)?(\d{5,25}|pfbid[A-Za-z0-9]+)")
_LINKEDIN_ID = re.compile(r"(?:activity|share|ugcPost)[:-](\d{15,25})")


@dataclass(frozen=True, slots=True)
class PostAddress:
    """What an address tells; `post_id` is None if it leads to no post, `handle` is None if it names nobody."""

    platform: PlatformName | None
    url: str
    place: str
    handle: str | None = None
    post_id: str | None = None
    kind: PostKind | None = None


def read_post_address(text: str) -> PostAddress | None:
    """Return what the address tells, None if the text is no http(s) address."""
    parts = url_parts(text)
    if parts is None:
        return None
    url = text if "://" in text else f"https://{text.removeprefix('//')}"
    place = "/".join((parts.host.removeprefix("www."), *parts.segments))
    platform = "youtube" if parts.host == "youtu.be" else site_platform(parts)
    if platform is None:
        return PostAddress(None, url, place)
    handle, post_id, kind = _READERS[platform](parts) if platform in _READERS else (None, None, None)
    return PostAddress(read_platform(platform), url, place, handle, post_id, kind)


_Told = tuple[str | None, str | None, PostKind | None]
_NOTHING: _Told = (None, None, None)


def _instagram(parts: UrlParts) -> _Told:
    segments = parts.segments
    for place, segment in enumerate(segments[:2]):
        if (
            segment in {"p", "reel", "reels", "tv"}
            and len(segments) > place + 1
            and _SHORTCODE.fullmatch(segments[place + 1])
        ):
            return (segments[0] if place else None), segments[place + 1], _KIND_BY_SEGMENT[segment]
    if len(segments) > 2 and segments[0] == "stories" and _DIGITS.fullmatch(segments[2]):
        return segments[1], segments[2], "story"
    return _NOTHING


def _tiktok(parts: UrlParts) -> _Told:
    match parts.segments:
        case (name, ("video" | "photo") as kind, number, *_) if name.startswith("@") and _DIGITS.fullmatch(number):
            return name.removeprefix("@") or None, number, _KIND_BY_SEGMENT[kind]
    return _NOTHING


def _youtube(parts: UrlParts) -> _Told:
    match parts.segments:
        case ("watch",):
            video, kind = parts.query.get("v", [""])[0], "video"
        case (("shorts" | "live" | "embed") as kind, video, *_):
            pass
        case (video,) if parts.host == "youtu.be":
            kind = "video"
        case _:
            return _NOTHING
    return (None, video, _KIND_BY_SEGMENT.get(kind, "video")) if _VIDEO_ID.fullmatch(video) else _NOTHING


def _facebook(parts: UrlParts) -> _Told:
    for name in ("story_fbid", "fbid", "v"):
        if name in parts.query and _FACEBOOK_ID.fullmatch(parts.query[name][0]):
            return None, parts.query[name][0], "video" if name == "v" else "post"
    match parts.segments:
        case (("reel" | "reels") as kind, number, *_) if _DIGITS.fullmatch(number):
            return None, number, _KIND_BY_SEGMENT[kind]
        case (page, ("posts" | "videos" | "photos") as kind, *_, last):
            found = _FACEBOOK_ID.fullmatch(last)
            return (page, found[1], _KIND_BY_SEGMENT[kind]) if found else _NOTHING
    return _NOTHING


def _x(parts: UrlParts) -> _Told:
    match parts.segments:
        case (name, "status", number, *_) if _DIGITS.fullmatch(number):
            return (None if name == "i" else name), number, None
    return _NOTHING


def _linkedin(parts: UrlParts) -> _Told:
    found = _LINKEDIN_ID.search("/".join(parts.segments))
    return (None, found[1], None) if found else _NOTHING


_READERS: dict[str, Callable[[UrlParts], _Told]] = {
    "instagram": _instagram,
    "tiktok": _tiktok,
    "youtube": _youtube,
    "facebook": _facebook,
    "x": _x,
    "linkedin": _linkedin,
}
