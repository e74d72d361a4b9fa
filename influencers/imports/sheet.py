"""What every opened file offers its readers: facts, headings, and rows that can be read again and again."""

import io
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Protocol, Self, cast

from django.utils.translation import gettext as _

from influencers.imports.cells import Cell, shown, words
from influencers.imports.errors import CellError, ImportRefused
from influencers.imports.header_search import HeaderPlace, find_header

MEBIBYTE = 1024 * 1024
# How far down a heading row is looked for: exports put a title and some notes above it, not a page of text.
HEADER_SEARCH_ROWS = 20
SAMPLE_RECORDS = 60
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
# So many columns that two lines of a caption do not have, by chance, just the commas that two rows would have.
_TELLING_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """What a file may cost; the two sizes come from the settings, the others are those of spreadsheet programs."""

    max_bytes: int = 50 * MEBIBYTE
    max_unpacked_bytes: int = 300 * MEBIBYTE
    max_columns: int = 500
    max_cell_characters: int = 32_767
    max_rows: int = 1_048_576


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What was found out about a file.

    `header_row` is the line of the headings as a spreadsheet shows it, 0 if the file has none; `is_header_sure` says
    whether that is told or beyond doubt.
    """

    filename: str
    kind: Literal["csv", "xlsx"]
    encoding: str
    delimiter: str
    sheet: str
    other_sheets: tuple[str, ...]
    header_row: int
    is_header_sure: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Return the facts as JSON can keep them."""
        return {
            "kind": self.kind,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "other_sheets": list(self.other_sheets),
            "header_row": self.header_row,
        }


class UsedColumn(Protocol):
    """A column that is read."""

    @property
    def index(self) -> int: ...
    @property
    def header(self) -> str: ...


class Source:
    """The bytes of an upload; every view reads from the start at a place of its own, so views never disturb others."""

    def __init__(self, path_or_file: str | Path | IO[bytes]) -> None:
        self._owned = isinstance(path_or_file, str | Path)
        if isinstance(path_or_file, str | Path):
            path_or_file = Path(path_or_file).open("rb")  # noqa: SIM115 - closed by close()
        self._file = path_or_file
        self._file.seek(0, io.SEEK_END)
        self.size = self._file.tell()

    def view(self) -> io.BufferedReader:
        """Return a new stream over all bytes."""
        return io.BufferedReader(_View(self._file, self.size), buffer_size=64 * 1024)

    def close(self) -> None:
        """Close the file if it was opened here; a file that was handed in stays open."""
        if self._owned:
            self._file.close()


class _View(io.RawIOBase):
    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._size = size
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("negative place in a file")
        self._place = start + offset
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._place)
        read = self._file.read(min(len(buffer), max(0, self._size - self._place)))
        buffer[: len(read)] = read
        self._place += len(read)
        return len(read)


class Sheet(ABC):
    """One table of a file. Use it as a context manager; `rows()` may be called any number of times, also at once."""

    facts: SheetFacts
    headers: tuple[str, ...]
    # Place of a column (-1: unknown) → the last line where it has a formula whose value was never calculated.
    uncalculated: Mapping[int, int] = {}

    @abstractmethod
    def first_rows(self, count: int) -> list[tuple[int, Sequence[Cell]]]:
        """Return the first rows of the file with their lines, headings and blank ones among them."""

    @abstractmethod
    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield (line as a spreadsheet shows it, cells) below the headings, blank rows left out, in bounded memory.

        A row has at least as many cells as there are headings; what stands right of the last heading in a text file is
        kept (an unquoted comma), in a workbook it is no part of the table. ImportRefused if a limit is passed on the
        way.
        """

    def column(self, index: int) -> Iterator[Cell]:
        """Yield the cells of one column, for what only the whole column can settle."""
        return (cells[index] for _line, cells in self.rows())

    @abstractmethod
    def close(self) -> None:
        """Let go of the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def refuse_uncalculated(sheet: Sheet, used: Iterable[UsedColumn]) -> None:
    """Raise ImportRefused if a column that is read has formulas without values: programs write such files, people do not."""
    for column in used:
        line = sheet.uncalculated.get(column.index) or sheet.uncalculated.get(-1)
        if line is not None:
            message = _(
                "“%(column)s” has formulas whose values were never calculated (line %(line)s). "
                "Open the workbook in a spreadsheet program, save it there, and upload it again."
            )
            raise ImportRefused(message % {"column": column.header, "line": f"{line:,}"})


