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
MOST_SMALL_PART_ELEMENTS = 500_000
# A million rows of ten cells with their values are twenty million elements.
MOST_ELEMENTS = 30_000_000
# Tables shrink tenfold to a hundredfold; only one repeated text shrinks more, and no table needs that.
HIGHEST_RATIO = 250
RATIO_COUNTS_FROM = 10 * MEBIBYTE
_CHUNK = 256 * 1024
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
    """Read through every part that the parser will read, in pieces, and raise ImportRefused at what would not fit.

    The parser itself reads a sheet to its end just to learn its extent, so this comes before it sees the file.
    """
    left = MOST_ELEMENTS
    for part in archive.infolist():
        if not part.filename.lower().endswith((".xml", ".rels")) or _is_never_read(part.filename):
            continue
        most = MOST_STRING_ELEMENTS if _is_strings(part.filename) else MOST_SMALL_PART_ELEMENTS
        counter = _Counter(limits, left if _is_worksheet(part.filename) else min(most, left))
        size = _read_through(archive, part.filename, counter)
        if _is_strings(part.filename) and size > LARGEST_STRINGS:
            raise _too_much_text()
        left -= counter.elements


def _is_strings(name: str) -> bool:
    return name.lower().endswith("sharedstrings.xml")


def _is_worksheet(name: str) -> bool:
    return name.lower().startswith("xl/worksheets/sheet")


def _is_never_read(name: str) -> bool:
    return name.lower().startswith(("xl/richdata/", "xl/media/", "xl/drawings/", "xl/printersettings/"))


def _is_read_whole(name: str) -> bool:
    return not (_is_strings(name) or _is_worksheet(name) or _is_never_read(name))


class _Counter:
    """Counts elements, rows, and the elements of each row; row numbers that jump count as far as they jump."""

    def __init__(self, limits: SheetLimits, most: int) -> None:
        self.elements = 0
        self._most = most
        self._limits = limits
        self._row = 0
        self._row_ends_at = most
        # A cell has its value, perhaps a formula, perhaps rich text of some runs.
        self._most_in_row = limits.max_columns * 40

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if name == "row" or name.endswith(":row"):
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() and len(number) < _LONGEST_ROW_NUMBER else self._row + 1
            self._row_ends_at = self.elements + self._most_in_row
            if self._row > self._limits.max_rows:
                message = _("The sheet has more than %(limit)s rows. Split it into parts.")
                raise ImportRefused(message % {"limit": f"{self._limits.max_rows:,}"})
        if self.elements > self._most:
            raise _bomb()
        if self.elements > self._row_ends_at:
            message = _("The sheet has a row with far more than %(limit)s columns. Is this the right file?")
            raise ImportRefused(message % {"limit": self._limits.max_columns})


def _read_through(archive: zipfile.ZipFile, name: str, counter: _Counter) -> int:
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
