"""Opening a file: what it is, its encoding, delimiter, heading row, and the lines as a spreadsheet shows them."""

import csv
import io
import struct
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from agency.spreadsheets import neutralised
from influencers.imports.errors import ImportRefused
from influencers.imports.sheets import SheetLimits, open_sheet
from tests.influencers.imports.conftest import Opener
from tests.influencers.imports.tables import (
    HEADER_ROW,
    SHEET_START,
    cell,
    raw_workbook,
    saved,
    workbook,
)


def refusal(content: bytes, **kwargs: Any) -> str:
    with pytest.raises(ImportRefused) as caught, open_sheet(io.BytesIO(content), **kwargs) as sheet:
        list(sheet.rows())
    return caught.value.message


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b" \r\n\t ", "nothing but blanks"),
        (b"\xef\xbb\xbf", "no row with column headings"),
        (b",,\n,,\n", "no row with column headings"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old Excel file (.xls) or a workbook with a password"),
        (b"\x1f\x8b\x08rest", "a gzip archive"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "an XML file"),
        (b'[{"name": "Jane"}]', "a JSON file"),
        (b"name,handle\n\x00\x01\x02\x03,x\n", "a file that is not text"),
        (b"name,handle\n" + b"a,b\n" * 3000 + b"\x00", "a file that is not text"),
        (b"PK\x03\x04 cut", "damaged or cut short"),
        (zipped("a.csv"), "a zip archive, not a workbook"),
        (zipped("xl/workbook.bin"), "binary workbook (.xlsb)"),
        (zipped("content.xml", "META-INF/manifest.xml"), "an OpenDocument file"),
        (zipped("Index/Document.iwa"), "a Numbers or Pages file"),
        (zipped("word/document.xml"), "a Word or PowerPoint file"),
        (zipped("xl/workbook.xml"), "damaged or not as the format says"),
        (b"PK\x05\x06" + bytes(18), "a zip archive, not a workbook"),
        (b"\xff\xfea", "damaged or cut short"),
        ("name\x00,handle\nx,y\n".encode("utf-16"), "not text"),
    ],
)
def test_what_is_no_table_is_refused_with_what_it_is(content: bytes, says: str) -> None:
    assert says in refusal(content)


def test_file_over_the_limit_is_refused_with_both_sizes() -> None:
    message = refusal(b"name,handle\n" + b"x" * 3 * 1024 * 1024, limits=SheetLimits(max_bytes=2 * 1024 * 1024))
    assert message == "The file has 3 MB; the limit is 2 MB. Split it into parts."


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 (BOM)"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_encoding_is_found(sheet_of: Opener, encoding: str, found: str) -> None:
    sheet = sheet_of("Name,Username\nZoë’s Größe,@zoe\n".encode(encoding))
    assert sheet.facts.encoding == found
    assert sheet.headers == ("Name", "Username")
    assert list(sheet.rows()) == [(2, ["Zoë’s Größe", "@zoe"])]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Имя,Username\nАнна Петрова,@anna\nИван Иванов,@ivan\n", "cp1251"),
        ("Name,Username\nŁukasz Żółty,@a\nMałgorzata Wiśniewska,@b\n", "cp1250"),
        ("Name,Username\n田中太郎,@a\n東京,@b\n", "shift_jis"),
    ],
)
def test_other_code_pages_are_found_where_western_makes_nonsense(sheet_of: Opener, text: str, encoding: str) -> None:
    sheet = sheet_of(text.encode(encoding))
    assert sheet.facts.encoding == encoding
    assert [cells for _line, cells in sheet.rows()] == [line.split(",") for line in text.splitlines()[1:]]


def test_utf_8_with_damaged_bytes_is_refused_with_the_line() -> None:
    good = "Zoë,@zoe\n" * 5
    assert "line 7 has bytes" in refusal(f"Name,Username\n{good}".encode() + b"\xff,@x\n")
    assert "line 2 has bytes" in refusal(b"\xef\xbb\xbfName,Username\n\xe9,@x\n")
    assert "line 7 has bytes" in refusal(f"Name,Username\n{good}".encode() + "Zoë".encode()[:-1])


