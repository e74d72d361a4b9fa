"""Stops workbooks that unpack to more than they may, before a parser builds anything from them."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

from influencers.imports.errors import ImportRefused
from influencers.imports.sheet import MEBIBYTE, SheetLimits
from influencers.imports.workbook_parts import Role, new_parser, read_roles
from influencers.imports.workbook_scan import PartFacts, harmless

# The parser reads these parts whole and builds trees and lists of them, many times their size.
LARGEST_STRINGS = 64 * MEBIBYTE
LARGEST_SMALL_PART = 8 * MEBIBYTE
# A million rows of ten cells with their values are twenty million elements.
MOST_ELEMENTS = 30_000_000
# Tables shrink tenfold, very regular ones fiftyfold; only one repeated text shrinks more, and no table is that.
HIGHEST_RATIO = 100
RATIO_COUNTS_FROM = 10 * MEBIBYTE
_MOST: dict[Role, int] = {"strings": 4_000_000, "small": 500_000, "worksheet": MOST_ELEMENTS}
_CHUNK = 256 * 1024
# A cell has its value, perhaps a formula, perhaps rich text of some runs.
ELEMENTS_IN_CELL = 40
_LONGEST_ROW_NUMBER = 12
# What Python and the zip format say of an archive whose directory lies about its parts.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    expat.ExpatError,
    NotImplementedError,
    RuntimeError,
    OSError,
    LookupError,
)


@dataclass(frozen=True, slots=True)
class CheckedArchive:
    """An archive that may be read, and what was seen of each part on the way."""

    archive: zipfile.ZipFile
    parts: Mapping[str, PartFacts]


def checked_archive(view: io.BufferedReader, limits: SheetLimits) -> CheckedArchive:
    """Return the archive; ImportRefused if anything in it that the parser will read would not fit.

    First the directory is judged, then every part is read through in pieces, and parsed where a glance does not prove
    that it is harmless: the parser itself reads a sheet to its end
    just to learn its extent, so it must not see the file before. Python never unpacks more of a part than the directory
    announces.
    """
    archive = zipfile.ZipFile(view)
    _check_directory(archive, limits)
    roles = read_roles(archive, LARGEST_SMALL_PART)
    left = MOST_ELEMENTS
    parts: dict[str, PartFacts] = {}
    for part in archive.infolist():
        role = roles.of(part.filename)
        if role == "strings" and part.file_size > LARGEST_STRINGS:
            message = _("This workbook has more than %(limit)s MB of text. Save the table as CSV.")
            raise ImportRefused(message % {"limit": LARGEST_STRINGS // MEBIBYTE})
        if role == "small" and part.file_size > LARGEST_SMALL_PART:
            raise _bomb()
        if role in {"strings", "worksheet"} or (role == "small" and part.filename.endswith((".xml", ".rels"))):
            most = min(left, _MOST[role])
            seen = None if role == "small" else _glance(archive, part, limits, most)
            if seen is None:
                counter = _Counter(limits, most)
                _read_through(archive, part, counter)
                seen = counter.facts, counter.elements
            parts[part.filename] = seen[0]
            left -= seen[1]
    return CheckedArchive(archive, parts)


def _check_directory(archive: zipfile.ZipFile, limits: SheetLimits) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    if total > limits.max_unpacked_bytes:
        message = _(
            "Unpacked, this workbook has %(size)s MB; the limit is %(limit)s MB. Save the table as CSV or split it."
        )
        sizes = {"size": f"{total // MEBIBYTE:,}", "limit": f"{limits.max_unpacked_bytes // MEBIBYTE:,}"}
        raise ImportRefused(message % sizes)
    for part in parts:
        if part.flag_bits & 1:
            raise ImportRefused(_("This workbook has a password. Save it without one."))
        if part.file_size > RATIO_COUNTS_FROM and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1):
            raise _bomb()


class _Counter:
    """Counts elements, rows, and the elements of each row; row numbers that jump count as far as they jump.

    On the way it notes formulas whose value was not saved. Texts are only listened to between a formula and the next
    cell, as that costs a call for each.
    """

    def __init__(self, limits: SheetLimits, most: int) -> None:
        self.elements = 0
        self.facts = PartFacts()
        self.parser = new_parser(self.start)
        self._most = most
        self._limits = limits
        self._row = 0
        self._row_ends_at = most
        self._most_in_row = limits.max_columns * ELEMENTS_IN_CELL
        self._cell: dict[str, str] = {}
        self._has_formula = self._is_in_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            if self._has_formula:
                self.end_cell()
            self._cell = attributes
        elif name == "row":
            if self._has_formula:
                self.end_cell()
            self._start_row(attributes.get("r", ""))
        elif name == "f":
            self._has_formula, self._is_in_value = True, False
            self.parser.CharacterDataHandler = self._text
        elif name == "v":
            self._is_in_value = True
        if self.elements > self._most:
            raise _bomb()
        if self.elements > self._row_ends_at:
            message = _("The sheet has a row with far more than %(limit)s columns. Is this the right file?")
            raise ImportRefused(message % {"limit": self._limits.max_columns})

    def end_cell(self) -> None:
        """Note the last cell if its formula has no value; an empty text is one."""
        if self._has_formula and self._cell.get("t") != "str":
            letters = self._cell.get("r", "").rstrip("0123456789")
            place = column_index_from_string(letters) - 1 if letters else -1
            self.facts.uncalculated[place] = self._row
        self._listen_no_more()

    def _start_row(self, number: str) -> None:
        self._row = int(number) if number.isdecimal() and len(number) < _LONGEST_ROW_NUMBER else self._row + 1
        self.facts.last_row = max(self.facts.last_row, self._row)
        self._row_ends_at = self.elements + self._most_in_row
        if self._row > self._limits.max_rows:
            message = _("The sheet has more than %(limit)s rows. Split it into parts.")
            raise ImportRefused(message % {"limit": f"{self._limits.max_rows:,}"})

    def _text(self, text: str) -> None:
        if self._is_in_value and text.strip():
            self._listen_no_more()

    def _listen_no_more(self) -> None:
        self._has_formula = False
        self.parser.CharacterDataHandler = None


def _glance(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: SheetLimits, most: int
) -> tuple[PartFacts, int] | None:
    """Return what is known of the part without parsing it, None if it must be parsed."""
    with archive.open(part) as stream:
        return harmless(
            iter(partial(stream.read, _CHUNK), b""),
            most_elements=most,
            most_in_row=limits.max_columns * ELEMENTS_IN_CELL,
            most_rows=limits.max_rows,
        )


def _read_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, counter: _Counter) -> None:
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            counter.parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by place
        counter.parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by place
    counter.end_cell()


def _bomb() -> ImportRefused:
    message = _("This workbook unpacks to far more than a table holds. It was not opened. Save the table as CSV.")
    return ImportRefused(message)
