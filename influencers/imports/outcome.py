"""What an import did, in the shape that commands print and batches keep."""

from dataclasses import dataclass, field
from typing import Any

from influencers.imports.errors import RowError


@dataclass(slots=True)
class Outcome:
    """Counts over the rows of one file; `rows` is their sum. A refused row is an error, all others are in.

    `objected` are the lines of rows that were skipped because the person had asked to be erased; nothing else of them is kept.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    errors: list[RowError] = field(default_factory=list)
    objected: list[int] = field(default_factory=list)
    batch: int | None = None

    @property
    def refused(self) -> int:
        """How many rows were refused; one row may have several errors."""
        return len({(error.sheet, error.row) for error in self.errors})

    def as_dict(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "errors": [error.as_dict() for error in sorted(self.errors, key=lambda error: (error.sheet, error.row))],
            **({"objected": self.objected} if self.objected else {}),
            "batch": self.batch,
        }
