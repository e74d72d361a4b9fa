"""A brief as PDF, set by typst. Text that a user typed reaches typst only as one JSON string and is never read as markup."""

import json
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import typst
from django.conf import settings

from campaigns.briefs.document import client_document, placeholder_note
from campaigns.briefs.printable import fonts_folder, printable
from campaigns.briefs.snapshot import ClientBrief

_of_thread = threading.local()
PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b")


@dataclass(frozen=True, slots=True)
class BriefFile:
    """A finished PDF, the number of its pages, and the characters that are printed as a placeholder."""

    content: bytes
    pages: int
    placeholders: tuple[str, ...]


def templates_folder() -> Path:
    return Path(settings.BASE_DIR) / "templates" / "briefs"


def client_brief_pdf(brief: ClientBrief) -> BriefFile:
    """The client brief on A4."""
    return _compile("client.typ", client_document(brief))


def unprintable_characters(brief: ClientBrief) -> tuple[str, ...]:
    """The characters of the brief that would be printed as a placeholder, in code-point order."""
    return tuple(sorted(printable(client_document(brief))[1]))


def _compile(template: str, document: dict[str, Any]) -> BriefFile:
    texts, lost = printable(document)
    ordered = tuple(sorted(lost))
    texts["placeholder_note"] = placeholder_note(ordered)
    compiled = _compiler().compile(
        input=str(templates_folder() / template),
        format="pdf",
        sys_inputs={"brief": json.dumps(texts, ensure_ascii=False)},
    )
    content = cast(bytes, compiled)  # pages apart would be a list, a file nothing
    return BriefFile(content=content, pages=_page_count(content), placeholders=ordered)


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
