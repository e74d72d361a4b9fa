"""Posts: the layouts of real exports and our own, ids that spreadsheets spoiled, and what is refused."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from influencers.imports.cells import plain_text, shown
from influencers.imports.errors import ImportRefused, RefusedRow
from influencers.imports.identifiers import is_rounded
from influencers.imports.post_addresses import PostAddress, read_post_address
from influencers.imports.post_rows import PostRow, read_posts
from influencers.imports.sheets import Sheet
from tests.influencers.imports.conftest import Opener

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def rows_of(sheet: Sheet, **kwargs: object) -> list[PostRow | RefusedRow]:
    return list(read_posts(sheet, **{"zone": UTC, **kwargs}).rows())  # type: ignore[arg-type]


def good(sheet: Sheet, **kwargs: object) -> list[PostRow]:
    rows = rows_of(sheet, **kwargs)
    assert [row for row in rows if isinstance(row, RefusedRow)] == []
    return [row for row in rows if isinstance(row, PostRow)]


def refused(sheet: Sheet, **kwargs: object) -> list[tuple[int, str, str, str]]:
    return [
        (error.row, error.column, error.value, error.message)
        for row in rows_of(sheet, **kwargs)
        if isinstance(row, RefusedRow)
        for error in row.errors
    ]


OWN = (
    "platform,handle,external_id,posted_at,kind,caption,likes,comments,shares,saves,views,reach,impressions,replies,sponsored,"
    "url,followers,counted_at\n"
)


def test_own_layout(sheet_of: Opener) -> None:
    text = OWN + (
        "instagram,@Jane,Cabcde1,2024-03-05 10:00,Reel,Hello #ad,10,2,3,4,500,300,400,1,no,"
        "https://www.instagram.com/p/Cabcde1/,12345,2024-03-09T00:00:00Z\n"
        "x,Jane,123456,2024-03-05T10:00:00Z,,,,,,,,,,,,,,\n"
    )
    full, empty = good(sheet_of(text), zone=SAO_PAULO)
    assert full == PostRow(
        line=2,
        platform="instagram",
        handle="jane",
        is_title=False,
        account_external_id=None,
        external_id="Cabcde1",
        url="https://www.instagram.com/p/Cabcde1/",
        posted_at=datetime(2024, 3, 5, 13, tzinfo=UTC),
        kind="short",
        caption="Hello #ad",
        likes=10,
        comments=2,
        shares=3,
        saves=4,
        views=500,
        reach=300,
        impressions=400,
        replies=1,
        followers=12345,
        is_sponsored="no",
        sponsored_source="platform",
        counted_at=datetime(2024, 3, 9, tzinfo=UTC),
    )
    assert (empty.platform, empty.handle, empty.external_id, empty.kind) == ("x", "Jane", "123456", "post")
    assert (empty.likes, empty.comments, empty.views, empty.followers, empty.counted_at) == (
        None,
        None,
        None,
        None,
        None,
    )
    assert (empty.is_sponsored, empty.sponsored_source, empty.url) == ("unknown", "", "")


def test_tiktok_layout(sheet_of: Opener) -> None:
    text = (
        "user_name,user_id,video_id,video_desc,video_time,video_length,video_link,n_likes,n_shares,n_comments,n_plays\n"
        "jane,6780470206164042757,6998948804456205574,Fun,1629569756,14,"
        "https://www.tiktok.com/@jane/video/6998948804456205574?lang=en,289300,2860,3340,1300000\n"
    )
    sheet = sheet_of(text)
    (row,) = good(sheet)
    assert row.posted_at == datetime(2021, 8, 21, 18, 15, 56, tzinfo=UTC)
    assert (row.platform, row.handle, row.account_external_id) == ("tiktok", "jane", "6780470206164042757")
    assert (row.external_id, row.kind, row.caption) == ("6998948804456205574", "video", "Fun")
    assert (row.likes, row.comments, row.shares, row.views, row.saves) == (289_300, 3_340, 2_860, 1_300_000, None)
    assert read_posts(sheet, zone=UTC).columns.ignored == ("video_length",)
    assert read_posts(sheet, zone=UTC).facts.kind == "csv"


def test_youtube_layout_needs_platform_and_handle(sheet_of: Opener) -> None:
    text = "title,video_id,views,likes,upload_date,fetch_date\n"
    text += "Fun,-TwrjtUIcr8,703991,15097,2011-08-18T17:03:56Z,2025-04-29T18:27:14Z\n"
    (row,) = good(sheet_of(text), platform="youtube", handle="@JaneDoe")
    assert (row.handle, row.external_id, row.views, row.likes, row.comments) == (
        "JaneDoe",
        "-TwrjtUIcr8",
        703_991,
        15_097,
        None,
    )
    assert (row.caption, row.kind, row.counted_at) == ("Fun", "video", datetime(2025, 4, 29, 18, 27, 14, tzinfo=UTC))
    with pytest.raises(ImportRefused, match="Say it with --platform"):
        read_posts(sheet_of(text), zone=UTC)
    with pytest.raises(ImportRefused, match="Say it with --handle"):
        read_posts(sheet_of(text), zone=UTC, platform="youtube")
    with pytest.raises(ImportRefused, match=r"^Jane Doe: A YouTube handle"):
        read_posts(sheet_of(text), zone=UTC, platform="youtube", handle="Jane Doe")


KARMA = [
    *["Date", "Message", "Profile", "Network", "Reactions, Comments & Shares", "Likes per post", "Comments per post"],
    *["Message-ID", "Profile-ID", "Link"],
]


def test_fanpage_karma_layout(sheet_of: Opener) -> None:
    moment = datetime(2024, 1, 1, 12, 46, 1)  # noqa: DTZ001 - as spreadsheets give it
    link = "https://www.instagram.com/reel/Cabcdefghij/"
    rows: list[list[object]] = [
        KARMA,
        [moment, "Bom dia", "Jane Doe", "INSTAGRAM", 164, 155, 9, 1.833047613709773e16, 1701538986, link],
        [moment, None, "Jane Doe", "INSTAGRAM", 4, 3, 1, 1.833047613709773e16, 1701538986, None],
    ]
    sheet = sheet_of(rows)
    row, broken = rows_of(sheet, zone=SAO_PAULO)
    assert isinstance(row, PostRow)
    assert row.posted_at == datetime(2024, 1, 1, 15, 46, 1, tzinfo=UTC)
    assert (row.platform, row.handle, row.is_title, row.account_external_id) == (
        "instagram",
        "Jane Doe",
        True,
        "1701538986",
    )
    assert (row.external_id, row.kind, row.likes, row.comments, row.shares) == ("Cabcdefghij", "short", 155, 9, None)
    assert isinstance(broken, RefusedRow)
    assert broken.errors[0].column == "Message-ID"
    assert "has rounded this id" in broken.errors[0].message
    (named, _broken) = rows_of(sheet, zone=SAO_PAULO, platform="instagram", handle="jane.doe")
    assert isinstance(named, PostRow)
    assert (named.handle, named.is_title) == ("jane.doe", False)


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ("Author Unique ID,Author Nickname,Verified?", "This file has no posts: no column holds the id of a post"),
        ("author_uniqueId,video_id,video_link,video_desc", "does not say when its posts were published"),
        ("handle,platform,date,likes", "holds the id of a post or a link to one, so its posts cannot be told apart"),
    ],
)
def test_file_that_lacks_what_a_post_needs_is_refused(sheet_of: Opener, headers: str, says: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        read_posts(sheet_of(f"{headers}\na,b,c,d\n"), zone=UTC)
    assert says in caught.value.message
    assert f"Its columns: {', '.join(headers.split(','))}." in caught.value.message


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("tiktok,jane,,2024-01-01,,,,", "external_id", "neither the id of a post nor a link"),
        ("tiktok,jane,1,,,,,", "posted_at", "does not say when the post was published"),
        ("tiktok,jane,1,soon,,,,", "posted_at", "not a date"),
        ("tiktok,,1,2024-01-01,,,,", "", "does not say whose post"),
        (",jane,1,2024-01-01,,,,", "platform", "does not say which platform"),
        ("MySpace,jane,1,2024-01-01,,,,", "platform", "not a platform"),
        ("tiktok,jane,6.99895E+18,2024-01-01,,,,", "external_id", "has rounded this id"),
        ("tiktok,jane,6998948804456200000,2024-01-01,,,,", "external_id", "has rounded this id"),
        ("tiktok,jane,1,2024-01-01,selfie,,,", "kind", "not a kind of post"),
        ("tiktok,jane,1,2024-01-01,,-7,,", "likes", "cannot be negative"),
        ("tiktok,jane,1,2024-01-01,,,maybe,", "sponsored", "neither yes nor no"),
        ("tiktok,jane,1,2024-01-01,,,,jane", "url", "not a link"),
        (
            "tiktok,jane,1,2024-01-01,,,,https://x.com/jane/status/12345",
            "url",
            "is on x, but the column or the file says tiktok",
        ),
        (
            "tiktok,jane,11111,2024-01-01,,,,https://www.tiktok.com/@jane/video/22222",
            "external_id",
            "but the address says 22222",
        ),
        ("x,j j,1,2024-01-01,,,,", "handle", "A handle on X"),
        (f"tiktok,jane,{'1' * 101},2024-01-01,,,,", "external_id", "at most 100"),
        (f"tiktok,jane,1,2024-01-01,,,,https://a.example/{'x' * 500}", "url", "longer than 500"),
        ("tiktok,jane,1,2024-01-01,,,,,surplus", "", "more cells than there are headings"),
    ],
)
def test_row_that_cannot_be_a_post_is_refused_with_a_sentence(
    sheet_of: Opener, row: str, column: str, says: str
) -> None:
    text = "platform,handle,external_id,posted_at,kind,likes,sponsored,url\n" + row + "\n"
    ((line, found, _value, message),) = refused(sheet_of(text))
    assert (line, found) == (2, column)
    assert says in message


def test_told_platform_and_handle_must_agree_with_the_rows(sheet_of: Opener) -> None:
    text = "platform,handle,external_id,posted_at\nx,Jane,1,2024-01-01\nx,Joe,2,2024-01-01\n"
    ((line, _column, _value, message),) = refused(sheet_of(text), handle="@jane")
    assert (line, message) == (3, "This row is of Joe, but the import was started for jane.")
    assert "was started for tiktok" in refused(sheet_of(text), platform="tiktok")[0][3]


def test_rounded_ids_do_no_harm_where_something_better_is_known(sheet_of: Opener) -> None:
    text = (
        "user_name,user_id,video_id,video_time,video_link\n"
        "jane,6.78047E+18,6.99895E+18,1629569756,https://www.tiktok.com/@jane/video/6998948804456205574\n"
        ",6.78047E+18,6.99895E+18,1629569756,https://www.tiktok.com/video/6998948804456205574\n"
    )
    row, broken = rows_of(sheet_of(text))
    assert isinstance(row, PostRow)
    assert (row.account_external_id, row.external_id) == (None, "6998948804456205574")
    assert isinstance(broken, RefusedRow)


def test_account_known_only_by_its_id_has_no_handle(sheet_of: Opener) -> None:
    (row,) = good(sheet_of("platform,user_id,video_id,date\ntiktok,107955,1,2024-01-01\n"))
    assert (row.handle, row.is_title, row.account_external_id) == ("", False, "107955")


def test_link_names_account_and_post(sheet_of: Opener) -> None:
    text = (
        "link,date\nhttps://x.com/Jane/status/12345,2024-01-01\nhttps://www.instagram.com/jane/p/Cabcde1/,2024-01-01\n"
    )
    assert [(row.platform, row.handle, row.external_id) for row in good(sheet_of(text))] == [
        ("x", "Jane", "12345"),
        ("instagram", "jane", "Cabcde1"),
    ]


def test_blog_post_is_known_by_its_address(sheet_of: Opener) -> None:
    text = "platform,handle,link,date\nblog,jane.example,https://www.jane.example/2024/fun,2024-01-01\n"
    (row,) = good(sheet_of(text))
    assert (row.external_id, row.kind) == ("jane.example/2024/fun", "text")
    long = text.replace("fun", "f" * 120)
    assert "neither the id" in refused(sheet_of(long))[0][3]


def test_title_that_is_too_long_is_an_error(sheet_of: Opener) -> None:
    text = f"platform,profile,id,date\nfacebook,{'x' * 201},1,2024-01-01\n"
    assert "A title has at most 200" in refused(sheet_of(text))[0][3]


def test_title_and_description_are_one_caption(sheet_of: Opener) -> None:
    text = "platform,handle,id,date,title,description\n"
    text += 'youtube,jane,1,2024-01-01,Fun,"Two\nlines"\nyoutube,jane,2,2024-01-01,Fun,Fun\n'
    assert [row.caption for row in good(sheet_of(text))] == ["Fun\nTwo\nlines", "Fun"]


def test_same_post_twice(sheet_of: Opener) -> None:
    text = (
        "platform,handle,id,date,likes,counted_at\n"
        "x,jane,1,2024-01-01,5,2024-02-01\n"
        "x,JANE,1,2024-01-01,5,2024-02-01\n"
        "x,jane,1,2024-01-01,9,2024-03-01\n"
        "x,jane,1,2024-01-01,7,2024-03-01\n"
        "x,jane,1,2024-01-01,5,2024-02-01\n"
    )
    rows = rows_of(sheet_of(text))
    assert [row.repeats_line for row in rows if isinstance(row, PostRow)] == [None, None, 2]
    assert [(error[0], error[3]) for error in refused(sheet_of(text))] == [
        (3, "Line 2 has the same post with other details. Keep the row that is right."),
        (5, "Line 4 has the same post with other details. Keep the row that is right."),
    ]


def test_dates_and_numbers_are_settled_by_their_columns(sheet_of: Opener) -> None:
    text = 'platform;handle;id;date;likes\nx;jane;1;05/03/2024;1.234\nx;jane;2;13/03/2024;"12,5K"\n'
    first, _second = good(sheet_of(text))
    assert (first.posted_at, first.likes) == (datetime(2024, 3, 5, tzinfo=UTC), 1_234)


@pytest.mark.parametrize(
    ("address", "platform", "handle", "post_id", "kind"),
    [
        ("https://www.instagram.com/p/Cabcde1/", "instagram", None, "Cabcde1", "post"),
        ("instagram.com/reel/Cabcde1/?x=1", "instagram", None, "Cabcde1", "short"),
        ("https://www.instagram.com/tv/Cabcde1/", "instagram", None, "Cabcde1", "video"),
        ("https://www.instagram.com/jane/reel/Cabcde1/", "instagram", "jane", "Cabcde1", "short"),
        ("https://www.instagram.com/stories/jane/1234567/", "instagram", "jane", "1234567", "story"),
        ("https://www.instagram.com/jane/", "instagram", None, None, None),
        ("https://www.tiktok.com/@jane/video/1234567?lang=en", "tiktok", "jane", "1234567", "video"),
        ("https://www.tiktok.com/@jane/photo/1234567", "tiktok", "jane", "1234567", "post"),
        ("https://www.tiktok.com/@jane", "tiktok", None, None, None),
        ("https://www.youtube.com/watch?v=5TwrjtUIcr8&t=1", "youtube", None, "5TwrjtUIcr8", "video"),
        ("https://youtu.be/5TwrjtUIcr8", "youtube", None, "5TwrjtUIcr8", "video"),
        ("https://youtube.com/shorts/5TwrjtUIcr8", "youtube", None, "5TwrjtUIcr8", "short"),
        ("https://youtube.com/live/5TwrjtUIcr8", "youtube", None, "5TwrjtUIcr8", "live"),
        ("https://www.youtube.com/watch", "youtube", None, None, None),
        ("https://www.youtube.com/@jane", "youtube", None, None, None),
        ("https://www.facebook.com/jane/posts/1234567", "facebook", "jane", "1234567", "post"),
        ("https://www.facebook.com/jane/videos/some-title/1234567/", "facebook", "jane", "1234567", "video"),
        ("https://www.facebook.com/permalink.php?story_fbid=pfbid02abc&id=1", "facebook", None, "pfbid02abc", "post"),
        ("https://www.facebook.com/watch/?v=1234567", "facebook", None, "1234567", "video"),
        ("https://www.facebook.com/reel/1234567", "facebook", None, "1234567", "short"),
        ("https://www.facebook.com/jane/posts/", "facebook", None, None, None),
        ("https://www.facebook.com/jane/posts/x/title", "facebook", None, None, None),
        ("https://x.com/jane/status/1234567?s=20", "x", "jane", "1234567", None),
        ("https://x.com/i/status/1234567", "x", None, "1234567", None),
        ("https://x.com/jane", "x", None, None, None),
        (
            "https://www.linkedin.com/feed/update/urn:li:activity:7123456789012345678/",
            "linkedin",
            None,
            "7123456789012345678",
            None,
        ),
        ("https://www.linkedin.com/in/jane", "linkedin", None, None, None),
        ("https://www.twitch.tv/videos/1234567", "twitch", None, None, None),
        ("https://jane.example/a", None, None, None, None),
    ],
)
def test_address_of_a_post(
    address: str, platform: str | None, handle: str | None, post_id: str | None, kind: str | None
) -> None:
    found = read_post_address(address)
    assert isinstance(found, PostAddress)
    assert (found.platform, found.handle, found.post_id, found.kind) == (platform, handle, post_id, kind)
    assert found.url.startswith("https://")


def test_text_that_is_no_address() -> None:
    assert read_post_address("javascript:alert(1)") is None


@pytest.mark.parametrize(
    ("cell", "rounded"),
    [
        ("6.99895E+18", True),
        ("6,99895e+18", True),
        (1.8e16, True),
        (12.5, True),
        ("6998948804456200000", True),
        (17.0, False),
        ("6998948804456205574", False),
        (6998948804456205574, False),
        ("1E5abcdefgh", False),
        ("C1jt5znON63", False),
        (None, False),
        (True, False),
        ("", False),
        ("10000000", False),
    ],
)
def test_rounded_ids_are_recognised(cell: str | float | None, rounded: bool) -> None:
    assert is_rounded(cell) is rounded


def test_cells_lose_what_spreadsheets_add() -> None:
    assert plain_text("'@jane") == "@jane"
    assert plain_text("'tis") == "'tis"
    assert plain_text("#VALUE!") == ""
    assert plain_text("#fun") == "#fun"
    assert plain_text("a\x00b\ufeff") == "ab"
    assert plain_text(True) == "true"
    assert plain_text(False) == "false"
    assert plain_text(datetime(2024, 1, 1, tzinfo=UTC)) == "2024-01-01T00:00:00+00:00"
    assert plain_text(2.5) == "2.5"
    assert shown("x" * 300) == "x" * 200 + "…"
    assert shown(None) == ""


def test_real_tiktok_posts(real_sheet: Opener, shared_data: Path) -> None:
    for name in ("tiktok_collected_videos", "tiktok_collected_liked_videos", "trending_videos"):
        rows = good(real_sheet(f"posts-tiktok-santaclara/{name}.csv"))
        with (shared_data / f"posts-tiktok-santaclara/{name}.csv").open(encoding="utf-8", newline="") as stream:
            table = list(csv.DictReader(stream))
        assert [(row.handle, row.external_id, row.likes, row.comments, row.shares, row.views) for row in rows] == [
            (
                r["user_name"],
                r["video_id"],
                int(r["n_likes"]),
                int(r["n_comments"]),
                int(r["n_shares"]),
                int(r["n_plays"]),
            )
            for r in table
        ]
        assert [int(row.posted_at.timestamp()) for row in rows] == [int(r["video_time"]) for r in table]
        assert [row.account_external_id for row in rows] == [r["user_id"] for r in table]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("trending_authors", "This file has no posts"),
        ("tiktok_funny_hashtag_videos", "does not say when its posts were published"),
    ],
)
def test_real_files_without_posts_or_times_are_refused(real_sheet: Opener, name: str, says: str) -> None:
    with pytest.raises(ImportRefused, match=says):
        read_posts(real_sheet(f"posts-tiktok-santaclara/{name}.csv"), zone=UTC)


def test_real_youtube_posts(real_sheet: Opener, shared_data: Path) -> None:
    for name, number in (("dunkey_greatest_hits", 400), ("dunkey_more", 197)):
        rows = good(real_sheet(f"posts-youtube-dunkey/{name}.csv"), platform="youtube", handle="jane")
        with (shared_data / f"posts-youtube-dunkey/{name}.csv").open(encoding="utf-8", newline="") as stream:
            table = list(csv.DictReader(stream))
        assert len(rows) == number
        assert [(row.external_id, row.views, row.likes) for row in rows] == [
            (r["video_id"], int(r["views"]), int(r["likes"])) for r in table
        ]
        assert {row.comments for row in rows} == {None}
        assert [row.posted_at.strftime("%Y-%m-%dT%H:%M:%SZ") for row in rows] == [r["upload_date"] for r in table]


def test_real_fanpage_karma_workbooks(real_sheet: Opener, shared_data: Path) -> None:
    for name, number in (("governomg", 733), ("governopara", 582)):
        rows = good(real_sheet(f"posts-fanpagekarma-br-gov/{name}.xlsx"), zone=SAO_PAULO)
        book = openpyxl.load_workbook(shared_data / f"posts-fanpagekarma-br-gov/{name}.xlsx")
        table = list(book.active.iter_rows(min_row=2, values_only=True))
        assert len(rows) == len({row.external_id for row in rows}) == len(table) == number
        assert [(row.likes, row.comments, row.account_external_id) for row in rows] == [
            (r[5], r[6], str(r[8])) for r in table
        ]
        assert [row.posted_at.astimezone(SAO_PAULO).replace(tzinfo=None) for row in rows] == [r[0] for r in table]
        assert [row.external_id for row in rows] == [str(r[9]).rstrip("/").rsplit("/", 1)[1] for r in table]
        assert {row.shares for row in rows} == {None}
