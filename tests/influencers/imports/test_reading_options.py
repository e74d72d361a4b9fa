"""What a person can decide about how a file is read, and what no file could have."""

import io
from typing import Any

import pytest

from influencers.imports.errors import ImportRefused
from influencers.imports.reading_options import DELIMITERS, ENCODINGS, ReadingOptions
from influencers.imports.sheets import open_sheets
from tests.influencers.imports.tables import workbook


def test_options_are_kept_as_json_and_come_back() -> None:
    options = ReadingOptions(sheet="*", header_row=0, delimiter=";", encoding="cp1252", platform="x")
    assert options.as_dict() == {"sheet": "*", "header_row": 0, "delimiter": ";", "encoding": "cp1252", "platform": "x"}
    assert ReadingOptions.from_dict(options.as_dict()) == options
    assert ReadingOptions.from_dict({}) == ReadingOptions()
    assert ReadingOptions().as_dict() == {}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"rows": 5}, "no reading option “rows”"),
        ({"sheet": ""}, "text of up to 200"),
        ({"sheet": "x" * 201}, "text of up to 200"),
        ({"sheet": 5}, "text of up to 200"),
        ({"header_row": -1}, "number from 0 (none) to 1,000"),
        ({"header_row": 1_001}, "number from 0 (none) to 1,000"),
        ({"header_row": True}, "number from 0"),
        ({"header_row": "2"}, "number from 0"),
        ({"delimiter": "::"}, "separated by a comma, a semicolon"),
        ({"encoding": "rot13"}, "encoding is not known here. Known are: utf-8"),
        ({"encoding": []}, "encoding is not known here"),
        ({"platform": "myspace"}, "platform is not known here. Known are: instagram"),
    ],
)
def test_what_no_file_could_have_is_refused(values: dict[str, Any], says: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        ReadingOptions.from_dict(values)
    assert says in caught.value.message


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_that_may_be_chosen_reads(encoding: str) -> None:
    content = "Name,Username\nJane,@jane\n".encode(encoding)
    with open_sheets(io.BytesIO(content), options=ReadingOptions(encoding=encoding)) as sheets:
        assert list(sheets[0].rows()) == [(2, ["Jane", "@jane"])]


def test_chosen_encoding_that_does_not_fit_is_refused() -> None:
    options = ReadingOptions(encoding="utf-8")
    with pytest.raises(ImportRefused, match="has bytes that are not"):
        open_sheets(io.BytesIO(b"Name,Username\nZo\xeb,@zoe\n"), options=options)


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_chosen_delimiter_and_heading_row_count(delimiter: str) -> None:
    text = f"Our, list; of|all\nfoo{delimiter}bar\n1{delimiter}2\n"
    options = ReadingOptions(delimiter=delimiter, header_row=2)
    with open_sheets(io.BytesIO(text.encode()), options=options) as sheets:
        assert (sheets[0].headers, sheets.facts.is_header_sure) == (("foo", "bar"), True)
        assert list(sheets[0].rows()) == [(3, ["1", "2"])]


def test_headings_further_down_than_the_table_are_refused() -> None:
    with pytest.raises(ImportRefused, match="cannot be in row 9: the table has only 2"):
        open_sheets(io.BytesIO(b"a,b\n1,2\n"), options=ReadingOptions(header_row=9))
    content = workbook([["a"], ["b"]])
    with pytest.raises(ImportRefused, match="cannot be in row 9: the table has only 2"):
        open_sheets(io.BytesIO(content), options=ReadingOptions(header_row=9))


def test_headings_can_be_far_down() -> None:
    text = "note\n" * 70 + "Name,Username\nJane,@jane\n"
    with open_sheets(io.BytesIO(text.encode()), options=ReadingOptions(header_row=71)) as sheets:
        assert list(sheets[0].rows()) == [(72, ["Jane", "@jane"])]


@pytest.mark.parametrize("content", [b"1,Jane\n,,\n2,Joe,@joe\n", workbook([[1, "Jane"], [], [2, "Joe", "@joe"]])])
def test_file_without_headings_is_as_wide_as_its_widest_row(content: bytes) -> None:
    with open_sheets(io.BytesIO(content), options=ReadingOptions(header_row=0)) as sheets:
        assert (sheets[0].headers, sheets.facts.header_row) == (("", "", ""), 0)
        assert [line for line, _cells in sheets[0].rows()] == [1, 3]


def test_file_of_blanks_without_headings_is_refused() -> None:
    with pytest.raises(ImportRefused, match="no row with column headings"):
        open_sheets(io.BytesIO(b",,\n,,\n"), options=ReadingOptions(header_row=0))
    with pytest.raises(ImportRefused, match="more than 500 columns"):
        open_sheets(io.BytesIO(b"," * 499 + b"a\n" + b"," * 600 + b"a\n"), options=ReadingOptions(header_row=0))


def test_sheets_are_all_those_that_are_not_empty() -> None:
    content = workbook([["Name"], ["Jane"]], title="A", more=[("B", []), ("C", [["foo"], [1]])])
    with open_sheets(io.BytesIO(content), options=ReadingOptions(sheet="*")) as sheets:
        assert [sheet.facts.sheet for sheet in sheets] == ["A", "C"]
        assert (len(sheets), sheets[1].facts.other_sheets, sheets[:1]) == (2, ("A", "B"), (sheets[0],))
        assert sheets.row_counts == {"A": 2, "B": 0, "C": 2}
        assert sheets.tables == ("A",)
    with pytest.raises(ImportRefused, match=r"no sheet “D”\. Its sheets: A, B, C"):
        open_sheets(io.BytesIO(content), options=ReadingOptions(sheet="D"))
    with pytest.raises(ImportRefused, match="The workbook is empty"):
        open_sheets(io.BytesIO(content), options=ReadingOptions(sheet="B"))


def test_workbook_of_very_many_sheets_is_refused_unless_one_is_chosen() -> None:
    content = workbook([["Name"]], title="S", more=[(f"S{number}", [["Name"]]) for number in range(100)])
    with pytest.raises(ImportRefused, match=r"more than 100 sheets\. Choose one"):
        open_sheets(io.BytesIO(content), options=ReadingOptions(sheet="*"))
    with open_sheets(io.BytesIO(content), options=ReadingOptions(sheet="S99")) as sheets:
        assert sheets.facts.sheet == "S99"
