"""Instants and days: formats, zones, and day against month."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influencers.imports.dates import ColumnDates
from influencers.imports.errors import CellError

SAO_PAULO = ZoneInfo("America/Sao_Paulo")  # UTC−3 the whole year since 2019
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def read(cell: Any, *column: Any, zone: Any = COPENHAGEN) -> Any:
    dates = ColumnDates("Date", zone=zone)
    dates.learn([cell, *column])
    return dates.read(cell)


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2011-08-18T17:03:56Z", datetime(2011, 8, 18, 17, 3, 56, tzinfo=UTC)),
        ("2024-01-05 13:00:00+02:00", datetime(2024, 1, 5, 11, tzinfo=UTC)),
        ("2024-01-05T13:00:00.25-0530", datetime(2024, 1, 5, 18, 30, 0, 250_000, tzinfo=UTC)),
        ("2024-01-05 13:00 +02", datetime(2024, 1, 5, 11, tzinfo=UTC)),
        ("2024-01-05 12:00:00 UTC", datetime(2024, 1, 5, 12, tzinfo=UTC)),
        ("2024-01-05 13:00", datetime(2024, 1, 5, 12, tzinfo=UTC)),
        ("2024-07-05 13:00", datetime(2024, 7, 5, 11, tzinfo=UTC)),
        ("2024/01/05", datetime(2024, 1, 4, 23, tzinfo=UTC)),
        ("1629569756", datetime(2021, 8, 21, 18, 15, 56, tzinfo=UTC)),
        (1629569756, datetime(2021, 8, 21, 18, 15, 56, tzinfo=UTC)),
        (1629569756.0, datetime(2021, 8, 21, 18, 15, 56, tzinfo=UTC)),
        ("1629569756123", datetime(2021, 8, 21, 18, 15, 56, 123_000, tzinfo=UTC)),
        (datetime(2024, 1, 1, 12, 46, 1), datetime(2024, 1, 1, 11, 46, 1, tzinfo=UTC)),  # noqa: DTZ001 - as spreadsheets give it
        (datetime(2024, 1, 1, 12, tzinfo=timezone(timedelta(hours=5))), datetime(2024, 1, 1, 7, tzinfo=UTC)),
        (date(2024, 7, 1), datetime(2024, 6, 30, 22, tzinfo=UTC)),
        ("13/05/2024", datetime(2024, 5, 12, 22, tzinfo=UTC)),
        ("05/13/2024 1:05 PM", datetime(2024, 5, 13, 11, 5, tzinfo=UTC)),
        ("05/13/2024 12:05 a.m.", datetime(2024, 5, 12, 22, 5, tzinfo=UTC)),
        ("05/05/2024", datetime(2024, 5, 4, 22, tzinfo=UTC)),
        ("05.03.2024, 12:00", datetime(2024, 3, 5, 11, tzinfo=UTC)),
    ],
)
def test_instant_is_read(cell: Any, instant: datetime) -> None:
    assert read(cell) == instant


@pytest.mark.parametrize("cell", ["", "-", "N/A", None, "#VALUE!"])
def test_instant_is_unknown(cell: Any) -> None:
    assert read(cell) is None


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("5/3/24", "four digits"),
        ("32/13/2024", "no such day"),
        ("2024-02-30", "no such day"),
        ("2024-02-01 25:00", "no such day or time"),
        ("2024-02-01 13:00 PM", "no such day or time"),
        ("2024-01-05T10:00:00+99:99", "no such offset"),
        ("yesterday", "not a date that can be read"),
        ("20240105", "is a number, not a date"),
        (45292, "is a number, not a date"),
        (True, "not a date"),
        (time(1), "not a date"),
        ("1969-01-01", "between 1995 and 2100"),
        ("0001-01-01", "between 1995 and 2100"),
        ("2100-01-01T00:00Z", "between 1995 and 2100"),
        ("03.25.2024", "no such day"),
    ],
)
def test_instant_is_an_error_with_a_sentence(cell: Any, says: str) -> None:
    with pytest.raises(CellError) as caught:
        read(cell)
    assert says in caught.value.message


def test_time_before_year_one_is_an_error() -> None:
    with pytest.raises(CellError, match="between 1995 and 2100"):
        ColumnDates("Date", zone=timezone(timedelta(hours=14))).read(datetime(1, 1, 1))  # noqa: DTZ001 - as spreadsheets give it


def test_day_against_month_is_settled_by_the_column_or_an_error() -> None:
    assert read("05/03/2024", "13/05/2024") == datetime(2024, 3, 4, 23, tzinfo=UTC)
    assert read("05/03/2024", "03-15-2024") == datetime(2024, 5, 2, 22, tzinfo=UTC)
    with pytest.raises(CellError, match=r"2024-03-05 or as 2024-05-03.*No other cell"):
        read("05/03/2024", "04/03/2024", "2024-03-01", None, 5)
    with pytest.raises(CellError, match="contradict"):
        read("05/03/2024", "13/05/2024", "05/13/2024")


def test_whole_column_is_asked_only_when_needed() -> None:
    asked = []
    dates = ColumnDates("Date", zone=UTC, whole_column=lambda: asked.append(1) or ["13/01/2024"])
    assert dates.read("2024-01-02") == datetime(2024, 1, 2, tzinfo=UTC)
    assert asked == []
    assert dates.read("02/01/2024") == dates.read("02/01/2024") == datetime(2024, 1, 2, tzinfo=UTC)
    assert asked == [1]


def test_day_is_the_calendar_day_in_the_zone() -> None:
    dates = ColumnDates("Date", zone=SAO_PAULO)
    assert dates.read_day("2024-03-05T01:00:00Z") == date(2024, 3, 4)
    assert dates.read_day("2024-03-05") == date(2024, 3, 5)
    assert dates.read_day("") is None


@given(st.datetimes(datetime(1996, 1, 1), datetime(2099, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants them so
def test_iso_text_reads_as_the_same_instant(moment: datetime) -> None:
    assert read(moment.isoformat()) == moment
    assert read(moment.isoformat(sep=" ", timespec="seconds")) == moment.replace(microsecond=0)


@given(st.lists(st.dates(date(2000, 1, 1), date(2090, 1, 1)), min_size=1, max_size=20), st.booleans())
def test_no_column_written_one_way_is_ever_read_the_other(days: list[date], day_first: bool) -> None:
    cells = [day.strftime("%d/%m/%Y" if day_first else "%m/%d/%Y") for day in days]
    dates = ColumnDates("Date", zone=UTC, whole_column=lambda: cells)
    for day, cell in zip(days, cells, strict=True):
        try:
            assert dates.read_day(cell) == day
        except CellError:
            assert all(other.day <= 12 for other in days)


@given(st.text(max_size=30))
def test_any_text_is_an_instant_unknown_or_an_error(text: str) -> None:
    try:
        instant = read(text)
    except CellError as error:
        assert error.message  # noqa: PT017 - either outcome is right
    else:
        assert instant is None or instant.tzinfo is UTC
