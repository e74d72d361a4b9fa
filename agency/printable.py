"""Which characters the fonts of a document can print; the others are replaced by a marked placeholder and reported."""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

PLACEHOLDER = "▯"
FONT_FILES = ("NotoSans-Regular.ttf", "NotoSansArabic-Regular.ttf", "NotoEmoji-Regular.ttf")
# What the one fallback font inside typst adds (DejaVu Sans Mono): arrows, mathematics, boxes and shapes, dingbats, and the
# scripts of Armenia and Georgia. Its file is not at hand; a test prints every one of these.
BUILT_IN_RANGES = (
    (0x0531, 0x0556), (0x0561, 0x0587), (0x10D0, 0x10FC), (0x2190, 0x2213), (0x2241, 0x2269), (0x2500, 0x262F),
    (0x2701, 0x2704), (0x2706, 0x2709), (0x270C, 0x2727), (0x2729, 0x274B), (0x2761, 0x2775), (0x2798, 0x27AF),
    (0x27B1, 0x27BE),
)  # fmt: skip
LINE_BREAKS = str.maketrans({"\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})


def fonts_folder() -> Path:
    return Path(settings.VENDOR_DIR) / "fonts"


def code_points(font: bytes) -> Iterator[int]:
    """Every code point for which a TrueType font has a glyph, read from its `cmap` table (formats 4 and 12)."""
    count = struct.unpack_from(">H", font, 4)[0]
    for entry in range(count):
        tag, _checksum, start, _length = struct.unpack_from(">4sLLL", font, 12 + 16 * entry)
        if tag == b"cmap":
            break
    else:
        return
    for entry in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = start + struct.unpack_from(">HHL", font, start + 4 + 8 * entry)[2]
        form = struct.unpack_from(">H", font, offset)[0]
        if form == 4:
            yield from _segments(font, offset)
        elif form == 12:
            yield from _groups(font, offset)


def _segments(font: bytes, offset: int) -> Iterator[int]:
    """Format 4: segments of the Basic Multilingual Plane; glyph 0 is "no glyph"."""
    half = struct.unpack_from(">H", font, offset + 6)[0]
    ends, starts = offset + 14, offset + 16 + half
    for at in range(0, half, 2):
        end, first = struct.unpack_from(">H", font, ends + at)[0], struct.unpack_from(">H", font, starts + at)[0]
        delta, shift_at = struct.unpack_from(">H", font, starts + half + at)[0], starts + 2 * half + at
        shift = struct.unpack_from(">H", font, shift_at)[0]
        for code in range(first, min(end, 0xFFFE) + 1):
            glyph = code if shift == 0 else struct.unpack_from(">H", font, shift_at + shift + 2 * (code - first))[0]
            if glyph and (glyph + delta) % 0x10000:
                yield code


def _groups(font: bytes, offset: int) -> Iterator[int]:
    """Format 12: groups of consecutive code points of all planes."""
    for group in range(struct.unpack_from(">L", font, offset + 12)[0]):
        first, last, glyph = struct.unpack_from(">LLL", font, offset + 16 + 12 * group)
        yield from range(first if glyph else first + 1, last + 1)


@cache
def printable_code_points() -> frozenset[int]:
    """Every code point that a document can print."""
    found = {code for first, last in BUILT_IN_RANGES for code in range(first, last + 1)}
    for name in FONT_FILES:
        found.update(code_points((fonts_folder() / name).read_bytes()))
    return frozenset(found)


def _shows_nothing(character: str) -> bool:
    """Joiners, direction marks, variation selectors, emoji tags: they shape their neighbours and need no glyph."""
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f" or character == "\n"


def printable_text(text: str) -> tuple[str, set[str]]:
    """The text with each character that no font covers replaced by a placeholder, and the set of those characters."""
    text = text.replace("\r\n", "\n").translate(LINE_BREAKS)
    lost: set[str] = set()
    known = printable_code_points()
    if known.issuperset(map(ord, text)):
        return text, lost
    kept: list[str] = []
    for character in text:
        if ord(character) in known or _shows_nothing(character):
            kept.append(character)
        elif character == "\t" or unicodedata.category(character) == "Zs":
            kept.append(" ")
        else:
            lost.add(character)
            kept.append(PLACEHOLDER)
    return "".join(kept), lost


def printable(value: Any) -> tuple[Any, set[str]]:
    """`printable_text` for every text inside lists and dictionaries (whose keys are ours and stay)."""
    if isinstance(value, str):
        return printable_text(value)
    lost: set[str] = set()
    if isinstance(value, dict):
        whole: dict[str, Any] = {}
        for key, inner in value.items():
            whole[key], missing = printable(inner)
            lost |= missing
        return whole, lost
    if isinstance(value, list):
        parts: list[Any] = []
        for inner in value:
            part, missing = printable(inner)
            parts.append(part)
            lost |= missing
        return parts, lost
    return value, lost
