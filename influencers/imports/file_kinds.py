"""What a file really is, told from its bytes, whatever its name says."""

import struct
import zipfile
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from influencers.imports.errors import ImportRefused
from influencers.imports.sheet import MEBIBYTE, SheetLimits, Source

HEAD = 8192

# First bytes → what the file is. A table that starts like this does not exist.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", gettext_noop("a PNG picture")),
    (b"\xff\xd8\xff", gettext_noop("a JPEG picture")),
    (b"GIF8", gettext_noop("a GIF picture")),
    (b"RIFF", gettext_noop("a picture, sound or film")),
    (b"%PDF-", gettext_noop("a PDF")),
    (b"{\\rtf", gettext_noop("an RTF text")),
    (b"\x1f\x8b", gettext_noop("a gzip archive")),
    (b"7z\xbc\xaf\x27\x1c", gettext_noop("a 7-Zip archive")),
    (b"Rar!\x1a\x07", gettext_noop("a RAR archive")),
    (b"PAR1", gettext_noop("a Parquet file")),
    (b"SQLite format 3\x00", gettext_noop("an SQLite database")),
    (b"\x7fELF", gettext_noop("a program")),
    (b"MZ\x90\x00", gettext_noop("a program")),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_STARTS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"<!doctype html", b"<html", b"<head", b"<table"), gettext_noop("a web page")),
    ((b"<?xml", b"<svg"), gettext_noop("an XML file")),
    ((b'{"', b"{\n", b"{\r", b"[{", b"[\n", b'["'), gettext_noop("a JSON file")),
)
_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_END_OF_DIRECTORY, _ZIP64_LOCATOR, _ZIP64_RECORD = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
_LONGEST_END = 22 + 65_535
# A workbook has some dozens of parts; a directory beyond this only serves to fill the memory.
LARGEST_DIRECTORY = 2 * MEBIBYTE


def file_kind(source: Source, limits: SheetLimits) -> Literal["csv", "xlsx"]:
    """Return which reader the file needs; ImportRefused, saying what it is and what to do, if it is no table."""
    if source.size == 0:
        raise ImportRefused(_("The file is empty. Export it again."))
    if source.size > limits.max_bytes:
        message = _("The file has %(size)s MB; the limit is %(limit)s MB. Split it into parts.")
        raise ImportRefused(message % {"size": _megabytes(source.size), "limit": _megabytes(limits.max_bytes)})
    with source.view() as view:
        head = view.read(HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _refuse_other_archives(source)
        return "xlsx"
    if head.startswith(_OLD_OFFICE):
        raise ImportRefused(
            _(
                "This is an old Excel file (.xls) or a workbook with a password. "
                "Save it as .xlsx without a password, or as CSV."
            )
        )
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            raise _wrong_kind(name)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for starts, name in _TEXT_STARTS:
        if start.startswith(starts):
            raise _wrong_kind(name)
    if not head.strip():
        raise ImportRefused(_("The file holds nothing but blanks. Export it again."))
    return "csv"


def is_utf_16(head: bytes) -> bool:
    """Say whether the bytes start like UTF-16 or UTF-32 text, by their mark or by the zero in every other place."""
    if head.startswith(_UTF_16_OR_32):
        return True
    half = len(head) // 2
    return half > 1 and max(head[0::2].count(0), head[1::2].count(0)) > half * 0.6 > 1


def refuse_binary(head: bytes) -> None:
    """Raise ImportRefused if bytes that are not UTF-16 hold control characters as no text does."""
    controls = sum(head.count(byte) for byte in range(32) if byte not in (9, 10, 12, 13, 26, 27))
    if 0 in head or controls > len(head) // 100 + 1:
        raise _wrong_kind(gettext_noop("a file that is not text"))


def _wrong_kind(name: str) -> ImportRefused:
    message = _(
        "This is %(kind)s, not a table, whatever its name says. Export the table as CSV or .xlsx and upload that."
    )
    return ImportRefused(message % {"kind": _(name)})


def _megabytes(size: int) -> str:
    return f"{size / MEBIBYTE:,.1f}".removesuffix(".0")


def _refuse_other_archives(source: Source) -> None:
    """Raise ImportRefused unless the zip archive holds a workbook of the .xlsx kind."""
    _refuse_big_directory(source)
    try:
        with source.view() as view, zipfile.ZipFile(view) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise ImportRefused(
            _("This looks like a workbook (.xlsx) but is damaged or cut short. Save it again.")
        ) from None
    if "xl/workbook.xml" in names or any(name.lower().endswith("/workbook.xml") for name in names):
        return
    if any(name.endswith("workbook.bin") for name in names):
        raise ImportRefused(_("This is a binary workbook (.xlsb). Save it as .xlsx or CSV."))
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        raise ImportRefused(_("This is an OpenDocument file. Save it as .xlsx or CSV."))
    if any(name.startswith("Index/") for name in names):
        raise ImportRefused(_("This is a Numbers or Pages file. Export it as .xlsx or CSV."))
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise ImportRefused(_("This is a Word or PowerPoint file. Put the table into a workbook and save it as .xlsx."))
    raise ImportRefused(_("This is a zip archive, not a workbook. Unpack it and upload the table that is inside."))


def _refuse_big_directory(source: Source) -> None:
    """Raise ImportRefused if the archive's directory alone would fill the memory, before it is read."""
    with source.view() as view:
        view.seek(max(0, source.size - _LONGEST_END - 100))
        tail = view.read()
    end = tail.rfind(_END_OF_DIRECTORY)
    if end < 0 or len(tail) < end + 22:
        return
    (size,) = struct.unpack_from("<L", tail, end + 12)
    locator = end - 20
    if locator >= 0 and tail[locator : locator + 4] == _ZIP64_LOCATOR:
        record = tail.rfind(_ZIP64_RECORD, 0, locator)
        if record >= 0 and len(tail) >= record + 48:
            (size,) = struct.unpack_from("<Q", tail, record + 40)
    if size > LARGEST_DIRECTORY:
        raise ImportRefused(
            _("This archive has far more parts than a workbook can have. Save the table again as .xlsx or CSV.")
        )
