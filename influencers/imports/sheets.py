"""Opens an uploaded file as a table, whatever it really is, or refuses it with a sentence."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from influencers.imports.cells import Cell
from influencers.imports.delimited import DelimitedSheet
from influencers.imports.file_kinds import file_kind
from influencers.imports.headers import recognised as known_headings
from influencers.imports.sheet import Sheet, SheetFacts, SheetLimits, Source
from influencers.imports.workbooks import WorkbookSheet

__all__ = ["Sheet", "SheetFacts", "SheetLimits", "open_sheet"]


def open_sheet(
    path_or_file: str | Path | IO[bytes],
    *,
    filename: str = "",
    limits: SheetLimits | None = None,
    sheet_name: str | None = None,
    recognised: Callable[[Sequence[Cell]], int] = known_headings,
) -> Sheet:
    """Return the table in the file; ImportRefused, saying what to do, if there is none or it passes a limit.

    The type comes from the content, never from the name. `filename` is only kept as a fact. A workbook's first sheet
    with known headings is taken unless `sheet_name` names another. A file that is handed in open stays open; it must
    be seekable.
    """
    limits = limits or SheetLimits()
    source = Source(path_or_file)
    name = filename or (Path(path_or_file).name if isinstance(path_or_file, str | Path) else "")
    try:
        if file_kind(source, limits) == "xlsx":
            return WorkbookSheet(source, filename=name, limits=limits, recognised=recognised, sheet_name=sheet_name)
        return DelimitedSheet(source, filename=name, limits=limits, recognised=recognised)
    except BaseException:
        source.close()
        raise
