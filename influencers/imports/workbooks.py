"""Workbooks (.xlsx): the right sheet and heading row found out, rows streamed."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from influencers.imports.cells import Cell
from influencers.imports.errors import ImportRefused
from influencers.imports.sheet import (
    HEADER_SEARCH_ROWS,
    Sheet,
    SheetFacts,
    SheetLimits,
    Source,
    find_header,
    header_texts,
)
from influencers.imports.workbook_guard import DAMAGED, checked_archive

_ROWS_AT_ONCE = 500
# What openpyxl raises on files that are not as the format says; it has no error class of its own.
_UNREADABLE = (*DAMAGED, ValueError, TypeError, AttributeError, ArithmeticError, SyntaxError)


class WorkbookSheet(Sheet):
    """One sheet of a workbook; formulas count as the values that were saved with them."""

    def __init__(
        self,
        source: Source,
        *,
        filename: str,
        limits: SheetLimits,
        recognised: Callable[[Sequence[Cell]], int],
        sheet_name: str | None = None,
    ) -> None:
        self._source = source
        self._limits = limits
        self._view = source.view()
        with _damage_refused():
            self._archive = checked_archive(self._view, limits)
            self._book = load_workbook(source.view(), read_only=True, data_only=True, keep_links=False)
        self._sheet, first, place = self._choose(sheet_name, recognised)
        self._header_row = place + 1
        self.headers = header_texts(first[place] if first else [], limits)
        self.facts = SheetFacts(
            filename=filename,
            kind="xlsx",
            encoding="",
            delimiter="",
            sheet=self._sheet.title,
            other_sheets=tuple(name for name in self._visible() if name != self._sheet.title),
            header_row=self._header_row,
        )

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        for line, cells in enumerate(self._cells(self._sheet, len(self.headers)), start=1):
            if line > self._header_row and any(cell is not None and cell != "" for cell in cells):
                yield line, cells

    def close(self) -> None:
        self._book.close()
        self._archive.close()
        self._view.close()
        self._source.close()

    def _visible(self) -> list[str]:
        return [sheet.title for sheet in self._book.worksheets if sheet.sheet_state == "visible"]

    def _choose(
        self, sheet_name: str | None, recognised: Callable[[Sequence[Cell]], int]
    ) -> tuple[Any, list[tuple[Cell, ...]], int]:
        """Return the named sheet, else the first with a known heading, else the first that is not empty."""
        names = self._visible()
        if sheet_name is not None and sheet_name not in names:
            message = _("The workbook has no sheet “%(name)s”. Its sheets: %(names)s.")
            raise ImportRefused(message % {"name": sheet_name, "names": ", ".join(names)})
        fallback: tuple[Any, list[tuple[Cell, ...]], int] | None = None
        for name in [sheet_name] if sheet_name is not None else names:
            sheet = self._book[name]
            # What the file says about the extent of a sheet is often wrong; without it every row is read.
            sheet.reset_dimensions()
            first = list(islice(self._cells(sheet, self._limits.max_columns + 1), HEADER_SEARCH_ROWS))
            place, known = find_header(first, recognised)
            if known:
                return sheet, first, place
            if fallback is None and any(cell not in (None, "") for cells in first for cell in cells):
                fallback = sheet, first, place
        if fallback is None:
            raise ImportRefused(_("The workbook is empty. Export it again."))
        return fallback

    def _cells(self, sheet: Any, width: int) -> Iterator[tuple[Cell, ...]]:
        longest = self._limits.max_cell_characters
        rows = sheet.iter_rows(max_col=width, values_only=True)
        line = 0
        while True:
            with _damage_refused():
                chunk = list(islice(rows, _ROWS_AT_ONCE))
            for cells in chunk:
                line += 1
                for cell in cells:
                    if isinstance(cell, str) and len(cell) > longest:
                        message = _("Line %(line)s has a cell of more than %(limit)s characters.")
                        raise ImportRefused(message % {"line": line, "limit": f"{longest:,}"})
                yield cells
            if len(chunk) < _ROWS_AT_ONCE:
                return


@contextmanager
def _damage_refused() -> Iterator[None]:
    """Turn whatever the parser says of a broken file into one sentence, and keep its warnings quiet."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except ImportRefused:
        raise
    except _UNREADABLE:
        message = _("This workbook is damaged or not as the format says. Open it and save it again, or save it as CSV.")
        raise ImportRefused(message) from None
