"""What a file seems to say, column by column, and what must be answered before it is imported; nothing is changed.

`preview_roster` reads the first 10,000 rows of each sheet the way the import would, so what it shows is what will
happen there. Its `mapping` is what the page posts back: it names every column by its key (see `column_mapping`), so
nothing is left to a second guess.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from django.utils.translation import gettext as _

from influencers.imports.cells import Cell, shown, words
from influencers.imports.column_looks import strong_look, weak_look
from influencers.imports.column_mapping import ANSWERS, OF_SHEET, of_sheet
from influencers.imports.errors import ImportRefused, RowError
from influencers.imports.handles import PlatformName
from influencers.imports.headers import (
    COLLECTED,
    Column,
    Columns,
    claimed_columns,
    labels,
    meaning_of,
    rivals,
    sheet_platform,
)
from influencers.imports.name_handles import holds_both
from influencers.imports.numbers import BIGINT, MOST_FOLLOWERS, ColumnNumbers
from influencers.imports.questions import (
    Question,
    about_cell,
    about_headings,
    about_platform,
    about_rivals,
    about_shape,
    about_sheets,
    answered,
)
from influencers.imports.reading_options import ReadingOptions
from influencers.imports.roster_rows import RosterReading, SheetReading, name_reader
from influencers.imports.sample_readings import SampleReading, read_sample
from influencers.imports.sheet import Sheet, SheetFacts, SheetLimits
from influencers.imports.sheets import FOUND_OUT, Sheets, Upload, open_sheets

# Enough to meet what a file has in store; the rest of it is read when it is imported, with the same checks.
ROWS_READ = 10_000
_ROWS_SAMPLED = 2_000
SAMPLES = 5
FIRST_ROWS = 8
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """One column as the page shows it.

    `key` names it in the mapping; `sheet` is empty where one sheet is read or all have the same columns. `meaning` is
    empty where it is left out; `is_guess` says that only the look of the values speaks for it, `because` says in words
    what does.
    """

    key: str
    index: int
    sheet: str
    header: str
    meaning: str
    is_guess: bool
    because: str
    samples: tuple[str, ...]
    readings: tuple[SampleReading, ...]


@dataclass(frozen=True, slots=True)
class SheetName:
    """A visible sheet of the workbook; `rows` counts down to its last row, and is None where nothing tells."""

    name: str
    rows: int | None
    is_read: bool


@dataclass(frozen=True, slots=True)
class FirstRow:
    """One of the file's first rows as it stands there."""

    sheet: str
    line: int
    cells: tuple[str, ...]
    is_header: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a page shows before an import.

    `problems` are sentences that no click answers: a column must get another meaning, or the file be mended. `good` and
    `refused` count the rows that were read over (`is_whole` says whether these are all), as they would be with the
    questions still open.
    """

    facts: SheetFacts
    options: ReadingOptions
    sheets: tuple[SheetName, ...]
    columns: tuple[ColumnGuess, ...]
    questions: tuple[Question, ...]
    problems: tuple[str, ...]
    first_rows: tuple[FirstRow, ...]
    answers: Mapping[str, str]
    good: int
    refused: int
    is_whole: bool

    @property
    def mapping(self) -> dict[str, str]:
        """The meaning of every column and every answer so far: what `read_roster` takes."""
        return {**{column.key: column.meaning for column in self.columns}, **self.answers}

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to answer or to mend."""
        return not self.questions and not self.problems

    def answered(self, answers: Mapping[str, str]) -> tuple[ReadingOptions, dict[str, str]]:
        """Return options and mapping with these answers (question's key → choice's value) in them."""
        return answered(self.questions, answers, self.options, self.mapping)


def preview_roster(
    file: Upload,
    *,
    filename: str = "",
    limits: SheetLimits | None = None,
    options: ReadingOptions = FOUND_OUT,
    mapping: Mapping[str, str] | None = None,
) -> Preview:
    """Return what the file seems to say under these options and this mapping; ImportRefused if it is no table at all."""
    with open_sheets(file, filename=filename, limits=limits, options=options) as sheets:
        return _Previewed(sheets, options, mapping or {}).preview()


