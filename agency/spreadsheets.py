"""Texts in spreadsheets: none is ever taken for a formula, and each can be read back as it was."""

import re

# What spreadsheet programs take for the start of a formula; the wide forms count where the keyboard is East Asian.
_FORMULA = "=+\\-@＝＋－＠"
# Spaces, signs that nobody sees, and apostrophes may stand before it.
_BEFORE = r"['\s\u200b-\u200f\u2060\ufeff]*"
# Where a cell may begin: at the start, and after what another program may take for the end of a cell.
_BEGINS = r"(?:(?P<start>\A)|(?<=[;\t\r\n]))"
_DANGER = rf"(?:{_BEFORE}[{_FORMULA}]|(?(start)'*[\t\r\n]|(?!)))"
_UNSAFE = re.compile(rf"{_BEGINS}(?={_DANGER})")
_SAVED = re.compile(rf"{_BEGINS}'(?={_DANGER})")


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet program may take the text, or a part of it, for a formula."""
    return _UNSAFE.search(text) is not None


def neutralised(text: str) -> str:
    """The text with an apostrophe before everything that would be taken for a formula; other texts as they are."""
    return _UNSAFE.sub("'", text)


def restored(text: str) -> str:
    """What `neutralised` was given: `restored(neutralised(text)) == text` for every text."""
    return _SAVED.sub("", text)
