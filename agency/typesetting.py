"""Documents as PDF, set by typst. Text that a user typed reaches typst only as one JSON string and is never read as markup."""

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import typst
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import ngettext

from agency.printable import fonts_folder, printable

_of_thread = threading.local()
PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b")


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A finished PDF, the number of its pages, and the characters that are printed as a placeholder."""

    content: bytes
    pages: int
    placeholders: tuple[str, ...]


def templates_folder() -> Path:
    return Path(settings.BASE_DIR) / "templates" / "briefs"


def typeset(template: str, document: dict[str, Any]) -> PdfFile:
    """The document (texts, numbers, lists and dictionaries of those) set by the template of that name."""
    texts, lost = printable(document)
    ordered = tuple(sorted(lost))
    texts["placeholder_note"] = placeholder_note(ordered)
    compiled = _compiler().compile(
        input=str(templates_folder() / template),
        format="pdf",
        sys_inputs={"brief": json.dumps(texts, ensure_ascii=False)},
    )
    content = cast(bytes, compiled)  # pages apart would be a list, a file nothing
    return PdfFile(content=content, pages=_page_count(content), placeholders=ordered)


def placeholder_note(lost: Sequence[str]) -> str:
    """The sentence that says which characters were replaced; empty when none was."""
    if not lost:
        return ""
    points = ", ".join(f"U+{ord(character):04X}" for character in lost[:20])
    more = ", …" if len(lost) > 20 else ""
    sentence = ngettext(
        "▯ stands for %(count)s character that the fonts of this document lack: %(points)s.",
        "▯ stands for %(count)s characters that the fonts of this document lack: %(points)s.",
        len(lost),
    )
    return sentence % {"count": number_format(len(lost), force_grouping=True), "points": points + more}


def _compiler() -> typst.Compiler:
    """One compiler for each thread: it keeps the fonts, and two threads may not use the same one at once."""
    if not hasattr(_of_thread, "compiler"):
        _of_thread.compiler = typst.Compiler(
            root=str(templates_folder()), font_paths=[str(fonts_folder())], ignore_system_fonts=True
        )
    compiler: typst.Compiler = _of_thread.compiler
    return compiler


def _page_count(content: bytes) -> int:
    """The count of the page tree's root, the largest of the counts in the file."""
    return max(int(first or second) for first, second in PAGES.findall(content))
