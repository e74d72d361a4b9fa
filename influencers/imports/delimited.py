"""CSV files: delimiter and heading row found out, rows streamed."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

from django.utils.translation import gettext as _

from agency.spreadsheets import restored
from influencers.imports.cells import Cell
from influencers.imports.errors import ImportRefused
from influencers.imports.header_search import find_header
from influencers.imports.reading_options import DELIMITERS, ReadingOptions
from influencers.imports.sheet import (
    HEADER_SEARCH_ROWS,
    SAMPLE_RECORDS,
    Sheet,
    SheetFacts,
    SheetLimits,
    Source,
    headings_at,
)
from influencers.imports.text_encodings import find_encoding

# A physical line longer than this is no line of a table; it is refused before it fills the memory.
LONGEST_LINE = 1_000_000
_ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}


class DelimitedSheet(Sheet):
    """A CSV file; the line of a record counts records, as spreadsheets do, so a cell of three lines moves nothing."""

    def __init__(
        self,
        source: Source,
        *,
        filename: str,
        limits: SheetLimits,
        recognised: Callable[[Sequence[Cell]], int],
        options: ReadingOptions,
    ) -> None:
        self._source = source
        self._limits = limits
        self._encoding = options.encoding or find_encoding(source)
        self._separator_line = self._said_separator()
        self._delimiter = options.delimiter or self._separator_line or self._find_delimiter(recognised)
        first = list(islice(self._records(self._delimiter), max(SAMPLE_RECORDS, options.header_row or 0)))
        place, self.headers = headings_at(first, options.header_row, recognised, limits)
        self._header_row = place.row
        self.facts = SheetFacts(
            filename=filename,
            kind="csv",
            encoding=_ENCODING_NAMES.get(self._encoding, self._encoding),
            delimiter=self._delimiter,
            sheet="",
            other_sheets=(),
            header_row=self._header_row,
            is_header_sure=place.is_sure,
        )

    def first_rows(self, count: int) -> list[tuple[int, Sequence[Cell]]]:
        return list(enumerate(islice(self._records(self._delimiter), count), start=1))

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        width = len(self.headers)
        limits = self._limits
        for line, record in enumerate(self._records(self._delimiter), start=1):
            if line <= self._header_row:
                continue
            if line > limits.max_rows:
                raise ImportRefused(
                    _("The file has more than %(limit)s rows. Split it into parts.") % {"limit": f"{limits.max_rows:,}"}
                )
            size = len(record)
            if size < width:
                if not any(record):
                    continue
                record.extend([""] * (width - size))
            elif not any(map(str.strip, record)):
                continue
            # An export puts an apostrophe before what a spreadsheet would take for a formula.
            yield line, [restored(cell) if "'" in cell else cell for cell in record]

    def close(self) -> None:
        self._source.close()

    def _lines(self) -> Iterator[str]:
        with self._source.view() as view, io.TextIOWrapper(view, encoding=self._encoding, newline="") as text:
            if self._separator_line:
                text.readline(LONGEST_LINE)
            while line := self._next_line(text):
                if len(line) == LONGEST_LINE:
                    raise ImportRefused(_("The file has a line of more than a million characters. That is no table."))
                yield line

    def _next_line(self, text: io.TextIOWrapper) -> str:
        try:
            return text.readline(LONGEST_LINE)
        except UnicodeDecodeError:
            message = _(
                "The file seems to be in the encoding %(encoding)s, but has bytes that are not. Save it as CSV UTF-8."
            )
            raise ImportRefused(message % {"encoding": self._encoding}) from None

    def _records(self, delimiter: str) -> Iterator[list[str]]:
        """Yield every record, blank ones too; ImportRefused at a limit passed or if the file ends in a quoted cell."""
        limits = self._limits
        is_over = False

        def lines() -> Iterator[str]:
            nonlocal is_over
            yield from self._lines()
            is_over = True
            # A lone delimiter comes back as two empty cells; an open quotation mark swallows it into its cell.
            yield delimiter

        reader = csv.reader(lines(), delimiter=delimiter)
        longest = limits.max_cell_characters
        line = 0
        while True:
            line += 1
            try:
                record = next(reader)
            except csv.Error:
                raise self._cell_too_long(line) from None
            if is_over and record == ["", ""]:
                return
            if len(record) > limits.max_columns:
                message = _("Line %(line)s has more than %(limit)s columns. Is this the right file?")
                raise ImportRefused(message % {"line": line, "limit": limits.max_columns})
            if record and len(max(record, key=len)) > longest:
                raise self._cell_too_long(line)
            if is_over:
                message = _("Line %(line)s opens a quotation mark that is never closed. Close it or remove it.")
                raise ImportRefused(message % {"line": f"{line:,}"})
            yield record

    def _cell_too_long(self, line: int) -> ImportRefused:
        message = _(
            "Line %(line)s has a cell of more than %(limit)s characters. Is a closing quotation mark missing there?"
        )
        return ImportRefused(message % {"line": line, "limit": f"{self._limits.max_cell_characters:,}"})

    def _said_separator(self) -> str:
        """Return the delimiter of Excel's own first line `sep=;`, which spreadsheets do not show as a row."""
        self._separator_line = ""
        first = next(self._lines(), "").strip()
        return first[4] if first[:4].lower() == "sep=" and first[4:] in DELIMITERS else ""

    def _find_delimiter(self, recognised: Callable[[Sequence[Cell]], int]) -> str:
        """Return the delimiter that gives the most known headings, then the most even rows, then the most columns."""
        scores: dict[str, tuple[int, float, int]] = {}
        for delimiter in DELIMITERS:
            sample: list[list[str]] = []
            # Under a wrong delimiter a limit may be passed; what came before it tells enough to choose.
            with suppress(ImportRefused):
                sample.extend(islice(self._records(delimiter), SAMPLE_RECORDS))
            widths = [len(record) for record in sample if any(record)]
            usual = max(set(widths), key=widths.count) if widths else 0
            even, usual = (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, 0)
            known = find_header(sample[:HEADER_SEARCH_ROWS], recognised).known
            scores[delimiter] = (known, even, usual)
        return max(scores, key=lambda delimiter: scores[delimiter])
