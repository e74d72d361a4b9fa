"""Instants and days as exports write them; the order of day and month is settled by the column, never guessed."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, tzinfo
from typing import Literal

from django.utils.translation import gettext as _

from influencers.imports.cells import Cell, is_unknown, plain_text, shown
from influencers.imports.errors import CellError

DateOrder = Literal["day first", "month first"]

# Before the first platform and after any plan: such an instant is a misread number, not a time of publication.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

_SECONDS = r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
_TIME = rf"(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}}){_SECONDS}(?:\s*(?P<half>[ap])\.?m\.?)?"
_OFFSET = r"(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})"
_REST = rf"(?:(?:\s*[T,]\s*|\s+){_TIME}(?:\s*{_OFFSET})?)?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}}){_REST}", re.IGNORECASE
)
_YEAR_LAST = re.compile(
    rf"(?P<one>\d{{1,2}})(?P<sign>[-/.])(?P<two>\d{{1,2}})(?P=sign)(?P<year>\d{{4}}){_REST}", re.IGNORECASE
)
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(?!\d).*")
_EPOCH_SECONDS, _EPOCH_MILLISECONDS = 10, 13
_MONTHS, _NOON = 12, 12


class ColumnDates:
    """Reads the instants and days of one column; times without an offset are times in `zone`.

    `whole_column` gives all cells of the column; it is called once, and only if a cell can be read in two ways.
    With dots the day comes first (05.03.2024), as nobody writes the month first with dots.
    """

    def __init__(self, column: str, *, zone: tzinfo, whole_column: Callable[[], Iterable[Cell]] | None = None) -> None:
        self.column = column
        self.zone = zone
        self._whole_column = whole_column
        self._proven: set[DateOrder] = set()

    def learn(self, cells: Iterable[Cell]) -> None:
        """Take the cells as evidence of whether day or month comes first in this column."""
        for cell in cells:
            match = _YEAR_LAST.fullmatch(plain_text(cell)) if isinstance(cell, str) else None
            if match is None or match["sign"] == ".":
                continue
            one, two = int(match["one"]), int(match["two"])
            if one > _MONTHS >= two:
                self._proven.add("day first")
            elif two > _MONTHS >= one:
                self._proven.add("month first")

    def read(self, cell: Cell) -> datetime | None:
        """Return the instant in UTC, None if it is unknown; a day alone is its first instant in `zone`."""
        if is_unknown(cell):
            return None
        instant = self._instant(cell)
        if not EARLIEST <= instant < LATEST:
            raise self._error(cell, _("This is not a time between 1995 and 2100."))
        return instant

    def read_day(self, cell: Cell) -> date | None:
        """Return the calendar day in `zone`, None if the cell says that it is unknown."""
        instant = self.read(cell)
        return None if instant is None else instant.astimezone(self.zone).date()

    def _instant(self, cell: Cell) -> datetime:
        if isinstance(cell, datetime):
            return self._in_utc(cell)
        if isinstance(cell, date):
            return self._in_utc(datetime.combine(cell, time()))
        if isinstance(cell, (bool, time)):
            raise self._error(cell, _("This is not a date."))
        text = plain_text(cell)
        if text.isascii() and text.isdigit():
            return self._from_epoch(cell, text)
        match = _YEAR_FIRST.fullmatch(text)
        if match is not None:
            return self._built(cell, match, int(match["month"]), int(match["day"]))
        match = _YEAR_LAST.fullmatch(text)
        if match is not None:
            month, day = self._month_and_day(cell, match)
            return self._built(cell, match, month, day)
        if _SHORT_YEAR.fullmatch(text):
            raise self._error(cell, _("Write the year with four digits."))
        raise self._error(cell, _("This is not a date that can be read. Write it as 2026-03-31 14:05."))

    def _from_epoch(self, cell: Cell, text: str) -> datetime:
        if len(text) == _EPOCH_SECONDS:
            return datetime.fromtimestamp(int(text), tz=UTC)
        if len(text) == _EPOCH_MILLISECONDS:
            seconds, milliseconds = divmod(int(text), 1000)
            return datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=milliseconds * 1000)
        raise self._error(
            cell,
            _("This is a number, not a date. Only seconds (10 digits) or milliseconds (13) since 1970 count as one."),
        )

    def _month_and_day(self, cell: Cell, match: re.Match[str]) -> tuple[int, int]:
        one, two = int(match["one"]), int(match["two"])
        if match["sign"] == "." or one > _MONTHS:
            return two, one
        if two > _MONTHS or one == two:
            return one, two
        if self._whole_column is not None:
            whole_column, self._whole_column = self._whole_column, None
            self.learn(whole_column())
        if len(self._proven) == 1:
            return (two, one) if "day first" in self._proven else (one, two)
        year = match["year"]
        if self._proven:
            reason = _("The other cells of this column contradict each other.")
        else:
            reason = _("No other cell of this column shows which is meant.")
        message = _("This can be read as %(one)s or as %(other)s (year, month, day). %(reason)s Write the year first.")
        values = {"one": f"{year}-{two:02}-{one:02}", "other": f"{year}-{one:02}-{two:02}", "reason": reason}
        raise self._error(cell, message % values)

    def _built(self, cell: Cell, match: re.Match[str], month: int, day: int) -> datetime:
        hour = int(match["hour"] or 0)
        half = (match["half"] or "").lower()
        if half:
            hour = hour % _NOON + (_NOON if half == "p" else 0) if 1 <= hour <= _NOON else -1
        microsecond = int((match["fraction"] or "0")[:6].ljust(6, "0"))
        try:
            naive = datetime(  # noqa: DTZ001 - the zone is put on below
                int(match["year"]), month, day, hour, int(match["minute"] or 0), int(match["second"] or 0), microsecond
            )
        except ValueError:
            raise self._error(cell, _("There is no such day or time.")) from None
        return self._in_utc(naive.replace(tzinfo=self._offset(cell, match["offset"])))

    def _offset(self, cell: Cell, text: str | None) -> tzinfo | None:
        if text is None:
            return None
        if text.upper() in {"Z", "UTC", "GMT"}:
            return UTC
        hours, minutes = text[:3], text[3:].lstrip(":") or "00"
        try:
            return datetime.strptime(f"{hours}{minutes}", "%z").tzinfo
        except ValueError:
            raise self._error(cell, _("There is no such offset from UTC.")) from None

    def _in_utc(self, moment: datetime) -> datetime:
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=self.zone)
        try:
            return aware.astimezone(UTC)
        except OverflowError:
            raise self._error(moment, _("This is not a time between 1995 and 2100.")) from None

    def _error(self, cell: Cell, message: str) -> CellError:
        return CellError(self.column, shown(cell), message)
