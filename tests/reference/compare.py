"""Two computations of the figures side by side, by the contract's own measure of agreement."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from tests.reference.figures import RefAccount, compute

Value = float | int | str | datetime | None
Row = Mapping[str, Value]

KEY_COLUMNS = ("platform", "handle")
_SPREAD = tuple(
    f"{rate}_{part}"
    for rate in ("er_followers", "er_views", "er_reach")
    for part in ("n", "median", "mean", "p25", "p75")
)
FIGURE_COLUMNS = (
    "followers",
    "headline_rate",
    "headline_reason",
    *_SPREAD,
    "posts_per_week",
    "saturation",
    "sponsored_to_organic",
    "comment_like_ratio",
    "reply_rate",
    "view_rate",
    "reach_rate",
    "growth_30d",
)
EXPORT_COLUMNS = (*KEY_COLUMNS, "followers", "as_of", "formula_version", *FIGURE_COLUMNS[1:])
COMPARED_COLUMNS = ("as_of", *FIGURE_COLUMNS)
N_COLUMNS = tuple(column for column in FIGURE_COLUMNS if column.endswith("_n"))
INTEGER_COLUMNS = frozenset({"followers", *N_COLUMNS})
TEXT_COLUMNS = frozenset({*KEY_COLUMNS, "formula_version", "headline_reason"})

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell, or with the column `row` one whole row, on which the two computations differ."""

    platform: str
    handle: str
    column: str
    reference: Value
    export: Value

    def __str__(self) -> str:
        return f"{self.platform} {self.handle} {self.column}: reference {self.reference!r}, export {self.export!r}"


def agree(a: Value, b: Value) -> bool:
    """Whether b is the figure a: empties, texts, instants, whole numbers exactly, the rest within 1e-9·max(1, |a|)."""
    if isinstance(a, float | int) and isinstance(b, float | int):
        if isinstance(a, int) and isinstance(b, int):
            return a == b
        return abs(a - b) <= TOLERANCE * max(1, abs(a))
    return type(a) is type(b) and a == b


def reference_rows(accounts: Iterable[RefAccount], *, cutoff: datetime, zone: ZoneInfo) -> list[dict[str, Value]]:
    """One row per account, keyed like the export; the account's key must be its handle."""
    return [
        {
            "platform": account.platform,
            "handle": str(account.key),
            "as_of": cutoff.astimezone(UTC),
            **compute(account, cutoff=cutoff, zone=zone),
        }
        for account in accounts
    ]


def differences(reference: Iterable[Row], export: Iterable[Row]) -> list[Difference]:
    """Every cell that does not agree and every row that only one side has; an empty list means they are equal."""
    ours, theirs = _by_key(reference), _by_key(export)
    found: list[Difference] = []
    for key in sorted(ours.keys() | theirs.keys()):
        if key not in theirs:
            found.append(Difference(*key, "row", "present", None))
        elif key not in ours:
            found.append(Difference(*key, "row", None, "present"))
        else:
            found += _cell_differences(key, ours[key], theirs[key])
    return found


def cells_compared(reference: Iterable[Row], export: Iterable[Row]) -> int:
    """The number of rows, and so of cells in each column, that both sides have."""
    return len(_by_key(reference).keys() & _by_key(export).keys())


def non_empty_per_column(rows: Iterable[Row]) -> dict[str, int]:
    """How many cells of each figure say something; an n of 0 says that there was nothing and counts as empty."""
    rows = list(rows)
    return {column: sum(not _is_empty(column, row[column]) for row in rows) for column in FIGURE_COLUMNS}


def read_export(path: Path) -> list[dict[str, Value]]:
    """The rows of an `export_metrics` file, typed; ValueError where header or a cell is not as the contract says."""
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream, strict=True)
        header = next(lines, [])
        if tuple(header) != EXPORT_COLUMNS:
            raise ValueError(f"The columns of {path.name} are {header}, not {list(EXPORT_COLUMNS)}.")
        return [_typed_row(cells) for cells in lines]


def _typed_row(cells: Sequence[str]) -> dict[str, Value]:
    return {column: _typed(column, text) for column, text in zip(EXPORT_COLUMNS, cells, strict=True)}


def _typed(column: str, text: str) -> Value:
    if column in TEXT_COLUMNS:
        return text
    if text == "":
        return None
    if column == "as_of":
        return datetime.fromisoformat(text).astimezone(UTC)
    return int(text) if column in INTEGER_COLUMNS else float(text)


def _by_key(rows: Iterable[Row]) -> dict[tuple[str, str], Row]:
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (cast("str", row["platform"]), cast("str", row["handle"]))
        if key in found:
            raise ValueError(f"Two rows for {key[0]} {key[1]}.")
        found[key] = row
    return found


def _cell_differences(key: tuple[str, str], reference: Row, export: Row) -> list[Difference]:
    return [
        Difference(*key, column, reference[column], export[column])
        for column in COMPARED_COLUMNS
        if not agree(reference[column], export[column])
    ]


def _is_empty(column: str, value: Value) -> bool:
    return value is None or value == "" or (column in N_COLUMNS and value == 0)
