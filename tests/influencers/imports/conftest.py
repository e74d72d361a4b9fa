"""Tables written on the spot, and the real ones where they stand beside the checkout."""

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from influencers.imports.sheets import Sheet, open_sheet
from tests.influencers.imports.tables import workbook

Opener = Callable[..., Sheet]


@pytest.fixture
def sheet_of() -> Iterator[Opener]:
    """Open text, bytes, or the rows of a workbook as a sheet."""
    opened: list[Sheet] = []

    def open_one(content: str | bytes | Sequence[Sequence[Any]], **kwargs: Any) -> Sheet:
        if isinstance(content, str):
            content = content.encode()
        stream = io.BytesIO(content if isinstance(content, bytes) else workbook(content))
        opened.append(open_sheet(stream, filename="list", **kwargs))
        return opened[-1]

    yield open_one
    for sheet in opened:
        sheet.close()


@pytest.fixture
def real_sheet(shared_data: Path) -> Iterator[Opener]:
    """Open a file of shared/data."""
    opened: list[Sheet] = []

    def open_one(name: str, **kwargs: Any) -> Sheet:
        opened.append(open_sheet(shared_data / name, **kwargs))
        return opened[-1]

    yield open_one
    for sheet in opened:
        sheet.close()
