"""What headings mean, in which language so ever, and what a mapping may say."""

import pytest

from influencers.imports.errors import ImportRefused
from influencers.imports.header_aliases import POST_ALIASES, ROSTER_ALIASES
from influencers.imports.headers import SheetKind, meaning_of, meanings, plain_key, read_columns, recognised


@pytest.mark.parametrize(
    ("header", "meaning", "unit"),
    [
        ("Name", "name", 1),
        ("NOME", "name", 1),
        ("Username", "handle", 1),
        ("Follower Count", "followers", 1),
        ("Followers (M)", "followers", 1_000_000),
        ("Followers (in K)", "followers", 1_000),
        ("Followers [000s]", "followers", 1_000),
        ("Followers in millions", "followers", 1_000_000),
        ("Abonnés", "followers", 1),
        ("Følgere", "followers", 1),
        ("Número de seguidores", "followers", 1),
        ("Anzahl Follower", "followers", 1),
        ("Aantal volgers", "followers", 1),
        ("Instagram Followers (K)", "followers:instagram", 1_000),
        ("Seguidores no Instagram", "followers:instagram", 1),
        ("instagram_handle", "handle:instagram", 1),
        ("ig_username", "handle:instagram", 1),
        ("INSTAGRAM", "handle:instagram", 1),
        ("TWITTER", "handle:x", 1),
        ("Handle (X)", "handle:x", 1),
        ("Tik Tok", "handle:tiktok", 1),
        ("YouTube channel", "handle:youtube", 1),
        ("YouTube Channel URL", "url:youtube", 1),
        ("TikTok user ID", "external_id:tiktok", 1),
        ("Youtuber", "title:youtube", 1),
        ("Video Views", "total_views", 1),
        ("Category", "niche", 1),
        ("Country", "country", 1),
        ("E-Mail", "email", 1),
        ("Rank", "", 1),
        ("Instagram or TikTok", "", 1),
        ("Instagram niche", "", 1),
        ("", "", 1),
        ("Name " * 30, "", 1),
    ],
)
def test_roster_heading_means(header: str, meaning: str, unit: int) -> None:
    assert meaning_of(header, "roster") == (meaning, unit)


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        *[
            ("user_name", "handle"),
            ("user_id", "account_external_id"),
            ("video_id", "external_id"),
            ("video_desc", "caption"),
        ],
        *[
            ("video_time", "posted_at"),
            ("video_length", ""),
            ("video_link", "url"),
            ("n_likes", "likes"),
            ("n_plays", "views"),
        ],
        *[("n_shares", "shares"), ("n_comments", "comments"), ("title", "caption"), ("upload_date", "posted_at")],
        *[("fetch_date", "counted_at"), ("Date", "posted_at"), ("Message", "caption"), ("Profile", "title")],
        *[("Network", "platform"), ("Reactions, Comments & Shares", ""), ("Likes per post", "likes")],
        *[("Comments per post", "comments"), ("Message-ID", "external_id"), ("Profile-ID", "account_external_id")],
        *[
            ("Link", "url"),
            ("followers at posting", "followers"),
            ("video_isAd", "sponsored"),
            ("counted_at", "counted_at"),
        ],
    ],
)
def test_post_heading_means(header: str, meaning: str) -> None:
    assert meaning_of(header, "posts") == (meaning, 1)


@pytest.mark.parametrize("aliases", [ROSTER_ALIASES, POST_ALIASES])
def test_every_alias_is_plain_and_means_one_thing(aliases: dict[str, tuple[str, ...]]) -> None:
    names = [alias for group in aliases.values() for alias in group]
    assert len(names) == len(set(names))
    assert [name for name in names if plain_key(name) != name] == []


def test_columns_are_found_and_the_others_are_told() -> None:
    columns = read_columns(
        ["Rank", "Name", "", "Username", "Followers (M)", "Name (M)"], "roster", {"Name (M)": "ignore"}
    )
    assert [(column.index, column.meaning, column.unit) for column in columns.used] == [
        (1, "name", 1),
        (3, "handle", 1),
        (4, "followers", 1_000_000),
    ]
    assert columns.ignored == ("Rank", "Name (M)")
    assert columns.as_mapping() == {"Name": "name", "Username": "handle", "Followers (M)": "followers"}


def test_two_columns_of_one_meaning_are_refused_by_name() -> None:
    with pytest.raises(ImportRefused) as caught:
        read_columns(["Name", "Username", "Handle"], "roster")
    assert "Column 2 (“Username”) and column 3 (“Handle”) both mean handle." in str(caught.value)
    assert [column.meaning for column in read_columns(["Niche", "Category", "Topics"], "roster").used] == ["niche"] * 3


def test_mapping_wins_over_headings() -> None:
    mapping = {"USERNAME": "handle:tiktok", "#3": "name", "Name": "ignore"}
    columns = read_columns(["Name", "Username", "Who", "Full name"], "roster", mapping)
    assert {column.header: column.meaning for column in columns.used} == {"Username": "handle:tiktok", "Who": "name"}
    assert columns.ignored == ("Name", "Full name")
    assert columns.used[0].platform == "tiktok"
    assert columns.all("handle") == (columns.used[0],)
    assert columns.one("handle") is None


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"Nickname": "name"}, "names the column “Nickname”, which the file does not have. Its columns: Name, Who."),
        ({"#9": "name"}, "“#9”"),
        ({"Who": "shoe size"}, "gives the column “Who” the meaning “shoe size”. Known meanings: city, country"),
        ({"Name": "name", "Who": "name"}, "both mean name"),
    ],
)
def test_mapping_that_does_not_fit_is_refused(mapping: dict[str, str], says: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        read_columns(["Name", "Who", ""], "roster", mapping)
    assert says in str(caught.value)


@pytest.mark.parametrize("kind", ["roster", "posts"])
def test_every_meaning_can_be_mapped(kind: SheetKind) -> None:
    for meaning in meanings(kind):
        assert read_columns(["foo"], kind, {"foo": meaning}).used[0].meaning == meaning


def test_rows_are_judged_by_how_many_headings_they_hold() -> None:
    assert recognised(["Name", "Username", 5, None, "Rank"]) == 2
    assert recognised(["video_id", "n_likes", "n_plays", "Name"]) == 3
    assert recognised(["Jane Doe", "@jane"]) == 0
