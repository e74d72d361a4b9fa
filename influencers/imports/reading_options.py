"""What a person decided about how a file is read; whatever is left open is found out from the file."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from influencers.imports.errors import ImportRefused
from influencers.imports.handles import PLATFORMS, PlatformName

DELIMITERS = (",", ";", "\t", "|")
# The encodings that a person may choose; what is found out can be another one.
ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "cp1250", "cp1251"),
    *("cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "shift_jis", "gb18030", "big5", "euc_kr"),
)
ALL_SHEETS = "*"
LAST_HEADER_ROW = 1_000
_LONGEST_SHEET_NAME = 200


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a file is read; None means that it is found out.

    `sheet` is a sheet's name, or "*" for all visible sheets; `header_row` is the line of the headings, 0 where the file
    has none; `platform` is that of handles which nothing in the file places. ImportRefused for a value that no file
    could have.
    """

    sheet: str | None = None
    header_row: int | None = None
    delimiter: str | None = None
    encoding: str | None = None
    platform: PlatformName | None = None

    def __post_init__(self) -> None:
        if self.sheet is not None and not _is_text(self.sheet, _LONGEST_SHEET_NAME):
            raise ImportRefused(_("A sheet's name is a text of up to 200 characters."))
        if self.header_row is not None and not _is_row(self.header_row):
            message = _("The row of the headings is a number from 0 (none) to %(last)s.")
            raise ImportRefused(message % {"last": f"{LAST_HEADER_ROW:,}"})
        if self.delimiter is not None and self.delimiter not in DELIMITERS:
            raise ImportRefused(_("Cells can be separated by a comma, a semicolon, a tab or a vertical bar."))
        if self.encoding is not None and self.encoding not in ENCODINGS:
            raise ImportRefused(
                _("This encoding is not known here. Known are: %(names)s.") % {"names": ", ".join(ENCODINGS)}
            )
        if self.platform is not None and self.platform not in PLATFORMS:
            raise ImportRefused(
                _("This platform is not known here. Known are: %(names)s.") % {"names": ", ".join(PLATFORMS)}
            )

    def as_dict(self) -> dict[str, Any]:
        """Return what was decided as JSON can keep it; what is found out is left away."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "ReadingOptions":
        """Return the options that `as_dict` gave; ImportRefused for anything else."""
        unknown = sorted(set(values) - {field.name for field in fields(cls)})
        if unknown:
            raise ImportRefused(_("There is no reading option “%(name)s”.") % {"name": unknown[0]})
        return cls(**values)


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest


def _is_row(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LAST_HEADER_ROW
