"""What a benchmark says: rows with a figure, its target and what it was compared with, as Markdown and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

HEADER = ("figure", "measured", "target", "met", "compared with")


@dataclass(frozen=True, slots=True)
class Target:
    """A limit that a figure must keep."""

    sign: Literal["≤", "≥"]
    limit: float

    def is_met_by(self, value: float) -> bool:
        return value <= self.limit if self.sign == "≤" else value >= self.limit


def at_most(limit: float) -> Target:
    return Target("≤", limit)


def at_least(limit: float) -> Target:
    return Target("≥", limit)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. Without a target it is there to compare with."""

    figure: str
    value: float
    unit: str = ""
    target: Target | None = None
    compared_with: str = ""

    @property
    def is_met(self) -> bool | None:
        return None if self.target is None else self.target.is_met_by(self.value)

    def cells(self) -> tuple[str, ...]:
        met = {None: "", True: "yes", False: "**no**"}[self.is_met]
        target = "" if self.target is None else f"{self.target.sign} {quantity(self.target.limit, self.unit)}"
        return (self.figure, quantity(self.value, self.unit), target, met, self.compared_with)


@dataclass(frozen=True, slots=True)
class Result:
    """What one benchmark measured. A benchmark that did not finish has a failure instead of rows."""

    name: str
    rows: Sequence[Row] = field(default_factory=tuple)
    setting: str = ""
    failure: str = ""

    @property
    def is_met(self) -> bool:
        return not self.failure and all(row.is_met is not False for row in self.rows)

    def markdown(self) -> str:
        lines = [f"### {self.name}", ""]
        if self.setting:
            lines += [self.setting, ""]
        if self.failure:
            lines += [f"Did not finish: {self.failure}", ""]
        if self.rows:
            lines += [line(HEADER), "|---|--:|--:|---|---|", *(line(row.cells()) for row in self.rows), ""]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        rows = [{**asdict(row), "met": row.is_met, "target": target_text(row.target)} for row in self.rows]
        return {"setting": self.setting, "met": self.is_met, "failure": self.failure, "rows": rows}

    @classmethod
    def from_dict(cls, name: str, answer: Mapping[str, Any]) -> "Result":
        """The result that `as_dict` wrote."""
        rows = tuple(
            Row(row["figure"], row["value"], row["unit"], read_target(row["target"]), row["compared_with"])
            for row in answer["rows"]
        )
        return cls(name, rows, answer["setting"], answer["failure"])


def line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def quantity(value: float, unit: str) -> str:
    """A number as people read it: three significant digits below a thousand, thousands separators above."""
    size = abs(value)
    if value == int(value) or size >= 1000:
        text = f"{value:,.0f}"
    else:
        text = f"{value:.{2 if size < 10 else 1 if size < 100 else 0}f}"
    return f"{text} {unit}".strip()


def target_text(target: Target | None) -> str | None:
    return None if target is None else f"{target.sign} {target.limit:g}"


def read_target(text: str | None) -> Target | None:
    if text is None:
        return None
    sign, _, limit = text.partition(" ")
    return Target("≤" if sign == "≤" else "≥", float(limit))
