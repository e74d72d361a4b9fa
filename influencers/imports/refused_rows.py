"""The refused rows of a file as a file that can be mended and imported again: their own columns, and the reason beside them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from agency.spreadsheets import neutralised
from influencers.imports.cells import Cell, plain_text
from influencers.imports.errors import RowError
from influencers.imports.headers import sheet_platform
from influencers.imports.roster_rows import RosterReading, SheetReading

REASON = "Reason (Meso)"
PLATFORM = "Platform"


def without_reason(headers: Sequence[str]) -> list[str]:
    """The headings of a file as they were before we put the reasons beside its rows."""
    return [header for header in headers if header != REASON]


def write_refused(path: Path, reading: RosterReading, errors: Iterable[RowError]) -> None:
    """Write the rows that have errors, as CSV that every spreadsheet program opens; no cell of it is a formula.

    Rows of several sheets share the columns of the same heading; the platform that a sheet's name tells gets a column.
    """
    reasons: dict[tuple[str, int], list[str]] = {}
    for error in errors:
        where = f"{error.column}: " if error.column else ""
        reasons.setdefault((error.sheet, error.row), []).append(f"{where}{error.message}")
    columns: dict[tuple[str, int], None] = {}
    places = [_places(sheet, columns) for sheet in reading.sheets]
    platforms = [_platform(sheet) for sheet in reading.sheets]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        extra = [PLATFORM] if any(platforms) else []
        writer.writerow([*(neutralised(header) for header, _nth in columns), *extra, REASON])
        for sheet, place, platform in zip(reading.sheets, places, platforms, strict=True):
            for line, cells in sheet.sheet.rows():
                found = reasons.get((sheet.name, line))
                if found is not None:
                    own = {place[index]: neutralised(_text(cell)) for index, cell in enumerate(cells) if index in place}
                    said = [own.get(column, "") for column in columns]
                    writer.writerow([*said, *([platform] if extra else []), neutralised(" ".join(found))])


def _places(sheet: SheetReading, columns: dict[tuple[str, int], None]) -> Mapping[int, tuple[str, int]]:
    """Which column of the file each column of the sheet goes to: the nth of a heading to the nth of that heading."""
    meanings = {column.index: column.meaning for column in sheet.columns.used}
    seen: dict[str, int] = {}
    places: dict[int, tuple[str, int]] = {}
    for index, header in enumerate(sheet.sheet.headers):
        if header == REASON:
            continue
        title = header or meanings.get(index, "").replace(":", " ") or _("Column %(number)s") % {"number": index + 1}
        seen[title] = seen.get(title, 0) + 1
        places[index] = (title, seen[title])
        columns.setdefault(places[index])
    return places


def _platform(sheet: SheetReading) -> str:
    return (sheet_platform(sheet.name) or "") if sheet.name and not sheet.columns.one("platform") else ""


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else plain_text(cell)
