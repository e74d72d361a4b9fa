"""The quick look at a sheet: what it calls harmless, the parser must call harmless too."""

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from influencers.imports.workbook_scan import PartFacts, harmless
from tests.influencers.imports.tables import SHEET_END, SHEET_START

LIMITS = {"most_elements": 60, "most_in_row": 12, "most_rows": 50}


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[place : place + size] for place in range(0, len(content), size))


def glance(content: str | bytes, *, size: int = 1_000, **limits: int) -> tuple[PartFacts, int] | None:
    content = content.encode() if isinstance(content, str) else content
    return harmless(pieces(content, size), **{**LIMITS, **limits})


def sheet(rows: str) -> str:
    return SHEET_START + rows + SHEET_END


@pytest.mark.parametrize("size", [11, 13, 17, 1_000])
def test_sheet_of_the_usual_kind_is_known_without_parsing(size: int) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row><c/></row><row r="7" spans="1:3"/><rowBreaks count="0"/>'
    seen = glance(sheet(rows), size=size)
    assert seen is not None
    assert seen[0] == PartFacts(last_row=7)
    assert seen[1] >= 9


@pytest.mark.parametrize("start", ["", '<?xml version="1.0"?>', "<?xml version='1.0' encoding='UTF-8' ?>\n", "\ufeff"])
def test_utf_8_is_read_however_it_is_declared(start: str) -> None:
    assert glance(start + sheet("<row/>")) is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        sheet("<row/>").encode("utf-16"),
        b"<?xml version='1.0' encoding='cp037'?>" + sheet("<row/>").encode(),
        sheet("<row><!-- --></row>").encode(),
        b"<!DOCTYPE x>" + sheet("<row/>").encode(),
        sheet("<row><c><f>1</f></c></row>").encode(),
        sheet("<row><c><x:f>1</x:f></c></row>").encode(),
        sheet("<row r='5'/>").encode(),
        sheet('<row r = "5"/>').encode(),
        sheet('<row r="&#53;"/>').encode(),
        sheet('<row r="51"/>').encode(),
        sheet("<row/>" * 51).encode(),
        sheet("<row>" + "<c/>" * 30 + "</row>").encode(),
        sheet("<row><c/><c/><c/></row>" * 13).encode(),
        sheet("<row><c/><rows/>" + "<c/><rowx/>" * 15 + "</row>").encode(),
        sheet("<row><row><c/></row></row>").encode(),
        ("<a>" + "<b/>" * 60 + "</a>").encode(),
        ("<x:sheet>" + "<x:row/>" * 60 + "</x:sheet>").encode(),
    ],
)
def test_everything_else_is_left_to_the_parser(content: bytes) -> None:
    assert glance(content) is None


def test_row_without_an_end_is_left_to_the_parser() -> None:
    assert glance(sheet("<row><c>" + "x" * 5_000_000), size=100_000) is None
    assert glance(sheet("<c>" + "x" * 5_000_000), size=100_000) is None


PARTS = st.sampled_from(
    [
        *(
            "<row>",
            "</row>",
            "<row/>",
            '<row r="3">',
            '<row  r="49" x="1">',
            "<row r='9'>",
            '<row r="1000000">',
            "<rows>",
        ),
        *(
            "<x:row r='5'>",
            "<c>",
            "</c>",
            "<c/>",
            '<c r="A1" t="s"><v>1</v></c>',
            "<f>",
            "<v/>",
            "<!-- <row> -->",
            "text",
        ),
        *("&lt;row", "<![CDATA[<row>]]>", "<row\n>", '<row ht="r=5">', '<row\tr="4"/>', "</rows>", "<rowx/>"),
    ]
)


@given(st.lists(PARTS, max_size=30), st.integers(1, 60))
@example(["<row>", "<c/>", "</row>"], 5)
@settings(max_examples=400)
def test_what_is_called_harmless_the_parser_calls_harmless_too(parts: list[str], size: int) -> None:
    content = f'<a xmlns:x="y">{"".join(parts)}</a>'.encode()
    seen = glance(content, size=size)
    if seen is None:
        return
    elements, rows, in_row, widest = 0, [0], 0, 0

    def start(name: str, attributes: dict[str, Any]) -> None:
        nonlocal elements, in_row, widest
        elements += 1
        in_row = 1 if name == "row" else in_row + 1 if rows[1:] else 0
        widest = max(widest, in_row)
        if name.rpartition(":")[2] == "row":
            rows.append(int(attributes.get("r", rows[-1] + 1)))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        return
    assert elements <= seen[1] <= LIMITS["most_elements"]
    assert widest <= LIMITS["most_in_row"]
    assert max(rows) <= LIMITS["most_rows"]
