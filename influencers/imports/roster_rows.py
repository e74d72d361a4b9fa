"""Rosters: one row per person, with one or several accounts, from one sheet or several."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from django.utils.translation import gettext as _

from influencers.imports.cells import ERROR_CELLS, Cell, shown
from influencers.imports.closing_lines import closing_line
from influencers.imports.column_mapping import of_sheet
from influencers.imports.errors import CellError, ImportRefused, RefusedRow
from influencers.imports.handles import PlatformName
from influencers.imports.headers import Column, Columns, read_columns, sheet_platform
from influencers.imports.name_handles import NameHandles
from influencers.imports.reading_options import ReadingOptions
from influencers.imports.repeats import Repeats
from influencers.imports.roster_accounts import AccountReader
from influencers.imports.roster_types import RosterAccount, RosterRow
from influencers.imports.roster_words import RowWords
from influencers.imports.sheet import Sheet, SheetFacts, misquoted, refuse_uncalculated

__all__ = ["RosterAccount", "RosterReading", "RosterRow", "read_roster"]


class SheetReading:
    """One sheet of a roster whose columns are understood."""

    def __init__(self, sheet: Sheet, columns: Columns, platform: PlatformName | None, *, name: str) -> None:
        self.sheet = sheet
        self.columns = columns
        self.name = name
        refuse_uncalculated(sheet, columns.used)
        names = {column.index: name_reader(sheet, column) for column in columns.all("name_handle")}
        self._accounts = AccountReader(sheet, columns, platform, names)
        self._words = RowWords(columns, names)
        # Where a formula failed, a spreadsheet shows an error. It says nothing, but that nothing must not go unseen.
        self._watched = tuple(column for column in columns.used if column.answers.errors != "empty")

    def rows(self) -> Iterator[RosterRow | RefusedRow]:
        """Yield every row that is not blank, not yet compared with earlier ones."""
        width = len(self.sheet.headers)
        delimiter = self.sheet.facts.delimiter
        for line, cells in self.sheet.rows():
            broken = misquoted(cells, width, delimiter)
            broken = broken or closing_line(cells, self.sheet.headers)
            if broken is not None:
                yield RefusedRow.of(line, broken, sheet=self.name)
                continue
            errors = self._failed_formulas(cells)
            accounts = self._accounts.read(cells, errors)
            row = self._words.read(line, cells, accounts, errors, self.name)
            yield RefusedRow.of(line, *errors, sheet=self.name) if errors else row

    def _failed_formulas(self, cells: Sequence[Cell]) -> list[CellError]:
        errors: list[CellError] = []
        for column in self._watched:
            cell = cells[column.index]
            if isinstance(cell, str) and "#" in cell and cell.strip().lower() in ERROR_CELLS:
                message = _("The spreadsheet shows an error here, not a value. Mend the formula, or empty the cell.")
                question = "" if column.answers.errors else "errors"
                errors.append(CellError(column.header, shown(cell), message, question))
        return errors


def name_reader(sheet: Sheet, column: Column) -> NameHandles:
    """Return the reader of a column of names with handles."""
    cells = partial(sheet.column, column.index)
    return NameHandles(column.header, whole_column=cells, answers=column.answers)


class RosterReading:
    """A roster whose columns are understood; `rows()` reads it from the top each time it is called."""

    def __init__(self, sheets: Sequence[SheetReading], left_out: Sequence[str]) -> None:
        self.sheets = tuple(sheets)
        self.left_out = tuple(left_out)

    @property
    def columns(self) -> Columns:
        """The columns of the first sheet."""
        return self.sheets[0].columns

    @property
    def facts(self) -> SheetFacts:
        """What was found out about the file and its first sheet."""
        return self.sheets[0].sheet.facts

    def rows(self) -> Iterator[RosterRow | RefusedRow]:
        """Yield every row that is not blank, in the order of the file; each account comes in one good row only.

        A row that says the same of the same account as an earlier one carries `repeats_line`; one that says something
        else of it is refused and names the earlier line, because merging them would be a guess.
        """
        repeats = Repeats()
        for number, sheet in enumerate(self.sheets):
            for row in sheet.rows():
                yield self._compared(row, repeats, number) if isinstance(row, RosterRow) else row

    def _compared(self, row: RosterRow, repeats: Repeats, number: int) -> RosterRow | RefusedRow:
        keys: list[tuple[str, ...]] = [account.key for account in row.accounts]
        keys += [("id", account.platform, account.external_id) for account in row.accounts if account.external_id]
        keys = keys or [("name", row.name.casefold())]
        content = row.content
        found = [known for key in keys if (known := repeats.earlier(key, content)) is not None]
        if not found:
            repeats.remember(keys, content, row.line, number)
            return row
        other = next(((line, sheet) for line, sheet, is_same in found if not is_same), None)
        if other is None:
            line, sheet, _same = found[0]
            return row._replace(repeats_line=line, repeats_sheet=self.sheets[sheet].name)
        if row.accounts:
            message = _("%(line)s has the same account with other details. Keep the row that is right.")
        else:
            message = _("%(line)s has the same name with other details, and no account tells the two apart.")
        error = CellError("", shown(row.name), message % {"line": self._place(*other)})
        return RefusedRow.of(row.line, error, sheet=row.sheet)

    def _place(self, line: int, sheet: int) -> str:
        name = self.sheets[sheet].name
        if name:
            return _("Line %(line)s of the sheet “%(sheet)s”") % {"line": line, "sheet": name}
        return _("Line %(line)s") % {"line": line}


def read_roster(
    sheets: Sheet | Sequence[Sheet],
    *,
    platform: PlatformName | None = None,
    mapping: Mapping[str, str] | None = None,
    options: ReadingOptions | None = None,
) -> RosterReading:
    """Return the roster in a sheet, or in several; ImportRefused if columns do not say whose accounts these are.

    `platform` (or that of the options) is that of handles which no column and no sheet's name places; `mapping` is
    described in `column_mapping`. Of several sheets those without a single column that is understood are left out, and
    named in `left_out`; where several are read, every row says which one it stands in.
    """
    platform = platform or (options.platform if options is not None else None)
    if isinstance(sheets, Sheet):
        return RosterReading([_understood(sheets, platform or sheet_platform(sheets.facts.sheet), mapping, "")], [])
    if len(sheets) == 1:
        return read_roster(sheets[0], platform=platform, mapping=mapping)
    headers = {sheet.facts.sheet: sheet.headers for sheet in sheets}
    read: list[SheetReading] = []
    left_out: list[str] = []
    for sheet in sheets:
        name = sheet.facts.sheet
        own = of_sheet(mapping or {}, name, headers)
        if not read_columns(sheet.headers, "roster", own).used:
            left_out.append(name)
            continue
        try:
            # Of several sheets, the one's own name is nearer than what was said of the file.
            read.append(_understood(sheet, sheet_platform(name) or platform, own, name))
        except ImportRefused as refused:
            message = _("Sheet “%(sheet)s”: %(reason)s")
            raise ImportRefused(message % {"sheet": name, "reason": refused.message}) from None
    if not read:
        raise ImportRefused(_("No sheet of this workbook has a column that is understood."))
    return RosterReading(read, left_out)


def _understood(
    sheet: Sheet, platform: PlatformName | None, mapping: Mapping[str, str] | None, name: str
) -> SheetReading:
    return SheetReading(sheet, read_columns(sheet.headers, "roster", mapping), platform, name=name)