def test_byte_that_the_code_page_lacks_is_refused() -> None:
    lines = b"".join(b"%d Gr\xf6\xdfe,@x\n" % number for number in range(20_000))
    assert "has bytes that are not" in refusal(b"Name,Username\n" + lines + b"\x81,@y\n")
    with open_sheet(io.BytesIO(b"Name,Username\nZo\xeb \x81,@y\n")) as sheet:
        assert len(list(sheet.rows())) == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(sheet_of: Opener, delimiter: str) -> None:
    rows = [["Name", "Username", "Followers"], ["Doe; Jane, the | 1st", "@jane", "12,5K"], ["B, C", "@bc", "1,5K"]]
    text = "\r\n".join(delimiter.join(f'"{part}"' for part in row) for row in rows)
    sheet = sheet_of(text)
    assert sheet.facts.delimiter == delimiter
    assert [cells for _line, cells in sheet.rows()] == rows[1:]


def test_delimiter_is_found_among_unquoted_decimal_commas(sheet_of: Opener) -> None:
    sheet = sheet_of("Naam;Volgers\nJan;12,5\nPiet;1,5\nKees;7,25\n")
    assert sheet.facts.delimiter == ";"
    assert sheet.headers == ("Naam", "Volgers")


def test_delimiter_said_in_the_first_line_is_taken_and_not_counted(sheet_of: Opener) -> None:
    sheet = sheet_of("sep=;\nName;Username\nJane;@jane\n")
    assert (sheet.facts.delimiter, sheet.facts.header_row) == (";", 1)
    assert list(sheet.rows()) == [(2, ["Jane", "@jane"])]


def test_one_column_needs_no_delimiter(sheet_of: Opener) -> None:
    sheet = sheet_of("ig_username\njane\njohn\n")
    assert [cells for _line, cells in sheet.rows()] == [["jane"], ["john"]]


def test_junk_above_the_headings_is_passed_over(sheet_of: Opener) -> None:
    sheet = sheet_of(",,,\r\nOur list of 2024,,,\r\n\r\nRank,Name,Username,Follower Count\r\n1,Jane,@jane,10.4M\r\n")
    assert sheet.facts.header_row == 4
    assert sheet.headers == ("Rank", "Name", "Username", "Follower Count")
    assert list(sheet.rows()) == [(5, ["1", "Jane", "@jane", "10.4M"])]


def test_without_known_headings_the_first_row_that_is_not_blank_counts(sheet_of: Opener) -> None:
    sheet = sheet_of("\nfoo,bar\n1,2\n")
    assert sheet.facts.header_row == 2
    assert list(sheet.rows()) == [(3, ["1", "2"])]


def test_lines_are_records_as_a_spreadsheet_shows_them(sheet_of: Opener) -> None:
    sheet = sheet_of('Name,Username\n"Jane\nDoe\n\nX",@jane\n\n,\nJohn,@john\nShort\n"A",b,,\n')
    assert list(sheet.rows()) == [
        (2, ["Jane\nDoe\n\nX", "@jane"]),
        (5, ["John", "@john"]),
        (6, ["Short", ""]),
        (7, ["A", "b", "", ""]),
    ]


def test_rows_can_be_read_again_and_at_once(sheet_of: Opener) -> None:
    sheet = sheet_of("Name,Username\n" + "".join(f"N{number},@n{number}\n" for number in range(20_000)))
    first, second = sheet.rows(), sheet.rows()
    assert next(first) == (2, ["N0", "@n0"])
    assert list(sheet.column(1))[-1] == "@n19999"
    assert next(second) == (2, ["N0", "@n0"])
    assert next(first) == (3, ["N1", "@n1"])


@pytest.mark.parametrize("kind", ["memory", "temporary"])
def test_uploaded_file_is_read_and_stays_open(kind: str) -> None:
    content = "Name,Username\nZoë,@zoe\n".encode()
    if kind == "memory":
        upload: Any = SimpleUploadedFile("list.csv", content)
    else:
        upload = TemporaryUploadedFile("list.csv", "text/csv", len(content), None)
        upload.write(content)
    with open_sheet(upload, filename=upload.name) as sheet:
        assert len(list(sheet.rows())) == 1
        assert sheet.facts.filename == "list.csv"
    assert not upload.closed
    upload.close()


