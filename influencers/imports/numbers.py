"""Counts as people and spreadsheets write them, read without ever guessing.

A text is tried under the two ways of writing numbers: the dot as decimal sign (1,234,567.8) and the comma as decimal
sign (1.234.567,8). Where only one of them makes a number, that cell proves the way of its column; where both do and
the two values differ (`1,234`), the rest of the column decides, and if it proves nothing or contradicts itself, the
cell is an error.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from influencers.imports.cells import INVISIBLE, UNKNOWN_WORDS, Cell, is_unknown, plain_text, shown
from influencers.imports.column_mapping import NO_ANSWERS, Answers
from influencers.imports.errors import CellError

BIGINT = 9_223_372_036_854_775_807
# From here on neighbouring whole numbers are the same float: a spreadsheet has lost the last digits.
FLOAT_EXACT_BELOW = 2**53
LONGEST_NUMBER = 60
# Nobody has more followers than there are people.
MOST_FOLLOWERS = 10_000_000_000
_SURELY_FITS = 19
_MINUS_ONE = frozenset({"-1", "-1.0", "−1"})
# Lists repeat themselves (10.4M, 1.2K); so many different cells of a column are kept with what they mean.
_CELLS_KEPT = 10_000

DecimalSign = Literal[".", ","]

_THOUSAND, _MILLION, _BILLION = 1_000, 1_000_000, 1_000_000_000
UNITS: dict[str, int] = {
    **dict.fromkeys(
        ["k", "tsd", "thousand", "thousands", "tausend", "duizend", "tusind", "mille", "000", "000s"], _THOUSAND
    ),
    **dict.fromkeys(["m", "mio", "mln", "mn", "mill", "mi", "million", "millions", "millionen"], _MILLION),
    **dict.fromkeys(["miljoen", "millioner", "milhão", "milhões", "milhao", "milhoes"], _MILLION),
    **dict.fromkeys(["millón", "millones", "millon"], _MILLION),
    **dict.fromkeys(["b", "bn", "bln", "billion", "billions", "mrd", "mia", "mld", "milliard", "milliards"], _BILLION),
    **dict.fromkeys(["lakh", "lakhs", "lac", "lacs"], 100_000),
    **dict.fromkeys(["crore", "crores", "cr"], 10_000_000),
    **dict.fromkeys(["milliarde", "milliarden", "miljard", "milliarder"], _BILLION),
}
# "12 mil" is twelve thousand in Portuguese and Spanish and twelve million in English.
AMBIGUOUS_UNITS: dict[str, tuple[int, int]] = {"mil": (_THOUSAND, _MILLION)}

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "′": "'", "`": "'"})
_SHAPE = re.compile(
    r"\+?(?P<digits>[0-9][0-9.,' ]*?)(?:e\+?(?P<exponent>[0-9]{1,2}))? ?(?P<unit>[^\W\d_]+)?\.?", re.IGNORECASE
)
_GROUPED = r"[1-9][0-9]{0,2}(?: [0-9]{3})+|[1-9][0-9]{0,2}(?:'[0-9]{3})+"
_READINGS: dict[DecimalSign, re.Pattern[str]] = {
    ".": re.compile(
        rf"(?P<whole>[0-9]+|[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+|[1-9][0-9]?(?:,[0-9]{{2}})+,[0-9]{{3}}|{_GROUPED})(?:\.(?P<part>[0-9]+))?"
    ),
    ",": re.compile(rf"(?P<whole>[0-9]+|[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+|{_GROUPED})(?:,(?P<part>[0-9]+))?"),
}
_MANTISSA: dict[DecimalSign, re.Pattern[str]] = {
    ".": re.compile(r"(?P<whole>[0-9]+)(?:\.(?P<part>[0-9]+))?"),
    ",": re.compile(r"(?P<whole>[0-9]+)(?:,(?P<part>[0-9]+))?"),
}
_SEPARATORS = str.maketrans("", "", ",.' ")


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number of things; `step` is 1 for an exact count, 100,000 for one written as 10.4M."""

    value: int
    step: int = 1

    @property
    def is_exact(self) -> bool:
        """Whether the count was written to the last digit."""
        return self.step == 1


@dataclass(frozen=True, slots=True)
class _Reading:
    """The number digits × 10^exponent, written to that place."""

    digits: int
    exponent: int

    def value(self, factor: int) -> Decimal:
        return Decimal(self.digits * factor).scaleb(self.exponent)

    def times(self, factor: int) -> str:
        text = f"{self.value(factor):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


