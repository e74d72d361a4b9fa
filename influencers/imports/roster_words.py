"""Reads everything of a roster's row that is not an account: name, niches, languages, places, e-mail, status."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from influencers.imports.cells import Cell, shown, words
from influencers.imports.column_mapping import plain_key
from influencers.imports.errors import CellError
from influencers.imports.headers import Columns
from influencers.imports.name_handles import NameHandles
from influencers.imports.places import country_code, language_code
from influencers.imports.roster_types import RosterAccount, RosterRow

_LONGEST_NAME = 200
_LONGEST_PLACE = 100
_LONGEST_WORD = 60
_LONGEST_EMAIL = 254
BETWEEN_WORDS = re.compile(r"[,;|\n]")
BETWEEN_LANGUAGES = re.compile(r"[,;|/\n]")
_STATUSES = {
    **dict.fromkeys(["prospect", "prospects", "lead", "new", "potential"], "prospect"),
    **dict.fromkeys(["active", "aktiv", "actief", "actif", "ativo", "activo"], "active"),
    **dict.fromkeys(["paused", "pause", "on hold", "inactive", "pausiert", "gepauzeerd", "pausado"], "paused"),
    **dict.fromkeys(["do not work with", "blocked", "blacklist", "blacklisted", "blocklisted", "banned"], "blocked"),
}


class RowWords:
    """Reads everything of a row that is not an account."""

    def __init__(self, columns: Columns, names: Mapping[int, NameHandles]) -> None:
        self._names = names
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
        return RosterRow(
            line=line,
            name=name,
            is_name_given=bool(given),
            accounts=tuple(accounts),
            niches=self._list("niche", cells, errors),
            tags=self._list("tags", cells, errors),
            languages=self._languages(cells, errors),
            country=self._checked("country", cells, errors, read_country),
            region=self._checked("region", cells, errors, read_place),
            city=self._checked("city", cells, errors, read_place),
            email=self._checked("email", cells, errors, read_email),
            status=self._checked("status", cells, errors, read_status),
            sheet=sheet,
        )

    def _name(self, cells: Sequence[Cell], errors: list[CellError]) -> str:
        name = self._text("name", cells)
        if not name:
            name = f"{self._text('first_name', cells)} {self._text('last_name', cells)}".strip()
        name = name or self._beside_handle(cells) or self._text("title:youtube", cells)
        if len(name) > _LONGEST_NAME:
            errors.append(CellError(self._heading("name"), shown(name), _("A name has at most 200 characters.")))
        return name

    def _beside_handle(self, cells: Sequence[Cell]) -> str:
        """Return the name that stands in one cell with the handle; what is wrong with the cell is told by its account."""
        for index, reader in self._names.items():
            with suppress(CellError):
                if name := reader.read(cells[index])[0]:
                    return name
        return ""

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
            for part in split_words(cells[column.index], BETWEEN_WORDS):
                if len(part) > _LONGEST_WORD:
                    message = _("Each entry has at most 60 characters. Put a comma between entries.")
                    errors.append(CellError(column.header, shown(part), message))
                found.setdefault(part.casefold(), part)
        return tuple(found.values())

    def _languages(self, cells: Sequence[Cell], errors: list[CellError]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for column in self._many["language"]:
            for part in split_words(cells[column.index], BETWEEN_LANGUAGES):
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
