"""Texts in spreadsheets: none is ever taken for a formula, and each can be read back as it was."""

import re
from collections.abc import Iterator

# What spreadsheet programs take for the start of a formula; the wide forms count where the keyboard is East Asian.
_FORMULA = "=+\\-@＝＋－＠"
# Spaces, signs that nobody sees, and apostrophes may stand before it.
_BEFORE = "'\\s\u200b-\u200f\u2060\ufeff"
# Each run of those is looked at once, as a whole: a cell of thirty thousand tabs must not cost their square.
_RUN = re.compile(rf"[{_BEFORE}]++(?P<after>[{_FORMULA}])?|(?P<bare>[{_FORMULA}])")
_OPENS_WITH_BREAK = re.compile(r"'*[\t\r\n]")
# After these another program may begin a cell.
_ENDS_A_CELL = frozenset(";\t\r\n")


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet program may take the text, or a part of it, for a formula."""
    return _OPENS_WITH_BREAK.match(text) is not None or next(_dangers(text), None) is not None


def neutralised(text: str) -> str:
    """The text with an apostrophe before everything that would be taken for a formula; other texts as they are."""
    places = set(_dangers(text))
    if _OPENS_WITH_BREAK.match(text):
        places.add(0)
    if not places:
        return text
    return "".join("'" + sign if place in places else sign for place, sign in enumerate(text))


def restored(text: str) -> str:
    """What `neutralised` was given: `restored(neutralised(text)) == text` for every text."""
    places = {place for place in _dangers(text) if text[place] == "'"}
    if text.startswith("'") and _OPENS_WITH_BREAK.match(text, 1):
        places.add(0)
    if not places:
        return text
    return "".join(sign for place, sign in enumerate(text) if place not in places)


def _dangers(text: str) -> Iterator[int]:
    """Where something begins that would be taken for a formula: at the start, and after what may end a cell."""
    for run in _RUN.finditer(text):
        if run["after"] or run["bare"]:
            for place in range(*run.span()):
                if place == 0 or text[place - 1] in _ENDS_A_CELL:
                    yield place
