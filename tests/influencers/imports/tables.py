"""Workbooks and archives written on the spot."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl

STRINGS_TYPE = """<Override PartName="/xl/sharedStrings.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>"""
CONTENT_TYPES = f"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
{STRINGS_TYPE}</Types>"""
RELATIONSHIPS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>
</Relationships>"""
WORKBOOK = """<?xml version="1.0" encoding="UTF-8"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_START = f'<worksheet xmlns="{MAIN}"><sheetData>'
SHEET_END = "</sheetData></worksheet>"


def cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


HEADER_ROW = f"<row>{cell('Name')}{cell('Username')}</row>"


def workbook(
    rows: Sequence[Sequence[Any]], *, title: str = "Sheet1", more: Sequence[tuple[str, Sequence[Sequence[Any]]]] = ()
) -> bytes:
    """Return a workbook with these rows, and further sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, content in ((title, rows), *more):
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def raw_workbook(
    sheet_xml: str,
    *,
    repeat: tuple[str, int] = ("", 0),
    parts: dict[str, str] | None = None,
    strings: bool = False,
    level: int = 1,
) -> bytes:
    """Return a workbook whose only sheet is this XML; `repeat` (text, times) stands before its end, written in pieces."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        types = CONTENT_TYPES if strings else CONTENT_TYPES.replace(STRINGS_TYPE, "")
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", RELATIONSHIPS.format(kind="officeDocument", target="xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr(
            "xl/_rels/workbook.xml.rels", RELATIONSHIPS.format(kind="worksheet", target="worksheets/sheet1.xml")
        )
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
        if strings:
            _repeated(archive, "xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">', *repeat, "</sst>")
            archive.writestr("xl/worksheets/sheet1.xml", sheet_xml + SHEET_END)
        else:
            _repeated(archive, "xl/worksheets/sheet1.xml", sheet_xml, *repeat, SHEET_END)
    return stream.getvalue()


def _repeated(archive: zipfile.ZipFile, name: str, start: str, text: str, times: int, end: str) -> None:
    block = (text * 1000).encode()
    with archive.open(name, "w") as part:
        part.write(start.encode())
        for _ in range(times // 1000):
            part.write(block)
        part.write((text * (times % 1000) + end).encode())