class _Previewed:
    """The sheets of one file, looked at one after the other."""

    def __init__(self, sheets: Sheets, options: ReadingOptions, mapping: Mapping[str, str]) -> None:
        self._sheets = sheets
        self._options = options
        self._mapping = mapping
        self._headers = {sheet.facts.sheet: sheet.headers for sheet in sheets}
        # Sheets of the same columns are one table in parts: what is said of a column is said of all.
        self._is_one_table = len({sheet.headers for sheet in sheets}) == 1
        self._columns: list[ColumnGuess] = []
        self._questions: dict[str, Question] = {}
        self._problems: dict[str, None] = {}
        self._answers = {key: value for key, value in mapping.items() if key.rpartition(".")[2] in ANSWERS}
        self._good = self._refused = 0
        self._is_whole = True

    def preview(self) -> Preview:
        facts = self._sheets.facts
        self._ask(about_sheets(facts, self._tables()))
        for number, sheet in enumerate(self._sheets):
            first = next((line for line, _cells in sheet.first_rows(1_000) if any(map(words, _cells))), 1)
            self._ask(about_headings(sheet.facts, first) if self._options.header_row is None else [])
            self._look_at(sheet, is_shown=number == 0 or not self._is_one_table)
        return Preview(
            facts=facts,
            options=self._options,
            sheets=self._sheet_names(),
            columns=tuple(self._columns),
            questions=tuple(self._questions.values()),
            problems=tuple(self._problems),
            first_rows=tuple(row for sheet in self._sheets for row in self._first_rows(sheet)),
            answers=self._answers,
            good=self._good,
            refused=self._refused,
            is_whole=self._is_whole,
        )

    def _ask(self, questions: Sequence[Question]) -> None:
        for question in questions:
            self._questions.setdefault(question.key, question)

    def _tables(self) -> tuple[str, ...]:
        return self._sheets.tables if self._options.sheet is None else ()

    def _sheet_names(self) -> tuple[SheetName, ...]:
        read = {sheet.facts.sheet for sheet in self._sheets}
        return tuple(SheetName(name, rows, name in read) for name, rows in self._sheets.row_counts.items())

    def _key(self, sheet: Sheet, index: int) -> str:
        return str(index) if self._is_one_table else f"{sheet.facts.sheet}{OF_SHEET}{index}"

    def _first_rows(self, sheet: Sheet) -> Iterator[FirstRow]:
        header_row = sheet.facts.header_row
        for line, cells in sheet.first_rows(max(FIRST_ROWS, header_row + 5))[-FIRST_ROWS:]:
            texts = tuple(shown(cell) for cell in cells[: len(sheet.headers)])
            yield FirstRow(sheet.facts.sheet, line, texts, line == header_row)

    def _look_at(self, sheet: Sheet, *, is_shown: bool) -> None:
        told = of_sheet(self._mapping, sheet.facts.sheet, self._headers) if len(self._sheets) > 1 else self._mapping
        claimed = claimed_columns(sheet.headers, "roster", told)
        values = _values(sheet)
        guesses = _guesses(sheet, claimed, values, told)
        columns = claimed_columns(
            sheet.headers, "roster", {**told, **{str(index): meaning for index, meaning in guesses.items()}}
        )
        platform = self._platform(sheet)
        if is_shown:
            self._show(sheet, columns, guesses, values, platform)
        self._ask_about_rivals(sheet, columns, values)
        for column in columns.used:
            text = next((str(cell) for cell in values[column.index] if holds_both(words(cell))), "")
            if column.kind in {"name", "handle"} and not column.answers.shape and text:
                self._ask([about_shape(column, self._key(sheet, column.index), text)])
        if len(self._sheets) > 1 and not columns.used:
            return
        self._read_over(sheet, columns, platform)

    def _platform(self, sheet: Sheet) -> PlatformName | None:
        named = sheet_platform(sheet.facts.sheet)
        return (named or self._options.platform) if len(self._sheets) > 1 else (self._options.platform or named)

    def _show(
        self,
        sheet: Sheet,
        columns: Columns,
        guesses: Mapping[int, str],
        values: Sequence[Sequence[Cell]],
        platform: PlatformName | None,
    ) -> None:
        used = {column.index: column for column in columns.used}
        for index, label in enumerate(labels(sheet.headers)):
            column = used.get(index)
            samples = _samples(values[index])
            readings: tuple[SampleReading, ...] = ()
            if column is not None:
                readers = _numbers(sheet, column), name_reader(sheet, column)
                readings = tuple(read_sample(column, cell, platform, *readers) for cell in samples)
            self._columns.append(
                ColumnGuess(
                    key=self._key(sheet, index),
                    index=index,
                    sheet="" if self._is_one_table else sheet.facts.sheet,
                    header=label,
                    meaning=column.meaning if column is not None else "",
                    is_guess=index in guesses,
                    because=self._because(sheet, index, column, guesses),
                    samples=tuple(shown(cell) for cell in samples),
                    readings=readings,
                )
            )

    def _because(self, sheet: Sheet, index: int, column: Column | None, guesses: Mapping[int, str]) -> str:
        if index in guesses:
            return _("by the look of its values")
        by_heading = meaning_of(sheet.headers[index], "roster")[0]
        if column is None:
            is_left_out = self._key(sheet, index) in self._mapping
            return _("another column has this meaning") if by_heading and not is_left_out else ""
        return _("by its heading") if by_heading == column.meaning else _("chosen")

    def _ask_about_rivals(self, sheet: Sheet, columns: Columns, values: Sequence[Sequence[Cell]]) -> None:
        groups: dict[str, list[Column]] = {}
        for one, other in rivals(columns.used):
            groups.setdefault(one.meaning, [one]).append(other)
        for group in groups.values():
            named = [
                (column, self._key(sheet, column.index), next(map(shown, _samples(values[column.index])), ""))
                for column in group
            ]
            self._ask([about_rivals(named)])

    def _read_over(self, sheet: Sheet, columns: Columns, platform: PlatformName | None) -> None:
        """Read the sheet as the import would, each open question answered somehow, and ask what that cannot settle."""
        handle = columns.one("handle") or columns.one("name_handle")
        if handle and not (platform or columns.one("platform") or columns.one("url")):
            self._ask([about_platform(handle, self._key(sheet, handle.index))])
            platform = "other"
        second = {other.index for _one, other in rivals(columns.used)}
        columns = replace(columns, used=tuple(column for column in columns.used if column.index not in second))
        try:
            reading = SheetReading(sheet, columns, platform, name="")
        except ImportRefused as refused:
            self._problems[refused.message] = None
            return
        by_label = {column.header: column for column in columns.used}
        naming = (column for kind in ("handle", "url", "name_handle") for column in columns.all(kind))
        platforms = [column.platform for column in naming if column.platform]
        count = 0
        for row in islice(RosterReading([reading], []).rows(), ROWS_READ):
            count += 1
            errors: Sequence[RowError] = getattr(row, "errors", ())
            self._refused += bool(errors)
            self._good += not errors
            for error in errors:
                if error.question and error.column in by_label:
                    column = by_label[error.column]
                    key = self._key(sheet, column.index)
                    if f"{key}.{error.question}" not in self._questions:
                        self._ask([about_cell(column, key, error, tuple(dict.fromkeys(platforms)))])
        self._is_whole = self._is_whole and count < ROWS_READ


