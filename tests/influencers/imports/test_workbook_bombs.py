"""Workbooks made to fill the memory: refused quickly, before anything is built from them."""

import io
import struct
import time
import tracemalloc
import zipfile
from typing import Any

import pytest

from influencers.imports import file_kinds, workbook_guard
from influencers.imports.errors import ImportRefused
from influencers.imports.sheets import SheetLimits, open_sheet
from influencers.imports.workbook_parts import read_roles
from tests.influencers.imports.tables import HEADER_ROW, MAIN, SHEET_START, cell, raw_workbook

MEBIBYTE = 1024 * 1024


def refusal(content: bytes, **limits: Any) -> str:
    """Return the sentence; the refusal itself must take little time and memory."""
    tracemalloc.start()
    started = time.process_time()
    try:
        with (
            pytest.raises(ImportRefused) as caught,
            open_sheet(io.BytesIO(content), limits=SheetLimits(**limits)) as sheet,
        ):
            list(sheet.rows())
        assert time.process_time() - started < 5
        assert tracemalloc.get_traced_memory()[1] < 40 * MEBIBYTE
    finally:
        tracemalloc.stop()
    return caught.value.message


@pytest.fixture(scope="module")
def big_sheet() -> bytes:
    """400 MB of one repeated row in less than 5 MB."""
    row = f"<row>{cell('Jane Doe ' * 20)}{cell('@jane')}</row>"
    content = raw_workbook(SHEET_START + HEADER_ROW, repeat=(row, 400 * MEBIBYTE // len(row)))
    assert len(content) < 5 * MEBIBYTE
    return content


def test_bomb_of_one_repeated_cell_is_refused(big_sheet: bytes) -> None:
    assert (
        refusal(big_sheet)
        == "Unpacked, this workbook has 400 MB; the limit is 300 MB. Save the table as CSV or split it."
    )


def test_bomb_below_the_limit_is_refused_for_its_ratio() -> None:
    row = f"<row>{cell('Jane Doe ' * 20)}{cell('@jane')}</row>"
    content = raw_workbook(SHEET_START + HEADER_ROW, repeat=("x" * 10_000, 20 * MEBIBYTE // 10_000), level=9)
    assert "unpacks to far more than a table holds" in refusal(content)
    ordinary = raw_workbook(SHEET_START + HEADER_ROW, repeat=(row, 100))
    with open_sheet(io.BytesIO(ordinary)) as sheet:
        assert len(list(sheet.rows())) == 100


def test_directory_that_lies_about_a_size_does_not_help(big_sheet: bytes) -> None:
    content = bytearray(big_sheet)
    place = 0
    while (place := content.find(b"PK\x01\x02", place)) >= 0:
        (size,) = struct.unpack_from("<L", content, place + 24)
        if size > MEBIBYTE:
            struct.pack_into("<L", content, place + 24, 5_000)
        place += 4
    assert "damaged" in refusal(bytes(content))


def test_bomb_of_shared_strings_is_refused() -> None:
    sheet = SHEET_START + '<row><c t="s"><v>0</v></c></row>'
    strings = f"<si><t>{'abcdefghij' * 30}</t></si>"
    content = raw_workbook(sheet, repeat=(strings, 70 * MEBIBYTE // len(strings)), strings=True)
    assert "more than 64 MB of text" in refusal(content) or "far more than a table holds" in refusal(content)


def test_bomb_of_tiny_shared_strings_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(workbook_guard._MOST, "strings", 1_000)
    content = raw_workbook(SHEET_START + HEADER_ROW, repeat=("<si/>", 2_000), strings=True)
    assert "far more than a table holds" in refusal(content)


def test_shared_strings_are_limited_by_their_own_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_guard, "LARGEST_STRINGS", 1_000)
    content = raw_workbook(SHEET_START + HEADER_ROW, repeat=("<si><t>x</t></si>", 100), strings=True)
    assert "of text. Save the table as CSV" in refusal(content)


def test_bomb_in_a_part_that_is_read_whole_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_guard, "LARGEST_SMALL_PART", 100_000)
    content = raw_workbook(
        SHEET_START + HEADER_ROW, parts={"xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{" " * 200_000}</styleSheet>'}
    )
    assert "far more than a table holds" in refusal(content)


def test_parts_that_no_table_needs_may_be_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_guard, "LARGEST_SMALL_PART", 100_000)
    parts = {"xl/calcChain.xml": f"<c>{' ' * 200_000}</c>", "xl/media/image1.png": "x" * 200_000}
    with open_sheet(io.BytesIO(raw_workbook(SHEET_START + HEADER_ROW, parts=parts))) as sheet:
        assert sheet.headers == ("Name", "Username")


def test_parts_have_the_role_that_the_workbook_gives_them_whatever_their_name() -> None:
    parts = {
        "[Content_Types].xml": '<Types><Override PartName="/xl/media/a.png" ContentType="x.sharedStrings+xml"/></Types>',
        "xl/_rels/workbook.xml.rels": (
            '<R><Relationship Type="x/worksheet" Target="media/sheet.bin"/><Relationship Type="x/worksheet" Target="/xl/s2.xml"/>'
            '<Relationship Type="x/sharedStrings" Target="../b.xml"/><Relationship Type="x/styles" Target="styles.xml"/></R>'
        ),
        "_rels/.rels": '<R><Relationship Type="x/chartsheet" Target="xl/s2.xml"/></R>',
        "xl/_rels/big.rels": "<R/>" + " " * 2_000,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    roles = read_roles(zipfile.ZipFile(stream), largest=1_000)
    names = [
        "xl/media/a.png",
        "xl/media/sheet.bin",
        "xl/s2.xml",
        "b.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/media/c.png",
    ]
    assert [roles.of(name) for name in names] == [
        "strings",
        "worksheet",
        "small",
        "strings",
        "strings",
        "small",
        "small",
    ]
    roles.chart_sheets.clear()
    assert [roles.of(name) for name in names[2:]] == ["worksheet", "strings", "strings", "small", "unread"]


def test_bomb_of_one_endless_row_is_refused() -> None:
    content = raw_workbook(f"{SHEET_START}{HEADER_ROW}<row>", repeat=("<c><v>1</v></c>", 50_000))  # never closed
    assert "far more than 500 columns" in refusal(content)


def test_bomb_of_empty_rows_is_refused() -> None:
    content = raw_workbook(SHEET_START + HEADER_ROW, repeat=("<row/>", 60_000))
    assert "more than 50,000 rows" in refusal(content, max_rows=50_000)


def test_bomb_of_more_cells_than_any_table_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_guard, "MOST_ELEMENTS", 10_000)
    content = raw_workbook(SHEET_START + HEADER_ROW, repeat=(f"<row>{'<c/>' * 50}</row>", 1_000))
    assert "far more than a table holds" in refusal(content)


def test_row_number_far_down_is_refused() -> None:
    content = raw_workbook(f'{SHEET_START}{HEADER_ROW}<row r="999999999">{cell("x")}</row>')
    assert "more than 1,048,576 rows" in refusal(content)


def test_definitions_of_entities_are_refused() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    content = raw_workbook(f"{bomb}{SHEET_START}<row>{cell('&b;')}</row>")
    assert "definitions that no spreadsheet program writes" in refusal(content)


def test_archive_with_a_huge_directory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_kinds, "LARGEST_DIRECTORY", 10_000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
        for number in range(300):
            archive.writestr(f"part{number}", "")
    assert "far more parts than a workbook can have" in refusal(stream.getvalue())


def test_archive_with_a_huge_directory_said_in_the_large_form_is_refused() -> None:
    content = raw_workbook(SHEET_START + HEADER_ROW)
    end = content.rfind(b"PK\x05\x06")
    record = b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, 7, 7, 10**9, 0)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, end, 1)
    assert "far more parts" in refusal(content[:end] + record + locator + content[end:])


def test_workbook_written_in_the_large_form_is_read() -> None:
    """Some programs always write the 64-bit form of the directory."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw_workbook(SHEET_START + HEADER_ROW))) as old,
        zipfile.ZipFile(stream, "w") as new,
    ):
        for name in old.namelist():
            with new.open(name, "w", force_zip64=True) as part:
                part.write(old.read(name))
    with open_sheet(io.BytesIO(stream.getvalue())) as sheet:
        assert sheet.headers == ("Name", "Username")


def test_nested_archive_is_no_workbook(big_sheet: bytes) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("list.xlsx", big_sheet[:1000])
    assert "a zip archive, not a workbook" in refusal(stream.getvalue())
