"""Ids of accounts and posts: kept digit by digit, or refused where a spreadsheet has rounded them."""

import re

from django.utils.translation import gettext as _

from influencers.imports.cells import Cell, shown, words
from influencers.imports.errors import CellError
from influencers.imports.numbers import FLOAT_EXACT_BELOW

_ROUNDED = re.compile(r"[0-9]+[.,]?[0-9]*E\+[0-9]+", re.IGNORECASE)
# Spreadsheets keep 15 digits. A long id that ends in this many zeros lost its tail, except once in ten thousand.
_LOST_TAIL = re.compile(r"[0-9]{11,}0{4}")
_SPREADSHEET_DIGITS = 15


def is_rounded(cell: Cell) -> bool:
    """Say whether a spreadsheet has rounded the id: a float too large to be exact, E notation, or a tail of zeros."""
    if isinstance(cell, bool):
        return False
    if isinstance(cell, float):
        return abs(cell) >= FLOAT_EXACT_BELOW or not cell.is_integer()
    text = words(cell)
    if not text[:1].isdigit():
        return False
    return bool(_ROUNDED.fullmatch(text)) or (len(text) > _SPREADSHEET_DIGITS + 1 and bool(_LOST_TAIL.fullmatch(text)))


def read_identifier(cell: Cell, *, column: str, longest: int) -> str | None:
    """Return the id as text, None if there is none; CellError for an id that was rounded or is too long."""
    if is_rounded(cell):
        message = _(
            "A spreadsheet program has rounded this id, so it is no longer the real one. "
            "Format the column as text before opening the file, or add a column with links."
        )
        raise CellError(column, shown(cell), message)
    text = words(cell)
    if len(text) > longest:
        raise CellError(column, shown(cell), _("An id has at most %(limit)s characters.") % {"limit": longest})
    return text or None
