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
from influencers.imports.header_search import find_header
from influencers.imports.reading_options import ALL_SHEETS, ReadingOptions
from influencers.imports.sheet import (
    HEADER_SEARCH_ROWS,
    SAMPLE_RECORDS,
    Sheet,
    SheetFacts,
    SheetLimits,
    Source,
    headings_at,
)
from influencers.imports.workbook_guard import DAMAGED, checked_archive
from influencers.imports.workbook_scan import PartFacts

_ROWS_AT_ONCE = 500
# One after the other is read for its headings; no roster is spread over more.
MOST_SHEETS = 100
# What openpyxl raises on files that are not as the format says; it has no error class of its own.
_UNREADABLE = (*DAMAGED, ValueError, TypeError, AttributeError, ArithmeticError, SyntaxError)
Recognised = Callable[[Sequence[Cell]], int]


class Workbook:
    """An opened workbook; its sheets read from it until it is closed."""

    def __init__(self, source: Source, *, filename: str, limits: SheetLimits) -> None:
        self._source = source
        self.filename = filename
        self.limits = limits
        self._view = source.view()
        with damage_refused():
            checked = checked_archive(self._view, limits)
            self._archive = checked.archive
            self._book = load_workbook(source.view(), read_only=True, data_only=True, keep_links=False)
            self.names = tuple(sheet.title for sheet in self._book.worksheets if sheet.sheet_state == "visible")
        self.parts = {name: checked.parts.get(self._part(name), PartFacts()) for name in self.names}
        self.row_counts: dict[str, int | None] = {name: part.last_row for name, part in self.parts.items()}

    def _part(self, name: str) -> str:
        sheet: Any = self._book[name]
        return str(sheet._worksheet_path)  # noqa: SLF001 - openpyxl tells it in no other way

    def sheets(self, options: ReadingOptions, recognised: Recognised) -> tuple["WorkbookSheet", ...]:
        """Return the named sheet, all that are not empty, or the first with a known heading, else the first not empty."""
        if options.sheet is not None and options.sheet not in (ALL_SHEETS, *self.names):
            message = _("The workbook has no sheet “%(name)s”. Its sheets: %(names)s.")
            raise ImportRefused(message % {"name": options.sheet, "names": ", ".join(self.names)})
        found: list[WorkbookSheet] = []
        for name in self.names if options.sheet in (None, ALL_SHEETS) else (options.sheet,):
            first = self.first_rows(name, max(SAMPLE_RECORDS, options.header_row or 0))
            if any(cell not in (None, "") for cells in first for cell in cells):
                sheet = WorkbookSheet(self, name, first, options.header_row, recognised)
                found.append(sheet)
                if options.sheet is None and sheet.known_headings:
                    return (sheet,)
        if not found:
            raise ImportRefused(_("The workbook is empty. Export it again."))
        if len(found) > MOST_SHEETS:
            message = _("The workbook has more than %(limit)s sheets. Choose one.")
            raise ImportRefused(message % {"limit": MOST_SHEETS})
        return tuple(found) if options.sheet == ALL_SHEETS else (found[0],)

    def tables(self, recognised: Recognised) -> list[str]:
        """Return the names of the sheets that have known headings."""
        first = ((name, self.first_rows(name, SAMPLE_RECORDS)) for name in self.names[:MOST_SHEETS])
        return [name for name, rows in first if find_header(rows[:HEADER_SEARCH_ROWS], recognised).known]

    def first_rows(self, name: str, count: int) -> list[tuple[Cell, ...]]:
        """Return the first rows of a sheet."""
        return list(islice(self.cells(name, self.limits.max_columns + 1), count))

    def cells(self, name: str, width: int) -> Iterator[tuple[Cell, ...]]:
        """Yield the rows of a sheet, blank ones too; ImportRefused for a damaged one and for a cell that is too long."""
        longest = self.limits.max_cell_characters
        sheet: Any = self._book[name]
        # What the file says about the extent of a sheet is often wrong; without it every row is read.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=width, values_only=True)
        line = 0
        while True:
            with damage_refused():
                chunk = list(islice(rows, _ROWS_AT_ONCE))
            for cells in chunk:
                line += 1
                if line > self.limits.max_rows:
                    message = _("The sheet has more than %(limit)s rows. Split it into parts.")
                    raise ImportRefused(message % {"limit": f"{self.limits.max_rows:,}"})
                for cell in cells:
                    if isinstance(cell, str) and len(cell) > longest:
                        message = _("Line %(line)s has a cell of more than %(limit)s characters.")
                        raise ImportRefused(message % {"line": line, "limit": f"{longest:,}"})
                yield cells
            if len(chunk) < _ROWS_AT_ONCE:
                return

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()
        self._archive.close()
        self._view.close()
        self._source.close()


class WorkbookSheet(Sheet):
    """One sheet of a workbook; formulas count as the values that were saved with them."""

    def __init__(
        self,
        book: Workbook,
        name: str,
        first: Sequence[Sequence[Cell]],
        header_row: int | None,
        recognised: Recognised,
    ) -> None:
        self._book = book
        self._name = name
        place, self.headers = headings_at(first, header_row, recognised, book.limits)
        self.known_headings = place.known
        self._header_row = place.row
        uncalculated = book.parts[name].uncalculated
        self.uncalculated = {index: line for index, line in uncalculated.items() if line > place.row}
        self.facts = SheetFacts(
            filename=book.filename,
            kind="xlsx",
            encoding="",
            delimiter="",
            sheet=name,
            other_sheets=tuple(other for other in book.names if other != name),
            header_row=place.row,
            is_header_sure=place.is_sure,
        )

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        for line, cells in enumerate(self._book.cells(self._name, len(self.headers)), start=1):
            if line > self._header_row and any(cell is not None and cell != "" for cell in cells):
                yield line, cells

    def first_rows(self, count: int) -> list[tuple[int, Sequence[Cell]]]:
        return list(enumerate(islice(self._book.cells(self._name, len(self.headers)), count), start=1))

    def close(self) -> None:
        self._book.close()


@contextmanager
def damage_refused() -> Iterator[None]:
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