def _numbers(sheet: Sheet, column: Column) -> ColumnNumbers:
    most = MOST_FOLLOWERS if column.kind == "followers" else BIGINT
    cells = partial(sheet.column, column.index)
    return ColumnNumbers(column.header, unit=column.unit, whole_column=cells, answers=column.answers, most=most)


def _values(sheet: Sheet) -> list[list[Cell]]:
    """Return the first values of each column that are not empty."""
    values: list[list[Cell]] = [[] for _header in sheet.headers]
    for _line, cells in islice(sheet.rows(), _ROWS_SAMPLED):
        is_enough = True
        for place, found in enumerate(values):
            if len(found) < _LOOKED_AT:
                is_enough = False
                if cells[place] not in (None, "") and str(cells[place]).strip():
                    found.append(cells[place])
        if is_enough:
            break
    return values


def _samples(values: Sequence[Cell]) -> list[Cell]:
    return list(islice(dict.fromkeys(values), SAMPLES))


def _guesses(
    sheet: Sheet, claimed: Columns, values: Sequence[Sequence[Cell]], told: Mapping[str, str]
) -> dict[int, str]:
    """Return place → meaning of the columns that neither heading nor mapping speak of, where their values do."""
    taken = {column.meaning for column in claimed.used}
    used = {column.index for column in claimed.used}
    guesses: dict[int, str] = {}
    for index, header in enumerate(sheet.headers):
        is_told = any(claimed_key in told for claimed_key in (str(index), f"#{index + 1}", header))
        if index in used or is_told or meaning_of(header, "roster")[0]:
            continue
        meaning = strong_look(values[index])
        if not meaning and not sheet.facts.header_row:
            meaning = weak_look(values[index])
        if meaning and (meaning not in taken or meaning in COLLECTED):
            guesses[index] = meaning
            taken.add(meaning)
    return guesses