class ColumnNumbers:
    """Reads the counts of one column; the same cell in the same column always reads the same, whatever its place.

    `unit` is the factor that the column's heading names ("Followers (M)" is 1,000,000). `whole_column` gives all cells
    of the column; it is called once, and only if a cell turns up that can be read in two ways. `answers` says how such
    cells are read, whatever the column shows. More than `most` nothing can be: of two readings the one below it is
    right, and a cell without such a reading is an error.
    """

    def __init__(
        self,
        column: str,
        *,
        unit: int = 1,
        whole_column: Callable[[], Iterable[Cell]] | None = None,
        answers: Answers = NO_ANSWERS,
        most: int = BIGINT,
    ) -> None:
        self.column = column
        self.unit = unit
        self.most = most
        self._answers = answers
        self._whole_column = whole_column
        self._proven: set[DecimalSign] = set()
        self._known: dict[str, Count | None] = {}

    def learn(self, cells: Iterable[Cell]) -> None:
        """Take the cells as evidence of which sign is the decimal sign of this column."""
        for cell in cells:
            if isinstance(cell, str) and ("," in cell or "." in cell) and len(self._proven) < 2:
                shape = _shape(plain_text(cell))
                readings = {} if shape is None else self._possible(_readings(*shape[:2]), shape[2])
                if len(readings) == 1:
                    self._proven.update(readings)
        self._known.clear()

    def read(self, cell: Cell) -> Count | None:
        """Return the count, None if the cell says that it is unknown; CellError with a sentence otherwise."""
        if isinstance(cell, str):
            if cell.isascii() and cell.isdigit() and len(cell) < _SURELY_FITS and self.unit == 1:
                return Count(int(cell))
            if cell not in self._known:
                if len(self._known) >= _CELLS_KEPT:
                    self._known.clear()
                self._known[cell] = self._read_text(cell)
            return self._known[cell]
        if is_unknown(cell):
            return None
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            raise self._error(cell, _("This is not a number."))
        return self._read_number(cell)

    def _read_number(self, cell: float) -> Count | None:
        if cell == -1:
            return None
        if isinstance(cell, int):
            reading = _Reading(cell, 0)
            return self._checked(cell, reading, self._unit_of(cell, reading))
        if cell in (float("inf"), float("-inf")):
            raise self._error(cell, _("This is not a number."))
        sign, digits, exponent = Decimal(repr(cell)).normalize().as_tuple()
        whole = int("".join(map(str, digits))) * (-1 if sign else 1)
        place = int(exponent)
        if place > 0 and abs(cell) < FLOAT_EXACT_BELOW:
            # Zeros before the decimal sign are digits like others, until the float is too large to hold them.
            whole, place = whole * 10**place, 0
        reading = _Reading(whole, place)
        return self._checked(cell, reading, self._unit_of(cell, reading))

    def _read_text(self, cell: str) -> Count | None:
        text = plain_text(cell)
        if text.lower() in UNKNOWN_WORDS or text.replace(" ", "") in _MINUS_ONE:
            return None
        shape = _shape(text)
        if shape is None:
            raise self._error(cell, self._why_no_number(text))
        readings = _readings(*shape[:2])
        if not readings:
            raise self._error(cell, _("This is not a number in any usual way of writing."))
        factor = self._factor(cell, shape[2], readings)
        readings = self._possible(readings, shape[2])
        reading = self._settled(cell, readings, factor)
        return self._checked(cell, reading, factor if shape[2] else self._unit_of(cell, reading))

    def _possible(self, readings: dict[DecimalSign, _Reading], unit: str) -> dict[DecimalSign, _Reading]:
        """Return the readings that are not more than there can be; all of them if none is possible or both are."""
        if len(readings) == 1 or self.most == BIGINT:
            return readings
        factor = UNITS.get(unit, 1) if unit else self.unit
        kept = {sign: reading for sign, reading in readings.items() if reading.value(factor) <= self.most}
        return kept or readings

    def _settled(self, cell: str, readings: dict[DecimalSign, _Reading], factor: int) -> _Reading:
        """Return the one reading; ask the rest of the column where there are two."""
        first, *others = readings.values()
        if all(other == first for other in others):
            return first
        if self._answers.decimal is not None:
            return readings[self._answers.decimal]
        if self._whole_column is not None:
            whole_column, self._whole_column = self._whole_column, None
            self.learn(whole_column())
        if len(self._proven) == 1:
            return readings[next(iter(self._proven))]
        one, other = (reading.times(factor) for reading in readings.values())
        if self._proven:
            reason = _("The other cells of this column contradict each other.")
        else:
            reason = _("No other cell of this column shows which is meant.")
        message = _("This can be read as %(one)s or as %(other)s. %(reason)s Write it without separators.")
        raise self._error(cell, message % {"one": one, "other": other, "reason": reason}, "decimal")

    def _factor(self, cell: str, unit: str, readings: dict[DecimalSign, _Reading]) -> int:
        if not unit:
            return self.unit
        if unit in AMBIGUOUS_UNITS:
            if self._answers.mil is not None:
                return _THOUSAND if self._answers.mil == "thousand" else _MILLION
            reading = next(iter(readings.values()))
            one, other = (reading.times(factor) for factor in AMBIGUOUS_UNITS[unit])
            message = _(
                "“%(unit)s” can be read as thousand (%(one)s) or million (%(other)s). Write the number in full."
            )
            raise self._error(cell, message % {"unit": unit, "one": one, "other": other}, "mil")
        if unit not in UNITS:
            raise self._error(cell, _("“%(unit)s” is not a unit that is known here. Use K, M or B.") % {"unit": unit})
        return UNITS[unit]

    def _unit_of(self, cell: Cell, reading: _Reading) -> int:
        """Return the heading's unit for a number without its own; one that is large enough to be meant in full is asked about."""
        if self.unit == 1 or reading.exponent < 0 or reading.value(1) < self.unit:
            return self.unit
        if self._answers.unit is not None:
            return self.unit if self._answers.unit == "heading" else 1
        if reading.value(self.unit) > self.most:
            return self.unit  # refused with a sentence of its own
        message = _(
            "This can be %(one)s, or %(other)s by the unit in the heading. Write the number in full, without a unit above."
        )
        one, other = (f"{int(reading.value(factor)):,}" for factor in (1, self.unit))
        raise self._error(cell, message % {"one": one, "other": other}, "unit")

    def _checked(self, cell: Cell, reading: _Reading, factor: int) -> Count:
        digits = reading.digits * factor
        if digits < 0:
            raise self._error(cell, _("A count cannot be negative. For unknown leave the cell empty or write -1."))
        if reading.exponent >= 0:
            value, rest, step = digits * 10**reading.exponent, 0, factor * 10**reading.exponent
        else:
            value, rest = divmod(digits, 10**-reading.exponent)
            step = max(1, factor // 10**-reading.exponent)
        if rest:
            message = _("%(value)s is not a whole number, and a count must be one.")
            raise self._error(cell, message % {"value": reading.times(factor)})
        if value > BIGINT:
            raise self._error(cell, _("This number is too large to be a count."))
        if value > self.most:
            raise self._error(cell, _("That is more than there are people. Is the unit right?"))
        return Count(value, step)

    @staticmethod
    def _why_no_number(text: str) -> str:
        if text.startswith(("-", "−")):
            return _("A count cannot be negative. For unknown leave the cell empty or write -1.")
        return _("This is not a number.")

    def _error(self, cell: Cell, message: str, question: str = "") -> CellError:
        return CellError(self.column, shown(cell), message, question)


def _shape(text: str) -> tuple[str, int | None, str] | None:
    """Return (digits with their separators, exponent, unit) of a text that has the shape of a number."""
    if len(text) > LONGEST_NUMBER:
        return None
    if not text.isascii():
        text = _SPACES.sub(" ", INVISIBLE.sub("", text)).strip().translate(_APOSTROPHES)
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    exponent = match["exponent"]
    return match["digits"].strip(), int(exponent) if exponent else None, (match["unit"] or "").lower()


def _readings(digits: str, exponent: int | None) -> dict[DecimalSign, _Reading]:
    """Return the number under each decimal sign that makes it a number."""
    found: dict[DecimalSign, _Reading] = {}
    for sign, pattern in (_READINGS if exponent is None else _MANTISSA).items():
        match = pattern.fullmatch(digits)
        if match is not None:
            part = match["part"] or ""
            found[sign] = _Reading(int(match["whole"].translate(_SEPARATORS) + part), (exponent or 0) - len(part))
    return found


def looks_like_number(text: str) -> bool:
    """Say whether the text has the shape of a count, with a unit that is known here or without one."""
    shape = _shape(plain_text(text))
    return shape is not None and (not shape[2] or shape[2] in UNITS or shape[2] in AMBIGUOUS_UNITS)
