"""Which profile a handle or an address names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influencers.imports.errors import CellError
from influencers.imports.handles import (
    PLATFORMS,
    PlatformName,
    ProfileLink,
    handle_key,
    normalise_handle,
    parse_profile,
    profile_url,
    read_platform,
)
from influencers.models import Platform

CHANNEL = "UCabcdefghijklmnopqrstuv"


def test_platforms_are_those_of_the_model() -> None:
    assert list(PLATFORMS) == Platform.values


@pytest.mark.parametrize(
    ("address", "platform", "handle", "external_id", "url"),
    [
        ("instagram.com/jane/", "instagram", "jane", None, "https://www.instagram.com/jane/"),
        (
            "https://m.instagram.com/Jane.Doe?igsh=abc",
            "instagram",
            "jane.doe",
            None,
            "https://www.instagram.com/jane.doe/",
        ),
        ("https://Instagram.com/jane", "instagram", "jane", None, "https://www.instagram.com/jane/"),
        ("https://www.instagram.com/jane/channel/", "instagram", "jane", None, "https://www.instagram.com/jane/"),
        ("https://www.instagram.com/stories/jane/123/", "instagram", "jane", None, "https://www.instagram.com/jane/"),
        ("instagram.com/_u/jane", "instagram", "jane", None, "https://www.instagram.com/jane/"),
        (
            "https://www.tiktok.com/@jane.doe/video/123?lang=en",
            "tiktok",
            "jane.doe",
            None,
            "https://www.tiktok.com/@jane.doe",
        ),
        ("TikTok.com/@Jane", "tiktok", "jane", None, "https://www.tiktok.com/@jane"),
        ("youtube.com/@JaneDoe/videos", "youtube", "JaneDoe", None, "https://www.youtube.com/@JaneDoe"),
        (
            f"https://www.youtube.com/channel/{CHANNEL}",
            "youtube",
            CHANNEL,
            CHANNEL,
            f"https://www.youtube.com/channel/{CHANNEL}",
        ),
        ("youtube.com/c/JaneDoe", "youtube", "c/JaneDoe", None, "https://www.youtube.com/c/JaneDoe"),
        ("http://m.youtube.com/user/jane", "youtube", "user/jane", None, "https://www.youtube.com/user/jane"),
        ("youtube.com/jane", "youtube", "jane", None, "https://www.youtube.com/@jane"),
        ("https://pt-br.facebook.com/jane.doe/", "facebook", "jane.doe", None, "https://www.facebook.com/jane.doe"),
        ("fb.com/jane", "facebook", "jane", None, "https://www.facebook.com/jane"),
        ("https://www.facebook.com/jane?ref=ts&fref=ts", "facebook", "jane", None, "https://www.facebook.com/jane"),
        ("facebook.com/pg/jane/posts", "facebook", "jane", None, "https://www.facebook.com/jane"),
        (
            "facebook.com/profile.php?id=1000123",
            "facebook",
            "1000123",
            "1000123",
            "https://www.facebook.com/profile.php?id=1000123",
        ),
        (
            "facebook.com/people/Jane-Doe/1000123/",
            "facebook",
            "1000123",
            "1000123",
            "https://www.facebook.com/profile.php?id=1000123",
        ),
        (
            "facebook.com/Jane-Doe-123456789",
            "facebook",
            "Jane-Doe-123456789",
            "123456789",
            "https://www.facebook.com/Jane-Doe-123456789",
        ),
        ("https://mobile.twitter.com/Jane/status/12345", "x", "Jane", None, "https://x.com/Jane"),
        ("x.com/jane?ref_src=twsrc%5Egoogle", "x", "jane", None, "https://x.com/jane"),
        ("www.linkedin.com/in/jane-doe-1/", "linkedin", "jane-doe-1", None, "https://www.linkedin.com/in/jane-doe-1/"),
        (
            "https://dk.linkedin.com/company/acme",
            "linkedin",
            "company/acme",
            None,
            "https://www.linkedin.com/company/acme/",
        ),
        ("linkedin.com/in/j%C3%B8rgen", "linkedin", "jørgen", None, "https://www.linkedin.com/in/jørgen/"),
        ("https://twitter.com/#!/jane", "x", "jane", None, "https://x.com/jane"),
        ("https://twitter.com/intent/user?screen_name=jane", "x", "jane", None, "https://x.com/jane"),
        ("https://www.linkedin.com/mwlite/in/jane/", "linkedin", "jane", None, "https://www.linkedin.com/in/jane/"),
        (
            "https://www.facebook.com/p/Jane-Doe-100012345678901/",
            "facebook",
            "100012345678901",
            "100012345678901",
            "https://www.facebook.com/profile.php?id=100012345678901",
        ),
        ("https://m.facebook.com/jane/?mibextid=abc", "facebook", "jane", None, "https://www.facebook.com/jane"),
        ("https://m.tiktok.com/@jane?_t=8abc&_r=1", "tiktok", "jane", None, "https://www.tiktok.com/@jane"),
        (
            f"https://music.youtube.com/Channel/{CHANNEL}?feature=share",
            "youtube",
            CHANNEL,
            CHANNEL,
            f"https://www.youtube.com/channel/{CHANNEL}",
        ),
        ("twitch.tv/Jane", "twitch", "jane", None, "https://www.twitch.tv/jane"),
        ("  https://www.twitch.tv/jane\u200b ", "twitch", "jane", None, "https://www.twitch.tv/jane"),
    ],
)
def test_address_names_a_profile(
    address: str, platform: PlatformName, handle: str, external_id: str | None, url: str
) -> None:
    assert parse_profile(address) == ProfileLink(platform, handle, external_id, url)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://vm.tiktok.com/ZMabc/", "short link"),
        ("https://youtu.be/abcdefghijk", "short link"),
        ("lnkd.in/abc", "short link"),
        ("https://www.tiktok.com/t/ZTabc/", "short link"),
        ("https://www.facebook.com/share/1AbCdE/", "short link"),
        ("https://www.instagram.com/share/_abc", "short link"),
        ("https://help.instagram.com/jane", "no profiles"),
        ("https://business.tiktok.com/@jane", "no profiles"),
        ("https://twitter.com/#!/", "not to a profile"),
        ("https://x.com/intent/follow", "not to a profile"),
        ("https://www.facebook.com/p/Jane-Doe/", "not to a profile"),
        ("https://www.linkedin.com/m/", "not to a profile"),
        ("https://www.instagram.com/p/Cabc/", "not to a profile"),
        ("https://www.instagram.com/stories/highlights/1/", "not to a profile"),
        ("https://www.tiktok.com/tag/fun", "not to a profile"),
        ("https://www.youtube.com/watch?v=abcdefghijk", "not to a profile"),
        ("https://www.youtube.com/channel/short", "not to a profile"),
        ("https://www.facebook.com/groups/123", "not to a profile"),
        ("https://www.facebook.com/media/set/?set=a.1", "not to a profile"),
        ("https://www.facebook.com/notes/jane/a-note/1", "not to a profile"),
        ("https://www.facebook.com/business", "not to a profile"),
        ("https://www.facebook.com/ads/library/?id=1", "not to a profile"),
        ("https://www.youtube.com/kids", "not to a profile"),
        ("https://www.instagram.com/oauth/authorize", "not to a profile"),
        ("https://www.facebook.com/profile.php?id=me", "not to a profile"),
        ("https://www.facebook.com/profile.php", "not to a profile"),
        ("https://x.com/i/lists/1", "not to a profile"),
        ("https://www.linkedin.com/feed/", "not to a profile"),
        ("https://www.twitch.tv/directory", "not to a profile"),
        ("instagram.com", "names no profile"),
        ("https://example.com/jane", "on no platform"),
        ("https://instagram.com.example.com/jane", "on no platform"),
        ("https://www.instagram.com/best-of/", "An Instagram handle has"),
        ("https://www.instagram.com/" + "a" * 600, "longer than 500"),
        ("@jane", "nothing says which platform"),
        ("https://instagram.com@example.com/jane", "nothing says which platform"),
        ("http://[", "nothing says which platform"),
        ("https://instagram.com:99999999/jane", "nothing says which platform"),
        ("javascript:alert(1)", "nothing says which platform"),
        ("ftp://instagram.com/jane", "nothing says which platform"),
    ],
)
def test_address_that_names_no_profile_is_an_error(address: str, says: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_profile(address, column="Link")
    assert says in caught.value.message
    assert (caught.value.column, caught.value.value) == ("Link", address)


@pytest.mark.parametrize(
    ("platform", "text", "handle"),
    [
        ("instagram", " @\u200bJane_Doe ", "jane_doe"),
        ("instagram", "cj.mcc_", "cj.mcc_"),
        ("instagram", "governo.acre", "governo.acre"),
        ("tiktok", "@Jane", "jane"),
        ("youtube", "@JaneDoe", "JaneDoe"),
        ("youtube", "ジェーン", "ジェーン"),
        ("x", "Jane_Doe", "Jane_Doe"),
        ("facebook", "jane.doe", "jane.doe"),
        ("podcast", "Jane Talks", "Jane Talks"),
        ("linkedin", "jane-doe", "jane-doe"),
    ],
)
def test_handle_is_cleared_of_what_is_not_part_of_it(platform: PlatformName, text: str, handle: str) -> None:
    assert normalise_handle(platform, text) == handle
    assert parse_profile(text, platform=platform) == ProfileLink(platform, handle, None, profile_url(platform, handle))


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("instagram", "jane/filter"),
        ("instagram", "criatividadeà"),
        ("instagram", "a..b"),
        ("instagram", "a" * 31),
        ("instagram", "good%20one"),
        ("instagram", "jane#"),
        ("tiktok", "j"),
        ("youtube", "Jane Doe"),
        ("facebook", "Jane Doe"),
        ("x", "a" * 16),
        ("linkedin", "jane doe"),
        ("twitch", "jane.doe"),
        ("podcast", "a" * 201),
        ("x", "@"),
        ("instagram", " \u200b"),
    ],
)
def test_handle_that_the_platform_does_not_allow_is_an_error(platform: PlatformName, text: str) -> None:
    with pytest.raises(CellError) as caught:
        normalise_handle(platform, text, column="Handle")
    assert caught.value.message.endswith(".")
    assert caught.value.column == "Handle"


def test_address_on_another_platform_is_an_error() -> None:
    with pytest.raises(CellError, match="is on instagram, but the column or the file says facebook"):
        parse_profile("https://www.instagram.com/jane/", platform="facebook")
    with pytest.raises(CellError, match="is on instagram"):
        parse_profile("https://www.instagram.com/jane/", platform="blog")


@pytest.mark.parametrize("platform", ["blog", "newsletter", "podcast", "other"])
def test_address_of_any_site_is_an_identity_where_no_platform_rules(platform: PlatformName) -> None:
    link = parse_profile("https://www.jane.example/about/?x=1", platform=platform)
    assert link == ProfileLink(platform, "jane.example/about", None, "https://www.jane.example/about")


def test_address_on_a_platform_may_be_other() -> None:
    assert parse_profile("https://x.com/i/lists/1", platform="other").handle == "x.com/i/lists/1"


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("IG", "instagram"),
        ("Tik Tok", "tiktok"),
        ("Twitter", "x"),
        ("X (Twitter)", "x"),
        ("www.tiktok.com", "tiktok"),
        ("INSTAGRAM", "instagram"),
        ("YouTube", "youtube"),
        ("fb", "facebook"),
        ("LinkedIn", "linkedin"),
    ],
)
def test_platform_is_read_from_its_usual_names(text: str, platform: str) -> None:
    assert read_platform(text) == platform


def test_unknown_platform_is_an_error_that_lists_the_known() -> None:
    with pytest.raises(CellError, match="Known are: instagram, tiktok, youtube"):
        read_platform("MySpace", column="Network")


@given(st.sampled_from(PLATFORMS), st.text(max_size=60))
def test_any_text_is_a_legal_handle_or_an_error(platform: PlatformName, text: str) -> None:
    try:
        link = parse_profile(text, platform=platform)
    except CellError as error:
        assert error.message  # noqa: PT017 - either outcome is right
        return
    assert link.platform == platform
    assert 0 < len(link.handle) <= 200
    assert link.url.startswith("https://") or not link.url


HANDLES = st.from_regex(r"[a-z0-9_]{3,15}", fullmatch=True).filter(
    lambda name: (
        name
        not in {"reel", "reels", "explore", "accounts", "direct", "about", "developer", "legal", "stories"}
        | {"home", "search", "hashtag", "intent", "share", "settings", "login", "messages", "notifications", "videos"}
        | {
            "directory",
            "downloads",
            "jobs",
            "turbo",
            "store",
            "watch",
            "events",
            "photo",
            "photos",
            "sharer",
            "groups",
            "help",
        }
        | {
            "marketplace",
            "gaming",
            "people",
            "pages",
            "playlist",
            "shorts",
            "results",
            "feed",
            "embed",
            "live",
            "post",
            "clip",
        }
        | {"channel", "user"}
    )
)


@given(
    st.sampled_from(["instagram", "tiktok", "youtube", "facebook", "x", "twitch"]),
    HANDLES,
    st.sampled_from(["", "?igsh=1", "/", "/?a=b"]),
    st.sampled_from(["https://", "http://", "", "HTTPS://"]),
)
def test_profile_address_made_here_names_the_same_profile(
    platform: PlatformName, handle: str, tail: str, scheme: str
) -> None:
    address = profile_url(platform, handle).removeprefix("https://").rstrip("/")
    link = parse_profile(f"{scheme}{address}{tail}")
    assert (link.platform, handle_key(link.handle)) == (platform, handle)
    assert parse_profile(link.url) == link
