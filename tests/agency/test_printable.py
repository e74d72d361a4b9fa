"""Which characters a brief can print, proven by printing them."""

import io
import json

import pypdf
import pytest
import typst

from agency.printable import (
    BUILT_IN_RANGES,
    code_points,
    fonts_folder,
    printable,
    printable_code_points,
    printable_text,
)
from agency.typesetting import placeholder_note

ONE_EACH_LINE = b"""
#set text(font: ("Noto Sans", "Noto Sans Arabic", "Noto Emoji", "DejaVu Sans Mono"), fallback: false)
#for one in json(bytes(sys.inputs.at("data"))) [#one.at(0)|#one.at(1)#parbreak()]
"""


def printed_alone(codes: list[int]) -> set[int]:
    """Which of the code points a PDF says it printed with a glyph of their own."""
    content = typst.compile(
        ONE_EACH_LINE,
        format="pdf",
        font_paths=[str(fonts_folder())],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps([[f"{code:X}", chr(code)] for code in codes])},
    )
    found = set()
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        for line in page.extract_text().splitlines():
            name, _, rest = line.partition("|")
            if rest and "\0" not in rest and chr(int(name, 16)) in rest:
                found.add(int(name, 16))
    return found


def test_everything_in_the_built_in_ranges_prints() -> None:
    codes = [code for first, last in BUILT_IN_RANGES for code in range(first, last + 1)]

    assert sorted(set(codes) - printed_alone(codes)) == []


def test_the_tables_of_the_fonts_agree_with_what_prints() -> None:
    # Latin, Greek, Cyrillic, currency, kana, Han, emoji: covered and uncovered ones side by side.
    codes = [
        *range(0x00C0, 0x0250),
        *range(0x0391, 0x03CA),
        *range(0x0400, 0x0460),
        *range(0x20A0, 0x20C0),
        *range(0x3041, 0x3060),
    ]
    codes += [*range(0x4E00, 0x4E10), *range(0x1F600, 0x1F640)]

    expected = {code for code in codes if code in printable_code_points()}

    assert printed_alone(codes) == expected
    assert 0x1F600 in expected
    assert 0x4E00 not in expected


@pytest.mark.parametrize(
    ("typed", "shown", "lost"),
    [
        ("plain æøå ß Ж Ω", "plain æøå ß Ж Ω", set()),
        ("漢字 漢", "▯▯ ▯", {"漢", "字"}),
        ("a\tb\u1680c", "a b c", set()),
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne", set()),
        ("bell\x07", "bell▯", {"\x07"}),
        ("👩‍👩‍👧 ❤️ 👍🏽 🇩🇰", "👩‍👩‍👧 ❤️ 👍🏽 🇩🇰", set()),
        ("مرحبا\u200f", "مرحبا\u200f", set()),
        ("→ ✓ ▯", "→ ✓ ▯", set()),
    ],
)
def test_printable_text(typed: str, shown: str, lost: set[str]) -> None:
    assert printable_text(typed) == (shown, lost)


def test_printable_goes_into_lists_and_dictionaries_and_leaves_keys_and_numbers() -> None:
    assert printable({"漢": ["字", 0.5, {"inner": "ok"}]}) == ({"漢": ["▯", 0.5, {"inner": "ok"}]}, {"字"})


def test_a_font_without_a_character_table_covers_nothing() -> None:
    assert list(code_points(b"\x00\x01\x00\x00" + b"\x00\x00" + bytes(6))) == []


def test_the_note_names_twenty_code_points_at_most() -> None:
    assert placeholder_note([]) == ""
    assert placeholder_note(["字"]) == "▯ stands for 1 character that the fonts of this document lack: U+5B57."
    many = placeholder_note([chr(0x4E00 + n) for n in range(25)])
    assert many.startswith("▯ stands for 25 characters")
    assert many.endswith("U+4E13, ….")
