"""Opens an uploaded file as one table or several, whatever it really is, or refuses it with a sentence."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Self, overload

from influencers.imports.cells import Cell
from influencers.imports.delimited import DelimitedSheet
from influencers.imports.file_kinds import file_kind
from influencers.imports.headers import recognised as known_headings
from influencers.imports.reading_options import ReadingOptions
from influencers.imports.sheet import Sheet, SheetFacts, SheetLimits, Source
from influencers.imports.workbooks import Workbook

__all__ = ["Sheet", "SheetFacts", "SheetLimits", "Sheets", "open_sheet", "open_sheets"]

Upload = str | Path | IO[bytes]
FOUND_OUT = ReadingOptions()


class Sheets(Sequence[Sheet]):
    """The tables of one file that are to be read, never none. Use it as a context manager.

    `row_counts` is the last row of every visible sheet, `tables` names those of them that have known headings.
    """

    def __init__(
        self, sheets: Sequence[Sheet], row_counts: Mapping[str, int | None], tables: Callable[[], Sequence[str]]
    ) -> None:
        self._sheets = tuple(sheets)
        self.row_counts = row_counts
        self._tables = tables

    @property
    def tables(self) -> tuple[str, ...]:
        """The visible sheets that have known headings."""
        return tuple(self._tables())

    @overload
    def __getitem__(self, place: int) -> Sheet: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Sheet, ...]: ...
    def __getitem__(self, place: int | slice) -> Sheet | tuple[Sheet, ...]:
        return self._sheets[place]

    def __len__(self) -> int:
        return len(self._sheets)

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self._sheets)

    @property
    def facts(self) -> SheetFacts:
        """What was found out about the first table."""
        return self._sheets[0].facts

    def close(self) -> None:
        """Let go of the file."""
        for sheet in self._sheets:
            sheet.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def open_sheets(
    path_or_file: Upload,
    *,
    filename: str = "",
    limits: SheetLimits | None = None,
    options: ReadingOptions = FOUND_OUT,
    recognised: Callable[[Sequence[Cell]], int] = known_headings,
) -> Sheets:
    """Return the tables that the options ask for; ImportRefused, saying what to do, if there is none or at a limit.

    The type comes from the content, never from the name. `filename` is only kept as a fact. Of a workbook the first
    sheet with known headings is taken unless the options name another or all. A file that is handed in open stays open;
    it must be seekable.
    """
    limits = limits or SheetLimits()
    source = Source(path_or_file)
    name = filename or (Path(path_or_file).name if isinstance(path_or_file, str | Path) else "")
    try:
        if file_kind(source, limits) == "xlsx":
            book = Workbook(source, filename=name, limits=limits)
            return Sheets(book.sheets(options, recognised), book.row_counts, partial(book.tables, recognised))
        sheet = DelimitedSheet(source, filename=name, limits=limits, recognised=recognised, options=options)
        return Sheets([sheet], {}, tuple)
    except BaseException:
        source.close()
        raise


def open_sheet(
    path_or_file: Upload,
    *,
    filename: str = "",
    limits: SheetLimits | None = None,
    sheet_name: str | None = None,
    recognised: Callable[[Sequence[Cell]], int] = known_headings,
) -> Sheet:
    """Return the one table that everything is found out about; the same as `open_sheets` in every other way."""
    options = ReadingOptions(sheet=sheet_name)
    return open_sheets(path_or_file, filename=filename, limits=limits, options=options, recognised=recognised)[0]
