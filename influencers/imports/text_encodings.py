"""Which encoding a text file is in, found from its bytes."""

import codecs
import re
import unicodedata
from typing import Final

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from influencers.imports.errors import ImportRefused
from influencers.imports.file_kinds import HEAD, is_utf_16, refuse_binary
from influencers.imports.sheet import MEBIBYTE, Source

WESTERN: Final = "cp1252"
# The code pages that spreadsheet programs still write, by region.
_OTHERS = [
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
]
_SAMPLE = 128 * 1024
# Signs that Western text does have beside its letters; others inside words mean that the code page is wrong.
_WESTERN_SIGNS = frozenset("’‘“”„‚–—…€£¥§©®™°·•«»¿¡ªº´`²½¼¾\u00a0\u00ad†‡‹›×÷±¬ˆ˜")
_MESSY = 0.1
_UTF_8_SEQUENCE = re.compile(
    rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|\xc2[\xa0-\xbf]"
)
_NON_ASCII = re.compile(rb"[\x80-\xff]+")


def find_encoding(source: Source) -> str:
    """Return Python's name of the encoding; ImportRefused for what is no text or is UTF-8 with damaged places.

    UTF-8 is proven by the whole file. Anything else is the Western code page (cp1252) unless that makes nonsense.
    """
    with source.view() as view:
        head = view.read(HEAD)
    if is_utf_16(head):
        return _utf_16_or_32(source, head)
    refuse_binary(head)
    has_mark = head.startswith(codecs.BOM_UTF8)
    broken_line = _first_line_that_is_not_utf_8(source)
    if broken_line is None:
        return "utf-8-sig" if has_mark else "utf-8"
    sample = _lines_with_signs(source)
    if has_mark or _is_mostly_utf_8(sample):
        message = _(
            "The file is UTF-8, but line %(line)s has bytes that are not. It was damaged on the way; export it again."
        )
        raise ImportRefused(message % {"line": broken_line})
    return _code_page(sample)


def _utf_16_or_32(source: Source, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        encoding = "utf-32"
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        half = len(head) // 2
        encoding = "utf-16-le" if head[1::2].count(0) > half * 0.6 else "utf-16-be"
    try:
        with source.view() as view:
            decoder = codecs.getincrementaldecoder(encoding)()
            while chunk := view.read(MEBIBYTE):
                if "\x00" in decoder.decode(chunk):
                    raise ImportRefused(
                        _("This is a file that is not text. Export the table as CSV or .xlsx and upload that.")
                    )
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise ImportRefused(
            _("The file starts like UTF-16 text but is damaged or cut short. Export it again.")
        ) from None
    return encoding


def _first_line_that_is_not_utf_8(source: Source) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 1
    with source.view() as view:
        while True:
            chunk = view.read(MEBIBYTE)
            if b"\x00" in chunk:
                refuse_binary(b"\x00")
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n")
            if not chunk:
                return None
            lines += chunk.count(b"\n")


def _lines_with_signs(source: Source) -> bytes:
    """Return the first lines that have more than plain ASCII; only they tell something."""
    found: list[bytes] = []
    size = 0
    with source.view() as view:
        while size < _SAMPLE and (line := view.readline(_SAMPLE)):
            if not line.isascii():
                found.append(line)
                size += len(line)
    return b"".join(found)


def _is_mostly_utf_8(sample: bytes) -> bool:
    signs = sum(len(run) for run in _NON_ASCII.findall(sample))
    in_sequences = sum(len(run) for run in _UTF_8_SEQUENCE.findall(sample))
    return in_sequences > signs * 0.8


def _code_page(sample: bytes) -> str:
    try:
        text = sample.decode(WESTERN)
    except UnicodeDecodeError:
        text = ""
    western = from_bytes(sample, cp_isolation=[WESTERN], threshold=1.0).best() if text else None
    if western is not None and western.chaos <= _MESSY and not _has_signs_inside_words(text):
        return WESTERN
    best = from_bytes(sample, cp_isolation=_OTHERS, threshold=0.4).best()
    if best is not None:
        return str(best.encoding)
    return WESTERN if text else "latin-1"


def _has_signs_inside_words(text: str) -> bool:
    odd = sum(
        1
        for place, sign in enumerate(text)
        if not sign.isascii()
        and sign not in _WESTERN_SIGNS
        and unicodedata.category(sign)[0] != "L"
        and (text[place - 1 : place].isalpha() or text[place + 1 : place + 2].isalpha())
    )
    return odd > 0