def test_path_gives_the_name_and_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "creators.csv"
    path.write_text("Name,Username\nJane,@jane\n")
    with open_sheet(str(path)) as sheet:
        assert sheet.facts.filename == "creators.csv"
    assert sheet.facts.as_dict() == {
        "kind": "csv",
        "encoding": "UTF-8",
        "delimiter": ",",
        "sheet": "",
        "other_sheets": [],
        "header_row": 1,
    }


def test_too_long_cell_says_the_line_and_the_likely_cause() -> None:
    content = b'Name,Username\nJane,@jane\n"John,@john\n' + b"x,@y\n" * 20_000
    assert "Line 3 has a cell of more than 32,767 characters. Is a closing quotation mark" in refusal(content)
    content = b'Name,Username\nJane,@jane\n"John,@john\n' + b"x,@y\n" * 100_000
    assert "Line 3 has a cell of more than 32,767 characters" in refusal(content)


def test_too_many_columns_rows_and_too_long_lines_are_refused() -> None:
    assert "more than 500 columns" in refusal(b"Name,Username\nx" + b"," * 600 + b"\n")
    assert "more than 500 columns" in refusal(b"Name,Username" + b",a" * 600 + b"\n")
    limits = SheetLimits(max_columns=2)
    assert "more than 2 columns" in refusal(workbook([["Name", "Username", "Followers"]]), limits=limits)
    assert "more than 3 rows" in refusal(b"Name,Username\n" + b"a,b\n" * 3, limits=SheetLimits(max_rows=3))
    assert "a million characters" in refusal(b"Name,Username\n" + b"x" * 1_100_000)


def test_workbook_is_read_with_its_types(sheet_of: Opener) -> None:
    moment = datetime(2024, 1, 1, 12, 46, 1)  # noqa: DTZ001 - as spreadsheets give it
    sheet = sheet_of([["Name", "Followers", "Date"], ["Jane", 1234, moment], [None, None, None], ["John", 1.5, "x"]])
    assert sheet.facts.kind == "xlsx"
    assert sheet.headers == ("Name", "Followers", "Date")
    assert list(sheet.rows()) == [(2, ("Jane", 1234, moment)), (4, ("John", 1.5, "x"))]
    assert list(sheet.column(0)) == ["Jane", "John"]


def test_workbook_sheet_with_known_headings_is_chosen_and_the_others_are_told(sheet_of: Opener) -> None:
    content = workbook(
        [["Notes"], ["read me"]],
        title="Cover",
        more=[("List", [[], ["Our creators"], ["Name", "Username"], ["Jane", "@jane"]]), ("Old", [["Name"], ["Joe"]])],
    )
    sheet = sheet_of(content)
    assert (sheet.facts.sheet, sheet.facts.other_sheets, sheet.facts.header_row) == ("List", ("Cover", "Old"), 3)
    assert list(sheet.rows()) == [(4, ("Jane", "@jane"))]
    assert sheet_of(content, sheet_name="Old").headers == ("Name",)
    assert "no sheet “New”. Its sheets: Cover, List, Old." in refusal(content, sheet_name="New")


def test_workbook_hidden_sheet_is_not_offered(sheet_of: Opener) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Name", "Username"])
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("Shown")
    shown.append(["foo"])
    shown.append([1])
    sheet = sheet_of(saved(book))
    assert (sheet.facts.sheet, sheet.facts.other_sheets, sheet.headers) == ("Shown", (), ("foo",))


def test_workbook_without_a_cell_is_refused() -> None:
    assert refusal(workbook([])) == "The workbook is empty. Export it again."


def test_workbook_that_lies_about_its_extent_is_read_whole(sheet_of: Opener) -> None:
    xml = SHEET_START.replace("<sheetData>", '<dimension ref="A1:A2"/><sheetData>')
    rows = "".join(f"<row>{cell(f'N{number}')}{cell(f'@n{number}')}</row>" for number in range(1200))
    sheet = sheet_of(raw_workbook(xml + HEADER_ROW + rows))
    assert len(list(sheet.rows())) == 1200
    assert list(sheet.rows())[-1] == (1201, ("N1199", "@n1199"))


def test_workbook_cell_that_is_too_long_says_the_line() -> None:
    content = raw_workbook(SHEET_START + HEADER_ROW + f"<row>{cell('x' * 101)}</row>")
    assert "Line 2 has a cell of more than 100" in refusal(content, limits=SheetLimits(max_cell_characters=100))


