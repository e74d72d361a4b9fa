"""A quotation mark that is not closed never swallows rows in silence."""

import csv
import io
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influencers.imports.errors import ImportRefused, RefusedRow
from influencers.imports.post_rows import PostRow, read_posts
from influencers.imports.roster_rows import RosterRow, read_roster
from influencers.imports.sheets import open_sheet
from tests.influencers.imports.conftest import Opener

HEADINGS = "Username,Post ID,Date,Caption,Likes\n"
SENTENCE = "This cell holds the rows below it. Is a closing quotation mark missing?"


def post(number: int, caption: str = "good") -> str:
    return f"jane,{number},2024-05-{number:02},{caption},{number}\n"


def posts_of(sheet_of: Opener, text: str) -> list[PostRow | RefusedRow]:
    return list(read_posts(sheet_of(HEADINGS + text), zone=UTC, platform="instagram").rows())


def refused_lines(rows: list[Any]) -> dict[int, str]:
    return {row.line: row.errors[0].message for row in rows if isinstance(row, RefusedRow)}


@pytest.mark.parametrize("ending", ["\n", "", "\r\n"])
def test_file_that_ends_in_a_quoted_cell_is_refused_with_the_line_that_opened_it(ending: str) -> None:
    captions = ["good", '"two\nlines"', '"never closed', *["good"] * 17]
    text = HEADINGS + "".join(post(number, caption) for number, caption in enumerate(captions, start=1))
    content = (text.rstrip("\n") + ending).encode()
    with pytest.raises(ImportRefused) as caught, open_sheet(io.BytesIO(content)) as sheet:
        list(sheet.rows())
    assert caught.value.message == "Line 4 opens a quotation mark that is never closed. Close it or remove it."


@pytest.mark.parametrize("last", ['"', 'Jane,"', '"Jane,@jane', 'Jane,"@jane""'])
def test_quotation_mark_opened_in_the_last_line_is_refused(last: str) -> None:
    content = f"Name,Username\nJohn,@john\n{last}".encode()
    with pytest.raises(ImportRefused, match="Line 3 opens a quotation mark"), open_sheet(io.BytesIO(content)) as sheet:
        list(sheet.rows())


def test_marks_that_open_nothing_are_harmless(sheet_of: Opener) -> None:
    sheet = sheet_of('Name,Username\n"a"b,@a\n5" tall,@b\n,\n"",@c\n,')
    assert list(sheet.rows()) == [(2, ["ab", "@a"]), (3, ['5" tall', "@b"]), (5, ["", "@c"])]


@pytest.mark.parametrize("closing", ['"fine"', '"say ""hi"" now"', 'he said "hi"', 'fine"', '12" vinyl'])
@pytest.mark.parametrize("eaten", [0, 1, 3])
def test_row_that_ate_those_below_it_is_refused(sheet_of: Opener, closing: str, eaten: int) -> None:
    inside = "".join(post(3 + number) for number in range(eaten))
    rows = posts_of(sheet_of, post(1) + post(2, '"oops') + inside + post(20, closing) + post(21))
    assert refused_lines(rows) == {3: SENTENCE}
    assert [row.line for row in rows] == [2, 3, 4]


def test_quotation_mark_opened_in_a_first_cell_is_noticed(sheet_of: Opener) -> None:
    text = 'Name,Username,Platform\n"Jane,@jane,tiktok\nJohn,@john,tiktok\n"Eve",@eve,tiktok\nAda,@ada,tiktok\n'
    rows = list(read_roster(sheet_of(text)).rows())
    assert refused_lines(rows) == {2: SENTENCE}
    assert [row.name for row in rows if isinstance(row, RosterRow)] == ["Ada"]


@pytest.mark.parametrize(
    "caption",
    [
        "Hello, you\n\nall, good?",
        "one\ntwo\n",
        "\n",
        'She said "yes, dear"\nand "no, thanks, never, ever"',
        "Paris, Rome\nOslo, Bergen, Tromsø",
        '5" tall\nand blue',
        "#a, #b, #c, #d, #e\n#f",
    ],
)
def test_captions_of_several_lines_stay(sheet_of: Opener, caption: str) -> None:
    quoted = '"' + caption.replace('"', '""') + '"'
    rows = posts_of(sheet_of, post(1, quoted) + post(2))
    assert [row.caption for row in rows if isinstance(row, PostRow)] == [caption.strip(), "good"]


def test_workbook_cell_may_hold_lines_with_commas(sheet_of: Opener) -> None:
    caption = "a,1\nb,2,2024-05-01,c,3\nd,4,2024-05-01,e"
    rows = [HEADINGS.strip().split(","), ["jane", "1", "2024-05-01", caption, 5]]
    (row,) = read_posts(sheet_of(rows), zone=UTC, platform="instagram").rows()
    assert isinstance(row, PostRow)
    assert row.caption == caption


LINES = st.text(st.sampled_from('ab \n"#'), max_size=20)


@given(st.lists(LINES, min_size=1, max_size=8))
def test_what_the_csv_module_writes_without_commas_is_never_refused(captions: list[str]) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADINGS.strip().split(","))
    for number, caption in enumerate(captions, start=1):
        writer.writerow(["jane", str(number), "2024-05-01", caption, "7"])
    with open_sheet(io.BytesIO(stream.getvalue().encode())) as sheet:
        assert [cells[3] for _line, cells in sheet.rows()] == captions
        rows = list(read_posts(sheet, zone=UTC, platform="instagram").rows())
    assert [row.caption for row in rows if isinstance(row, PostRow)] == [caption.strip() for caption in captions]
