"""One roster over several sheets: a platform each, columns of their own, the same account on two of them."""

import io
from collections.abc import Sequence
from typing import Any

import pytest

from influencers.imports.errors import ImportRefused, RefusedRow
from influencers.imports.numbers import Count
from influencers.imports.preview import preview_roster
from influencers.imports.reading_options import ReadingOptions
from influencers.imports.roster_rows import RosterReading, read_roster
from influencers.imports.sheets import open_sheets
from tests.influencers.imports.tables import workbook

Rows = Sequence[Sequence[Any]]
ALL = ReadingOptions(sheet="*")


def book(*sheets: tuple[str, Rows]) -> bytes:
    (title, rows), *more = sheets
    return workbook(rows, title=title, more=more)


def read(content: bytes, options: ReadingOptions = ALL, **kwargs: Any) -> tuple[RosterReading, list[Any]]:
    with open_sheets(io.BytesIO(content), options=options) as sheets:
        reading = read_roster(sheets, options=options, **kwargs)
        return reading, list(reading.rows())


def test_name_of_a_sheet_is_the_platform_of_its_handles_unless_something_is_nearer() -> None:
    content = book(
        ("Instagram", [["Name", "Handle"], ["Jane", "@jane"]]),
        ("TikTok", [["Handle", "Platform"], ["@joe", ""], ["@jim", "TikTok"]]),
        ("Others", [["Name", "Twitch"], ["Jil", "jil"]]),
        ("More", [["Handle"], ["june"]]),
    )
    _reading, rows = read(content, ReadingOptions(sheet="*", platform="x"))
    assert [(row.sheet, row.line, row.accounts[0].platform, row.accounts[0].handle) for row in rows] == [
        ("Instagram", 2, "instagram", "jane"),
        ("TikTok", 2, "tiktok", "joe"),
        ("TikTok", 3, "tiktok", "jim"),
        ("Others", 2, "twitch", "jil"),
        ("More", 2, "x", "june"),
    ]


def test_one_sheet_says_its_platform_too_but_a_person_has_the_last_word() -> None:
    content = book(("Instagram", [["Name", "Handle"], ["Jane", "@jane"]]), ("Notes", [["foo"]]))
    _reading, (row,) = read(content, ReadingOptions())
    assert (row.sheet, row.accounts[0].platform) == ("", "instagram")
    _reading, (row,) = read(content, ReadingOptions(platform="tiktok"))
    assert row.accounts[0].platform == "tiktok"


def test_same_account_on_two_sheets_is_told_with_the_sheet() -> None:
    header = ["Instagram", "City"]
    content = book(
        ("A", [header, ["jane", "Aarhus"], ["joe", "Odense"]]),
        ("B", [header, ["jane", "Aarhus"], ["joe", "Ribe"], ["bad handle", ""]]),
    )
    _reading, rows = read(content)
    first, second, repeated, contradicting, illegal = rows
    assert [row.repeats_line for row in (first, second, repeated)] == [None, None, 2]
    assert (repeated.repeats_sheet, repeated.sheet, repeated.line) == ("A", "B", 2)
    assert isinstance(contradicting, RefusedRow)
    (error,) = contradicting.errors
    assert error.message == (
        "Line 3 of the sheet “A” has the same account with other details. Keep the row that is right."
    )
    assert error.as_dict() == {"row": 3, "column": "", "value": "joe", "message": error.message, "sheet": "B"}
    assert (illegal.sheet, illegal.errors[0].sheet, illegal.line) == ("B", "B", 4)


def test_sheets_that_say_nothing_are_left_out_by_name() -> None:
    content = book(("Read me", [["Our list"]]), ("List", [["Instagram"], ["jane"]]))
    reading, rows = read(content)
    assert (reading.left_out, len(rows), reading.facts.sheet, len(reading.columns.used)) == (("Read me",), 1, "List", 1)
    with pytest.raises(ImportRefused, match="No sheet of this workbook has a column that is understood"):
        read(book(("Read me", [["Our list"]]), ("Me too", [["More"]])))


def test_sheet_that_cannot_be_placed_is_refused_by_name() -> None:
    content = book(("A", [["Instagram"], ["jane"]]), ("B", [["Name", "Followers"], ["Joe", 5]]))
    with pytest.raises(ImportRefused, match="Sheet “B”: No column of this file holds handles"):
        read(content)


def test_preview_of_sheets_with_other_columns_names_each_by_its_sheet() -> None:
    content = book(("A", [["Instagram"], ["jane"]]), ("B", [["Who", "Fans"], ["joe", "1,234"]]))
    seen = preview_roster(io.BytesIO(content), options=ALL)
    assert [(column.key, column.sheet, column.meaning) for column in seen.columns] == [
        ("A!0", "A", "handle:instagram"),
        ("B!0", "B", ""),
        ("B!1", "B", "followers"),
    ]
    assert [(sheet.name, sheet.rows, sheet.is_read) for sheet in seen.sheets] == [("A", 2, True), ("B", 2, True)]
    assert seen.problems[0].startswith("No column of this file holds handles")
    mapping = {**seen.mapping, "B!0": "handle:tiktok"}
    seen = preview_roster(io.BytesIO(content), options=ALL, mapping=mapping)
    (question,) = seen.questions
    assert (question.key, question.columns) == ("B!1.decimal", ("B!1",))
    options, mapping = seen.answered({"B!1.decimal": "."})
    seen = preview_roster(io.BytesIO(content), options=options, mapping=mapping)
    assert seen.is_ready
    _reading, rows = read(content, seen.options, mapping=seen.mapping)
    assert [(row.accounts[0].platform, row.accounts[0].followers) for row in rows] == [
        ("instagram", None),
        ("tiktok", Count(1234)),
    ]
    assert [(row.sheet, row.line, row.is_header) for row in seen.first_rows] == [
        ("A", 1, True),
        ("A", 2, False),
        ("B", 1, True),
        ("B", 2, False),
    ]