def test_workbook_cell_that_points_nowhere_is_refused() -> None:
    assert "damaged" in refusal(raw_workbook(SHEET_START + HEADER_ROW + '<row><c t="s"><v>5</v></c></row>'))


def test_workbook_with_a_password_flag_is_refused() -> None:
    content = bytearray(raw_workbook(SHEET_START + HEADER_ROW))
    place = content.find(b"PK\x01\x02")
    struct.pack_into("<H", content, place + 8, 1)
    assert "password" in refusal(bytes(content))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_sheet_or_a_refusal(content: bytes) -> None:
    try:
        with open_sheet(io.BytesIO(content)) as sheet:
            list(sheet.rows())
    except ImportRefused as refused:
        assert refused.message  # noqa: PT017 - either outcome is right


GOOD = workbook([["Name", "Username"], ["Jane", "@jane"]])


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_damaged_workbook_is_a_sheet_or_a_refusal(changes: list[tuple[int, int]]) -> None:
    content = bytearray(GOOD)
    for place, value in changes:
        content[place] = value
    try:
        with open_sheet(io.BytesIO(bytes(content))) as sheet:
            list(sheet.rows())
    except ImportRefused as refused:
        assert refused.message  # noqa: PT017 - either outcome is right


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=("Cc", "Cs")), max_size=12)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=20), st.sampled_from(",;\t|"))
def test_what_the_csv_module_writes_is_read_back_on_the_right_lines(rows: Any, delimiter: str) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(["Name", "Username"])
    writer.writerows(rows)
    with open_sheet(io.BytesIO(stream.getvalue().encode())) as sheet:
        read = [(line, tuple(cells)) for line, cells in sheet.rows()]
    assert read == [(line, row) for line, row in enumerate(rows, start=2) if any(part.strip() for part in row)]


def uncalculated(cells: str) -> dict[int, int]:
    with open_sheet(io.BytesIO(raw_workbook(SHEET_START + HEADER_ROW + f'<row r="2">{cells}</row>'))) as sheet:
        return dict(sheet.uncalculated)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ('<c r="A2"><f>1+1</f><v>2</v></c>', {}),
        ('<c r="A2" t="str"><f>IF(1,"","x")</f><v></v></c>', {}),
        ('<c r="A2"><f>1+1</f></c>', {0: 2}),
        ('<c r="A2"><f>1+1</f><v/></c><c r="B2"><v>5</v></c>', {0: 2}),
        ('<c r="A2"><v>5</v></c><c r="B2"><f>1+1</f><v></v></c>', {1: 2}),
        ('<c r="A2"><f>1+1</f></c><c r="AA2"><f>1+1</f><v></v></c>', {0: 2, 26: 2}),
        ("<c><f>1+1</f></c>", {-1: 2}),
        (
            '<c r="A2"><f>1+1</f></c></row><row r="7"><c r="A7"><f>1</f></c></row><row r="8"><c r="A8"><v>1</v></c>',
            {0: 7},
        ),
        ('<c r="A2"><f t="shared" si="0"/><v>3</v></c><c r="B2"><v/></c>', {}),
    ],
)
def test_formulas_without_a_value_are_noted(cells: str, found: dict[int, int]) -> None:
    assert uncalculated(cells) == found


def test_what_openpyxl_writes_as_a_formula_is_noted(sheet_of: Opener) -> None:
    sheet = sheet_of([["Name", "Followers"], ["Jane", "=1+1"], ["Joe", 5]])
    assert dict(sheet.uncalculated) == {1: 2}
    assert dict(sheet_of([["Name", "=1+1"], ["Jane", 5]]).uncalculated) == {}


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+45 12", "-1x", "@SUM(A1)", " =1", "'=1", "D'Angelo", "''"])
def test_a_text_that_an_export_made_safe_comes_back_as_it_was(text: str) -> None:
    content = f'Name,City\n"{neutralised(text)}",Oslo\n'.encode()
    with open_sheet(io.BytesIO(content), filename="export.csv") as sheet:
        assert [list(cells) for _line, cells in sheet.rows()] == [[text, "Oslo"]]
