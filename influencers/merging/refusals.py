"""How a merge says no."""

from collections.abc import Sequence

from agency.errors import Refused


class MergeRefused(Refused):
    """Two records cannot become one; `reasons` are sentences, one for each thing that stands in the way."""

    def __init__(self, message: str, reasons: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)
