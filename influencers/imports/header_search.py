"""Where the headings of a table stand, or that it has none."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from influencers.imports.cells import Cell
from influencers.imports.errors import CellError
from influencers.imports.handles import read_platform
from influencers.imports.numbers import looks_like_number
from influencers.imports.profile_addresses import site_platform, url_parts

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
_HANDLE = re.compile(r"@[\w.·-]+")
# A row with so many known headings is a heading row beyond doubt.
_BEYOND_DOUBT = 2


@dataclass(frozen=True, slots=True)
class HeaderPlace:
    """The line of the headings (0 if there are none), how many of them are known, and whether that is beyond doubt."""

    row: int
    known: int
    is_sure: bool


def find_header(rows: Sequence[Sequence[Cell]], recognised: Callable[[Sequence[Cell]], int]) -> HeaderPlace:
    """Return where the headings stand among the first rows.

    It is the row with the most known headings, the upper one of equals. A word that comes again further down in its
    column is a value (a column of platform names is no row of headings), and a row with as many values that no heading
    could be is none. Without any known heading the first row that is not blank is it, unless it holds such values: then
    the table has no headings.
    """
    best = HeaderPlace(0, 0, is_sure=False)
    for line, cells in enumerate(rows, start=1):
        known = recognised(_said_once(cells, rows))
        if known > max(best.known, _values(cells)):
            filled = sum(1 for cell in cells if cell not in (None, ""))
            best = HeaderPlace(line, known, is_sure=known >= _BEYOND_DOUBT or known * 2 >= filled)
    if best.known:
        return best
    first = next((line for line, cells in enumerate(rows, start=1) if any(cell not in (None, "") for cell in cells)), 1)
    cells = rows[first - 1] if rows else ()
    if _values(cells):
        return HeaderPlace(0, 0, is_sure=any(is_address(cell) for cell in cells))
    return HeaderPlace(first, 0, is_sure=False)


def _said_once(cells: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    """Return the cells that are alone in their column; of names of platforms there may not even be another one."""
    others = [other for other in rows if list(other) != list(cells)]
    alone: list[Cell] = []
    for place, cell in enumerate(cells):
        column = {other[place] for other in others if len(other) > place} - {None, ""}
        if cell not in column and not (_is_platform(cell) and any(map(_is_platform, column))):
            alone.append(cell)
    return alone


def _is_platform(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return False
    try:
        read_platform(cell)
    except CellError:
        return False
    return True


def _values(cells: Sequence[Cell]) -> int:
    return sum(1 for cell in cells if _is_value(cell))


def _is_value(cell: Cell) -> bool:
    if isinstance(cell, str):
        return is_address(cell) or looks_like_number(cell)
    return isinstance(cell, int | float | date | datetime) and not isinstance(cell, bool)


def is_address(cell: Cell) -> bool:
    """Say whether the cell is an e-mail address, the address of a profile, or a handle with its @."""
    if not isinstance(cell, str) or not cell:
        return False
    text = cell.strip()
    if _EMAIL.fullmatch(text) or _HANDLE.fullmatch(text) or text.lower().startswith(("http://", "https://")):
        return True
    parts = url_parts(text)
    return parts is not None and bool(parts.segments) and site_platform(parts) is not None
