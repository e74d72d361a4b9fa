"""What a person said about the columns of a file: what each means, and how cells are read that can be read in two ways.

A mapping is JSON of texts, `{key: value}`. A key names a column:

- by its place from 0: `"2"` (the third column). That is the form of the web, as headings may be doubled or missing;
- by its place from 1: `"#3"`;
- by its heading: `"Fans"`. Accents, case and punctuation do not count; a heading that stands twice names both columns.
  A heading that is nothing but a number can only be named where the file has fewer columns than that number.

The value is a meaning (see `meaning_choices`), or `""` or `"ignore"` to leave the column out. A dot and a question
after the column hold an answer:

- `"2.decimal"`: `"."` or `","`, the decimal sign of cells such as `1,234`;
- `"2.mil"`: `"thousand"` or `"million"`, what `12 mil` means;
- `"2.unit"`: `"heading"` or `"none"`, whether 500000 under "Followers (K)" is 500 million or what it says;
- `"2.order"`: `"name"` or `"handle"`, which one comes first in cells such as `Emma – emmal`;
- `"2.errors"`: `"empty"`, to read `#REF!` and the like as nothing, or `"refuse"`, to refuse such rows;
- `"2.shape"`: `"one"`, to take cells such as `Emma (@emmal)` of a column of names for nothing but a name.

Where several sheets with different columns are read, a key can begin with a sheet's name: `"TikTok!2"` speaks of that
sheet only, and comes before what is said of all.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext as _

from influencers.imports.errors import ImportRefused

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "decimal": (".", ","),
    "mil": ("thousand", "million"),
    "unit": ("heading", "none"),
    "order": ("name", "handle"),
    "errors": ("empty", "refuse"),
    "shape": ("one",),
}
OF_SHEET = "!"
_BY_PLACE = re.compile(r"[0-9]{1,4}")
_BY_NUMBER = re.compile(r"#[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered about one column; None where nothing was asked or answered."""

    decimal: Literal[".", ","] | None = None
    mil: Literal["thousand", "million"] | None = None
    unit: Literal["heading", "none"] | None = None
    order: Literal["name", "handle"] | None = None
    errors: Literal["empty", "refuse"] | None = None
    shape: Literal["one"] | None = None


NO_ANSWERS = Answers()


def split_mapping(
    headers: Sequence[str], mapping: Mapping[str, str], labels: Sequence[str]
) -> tuple[dict[int, str], dict[int, Answers]]:
    """Return (place → meaning, place → answers); ImportRefused for a column that is not there and an answer that does not exist."""
    told: dict[int, str] = {}
    answers: dict[int, dict[str, str]] = {}
    for key, value in mapping.items():
        places = _places(headers, labels, key)
        if places:
            told.update(dict.fromkeys(places, value or "ignore"))
            continue
        column, _dot, question = key.rpartition(".")
        places = _places(headers, labels, column) if question in ANSWERS else []
        if not places:
            message = _(
                "The mapping names the column “%(column)s”, which the file does not have. Its columns: %(columns)s."
            )
            values = {"column": key, "columns": ", ".join(header for header in headers if header)}
            raise ImportRefused(message % values)
        if value not in ANSWERS[question]:
            message = _("“%(value)s” is no answer to “%(question)s”. Answers are: %(answers)s.")
            values = {"value": value, "question": key, "answers": " ".join(ANSWERS[question])}
            raise ImportRefused(message % values)
        for place in places:
            answers.setdefault(place, {})[question] = value
    return told, {place: Answers(**given) for place, given in answers.items()}  # type: ignore[arg-type]


def of_sheet(mapping: Mapping[str, str], sheet: str, headers: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return what the mapping says of one of several sheets, given the headings of all.

    What names another sheet, or a heading that only other sheets have, is left away; what is in none stays, to be
    refused.
    """
    kept: dict[str, str] = {}
    own: dict[str, str] = {}
    for key, value in mapping.items():
        name, mark, column = key.partition(OF_SHEET)
        if mark and name in headers:
            if name == sheet:
                own[column] = value
        elif _is_in(headers[sheet], key) or not any(_is_in(others, key) for others in headers.values()):
            kept[key] = value
    return {**kept, **own}


def _is_in(headers: Sequence[str], key: str) -> bool:
    column, _dot, question = key.rpartition(".")
    return bool(_places(headers, (), key) or (question in ANSWERS and _places(headers, (), column)))


def _places(headers: Sequence[str], labels: Sequence[str], name: str) -> list[int]:
    if _BY_PLACE.fullmatch(name) and int(name) < len(headers):
        return [int(name)]
    if _BY_NUMBER.fullmatch(name) and 0 < int(name[1:]) <= len(headers):
        return [int(name[1:]) - 1]
    key = plain_key(name)
    if not key:
        return []
    return [index for index, header in enumerate(headers) if plain_key(header) == key] or [
        index for index, label in enumerate(labels) if plain_key(label) == key
    ]


@lru_cache(maxsize=4096)
def plain_key(header: str) -> str:
    """Return the heading without accents, case and punctuation."""
    special = header.casefold().replace("ø", "o").replace("æ", "ae").replace("tik tok", "tiktok")
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", special) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", letters))
