"""A quick look at the large parts of a workbook, which says that a part is harmless, or that it must be parsed to know.

Most sheets are written by spreadsheet programs in one way. Of text that is UTF-8 beyond doubt, has no document type, no
comment and no formula, the `<` are counted: there cannot be more elements than that, in the part or in a row. Whatever
is written in another way is left to the parser, so nothing can hide here; it only saves the parser a call per element.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# A row without an end after so many bytes is not one that a spreadsheet program wrote.
_LONGEST_ROW = 4 * 1024 * 1024
_DECLARATION = re.compile(rb"""(?:\xef\xbb\xbf)?(?:<\?xml(?P<told>[^>]*)\?>|\s*<(?!\?))""")
_ENCODING = re.compile(rb"""encoding\s*=\s*["'](?P<name>[^"']*)["']""")
# What only a parser can follow: comments, document types, CDATA; formulas, whose values must be looked at; UTF-16.
_NEEDS_PARSER = (b"<!", b"<f", b":f", b"\x00")
_ROW = b"<row"
_ROW_TAG = re.compile(rb"<row(?P<attributes>(?:\s[^>]*?)?)(?P<end>/?)>")
_ROW_NUMBER = re.compile(rb'(?<!\S)r="(?P<number>[0-9]{1,9})"')
_ANY_ROW_NUMBER = re.compile(rb"(?<![^\s])r\s*=")


@dataclass(slots=True)
class PartFacts:
    """What was seen of a sheet: its last row, and where (place of the column → line) a formula has no value."""

    last_row: int = 0
    uncalculated: dict[int, int] = field(default_factory=dict)


def harmless(
    chunks: Iterator[bytes], *, most_elements: int, most_in_row: int, most_rows: int
) -> tuple[PartFacts, int] | None:
    """Return (what was seen, an upper bound of the elements) of a part that is certainly within these limits, else None."""
    seen = _Seen(most_elements, most_in_row, most_rows)
    rest = b""
    is_first = True
    for chunk in chunks:
        data = rest + chunk
        if (is_first and not _is_utf_8(data)) or any(sign in data for sign in _NEEDS_PARSER):
            return None
        is_first = False
        *rows, rest = data.split(_ROW)
        if len(rest) > _LONGEST_ROW:
            return None
        # The first piece ends what came before; what was kept back begins with its own sign, so that it is empty then.
        if not all(seen.take(row if place == 0 else _ROW + row) for place, row in enumerate(rows)):
            return None
        rest = _ROW + rest if rows else rest
    if is_first or not seen.take(rest):
        return None
    return seen.facts, seen.elements


class _Seen:
    """What the pieces of a part hold; a piece begins where a row does, or something whose name begins so."""

    def __init__(self, most_elements: int, most_in_row: int, most_rows: int) -> None:
        self.facts = PartFacts()
        self.elements = 0
        self._in_row = 0
        self._most_elements = most_elements
        self._most_in_row = most_in_row
        self._most_rows = most_rows

    def take(self, piece: bytes) -> bool:
        """Count the piece; False if there may be too much of anything, or if it is not as spreadsheet programs write."""
        signs = piece.count(b"<")
        self.elements += signs
        tag = _ROW_TAG.match(piece) if piece.startswith(_ROW) else None
        if tag is not None:
            if not (tag["end"] == b"/" or b"</row>" in piece):  # a row in a row
                return False
            self._in_row = 0
            number = _ROW_NUMBER.search(tag["attributes"])
            if number is None and _ANY_ROW_NUMBER.search(tag["attributes"]):
                return False
            row = int(number["number"]) if number is not None else self.facts.last_row + 1
            self.facts.last_row = max(self.facts.last_row, row)
        self._in_row += signs
        return (
            self._in_row <= self._most_in_row
            and self.elements <= self._most_elements
            and self.facts.last_row <= self._most_rows
        )


def _is_utf_8(start: bytes) -> bool:
    declaration = _DECLARATION.match(start)
    if declaration is None:
        return False
    told = _ENCODING.search(declaration["told"] or b"")
    return told is None or told["name"].lower() == b"utf-8"
