"""Reads everything of a roster's row that is not an account: name, niches, languages, places, e-mail, status."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from influencers.imports.cells import Cell, one_line, shown, words
from influencers.imports.column_mapping import plain_key
from influencers.imports.errors import CellError
from influencers.imports.headers import Column, Columns
from influencers.imports.name_handles import NameHandles
from influencers.imports.places import country_code, language_code
from influencers.imports.roster_types import RosterAccount, RosterRow

# So many different cells of a column are kept with what they mean.
_CELLS_KEPT = 10_000
_LONGEST_NAME = 200
_LONGEST_PLACE = 100
_LONGEST_WORD = 60
_LONGEST_EMAIL = 254
BETWEEN_WORDS = re.compile(r"[,;|\n]")
BETWEEN_LANGUAGES = re.compile(r"[,;|/\n]")
# Most addresses: short enough that no part of them can be too long, and without anything that Django looks at twice.
_PLAIN_EMAIL = re.compile(
    r"(?=.{5,60}\Z)[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,24}", re.I
)
_STATUSES = {
    **dict.fromkeys(["prospect", "prospects", "lead", "new", "potential"], "prospect"),
    **dict.fromkeys(["active", "aktiv", "actief", "actif", "ativo", "activo"], "active"),
    **dict.fromkeys(["paused", "pause", "on hold", "inactive", "pausiert", "gepauzeerd", "pausado"], "paused"),
    **dict.fromkeys(["do not work with", "blocked", "blacklist", "blacklisted", "blocklisted", "banned"], "blocked"),
}


class _Checked:
    """Reads one column whose cells stand for something else (DK, Denmark); lists repeat such cells."""

    def __init__(self, column: Column, check: Callable[[str, str], str]) -> None:
        self._column = column
        self._check = check
        self._known: dict[Cell, str] = {"": ""}

    def read(self, cells: Sequence[Cell], errors: list[CellError]) -> str:
        cell = cells[self._column.index]
        # Only texts: 1, 1.0 and true would be one key, and are not one cell.
        is_text = isinstance(cell, str)
        if is_text and cell in self._known:
            return self._known[cell]
        text = one_line(cell)
        try:
            value = self._check(text, self._column.header) if text else ""
        except CellError as error:
            errors.append(error)
            return ""
        if is_text and len(self._known) < _CELLS_KEPT:
            self._known[cell] = value
        return value


class _Listed:
    """Reads the columns of one meaning whose cells hold several words, each of them once."""

    def __init__(self, columns: Sequence[Column], read_cell: Callable[[Cell, str], tuple[str, ...]]) -> None:
        self._columns = columns
        self._read_cell = read_cell
        self._known: dict[Cell, tuple[str, ...]] = {}

    def read(self, cells: Sequence[Cell], errors: list[CellError]) -> tuple[str, ...]:
        if len(self._columns) == 1:
            return self._one(cells[self._columns[0].index], self._columns[0], errors)
        found: dict[str, str] = {}
        for column in self._columns:
            for word in self._one(cells[column.index], column, errors):
                found.setdefault(word.casefold(), word)
        return tuple(found.values())

    def _one(self, cell: Cell, column: Column, errors: list[CellError]) -> tuple[str, ...]:
        is_text = isinstance(cell, str)
        if is_text and cell in self._known:
            return self._known[cell]
        try:
            value = self._read_cell(cell, column.header)
        except CellError as error:
            errors.append(error)
            return ()
        if is_text and len(self._known) < _CELLS_KEPT:
            self._known[cell] = value
        return value


class RowWords:
    """Reads everything of a row that is not an account."""

    def __init__(self, columns: Columns, names: Mapping[int, NameHandles]) -> None:
        self._names = names
        self._name_columns = tuple(columns.one(meaning) for meaning in ("name", "first_name", "last_name"))
        self._title = columns.one("title:youtube")
        checks = {"country": read_country, "region": read_place, "city": read_place, "email": read_email}
        checks["status"] = read_status
        self._checked = [
            (meaning, _Checked(column, check))
            for meaning, check in checks.items()
            if (column := columns.one(meaning)) is not None
        ]
        self._listed = [
            ("niches", _Listed(columns.all("niche"), read_words)),
            ("tags", _Listed(columns.all("tags"), read_words)),
            ("languages", _Listed(columns.all("language"), read_languages)),
        ]

    def read(
        self,
        line: int,
        cells: Sequence[Cell],
        accounts: Sequence[RosterAccount],
        errors: list[CellError],
        sheet: str = "",
    ) -> RosterRow:
        """Return the row with these accounts; what is wrong with it is added to `errors`."""
        given = self._name(cells, errors)
        name = given or (accounts[0].handle if accounts else "")
        if not name and not errors:
            errors.append(CellError("", "", _("This row has neither a name nor an account.")))
        values: dict[str, Any] = {meaning: words.read(cells, errors) for meaning, words in self._listed}
        for meaning, reader in self._checked:
            values[meaning] = reader.read(cells, errors)
        return RosterRow(
            line=line, name=name, is_name_given=bool(given), accounts=tuple(accounts), sheet=sheet, **values
        )

    def _name(self, cells: Sequence[Cell], errors: list[CellError]) -> str:
        whole, first, last = self._name_columns
        name = one_line(cells[whole.index]) if whole is not None else ""
        if not name and (first is not None or last is not None):
            name = " ".join(part for column in (first, last) if column and (part := one_line(cells[column.index])))
        if not name and self._names:
            name = self._beside_handle(cells)
        if not name and self._title is not None:
            name = one_line(cells[self._title.index])
        if len(name) > _LONGEST_NAME:
            heading = whole.header if whole is not None else ""
            errors.append(CellError(heading, shown(name), _("A name has at most 200 characters.")))
        return name

    def _beside_handle(self, cells: Sequence[Cell]) -> str:
        """Return the name that stands in one cell with the handle; what is wrong with the cell is told by its account."""
        for index, reader in self._names.items():
            with suppress(CellError):
                if name := reader.read(cells[index])[0]:
                    return name
        return ""


def read_words(cell: Cell, column: str) -> tuple[str, ...]:
    """Return the words of a cell, each of them once, whatever its case; CellError for one that is too long."""
    found: dict[str, str] = {}
    for part in split_words(cell, BETWEEN_WORDS):
        if len(part) > _LONGEST_WORD:
            message = _("Each entry has at most 60 characters. Put a comma between entries.")
            raise CellError(column, shown(part), message)
        found.setdefault(part.casefold(), part)
    return tuple(found.values())


def read_languages(cell: Cell, column: str) -> tuple[str, ...]:
    """Return the codes of the languages that a cell names; CellError for one that is not known here."""
    found: dict[str, None] = {}
    for part in split_words(cell, BETWEEN_LANGUAGES):
        code = language_code(part)
        if code is None:
            message = _("This is not a language that is known here. Write its two-letter code, such as en or pt.")
            raise CellError(column, shown(part), message)
        found[code] = None
    return tuple(found)


def split_words(cell: Cell, between: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(part for part in (" ".join(piece.split()) for piece in between.split(words(cell))) if part)


def read_country(text: str, column: str) -> str:
    code = country_code(text)
    if code is None:
        raise CellError(
            column,
            shown(text),
            _("This is not a country that is known here. Write its two-letter code, such as DK or BR."),
        )
    return code


def read_place(text: str, column: str) -> str:
    if len(text) > _LONGEST_PLACE:
        raise CellError(column, shown(text), _("A place has at most 100 characters."))
    return text


def read_email(text: str, column: str) -> str:
    address = text.removeprefix("mailto:").strip()
    if len(address) > _LONGEST_EMAIL:
        raise CellError(column, shown(text), _("An e-mail address has at most 254 characters."))
    if _PLAIN_EMAIL.fullmatch(address):
        return address
    try:
        validate_email(address)
    except ValidationError:
        raise CellError(column, shown(text), _("This is not an e-mail address.")) from None
    return address


def read_status(text: str, column: str) -> str:
    status = _STATUSES.get(plain_key(text))
    if status is None:
        message = _("This is not a status. Statuses are: prospect, active, paused, do not work with.")
        raise CellError(column, shown(text), message)
    return status
