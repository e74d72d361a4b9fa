"""What single cells will be read as, in words, so that a person sees it before anything is imported."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from influencers.imports.cells import ERROR_CELLS, Cell, one_line, profile_words, shown, words
from influencers.imports.errors import CellError
from influencers.imports.handles import PlatformName, parse_profile, read_platform
from influencers.imports.headers import Column
from influencers.imports.identifiers import read_identifier
from influencers.imports.meaning_choices import PLATFORM_LABELS
from influencers.imports.name_handles import NameHandles
from influencers.imports.numbers import ColumnNumbers, Count
from influencers.imports.roster_words import (
    read_country,
    read_email,
    read_languages,
    read_status,
    read_words,
)


@dataclass(frozen=True, slots=True)
class SampleReading:
    """One cell as it stands in the file, what it is read as, and whether it cannot be read (`text` is then the reason)."""

    cell: str
    text: str
    is_error: bool = False


Reader = Callable[[Cell], str]


def read_sample(
    column: Column, cell: Cell, platform: PlatformName | None, numbers: ColumnNumbers, names: NameHandles
) -> SampleReading:
    """Return what the cell of this column is read as; `platform` is that of handles that no column places."""
    text = shown(cell)
    if isinstance(cell, str) and cell.strip().lower() in ERROR_CELLS:
        is_empty = column.answers.errors == "empty"
        return SampleReading(text, _("unknown") if is_empty else _("An error of the spreadsheet."), not is_empty)
    try:
        return SampleReading(text, _reader(column, platform, numbers, names)(cell) or _("unknown"))
    except CellError as error:
        return SampleReading(text, error.message, is_error=True)


def _reader(column: Column, platform: PlatformName | None, numbers: ColumnNumbers, names: NameHandles) -> Reader:
    name = column.header
    checked: dict[str, Callable[[str, str], str]] = {
        "country": read_country,
        "email": read_email,
        "status": read_status,
    }
    if column.kind in {"followers", "total_views"}:
        return lambda cell: count_text(numbers.read(cell))
    if column.kind in {"handle", "url"}:
        return lambda cell: _profile(profile_words(cell), _platform_of(column) or platform, name)
    if column.kind in checked:
        return lambda cell: checked[column.kind](words(cell), name) if words(cell) else ""
    others: dict[str, Reader] = {
        "name_handle": lambda cell: _both(cell, column, platform, names),
        "platform": lambda cell: str(PLATFORM_LABELS[read_platform(words(cell), column=name)]) if words(cell) else "",
        "external_id": lambda cell: read_identifier(cell, column=name, longest=64) or "",
        "language": lambda cell: " · ".join(read_languages(cell, name)),
        "niche": lambda cell: " · ".join(read_words(cell, name)),
        "tags": lambda cell: " · ".join(read_words(cell, name)),
    }
    return others.get(column.kind, one_line)


def count_text(count: Count | None) -> str:
    """Return the count with what its rounding leaves open: `10,400,000 ± 50,000`."""
    if count is None:
        return ""
    return f"{count.value:,}" if count.is_exact else f"{count.value:,} ± {count.step // 2:,}"


def _platform_of(column: Column) -> PlatformName | None:
    return read_platform(column.platform) if column.platform else None


def _profile(text: str, platform: PlatformName | None, column: str) -> str:
    if not text:
        return ""
    link = parse_profile(text, platform=platform, column=column)
    return _("%(handle)s on %(platform)s") % {
        "handle": link.handle if " " in link.handle else f"@{link.handle}",
        "platform": PLATFORM_LABELS[link.platform],
    }


def _both(cell: Cell, column: Column, platform: PlatformName | None, names: NameHandles) -> str:
    name, handle = names.read(cell) if profile_words(cell) else ("", "")
    profile = _profile(handle, _platform_of(column) or platform, column.header)
    return (
        _("%(profile)s, named %(name)s") % {"profile": profile, "name": name} if name and profile else name or profile
    )
