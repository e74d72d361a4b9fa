"""Rosters: whose account a row is, what its figures belong to, and which rows are refused."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influencers.imports.errors import ImportRefused, RefusedRow
from influencers.imports.numbers import Count
from influencers.imports.repeats import Repeats
from influencers.imports.roster_rows import RosterAccount, RosterRow, read_roster
from influencers.imports.sheets import Sheet
from tests.influencers.imports.conftest import Opener


def rows_of(sheet: Sheet, **kwargs: object) -> list[RosterRow | RefusedRow]:
    return list(read_roster(sheet, **kwargs).rows())  # type: ignore[arg-type]


def good(sheet: Sheet, **kwargs: object) -> list[RosterRow]:
    rows = rows_of(sheet, **kwargs)
    assert [row for row in rows if isinstance(row, RefusedRow)] == []
    return [row for row in rows if isinstance(row, RosterRow)]


def refused(sheet: Sheet, **kwargs: object) -> list[tuple[int, str, str, str]]:
    """Return (line, column, value, message) of every error."""
    rows = rows_of(sheet, **kwargs)
    return [
        (error.row, error.column, error.value, error.message)
        for row in rows
        if isinstance(row, RefusedRow)
        for error in row.errors
    ]


def test_one_handle_column_with_the_platform_told(sheet_of: Opener) -> None:
    sheet = sheet_of(",,,\r\nRank,Name,Username,Follower Count\r\n1,Jane Doe,@Jane,10.4M\r\n2,,@joe,876K\r\n")
    assert good(sheet, platform="tiktok") == [
        RosterRow(
            line=3,
            name="Jane Doe",
            is_name_given=True,
            accounts=(
                RosterAccount("tiktok", "jane", None, "https://www.tiktok.com/@jane", Count(10_400_000, 100_000)),
            ),
        ),
        RosterRow(
            line=4,
            name="joe",
            is_name_given=False,
            accounts=(RosterAccount("tiktok", "joe", None, "https://www.tiktok.com/@joe", Count(876_000, 1_000)),),
        ),
    ]
    reading = read_roster(sheet, platform="tiktok")
    assert reading.columns.ignored == ("Rank",)
    assert reading.facts.header_row == 2


def test_platform_that_nothing_tells_is_refused(sheet_of: Opener) -> None:
    with pytest.raises(
        ImportRefused, match=r"which platform the handles in “Username” are on. Say it with --platform."
    ):
        read_roster(sheet_of("Name,Username\nJane,@jane\n"))


@pytest.mark.parametrize("text", ["Name,Followers\nJane,5\n", "Rank,Started\n1,2012\n", "Country\nDK\n"])
def test_file_without_handles_is_refused_with_its_columns(sheet_of: Opener, text: str) -> None:
    with pytest.raises(ImportRefused, match=r"No column of this file holds handles or profile links. Its columns: "):
        read_roster(sheet_of(text))


def test_platform_column(sheet_of: Opener) -> None:
    text = "Platform,Handle,Followers,User ID\nIG,@jane,5,17\nTwitter,Jane,6,\nMySpace,jane,7,\n,joe,8,\n"
    rows = rows_of(sheet_of(text))
    assert [row.accounts for row in rows if isinstance(row, RosterRow)] == [
        (RosterAccount("instagram", "jane", "17", "https://www.instagram.com/jane/", Count(5)),),
        (RosterAccount("x", "Jane", None, "https://x.com/Jane", Count(6)),),
    ]
    assert [(line, column, value) for line, column, value, _message in refused(sheet_of(text))] == [
        (4, "Platform", "MySpace"),
        (5, "Handle", "joe"),
    ]
    assert "was started for tiktok" in refused(sheet_of(text), platform="tiktok")[0][3]


def test_links_tell_platform_and_handle(sheet_of: Opener) -> None:
    text = (
        "Name,Profile URL,Followers\n"
        "A,https://www.instagram.com/a_a/?igsh=1,1\n"
        "B,https://vm.tiktok.com/ZM1/,2\n"
        "C,n/a,-\n"
        "D,n/a,4\n"
    )
    rows = rows_of(sheet_of(text))
    assert isinstance(rows[0], RosterRow)
    assert rows[0].accounts[0] == RosterAccount("instagram", "a_a", None, "https://www.instagram.com/a_a/", Count(1))
    assert isinstance(rows[2], RosterRow)
    assert (rows[2].name, rows[2].accounts) == ("C", ())
    assert [(error[0], error[1]) for error in refused(sheet_of(text))] == [(3, "Profile URL"), (5, "Followers")]
    assert refused(sheet_of(text))[1][3] == "This row has followers but no account."


def test_handle_and_link_must_agree(sheet_of: Opener) -> None:
    text = (
        "Username,Link\n"
        "Jane,https://x.com/jane\n"
        "@joe,https://x.com/jane2\n"
        "jim,https://www.facebook.com/profile.php?id=12345\n"
        ",https://x.com/jil\n"
    )
    rows = rows_of(sheet_of(text))
    assert [row.accounts[0].handle for row in rows if isinstance(row, RosterRow)] == ["jane", "jim", "jil"]
    assert isinstance(rows[2], RosterRow)
    assert rows[2].accounts[0] == RosterAccount(
        "facebook", "jim", "12345", "https://www.facebook.com/profile.php?id=12345", None
    )
    assert refused(sheet_of(text)) == [
        (3, "Username", "@joe", "The handle is joe, but the address in “Link” is that of jane2.")
    ]


def test_column_per_platform(sheet_of: Opener) -> None:
    text = (
        "Name,INSTAGRAM,Instagram followers (K),TikTok,TikTok followers,Twitter\n"
        'Jane,instagram.com/jane,12.5,@jane.doe,"1,234,567",https://x.com/Jane\n'
        "Joe,joe,,,,\n"
        "Jim,https://www.facebook.com/jim,,,,\n"
    )
    rows = rows_of(sheet_of(text))
    assert isinstance(rows[0], RosterRow)
    assert rows[0].accounts == (
        RosterAccount("instagram", "jane", None, "https://www.instagram.com/jane/", Count(12_500, 100)),
        RosterAccount("tiktok", "jane.doe", None, "https://www.tiktok.com/@jane.doe", Count(1_234_567)),
        RosterAccount("x", "Jane", None, "https://x.com/Jane", None),
    )
    assert isinstance(rows[1], RosterRow)
    assert [account.handle for account in rows[1].accounts] == ["joe"]
    assert refused(sheet_of(text))[0][:2] == (4, "INSTAGRAM")


def test_followers_beside_several_accounts_are_never_given_to_a_guess(sheet_of: Opener) -> None:
    text = "Instagram,TikTok,Followers\njane,,5\njane2,jane2,6\njane3,jane3,\n"
    rows = rows_of(sheet_of(text))
    assert isinstance(rows[0], RosterRow)
    assert rows[0].accounts[0].followers == Count(5)
    assert isinstance(rows[2], RosterRow)
    assert [account.followers for account in rows[2].accounts] == [None, None]
    assert refused(sheet_of(text)) == [
        (3, "Followers", "6", "This row has several accounts, and “Followers” does not say whose followers these are.")
    ]
    told = good(sheet_of(text), platform="tiktok")[1]
    assert [account.followers for account in told.accounts] == [None, Count(6)]


def test_generic_account_beside_a_platform_column_keeps_its_figures(sheet_of: Opener) -> None:
    text = "Username,Followers,Instagram\njane,5,jane.ig\njoe,7,\n"
    row, _other = good(sheet_of(text), platform="tiktok")
    assert [(account.platform, account.followers) for account in row.accounts] == [
        ("tiktok", Count(5)),
        ("instagram", None),
    ]


def test_same_account_in_two_columns_of_a_row_counts_once(sheet_of: Opener) -> None:
    (row,) = good(sheet_of("Username,Followers,TikTok\njane,5,@Jane\n"), platform="tiktok")
    assert len(row.accounts) == 1


def test_titles_stand_for_handles_where_a_list_has_no_handles(sheet_of: Opener) -> None:
    text = "Rank,Youtuber,Subscribers,Video Views,Category\n1,Fun & Games,284000000,2.58624E+11,Music\n2,?????,5,0,\n3,?????,6,0,\n"
    rows = rows_of(sheet_of(text))
    assert rows[0] == RosterRow(
        line=2,
        name="Fun & Games",
        is_name_given=True,
        accounts=(
            RosterAccount(
                "youtube",
                "Fun & Games",
                None,
                "",
                Count(284_000_000),
                is_title=True,
                total_views=Count(258_624_000_000, 10**6),
            ),
        ),
        niches=("Music",),
    )
    assert refused(sheet_of(text)) == [
        (4, "", "?????", "Line 3 has the same account with other details. Keep the row that is right.")
    ]


def test_title_is_only_a_name_where_a_handle_is_known(sheet_of: Opener) -> None:
    text = "Youtuber,Link,Subscribers\nJane Doe,https://youtube.com/@jane,5\nJoe,,6\n-,,\n"
    rows = rows_of(sheet_of(text))
    assert isinstance(rows[0], RosterRow)
    assert isinstance(rows[1], RosterRow)
    assert (rows[0].name, rows[0].accounts[0].handle, rows[0].accounts[0].is_title) == ("Jane Doe", "jane", False)
    assert (rows[1].name, rows[1].accounts[0].handle, rows[1].accounts[0].is_title) == ("Joe", "Joe", True)
    assert refused(sheet_of(text)) == [(4, "", "", "This row has neither a name nor an account.")]


def test_names_are_titles_only_on_platforms_that_show_titles(sheet_of: Opener) -> None:
    text = "Name,Followers\nJane Doe,5\n"
    (row,) = good(sheet_of(text), platform="youtube")
    assert row.accounts == (RosterAccount("youtube", "Jane Doe", None, "", Count(5), is_title=True),)
    with pytest.raises(ImportRefused):
        read_roster(sheet_of(text), platform="instagram")


def test_too_long_title_and_name_are_errors(sheet_of: Opener) -> None:
    long = "x" * 201
    assert "A title has at most 200" in refused(sheet_of(f"Youtuber,Subscribers\n{long},5\n"))[0][3]
    assert "A name has at most 200" in refused(sheet_of(f"Name,Country\n{long},DK\n"))[0][3]


def test_people_without_accounts(sheet_of: Opener) -> None:
    text = "First name,Last name,Country\nJane,Doe,DK\nJane,Doe,Denmark\nJane,Doe,Norway\n,,DK\n"
    rows = rows_of(sheet_of(text))
    assert isinstance(rows[0], RosterRow)
    assert (rows[0].name, rows[0].country, rows[0].accounts) == ("Jane Doe", "DK", ())
    assert isinstance(rows[1], RosterRow)
    assert rows[1].repeats_line == 2
    assert refused(sheet_of(text)) == [
        (4, "", "Jane Doe", "Line 2 has the same name with other details, and no account tells the two apart."),
        (5, "", "", "This row has neither a name nor an account."),
    ]


def test_everything_else_of_a_row(sheet_of: Opener) -> None:
    text = (
        "Name,Niche,Category,Tags,Languages,Country,State,City,E-mail,Status\n"
        'Jane,"Food; Travel",food,"vip, 2024",English/pt-BR; Dansk,Brasil,SP,São  Paulo,mailto:j@example.com,Do not work with\n'
    )
    (row,) = good(sheet_of(text))
    assert row == RosterRow(
        line=2,
        name="Jane",
        is_name_given=True,
        niches=("Food", "Travel"),
        tags=("vip", "2024"),
        languages=("en", "pt", "da"),
        country="BR",
        region="SP",
        city="São Paulo",
        email="j@example.com",
        status="blocked",
    )


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("Country", "Atlantis", "not a country"),
        ("Language", "Klingon", "not a language"),
        ("City", "x" * 101, "at most 100"),
        ("Email", "jane@", "not an e-mail address"),
        ("Email", "j" * 250 + "@example.com", "at most 254"),
        ("Status", "lost", "not a status"),
        ("Tags", "x" * 61, "at most 60"),
        ("Followers", "1,234", "can be read as"),
        ("User id", "6.99895E+18", "has rounded this id"),
        ("User id", "x" * 65, "at most 64"),
    ],
)
def test_cell_that_cannot_be_kept_refuses_its_row_with_a_sentence(
    sheet_of: Opener, column: str, value: str, says: str
) -> None:
    text = f'Username,{column}\njane,"{value}"\njoe,\n'
    rows = rows_of(sheet_of(text), platform="tiktok")
    assert isinstance(rows[0], RefusedRow)
    (error,) = rows[0].errors
    assert (error.row, error.column, error.value.rstrip("…")) == (2, column, value[:200])
    assert says in error.message
    assert error.as_dict() == {"row": 2, "column": column, "value": error.value, "message": error.message}
    assert isinstance(rows[1], RosterRow)


@pytest.mark.parametrize("address", ["o'neil+x@sub.example.co.uk", "J.Doe@Example.COM", "a@b-c.dk"])
def test_addresses_that_look_odd_are_kept(sheet_of: Opener, address: str) -> None:
    (row,) = good(sheet_of("Name;E-mail\nJane;" + address + "\n"))
    assert row.email == address


def test_words_of_several_columns_are_put_together_once(sheet_of: Opener) -> None:
    (row,) = good(sheet_of('Name,Niche,Topics,Genre\nJane,Food,"food, Travel",TRAVEL\n'))
    assert row.niches == ("Food", "Travel")


def test_cells_that_are_equal_numbers_are_not_one_cell(sheet_of: Opener) -> None:
    rows = good(sheet_of([["Name", "Tags"], ["Jane", 1], ["Joe", True], ["Jim", 1.0]]))
    assert [row.tags for row in rows] == [("1",), ("true",), ("1",)]


def test_all_errors_of_a_row_are_told_together(sheet_of: Opener) -> None:
    assert [error[1] for error in refused(sheet_of("Name,IG,Country,Email\nx,a b,Atlantis,no\n"))] == [
        "IG",
        "Country",
        "Email",
    ]


def test_id_beside_a_link_must_be_that_of_the_link(sheet_of: Opener) -> None:
    text = "Link,User ID\nhttps://www.facebook.com/profile.php?id=12345,12345\nhttps://www.facebook.com/profile.php?id=12345,999\n"
    assert refused(sheet_of(text)) == [(3, "User ID", "999", "The id is 999, but the address says 12345.")]


def test_row_that_goes_on_after_the_last_heading_is_refused(sheet_of: Opener) -> None:
    text = "Name,Username\nDoe, Jane,@jane\nJoe,@joe,,\n"
    assert refused(sheet_of(text), platform="x")[0][:3] == (2, "", "@jane")
    assert len(rows_of(sheet_of(text), platform="x")) == 2


def test_repeated_rows_are_skipped_and_contradicting_ones_refused(sheet_of: Opener) -> None:
    text = "Username,Followers,User ID\njane,5,1\njoe,6,2\n@Jane,5,1\njoe,7,2\njim,1,2\nnew,1,\n"
    rows = rows_of(sheet_of(text), platform="tiktok")
    assert [row.repeats_line for row in rows if isinstance(row, RosterRow)] == [None, None, 2, None]
    assert [(line, value) for line, _column, value, _message in refused(sheet_of(text), platform="tiktok")] == [
        (5, "joe"),
        (6, "jim"),
    ]


def test_refused_row_does_not_stand_in_the_way_of_a_good_one(sheet_of: Opener) -> None:
    text = "Instagram,TikTok\njane,jane\njane,other\njoe,other\n"
    rows = rows_of(sheet_of(text))
    assert [isinstance(row, RosterRow) for row in rows] == [True, False, True]


def test_workbook_with_error_values_and_numbers(sheet_of: Opener) -> None:
    sheet = sheet_of([["UF", "Nome", "INSTAGRAM", "Seguidores"], ["RJ", "#VALUE!", "instagram.com/jane", 1234.0]])
    ((line, column, value, message),) = refused(sheet)
    assert (line, column, value) == (2, "Nome", "#VALUE!")
    assert message == "The spreadsheet shows an error here, not a value. Mend the formula, or empty the cell."
    assert refused(sheet, mapping={"Nome.errors": "refuse"}) == [(line, column, value, message)]
    (row,) = good(sheet, mapping={"Nome.errors": "empty"})
    assert (row.name, row.is_name_given, row.region) == ("jane", False, "RJ")
    assert row.accounts[0].followers == Count(1234)


def test_formulas_that_were_never_calculated_refuse_the_file_where_they_are_read(sheet_of: Opener) -> None:
    rows = [["Instagram", "Followers"], ["jane", 4], ["joe", "=2+3"]]
    with pytest.raises(ImportRefused) as caught:
        read_roster(sheet_of(rows))
    assert str(caught.value) == (
        "“Followers” has formulas whose values were never calculated (line 3). "
        "Open the workbook in a spreadsheet program, save it there, and upload it again."
    )
    assert len(good(sheet_of(rows), mapping={"Followers": ""})) == 2


def test_error_values_of_columns_that_are_not_read_do_not_matter(sheet_of: Opener) -> None:
    (row,) = good(sheet_of([["Instagram", "Notes"], ["jane", "#REF!"]]))
    assert row.accounts[0].handle == "jane"


def test_name_and_handle_in_one_cell(sheet_of: Opener) -> None:
    text = (
        "Creator,Followers\n"
        "Emma Larsen (@EmmaL),5\n"
        "Bo – bo.tt,6\n"
        "Ann Lee – annlee,7\n"
        "@only,8\n"
        "Just A Name,\n"
        "unclear,9\n"
        "No Handle At All / Here Neither,\n"
    )
    mapping = {"0": "name_handle:tiktok"}
    rows = [row for row in rows_of(sheet_of(text), mapping=mapping) if isinstance(row, RosterRow)]
    assert [(row.name, row.is_name_given, [account.handle for account in row.accounts]) for row in rows] == [
        ("Emma Larsen", True, ["emmal"]),
        ("Bo", True, ["bo.tt"]),
        ("Ann Lee", True, ["annlee"]),
        ("only", False, ["only"]),
        ("Just A Name", True, []),
    ]
    assert [account.followers for row in rows for account in row.accounts] == [Count(5), Count(6), Count(7), Count(8)]
    assert [error[0] for error in refused(sheet_of(text), mapping=mapping)] == [7, 8]
    with pytest.raises(ImportRefused, match="which platform the handles in “Creator” are on"):
        read_roster(sheet_of(text), mapping={"0": "name_handle"})
    assert len(rows_of(sheet_of(text), mapping={"0": "name_handle"}, platform="tiktok")) == 7


def test_handle_beside_a_link_must_be_that_of_the_cell_with_the_name(sheet_of: Opener) -> None:
    text = "Creator,Link\nEmma (@emma),https://x.com/emma\nBo (@bo),https://x.com/bob\n"
    assert refused(sheet_of(text), mapping={"0": "name_handle"}) == [
        (3, "Creator", "@bo", "The handle is bo, but the address in “Link” is that of bob.")
    ]


def test_mapping_tells_what_headings_do_not(sheet_of: Opener) -> None:
    mapping = {"A": "name", "B": "handle:instagram", "C": "followers"}
    (row,) = good(sheet_of("A,B,C\nJane,@jane,5\n"), mapping=mapping)
    assert row.accounts == (RosterAccount("instagram", "jane", None, "https://www.instagram.com/jane/", Count(5)),)


def test_repeats_remember_what_was_said() -> None:
    repeats = Repeats()
    assert repeats.earlier("a", "x") is None
    repeats.remember(["a", "b"], "x", 7)
    assert repeats.earlier("b", "x") == (7, 0, True)
    assert repeats.earlier("a", "y") == (7, 0, False)
    repeats.remember(["c"], "x", 1_048_576, 99)
    assert repeats.earlier("c", "x") == (1_048_576, 99, True)


@given(st.lists(st.tuples(st.sampled_from(["jane", "joe", "JIM"]), st.integers(0, 2)), max_size=12))
def test_no_account_ever_comes_in_two_good_rows(sheet_of: Opener, entries: list[tuple[str, int]]) -> None:
    text = "Username,Followers\n" + "".join(f"{handle},{count}\n" for handle, count in entries)
    rows = rows_of(sheet_of(text), platform="tiktok")
    assert [row.line for row in rows] == list(range(2, len(entries) + 2))
    taken = [row.accounts[0].key for row in rows if isinstance(row, RosterRow) and row.repeats_line is None]
    assert len(taken) == len(set(taken))


def test_real_list_of_tiktok_accounts(real_sheet: Opener, shared_data: Path) -> None:
    rows = good(real_sheet("roster-nigeria-tiktok/influencers.csv"), platform="tiktok")
    lines = (shared_data / "roster-nigeria-tiktok/influencers.csv").read_bytes().decode("cp1252").split("\r\n")[2:]
    counts = [re.fullmatch(r".*,([0-9.]+)([KM])", line) for line in lines if line]
    expected = [int(Decimal(match[1]) * {"K": 1000, "M": 1000000}[match[2]]) for match in counts if match]
    assert len(rows) == len(expected) == 200
    assert [row.accounts[0].followers.value for row in rows if row.accounts[0].followers] == expected
    assert (rows[0].line, expected[0]) == (3, 10_400_000)


def test_real_list_of_youtube_channels(real_sheet: Opener, shared_data: Path) -> None:
    sheet = real_sheet("roster-youtube-top1000-2024/Top Youtubers Dataset.csv")
    rows = rows_of(sheet)
    path = shared_data / "roster-youtube-top1000-2024/Top Youtubers Dataset.csv"
    with path.open(encoding="cp1252", newline="") as stream:
        table = list(csv.reader(stream))[1:]
    assert sheet.facts.encoding == "cp1252"
    assert len(rows) == len(table) == 1000
    for row, record in zip(rows, table, strict=True):
        if isinstance(row, RosterRow):
            (account,) = row.accounts
            assert account.followers == Count(int(record[2]))
            assert account.total_views is not None
            assert account.total_views.value == int(Decimal(record[3]))
    assert sum("E+" in record[3] for record in table) == 6
    assert [row.line for row in rows if isinstance(row, RefusedRow)] == [919]


def test_real_lists_of_handles(real_sheet: Opener) -> None:
    rows = good(real_sheet("roster-notable-tech-handles/influencers.csv"))
    assert (len(rows), sum(len(row.accounts) for row in rows)) == (90, 90 + 79)
    mixed = rows_of(real_sheet("roster-spark-ar-handles/creators.csv"))
    kept = [row for row in mixed if isinstance(row, RosterRow)]
    assert (len(mixed), len(kept)) == (9730, 9730 - 34)
    assert sum(row.repeats_line is not None for row in kept) == 8


def test_real_workbook_of_links(real_sheet: Opener) -> None:
    sheet = real_sheet("posts-fanpagekarma-br-gov/Lista amostra.xlsx")
    assert len(sheet.facts.other_sheets) == 1
    rows = rows_of(sheet)
    assert [row.line for row in rows if isinstance(row, RefusedRow)] == [50, 80]
    assert len(rows) == 155
    named = real_sheet("posts-fanpagekarma-br-gov/Lista amostra.xlsx", sheet_name=sheet.facts.other_sheets[0])
    assert len(good(named)) == 27
