"""Stops workbooks that unpack to more than they may, before a parser builds anything from them."""

import io
import zipfile
import zlib
from xml.parsers import expat

from django.utils.translation import gettext as _

from influencers.imports.errors import ImportRefused
from influencers.imports.sheet import MEBIBYTE, SheetLimits

# The parser reads these parts whole and builds trees and lists of them, many times their size.
LARGEST_STRINGS = 64 * MEBIBYTE
LARGEST_SMALL_PART = 8 * MEBIBYTE
MOST_STRING_ELEMENTS = 4_000_000
# Tables shrink tenfold to a hundredfold; only one repeated text shrinks more, and no table needs that.
HIGHEST_RATIO = 250
RATIO_COUNTS_FROM = 10 * MEBIBYTE
_CHUNK = 256 * 1024
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


def check_archive(archive: zipfile.ZipFile, limits: SheetLimits) -> None:
    """Raise ImportRefused if the archive's directory announces more than the limits allow."""
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
        if _is_strings(part.filename) and part.file_size > LARGEST_STRINGS:
            raise _too_much_text()
        if _is_read_whole(part.filename) and part.file_size > LARGEST_SMALL_PART:
            raise _bomb()


def check_parts(archive: zipfile.ZipFile, limits: SheetLimits) -> None:
    """Read through every part that the parser takes whole, in pieces, and raise ImportRefused at what would not fit."""
    for part in archive.infolist():
        if _is_strings(part.filename):
            if _elements(archive, part.filename, _PlainCounter(MOST_STRING_ELEMENTS)) > LARGEST_STRINGS:
                raise _too_much_text()
        elif _is_read_whole(part.filename) and part.filename.endswith((".xml", ".rels")):
            _elements(archive, part.filename, _PlainCounter(MOST_STRING_ELEMENTS))


def check_worksheet(archive: zipfile.ZipFile, name: str, limits: SheetLimits) -> None:
    """Read through a worksheet in pieces and raise ImportRefused at too many rows, or too many cells in one row."""
    _elements(archive, name, _RowCounter(limits))


def _is_strings(name: str) -> bool:
    return name.lower().endswith("sharedstrings.xml")


def _is_read_whole(name: str) -> bool:
    lowered = name.lower()
    return not _is_strings(name) and not lowered.startswith(
        ("xl/worksheets/", "xl/richdata/", "xl/media/", "xl/drawings/")
    )


class _PlainCounter:
    def __init__(self, most: int) -> None:
        self._left = most

    def start(self, _name: str, _attributes: dict[str, str]) -> None:
        self._left -= 1
        if self._left < 0:
            raise _bomb()


class _RowCounter:
    """Counts rows and the elements of each row; row numbers that jump count as far as they jump."""

    def __init__(self, limits: SheetLimits) -> None:
        self._limits = limits
        self._rows = 0
        self._in_row = 0
        # A cell has its value, perhaps a formula, perhaps rich text of some runs.
        self._most_in_row = limits.max_columns * 40

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row" or name.endswith(":row"):
            number = attributes.get("r", "")
            self._rows = int(number) if number.isdecimal() and len(number) < 12 else self._rows + 1
            self._in_row = 0
            if self._rows > self._limits.max_rows:
                message = _("The sheet has more than %(limit)s rows. Split it into parts.")
                raise ImportRefused(message % {"limit": f"{self._limits.max_rows:,}"})
        self._in_row += 1
        if self._in_row > self._most_in_row:
            message = _("The sheet has a row with far more than %(limit)s columns. Is this the right file?")
            raise ImportRefused(message % {"limit": self._limits.max_columns})


def _elements(archive: zipfile.ZipFile, name: str, counter: _PlainCounter | _RowCounter) -> int:
    """Run the counter over the elements of a part and return its true size in bytes."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = counter.start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    read = 0
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            read += len(chunk)
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by place
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by place
    return read


def _refuse_doctype(*_arguments: object) -> None:
    raise ImportRefused(_("This workbook contains definitions that no spreadsheet program writes. It was not opened."))


def _bomb() -> ImportRefused:
    return ImportRefused(
        _("This workbook unpacks to far more than a table holds. It was not opened. Save the table as CSV.")
    )


def _too_much_text() -> ImportRefused:
    message = _("This workbook has more than %(limit)s MB of text. Save the table as CSV.")
    return ImportRefused(message % {"limit": LARGEST_STRINGS // MEBIBYTE})


def archive_of(view: io.BufferedReader, limits: SheetLimits) -> zipfile.ZipFile:
    """Return the archive, all of its announced sizes within the limits."""
    archive = zipfile.ZipFile(view)
    check_archive(archive, limits)
    return archive
