"""Finds rows of one file that speak of the same thing twice."""

from collections.abc import Hashable, Iterable

# A sheet has a little over a million lines, and no workbook with more than a hundred sheets is read.
_LINE_BITS, _PLACE_BITS = 21, 32


class Repeats:
    """Remembers, in about a hundred bytes each, which key stood on which line and what was said of it.

    Keys are kept as 64-bit hashes: among a million rows two different keys meet with a chance of one in thirty million.
    """

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}

    def earlier(self, key: Hashable, content: Hashable) -> tuple[int, int, bool] | None:
        """Return (the earlier line, its sheet's number, whether it said the same), or None for a key that is new."""
        known = self._seen.get(hash(key))
        if known is None:
            return None
        place = known & (2**_PLACE_BITS - 1)
        return place & (2**_LINE_BITS - 1), place >> _LINE_BITS, known >> _PLACE_BITS == _print(content)

    def remember(self, keys: Iterable[Hashable], content: Hashable, line: int, sheet: int = 0) -> None:
        """Keep what stood on this line of this sheet."""
        entry = _print(content) << _PLACE_BITS | sheet << _LINE_BITS | line
        for key in keys:
            self._seen[hash(key)] = entry


def _print(content: Hashable) -> int:
    return hash(content) & (2**64 - 1)
