"""Rosters: one row per person, with one or several accounts."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from influencers.imports.cells import Cell, shown, words
from influencers.imports.errors import CellError, RefusedRow
from influencers.imports.handles import PlatformName
from influencers.imports.headers import Columns, plain_key, read_columns
from influencers.imports.places import country_code, language_code
from influencers.imports.repeats import Repeats
from influencers.imports.roster_accounts import AccountReader
from influencers.imports.roster_types import RosterAccount, RosterRow
from influencers.imports.sheet import Sheet, SheetFacts, misquoted

__all__ = ["RosterAccount", "RosterReading", "RosterRow", "read_roster"]

_LONGEST_NAME = 200
_LONGEST_PLACE = 100
_LONGEST_WORD = 60
_LONGEST_EMAIL = 254
_BETWEEN_WORDS = re.compile(r"[,;|\n]")
_BETWEEN_LANGUAGES = re.compile(r"[,;|/\n]")
_STATUSES = {
    **dict.fromkeys(["prospect", "prospects", "lead", "new", "potential"], "prospect"),
    **dict.fromkeys(["active", "aktiv", "actief", "actif", "ativo", "activo"], "active"),
    **dict.fromkeys(["paused", "pause", "on hold", "inactive", "pausiert", "gepauzeerd", "pausado"], "paused"),
    **dict.fromkeys(["do not work with", "blocked", "blacklist", "blacklisted", "blocklisted", "banned"], "blocked"),
}


class RosterReading:
    """A roster whose columns are understood; `rows()` reads it from the top each time it is called."""

    def __init__(self, sheet: Sheet, columns: Columns, accounts: AccountReader) -> None:
        self._sheet = sheet
        self._accounts = accounts
        self._words = _RowWords(columns)
        self.columns = columns

    @property
    def facts(self) -> SheetFacts:
        """What was found out about the file."""
        return self._sheet.facts

    def rows(self) -> Iterator[RosterRow | RefusedRow]:
        """Yield every row that is not blank, in the order of the file; each account comes in one good row only.

        A row that says the same of the same account as an earlier one carries `repeats_line`; one that says something
        else of it is refused and names the earlier line, because merging them would be a guess.
        """
        repeats = Repeats()
        width = len(self._sheet.headers)
        for line, cells in self._sheet.rows():
            row = self._row(line, cells, width)
            yield _compared(row, repeats) if isinstance(row, RosterRow) else row

    def _row(self, line: int, cells: Sequence[Cell], width: int) -> RosterRow | RefusedRow:
        broken = misquoted(cells, width, self._sheet.facts.delimiter)
        if broken is not None:
            return RefusedRow.of(line, broken)
        errors: list[CellError] = []
        accounts = self._accounts.read(cells, errors)
        row = self._words.read(line, cells, accounts, errors)
        return RefusedRow.of(line, *errors) if errors else row


def read_roster(
    sheet: Sheet, *, platform: PlatformName | None = None, mapping: Mapping[str, str] | None = None
) -> RosterReading:
    """Return the roster in a sheet; ImportRefused if its columns do not say whose accounts these are.

    `platform` is that of handles that no column places; `mapping` is heading → meaning (see `headers.meanings`).
    """
    columns = read_columns(sheet.headers, "roster", mapping)
    return RosterReading(sheet, columns, AccountReader(sheet, columns, platform))


def _compared(row: RosterRow, repeats: Repeats) -> RosterRow | RefusedRow:
    keys: list[tuple[str, ...]] = [account.key for account in row.accounts]
    keys += [("id", account.platform, account.external_id) for account in row.accounts if account.external_id]
    keys = keys or [("name", row.name.casefold())]
    content = (
        row.name,
        row.accounts,
        row.niches,
        row.tags,
        row.languages,
        row.country,
        row.region,
        row.city,
        row.email,
        row.status,
    )
    found = [known for key in keys if (known := repeats.earlier(key, content)) is not None]
    if not found:
        repeats.remember(keys, content, row.line)
        return row
    other = next((line for line, is_same in found if not is_same), None)
    if other is None:
        return replace(row, repeats_line=found[0][0])
    if row.accounts:
        message = _("Line %(line)s has the same account with other details. Keep the row that is right.")
    else:
        message = _("Line %(line)s has the same name with other details, and no account tells the two apart.")
    return RefusedRow.of(row.line, CellError("", shown(row.name), message % {"line": other}))


class _RowWords:
    """Reads everything of a row that is not an account."""

    def __init__(self, columns: Columns) -> None:
        self._one = {
            meaning: columns.one(meaning)
            for meaning in (
                "name",
                "first_name",
                "last_name",
                "title:youtube",
                "country",
                "region",
                "city",
                "email",
                "status",
            )
        }
        self._many = {meaning: columns.all(meaning) for meaning in ("niche", "tags", "language")}

    def read(
        self, line: int, cells: Sequence[Cell], accounts: Sequence[RosterAccount], errors: list[CellError]
    ) -> RosterRow:
        given = self._name(cells, errors)
        name = given or (accounts[0].handle if accounts else "")
        if not name and not errors:
            errors.append(CellError("", "", _("This row has neither a name nor an account.")))
        return RosterRow(
            line=line,
            name=name,
            is_name_given=bool(given),
            accounts=tuple(accounts),
            niches=self._list("niche", cells, errors),
            tags=self._list("tags", cells, errors),
            languages=self._languages(cells, errors),
            country=self._checked("country", cells, errors, _country),
            region=self._checked("region", cells, errors, _place),
            city=self._checked("city", cells, errors, _place),
            email=self._checked("email", cells, errors, _email),
            status=self._checked("status", cells, errors, _status),
        )

    def _name(self, cells: Sequence[Cell], errors: list[CellError]) -> str:
        name = self._text("name", cells)
        if not name:
            name = f"{self._text('first_name', cells)} {self._text('last_name', cells)}".strip()
        name = name or self._text("title:youtube", cells)
        if len(name) > _LONGEST_NAME:
            errors.append(CellError(self._heading("name"), shown(name), _("A name has at most 200 characters.")))
        return name

    def _text(self, meaning: str, cells: Sequence[Cell]) -> str:
        column = self._one[meaning]
        return "" if column is None else " ".join(words(cells[column.index]).split())

    def _heading(self, meaning: str) -> str:
        column = self._one[meaning]
        return "" if column is None else column.header

    def _checked(
        self, meaning: str, cells: Sequence[Cell], errors: list[CellError], check: Callable[[str, str], str]
    ) -> str:
        text = self._text(meaning, cells)
        if not text:
            return ""
        try:
            return check(text, self._heading(meaning))
        except CellError as error:
            errors.append(error)
            return ""

    def _list(self, meaning: str, cells: Sequence[Cell], errors: list[CellError]) -> tuple[str, ...]:
        found: dict[str, str] = {}
        for column in self._many[meaning]:
            for part in _parts(cells[column.index], _BETWEEN_WORDS):
                if len(part) > _LONGEST_WORD:
                    message = _("Each entry has at most 60 characters. Put a comma between entries.")
                    errors.append(CellError(column.header, shown(part), message))
                found.setdefault(part.casefold(), part)
        return tuple(found.values())

    def _languages(self, cells: Sequence[Cell], errors: list[CellError]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for column in self._many["language"]:
            for part in _parts(cells[column.index], _BETWEEN_LANGUAGES):
                code = language_code(part)
                if code is None:
                    message = _(
                        "This is not a language that is known here. Write its two-letter code, such as en or pt."
                    )
                    errors.append(CellError(column.header, shown(part), message))
                else:
                    found[code] = None
        return tuple(found)


@lru_cache(maxsize=1024)
def _parts(cell: Cell, between: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(part for part in (" ".join(piece.split()) for piece in between.split(words(cell))) if part)


def _country(text: str, column: str) -> str:
    code = country_code(text)
    if code is None:
        raise CellError(
            column,
            shown(text),
            _("This is not a country that is known here. Write its two-letter code, such as DK or BR."),
        )
    return code


def _place(text: str, column: str) -> str:
    if len(text) > _LONGEST_PLACE:
        raise CellError(column, shown(text), _("A place has at most 100 characters."))
    return text


def _email(text: str, column: str) -> str:
    address = text.removeprefix("mailto:").strip()
    if len(address) > _LONGEST_EMAIL:
        raise CellError(column, shown(text), _("An e-mail address has at most 254 characters."))
    try:
        validate_email(address)
    except ValidationError:
        raise CellError(column, shown(text), _("This is not an e-mail address.")) from None
    return address


def _status(text: str, column: str) -> str:
    status = _STATUSES.get(plain_key(text))
    if status is None:
        message = _("This is not a status. Statuses are: prospect, active, paused, do not work with.")
        raise CellError(column, shown(text), message)
    return status
