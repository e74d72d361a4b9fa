"""The lines that stand below a table and are no rows of it: sums, and where it comes from."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from influencers.imports.cells import Cell, is_unknown, plain_text, shown
from influencers.imports.errors import CellError
from influencers.imports.numbers import looks_like_number

_SUM = re.compile(r"(?:grand[ -]?|sub[ -]?)?(?:totals?|sum|summe|gesamt|totaal|totalt|average)(?![\w.])", re.IGNORECASE)
_ORIGIN = re.compile(r"(?:data )?(?:sources?|quellen?|bron|kilde|fonte|notes?)\s*:", re.IGNORECASE)


def closing_line(cells: Sequence[Cell], headers: Sequence[str]) -> CellError | None:
    """Return why the row is no row of the table: its first cell begins like a sum or a source, and nobody stands beside it."""
    place = next((place for place, cell in enumerate(cells) if cell not in (None, "")), None)
    first = cells[place] if place is not None else None
    if place is None or not isinstance(first, str):
        return None
    text = plain_text(first)
    others = cells[place + 1 :]
    if _SUM.match(text) and all(_is_number(cell) for cell in others):
        message = _(
            "This looks like a sum below the table, not like a creator. Delete the line, or give it an account."
        )
    elif _ORIGIN.match(text) and all(is_unknown(cell) for cell in others):
        message = _(
            "This looks like a note below the table, not like a creator. Delete the line, or give it an account."
        )
    else:
        return None
    return CellError(headers[place] if place < len(headers) else "", shown(first), message)


def _is_number(cell: Cell) -> bool:
    return is_unknown(cell) or (looks_like_number(cell) if isinstance(cell, str) else isinstance(cell, int | float))
