"""An export as XLSX, written straight into the answer: every text is a string cell, no cell is ever a formula.

openpyxl could do it too, but only into a file that is sent when it is finished, and at a fraction of the rows per second.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.spreadsheets import is_formula_like
from influencers.exports.columns import Form
from influencers.exports.rows import Rows

# Excel holds 1,048,576 rows, the heading's included.
MOST_ROWS = 1_048_575
MOST_CHARACTERS = 32_767
EPOCH = date(1899, 12, 30)
# Positions in cellXfs of STYLES.
TEXT, HEADING, QUOTED, DAY, RATE, MONEY, NUMBER = range(7)
STYLE_OF = {Form.TEXT: TEXT, Form.NUMBER: NUMBER, Form.RATE: RATE, Form.MONEY: MONEY, Form.DAY: DAY}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads _x0041_ in a string as the letter A; written so, the underscore stays an underscore.
ENCODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="7"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


class Outlet(io.RawIOBase):
    """What is written can be taken away at once: nothing but what was not taken yet is kept."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def xlsx_pieces(headings: list[str], forms: list[Form], batches: Iterable[Rows], *, sheet: str) -> Iterator[bytes]:
    """The file in pieces, one for each batch. `forms` says how the cells of each column look."""
    outlet = Outlet()
    letters = [column_letters(place) for place in range(len(headings))]
    styles = [STYLE_OF[form] for form in forms]
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, content in {**PARTS, "xl/workbook.xml": _workbook(sheet)}.items():
            archive.writestr(name, _HEAD + content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(_sheet_start(headings).encode())
            part.write(_row(1, letters, [HEADING] * len(headings), headings).encode())
            number = 1
            for batch in batches:
                rows = []
                for cells in batch:
                    number += 1
                    rows.append(_row(number, letters, styles, cells))
                part.write("".join(rows).encode())
                yield outlet.taken()
            part.write(b"</sheetData></worksheet>")
    yield outlet.taken()


def check_size(rows: int) -> None:
    """Refused beyond what a sheet of Excel can hold."""
    if rows > MOST_ROWS:
        raise Refused(_("An Excel sheet holds at most 1,048,575 creators. Choose CSV, or narrow the filters."))


def column_letters(place: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _workbook(sheet: str) -> str:
    name = escape(re.sub(r"[\[\]:*?/\\]", " ", FORBIDDEN.sub(" ", sheet)).strip("' ")[:31] or "1", {'"': "&quot;"})
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _sheet_start(headings: list[str]) -> str:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{max(12, min(32, len(heading) + 3))}" customWidth="1"/>'
        for place, heading in enumerate(headings, 1)
    )
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>"
    )


def _row(number: int, letters: list[str], styles: list[int], cells: list[Any]) -> str:
    written = "".join(
        [
            _cell(f"{letter}{number}", style, value)
            for letter, style, value in zip(letters, styles, cells, strict=True)
            if value is not None
        ]
    )
    return f'<row r="{number}">{written}</row>'


def _cell(place: str, style: int, value: Any) -> str:
    if isinstance(value, str):
        if style != HEADING:
            style = QUOTED if is_formula_like(value) else TEXT
        return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{xml_text(value)}</t></is></c>'
    if isinstance(value, date):
        value = (value - EPOCH).days
    number = f"{value:f}" if isinstance(value, Decimal) else repr(value)
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


def xml_text(text: str) -> str:
    """The text inside a string cell: what XML cannot say is replaced visibly, a carriage return survives."""
    clean = ENCODED.sub("_x005F_", FORBIDDEN.sub("\ufffd", text))
    if len(clean) > MOST_CHARACTERS:
        clean = clean[: MOST_CHARACTERS - 1] + "…"
    return escape(clean, {"\r": "&#13;"})
