"""An export as CSV that Excel and LibreOffice open without asking: UTF-8 with its mark, no cell a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from agency.spreadsheets import neutralised
from influencers.exports.rows import Rows

MARK = "\ufeff".encode()


def csv_pieces(headings: list[str], batches: Iterable[Rows]) -> Iterator[bytes]:
    """The file in pieces, one for each batch; numbers at full precision, days as ISO, unknown empty."""
    yield MARK + _piece([headings])
    for batch in batches:
        yield _piece(batch)


def _piece(rows: Rows | list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def cell(value: Any) -> str:
    """The value as its cell; texts so that `agency.spreadsheets.restored` gives them back."""
    if value is None:
        return ""
    if isinstance(value, str):
        return neutralised(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return repr(value) if isinstance(value, float) else str(value)
