"""Cells that hold a name and a handle: `Emma Larsen (@emmal)`, `Emma – emmal`, `@emmal Emma Larsen`.

An @ or an address shows the handle, blanks show the name. Where both halves could be either, the other cells of the
column decide which one comes first; if they prove nothing or contradict each other, the cell is an error.
"""

import re
from collections.abc import Callable, Iterable
from typing import Literal

from django.utils.translation import gettext as _

from influencers.imports.cells import Cell, shown, words
from influencers.imports.column_mapping import NO_ANSWERS, Answers
from influencers.imports.errors import CellError

Order = Literal["name", "handle"]

_MARKED = re.compile(r"[(\[]?(?P<handle>@[\w.·-]*\w|https?://[^\s()\[\]]+)[)\]]?[,;:]?")
_IN_BRACKETS = re.compile(r"(?P<one>[^()\[\]]+?)\s*[(\[]\s*(?P<other>[^()\[\]]+?)\s*[)\]]")
_SEPARATED = re.compile(r"(?P<one>.+?)\s*(?:\s[-–—:]\s|\s?[|/·•,;]\s)\s*(?P<other>.+)")
_HANDLE = re.compile(r"@?[\w.·-]+")
_AROUND_NAME = " \t-–—|/·•,;:()[]"
_CELLS_KEPT = 1_000


class NameHandles:
    """Reads the cells of one column; the same cell in the same column always reads the same, whatever its place."""

    def __init__(
        self, column: str, *, whole_column: Callable[[], Iterable[Cell]] | None = None, answers: Answers = NO_ANSWERS
    ) -> None:
        self.column = column
        self._whole_column = whole_column
        self._answers = answers
        self._proven: set[Order] = set()
        self._known: dict[str, tuple[str, str]] = {}

    def read(self, cell: Cell) -> tuple[str, str]:
        """Return (name, handle or address), each empty if the cell has none; CellError where that cannot be told."""
        text = " ".join(words(cell).split())
        if text not in self._known:
            if len(self._known) >= _CELLS_KEPT:
                self._known.clear()
            self._known[text] = self._read(text) if text else ("", "")
        return self._known[text]

    def learn(self, cells: Iterable[Cell]) -> None:
        """Take the cells as evidence of whether the name or the handle comes first in this column."""
        for cell in cells:
            if len(self._proven) == 2:
                return
            text = " ".join(words(cell).split())
            marked = _marked(text)
            halves = _halves(text)
            if marked is not None:
                self._proven.update([marked[2]] if marked[0] else [])
            elif halves is not None and (order := _order_by_blanks(*halves)) is not None:
                self._proven.add(order)

    def _read(self, text: str) -> tuple[str, str]:
        marked = _marked(text)
        if marked is not None:
            return marked[0], marked[1]
        halves = _halves(text)
        if halves is None:
            if _HANDLE.fullmatch(text):
                raise self._error(text, _("This can be a name or a handle. Write a handle with its @."))
            return text, ""
        one, other = halves
        if not (_HANDLE.fullmatch(one) or _HANDLE.fullmatch(other)):
            raise self._error(text, _("Neither part of this cell can be a handle. Write it as Name (@handle)."))
        order = _order_by_blanks(one, other) or self._settled(text)
        return (one, other) if order == "name" else (other, one)

    def _settled(self, text: str) -> Order:
        if self._answers.order is not None:
            return self._answers.order
        if self._whole_column is not None:
            whole_column, self._whole_column = self._whole_column, None
            self.learn(whole_column())
        if len(self._proven) == 1:
            return next(iter(self._proven))
        message = _("Either part of this cell can be the handle. Write it as Name (@handle).")
        raise self._error(text, message, "order")

    def _error(self, text: str, message: str, question: str = "") -> CellError:
        return CellError(self.column, shown(text), message, question)


def holds_both(text: str) -> bool:
    """Say whether the text shows a handle by its @ and has a name beside it."""
    marked = _marked(" ".join(text.split()))
    return marked is not None and bool(marked[0])


def _marked(text: str) -> tuple[str, str, Order] | None:
    """Return (name, handle, which comes first) of a text in which exactly one word is marked as the handle."""
    if "@" not in text and "://" not in text:
        return None
    tokens = text.split(" ")
    found = [(place, match["handle"]) for place, token in enumerate(tokens) if (match := _MARKED.fullmatch(token))]
    if len(found) != 1:
        return None
    place, handle = found[0]
    name = " ".join((*tokens[:place], *tokens[place + 1 :])).strip(_AROUND_NAME)
    return name, handle, "handle" if place == 0 else "name"


def _halves(text: str) -> tuple[str, str] | None:
    match = _IN_BRACKETS.fullmatch(text) or _SEPARATED.fullmatch(text)
    return (match["one"], match["other"]) if match is not None else None


def _order_by_blanks(one: str, other: str) -> Order | None:
    """Return which half comes first where only one of them can be a handle."""
    is_one, is_other = _HANDLE.fullmatch(one) is not None, _HANDLE.fullmatch(other) is not None
    if is_one == is_other:
        return None
    return "handle" if is_one else "name"
