"""What stands in cells and lines of a table without being anybody: words for nothing, sums, sources."""

import pytest

from influencers.imports.cells import profile_words
from influencers.imports.errors import RefusedRow
from influencers.imports.roster_rows import RosterRow, read_roster
from tests.influencers.imports.conftest import Opener


@pytest.mark.parametrize("word", ["none", "Unknown", "TBD", "null", "na", "NaN", "0", "-1", "?", "n.a.", -1, 0, 0.0])
def test_a_word_for_nothing_is_no_handle(sheet_of: Opener, word: str | int | float) -> None:
    rows = list(read_roster(sheet_of([["Name", "Instagram", "Facebook"], ["Anna", word, "anna.berg"]])).rows())
    assert [(row.name, [account.handle for account in row.accounts]) for row in rows if isinstance(row, RosterRow)] == [
        ("Anna", ["anna.berg"])
    ]


def test_a_word_for_nothing_is_no_channel_title_and_no_name_with_a_handle(sheet_of: Opener) -> None:
    rows = list(read_roster(sheet_of("Name,Channel title\nAnna,unknown\n"), platform="youtube").rows())
    assert [row.accounts for row in rows if isinstance(row, RosterRow)] == [()]
    rows = list(
        read_roster(
            sheet_of("Who,Country,Name\nnone,DK,Anna\n"), platform="instagram", mapping={"0": "name_handle"}
        ).rows()
    )
    assert [(row.name, row.accounts) for row in rows if isinstance(row, RosterRow)] == [("Anna", ())]


def test_who_is_really_called_so_is_written_with_the_at_sign(sheet_of: Opener) -> None:
    assert profile_words("@none") == "@none"
    (row,) = read_roster(sheet_of("Name,Instagram\nAnna,https://www.instagram.com/unknown/\n")).rows()
    assert isinstance(row, RosterRow)
    assert [account.handle for account in row.accounts] == ["unknown"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Total,,", "a sum below the table"),
        ("Totals:,,13400", "a sum below the table"),
        ("Grand total,-,1.2M", "a sum below the table"),
        ("Source: the platforms,,", "a note below the table"),
        ("Note: counts of May,,", "a note below the table"),
    ],
)
def test_a_line_below_the_table_is_refused_with_a_sentence(sheet_of: Opener, line: str, says: str) -> None:
    rows = list(read_roster(sheet_of(f"Name,Instagram,Instagram followers\nAnna,anna.berg,12\n{line}\n")).rows())
    assert isinstance(rows[0], RosterRow)
    assert isinstance(rows[1], RefusedRow)
    (error,) = rows[1].errors
    assert (error.row, error.column) == (3, "Name")
    assert says in error.message


@pytest.mark.parametrize(
    "line", ["Total Film,total.film,9", "Totally Anna,,", "Source of Joy,,", "Total Film,total.film,"]
)
def test_a_creator_whose_name_begins_so_is_read(sheet_of: Opener, line: str) -> None:
    rows = list(read_roster(sheet_of(f"Name,Instagram,Instagram followers\nAnna,anna.berg,12\n{line}\n")).rows())
    assert isinstance(rows[1], RosterRow)


def test_a_sum_in_a_workbook_is_refused_too(sheet_of: Opener) -> None:
    table = [
        ["Name", "Instagram", "Instagram followers"],
        ["Anna", "anna.berg", 12],
        [None, "Total", 12],
        [None, 5, 12],
    ]
    rows = list(read_roster(sheet_of(table)).rows())
    assert isinstance(rows[1], RefusedRow)
    assert "a sum below the table" in rows[1].errors[0].message