def misquoted(cells: Sequence[Cell], width: int, delimiter: str) -> CellError | None:
    """Return the error of a row of a text file that goes on right of the last heading or has eaten the rows below it."""
    return _surplus(cells, width) or _swallowed(cells, width, delimiter)


def _swallowed(cells: Sequence[Cell], width: int, delimiter: str) -> CellError | None:
    if not delimiter or width == 1:
        return None
    together = "".join(cast("Sequence[str]", cells))  # with a delimiter it is a text file, and cells are texts
    if "\n" not in together and "\r" not in together:
        return None
    for place, cell in enumerate(cells):
        if isinstance(cell, str) and ("\n" in cell or "\r" in cell) and _holds_rows(cell, place, width, delimiter):
            message = _("This cell holds the rows below it. Is a closing quotation mark missing?")
            return CellError("", shown(cell), message)
    return None


def _holds_rows(cell: str, place: int, width: int, delimiter: str) -> bool:
    """Say whether the lines of a cell, with the cells beside it, have the delimiters of whole rows."""
    counts = [line.count(delimiter) for line in _LINE_BREAK.split(cell) if line.strip()]
    if len(counts) <= 1:
        return False
    first, *between, last = counts
    if place + first < width - 1 or last < place:
        return False
    # The mark that should open a cell closed this one, so that its partner is left over.
    marks = cell.count('"')
    if marks % 2:
        return True
    if between:
        return all(count >= width - 1 for count in between)
    return not marks and width >= _TELLING_COLUMNS and place + first == width - 1 and last == place


def _surplus(cells: Sequence[Cell], width: int) -> CellError | None:
    """Return the error of a row that goes on right of the last heading."""
    if len(cells) <= width or not any(words(cell) for cell in cells[width:]):
        return None
    message = _("This row has more cells than there are headings. Is there a comma in a cell without quotation marks?")
    return CellError("", shown(cells[width]), message)


def header_texts(cells: Sequence[Cell], limits: SheetLimits) -> tuple[str, ...]:
    """Return the headings as trimmed text without the empty ones at the right end."""
    texts = [" ".join(str(cell).split()) if cell is not None else "" for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    if not texts:
        raise ImportRefused(_("The file has no row with column headings."))
    return _not_too_many(texts, limits)


def without_headings(rows: Sequence[Sequence[Cell]], limits: SheetLimits) -> tuple[str, ...]:
    """Return an empty heading for each column of a table that has none, as wide as its widest row of these."""
    width = max((place + 1 for cells in rows for place, cell in enumerate(cells) if cell not in (None, "")), default=0)
    if not width:
        raise ImportRefused(_("The file has no row with column headings."))
    return _not_too_many([""] * width, limits)


def _not_too_many(texts: Sequence[str], limits: SheetLimits) -> tuple[str, ...]:
    if len(texts) > limits.max_columns:
        message = _("The file has more than %(limit)s columns. Remove those that are not needed.")
        raise ImportRefused(message % {"limit": limits.max_columns})
    return tuple(texts)


def headings_at(
    rows: Sequence[Sequence[Cell]],
    header_row: int | None,
    recognised: Callable[[Sequence[Cell]], int],
    limits: SheetLimits,
) -> tuple[HeaderPlace, tuple[str, ...]]:
    """Return where the headings stand among the first rows, told or found, and their texts (empty ones if there are none)."""
    if header_row is None:
        place = find_header(rows[:HEADER_SEARCH_ROWS], recognised)
    else:
        place = HeaderPlace(header_row, 0, is_sure=True)
    if not place.row:
        return place, without_headings(rows, limits)
    if rows and place.row > len(rows):
        message = _("The headings cannot be in row %(row)s: the table has only %(rows)s.")
        raise ImportRefused(message % {"row": f"{place.row:,}", "rows": f"{len(rows):,}"})
    return place, header_texts(rows[place.row - 1] if rows else (), limits)
