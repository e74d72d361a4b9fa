"""What the columns of a sheet mean, found from their headings or told by a mapping; the rest is reported."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from influencers.imports.cells import Cell
from influencers.imports.column_mapping import NO_ANSWERS, Answers, plain_key, split_mapping
from influencers.imports.errors import ImportRefused
from influencers.imports.handles import PlatformName, read_platform
from influencers.imports.header_aliases import POST_ALIASES, ROSTER_ALIASES
from influencers.imports.numbers import UNITS

__all__ = ["Column", "Columns", "meaning_of", "meanings", "plain_key", "read_columns", "recognised"]

SheetKind = Literal["roster", "posts"]

# Per platform of a roster: `instagram handle`, `url (tiktok)`, `youtube subscribers`; the platform alone is the handle.
_PLATFORM_TOKENS: dict[str, str] = {
    "instagram": "instagram",
    "ig": "instagram",
    "insta": "instagram",
    "tiktok": "tiktok",
    "youtube": "youtube",
    "yt": "youtube",
    "facebook": "facebook",
    "fb": "facebook",
    "twitter": "x",
    "x": "x",
    "linkedin": "linkedin",
    "twitch": "twitch",
    "podcast": "podcast",
    "blog": "blog",
    "website": "blog",
    "newsletter": "newsletter",
    "substack": "newsletter",
}
_PER_PLATFORM = frozenset({"handle", "url", "followers", "external_id"})
NAME_AND_HANDLE = "name_handle"
# Several columns may feed these, their values are put together; any other meaning may stand once.
COLLECTED = frozenset({"niche", "tags", "language", "caption"})
_STOP_WORDS = frozenset(
    {"on", "the", "of", "no", "na", "do", "da", "de", "en", "in", "im", "op", "auf", "bei", "pa", "sur", "at", "a"}
)
_COUNTED = frozenset(
    {"followers", "total_views", "likes", "comments", "shares", "saves", "views", "reach", "impressions", "replies"}
)
_BRACKETED_UNIT = re.compile(r"[(\[]\s*(?:in\s+)?(?P<unit>[^\W_]+\.?)\s*[)\]]", re.IGNORECASE)
_IN_UNIT = re.compile(r"\bin\s+(?P<unit>[^\W\d_]{3,})\s*$", re.IGNORECASE)
IGNORE = "ignore"

_ALIASES: dict[SheetKind, dict[str, str]] = {
    "roster": {alias: meaning for meaning, aliases in ROSTER_ALIASES.items() for alias in aliases},
    "posts": {alias: meaning for meaning, aliases in POST_ALIASES.items() for alias in aliases},
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place from 0, heading, meaning (`handle:instagram`) and the unit that the heading names.

    `header` is unlike that of any other column: where the file has none or has it twice, the column's letter tells
    which one it is. `answers` is what a person answered about its cells.
    """

    index: int
    header: str
    meaning: str
    unit: int = 1
    answers: Answers = NO_ANSWERS

    @property
    def kind(self) -> str:
        """The meaning without the platform."""
        return self.meaning.partition(":")[0]

    @property
    def platform(self) -> str:
        """The platform that the heading names, empty if none."""
        return self.meaning.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that are used, and the headings that are not."""

    used: tuple[Column, ...]
    ignored: tuple[str, ...]

    def one(self, meaning: str) -> Column | None:
        """Return the column of exactly this meaning."""
        return next((column for column in self.used if column.meaning == meaning), None)

    def all(self, kind: str) -> tuple[Column, ...]:
        """Return the columns whose meaning is of this kind, of any platform."""
        return tuple(column for column in self.used if column.kind == kind)

    def as_mapping(self) -> dict[str, str]:
        """Return heading → meaning, as a batch keeps it."""
        return {column.header: column.meaning for column in self.used}


def read_columns(headers: Sequence[str], kind: SheetKind, mapping: Mapping[str, str] | None = None) -> Columns:
    """Return what each column means; ImportRefused if two claim one meaning or the mapping names what is not there.

    `mapping` is as `column_mapping` describes it. A column it does not name is found by its heading, unless the mapping
    gave that meaning to another column.
    """
    columns = claimed_columns(headers, kind, mapping)
    for one, other in rivals(columns.used):
        message = _(
            "Column %(one)s (“%(one_header)s”) and column %(other)s (“%(other_header)s”) both mean %(meaning)s. "
            "Rename or remove one, or say in the mapping which one to ignore."
        )
        values = {"one": one.index + 1, "one_header": headers[one.index], "meaning": one.meaning}
        raise ImportRefused(message % {**values, "other": other.index + 1, "other_header": headers[other.index]})
    return columns


def claimed_columns(headers: Sequence[str], kind: SheetKind, mapping: Mapping[str, str] | None = None) -> Columns:
    """Return what each column claims to mean, even where two claim the same."""
    told, answers = split_mapping(headers, mapping or {}, labels(headers))
    _refuse_unknown_meanings(told, headers, kind)
    taken = set(told.values())
    used: list[Column] = []
    ignored: list[str] = []
    for index, (header, label) in enumerate(zip(headers, labels(headers), strict=True)):
        meaning, unit = meaning_of(header, kind)
        if index in told:
            meaning = told[index]
        elif meaning in taken and meaning not in COLLECTED:
            meaning = ""
        if meaning in {"", IGNORE}:
            ignored.extend([header] if header else [])
        else:
            unit = unit if meaning.partition(":")[0] in _COUNTED else 1
            used.append(Column(index, label, meaning, unit, answers.get(index, NO_ANSWERS)))
    return Columns(tuple(used), tuple(ignored))


def rivals(used: Sequence[Column]) -> list[tuple[Column, Column]]:
    """Return (the first, another) for every column whose meaning an earlier one has, where only one may have it."""
    first: dict[str, Column] = {}
    found = []
    for column in used:
        other = first.setdefault(column.meaning, column)
        if other is not column and column.meaning not in COLLECTED:
            found.append((other, column))
    return found


@lru_cache(maxsize=64)
def _labels(headers: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    for index, header in enumerate(headers):
        letter = _("Column %(letter)s") % {"letter": get_column_letter(index + 1)}
        found.append(letter if not header else f"{header} ({letter})" if headers.count(header) > 1 else header)
    return tuple(found)


def labels(headers: Sequence[str]) -> tuple[str, ...]:
    """Return what each column is called where people read it: its heading, its letter, or both if two have that heading."""
    return _labels(tuple(headers))


def recognised(cells: Sequence[Cell]) -> int:
    """Return how many different meanings the cells have as headings, of a roster or of posts, whichever are more."""
    texts = {cell for cell in cells if isinstance(cell, str) and cell}
    return max(len({meaning_of(text, kind)[0] for text in texts} - {""}) for kind in _ALIASES)


@lru_cache(maxsize=4096)
def meaning_of(header: str, kind: SheetKind) -> tuple[str, int]:
    """Return the meaning that the heading alone tells, empty if none, and the unit that it names (1 if none)."""
    if len(header) > 100:
        return "", 1
    text, unit = _without_unit(header)
    for candidate in (header, text):
        key = plain_key(candidate)
        meaning = _ALIASES[kind].get(key) or (_per_platform(key) if kind == "roster" else "")
        if meaning:
            return meaning, unit
    return "", 1


def sheet_platform(name: str) -> PlatformName | None:
    """Return the platform that a sheet is named after (`TikTok creators`), None if it names none or several."""
    platforms = {_PLATFORM_TOKENS[token] for token in plain_key(name).split() if token in _PLATFORM_TOKENS}
    return read_platform(platforms.pop()) if len(platforms) == 1 else None


def meanings(kind: SheetKind) -> tuple[str, ...]:
    """Return every meaning that a mapping may name."""
    table = ROSTER_ALIASES if kind == "roster" else POST_ALIASES
    if kind == "posts":
        return tuple(table)
    platforms = dict.fromkeys(_PLATFORM_TOKENS.values())
    per_platform = (*sorted(_PER_PLATFORM), NAME_AND_HANDLE)
    return (*table, NAME_AND_HANDLE, *(f"{meaning}:{platform}" for meaning in per_platform for platform in platforms))


def _without_unit(header: str) -> tuple[str, int]:
    match = _BRACKETED_UNIT.search(header) or _IN_UNIT.search(header)
    unit = UNITS.get(match["unit"].rstrip(".").lower()) if match else None
    if match is None or unit is None:
        return header, 1
    return f"{header[: match.start()]} {header[match.end() :]}", unit


def _per_platform(key: str) -> str:
    tokens = key.split()
    platforms = {_PLATFORM_TOKENS[token] for token in tokens if token in _PLATFORM_TOKENS}
    if len(platforms) != 1:
        return ""
    rest = [token for token in tokens if token not in _PLATFORM_TOKENS]
    aliases = _ALIASES["roster"]
    meaning = "handle" if not rest else aliases.get(" ".join(rest), "")
    if not meaning:
        meaning = aliases.get(" ".join(token for token in rest if token not in _STOP_WORDS), "")
    if meaning == "platform":  # "YouTube channel" is a profile, not a column of platform names
        meaning = "handle"
    return f"{meaning}:{platforms.pop()}" if meaning in _PER_PLATFORM else ""


def _refuse_unknown_meanings(told: Mapping[int, str], headers: Sequence[str], kind: SheetKind) -> None:
    known = {*meanings(kind), IGNORE}
    for index, meaning in told.items():
        if meaning not in known:
            message = _(
                "The mapping gives the column “%(column)s” the meaning “%(meaning)s”. Known meanings: %(known)s."
            )
            values = {"column": labels(headers)[index], "meaning": meaning, "known": ", ".join(sorted(known))}
            raise ImportRefused(message % values)
