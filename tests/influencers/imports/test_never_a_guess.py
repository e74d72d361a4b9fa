"""Readers of cells and headings against rules worked out another way: round trips, any text, and no silent guess."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from influencers.imports.column_mapping import Answers
from influencers.imports.dates import ColumnDates
from influencers.imports.errors import CellError, ImportRefused
from influencers.imports.handles import FREE_PLATFORMS, PLATFORMS, PlatformName, parse_profile, profile_url
from influencers.imports.header_aliases import ROSTER_ALIASES
from influencers.imports.headers import labels, meaning_of, meanings, read_columns
from influencers.imports.numbers import MOST_FOLLOWERS, ColumnNumbers, Count
from influencers.imports.preview import preview_roster
from influencers.imports.profile_addresses import taken_apart, url_parts
from influencers.imports.reading_options import ReadingOptions
from influencers.imports.roster_rows import read_roster
from influencers.imports.sheets import open_sheets

FACTORS = {"": 1, "K": 1_000, "M": 1_000_000, "mio": 1_000_000, "lakh": 100_000, "crore": 10_000_000}
DIGITS = st.from_regex(r"[1-9][0-9]{0,2}(,[0-9]{1,3}){1,3}|[1-9][0-9]{0,2}(\.[0-9]{1,3}){1,3}", fullmatch=True)


def under(text: str, decimal: str, factor: int) -> Fraction | None:
    """Return the number with this decimal sign, worked out piece by piece; None if no number is written so."""
    group = "," if decimal == "." else "."
    whole, *parts = text.split(decimal)
    first, *groups = whole.split(group)
    european = all(len(piece) == 3 for piece in groups)
    indian = group == "," and len(first) <= 2 and len(groups) > 1 and [len(piece) for piece in groups] == [
        *(2 for _piece in groups[1:]), 3
    ]  # fmt: skip
    if len(parts) > 1 or (parts and group in parts[0]) or not (european or indian):
        return None
    return Fraction(int("".join((first, *groups, *parts))) * factor, 10 ** sum(map(len, parts)))


@given(DIGITS, st.sampled_from(sorted(FACTORS)))
@example("16,037", "M")
@example("1,23,456", "")
@settings(max_examples=300)
def test_a_number_with_two_readings_is_never_read_as_one_of_them(text: str, unit: str) -> None:
    readings = {sign: value for sign in ".," if (value := under(text, sign, FACTORS[unit])) is not None}
    numbers = ColumnNumbers("Followers", most=MOST_FOLLOWERS)
    possible = {value for value in readings.values() if value <= MOST_FOLLOWERS} or set(readings.values())
    try:
        count = numbers.read(f"{text} {unit}".strip())
    except CellError as error:
        assert len(possible) != 1 or any(value.denominator > 1 or value > MOST_FOLLOWERS for value in possible)
        assert (error.question == "decimal") == (len(possible) > 1)  # noqa: PT017
    else:
        assert count is not None
        assert {Fraction(count.value)} == possible


@given(
    st.from_regex(r"[1-9][0-9]{0,2}[.,][0-9]{3}", fullmatch=True), st.sampled_from("KM"), st.sampled_from([".", ","])
)
def test_an_answer_settles_what_has_two_readings(text: str, unit: str, sign: Any) -> None:
    count = ColumnNumbers("Views", answers=Answers(decimal=sign)).read(f"{text}{unit}")
    assert count is not None
    assert count.value == under(text, sign, FACTORS[unit])


STYLES: dict[str, Callable[[int], str]] = {
    "1,234,567": lambda n: f"{n:,}",
    "1.234.567": lambda n: f"{n:,}".replace(",", "."),
    "thin": lambda n: f"{n:,}".replace(",", "\u2009"),
    "narrow": lambda n: f"{n:,}".replace(",", "\u202f"),
    "hard": lambda n: f"{n:,}".replace(",", "\u00a0"),
    "'": lambda n: f"{n:,}".replace(",", "’"),
    "plain": str,
    "plus": lambda n: f"+{n}",
    "indian": lambda n: (
        re.sub(r"(?<=\d)(?=(?:\d\d)+\d{3}$)", ",", str(n)[:-3] + str(n)[-3:])
        if n < 1_000
        else re.sub(r"(?<=\d)(?=(?:\d\d)+$)", ",", str(n)[:-3]) + "," + str(n)[-3:]
    ),
}


@given(st.integers(0, 10**12), st.sampled_from(sorted(STYLES)))
def test_a_count_comes_back_from_every_way_of_writing_it(number: int, style: str) -> None:
    write = STYLES[style]
    numbers = ColumnNumbers("Followers", whole_column=lambda: [write(123_456_789)])
    assert numbers.read(write(number)) == Count(number)


CELLS = st.one_of(
    st.none(), st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes()
)


@given(CELLS, st.lists(CELLS, max_size=3), st.sampled_from([1, 1_000, 1_000_000]))
def test_any_cell_is_a_count_unknown_or_an_error(cell: Any, column: list[Any], unit: int) -> None:
    try:
        count = ColumnNumbers("Followers", unit=unit, whole_column=lambda: column, most=MOST_FOLLOWERS).read(cell)
    except CellError as error:
        assert error.message  # noqa: PT017 - either outcome is right
    else:
        assert count is None or 0 <= count.value <= MOST_FOLLOWERS


HANDLES: dict[PlatformName, str] = {
    "instagram": r"[a-z0-9_]{1,30}",
    "tiktok": r"[a-z0-9_][a-z0-9._]{0,20}[a-z0-9_]",
    "youtube": r"[A-Za-z0-9][A-Za-z0-9_-]{2,30}",
    "facebook": r"[A-Za-z0-9]{5,40}",
    "x": r"[A-Za-z0-9_]{1,15}",
    "linkedin": r"[a-z0-9]{3,40}",
    "twitch": r"[a-z0-9_]{2,25}",
}
OWN_PAGES = re.compile(r"(?i)(i|p|s|t|ar|tv|reel|post|clip|home|live|feed|team|tos|jobs|store|search|share|about|\d+)")


@pytest.mark.parametrize("platform", sorted(HANDLES))
@given(data=st.data())
@settings(max_examples=60)
def test_a_handle_comes_back_from_every_shape_of_its_address(platform: PlatformName, data: Any) -> None:
    handle = data.draw(st.from_regex(HANDLES[platform], fullmatch=True))
    assume(not OWN_PAGES.fullmatch(handle))
    plain = parse_profile(handle, platform=platform)
    assert (plain.handle, plain.url) == (handle, profile_url(platform, handle))
    assert parse_profile(f" @{handle}\u200b ", platform=platform) == plain
    path = plain.url.removeprefix("https://").removeprefix("www.").rstrip("/")
    for scheme, host, end in product(
        ("https://", "http://", ""), ("www.", "m.", ""), ("/", "", "?igsh=x&hl=en", "/#top")
    ):
        try:
            assert parse_profile(f"{scheme}{host}{path}{end}") == plain
        except CellError as error:
            assert "of the platform, not to a profile" in error.message  # noqa: PT017 - one of the platform's own pages


ADDRESSISH = st.from_regex(
    r"(https?://|HTTPS://|//|)?(www\.|m\.|pt-br\.|help\.)?[a-z@]{0,6}(instagram\.com|TikTok\.com|youtu\.be|x\.com|a\.b|\.|:)"
    r"[/a-zA-Z0-9@.?=#%&:_-]{0,20}",
    fullmatch=True,
)


@given(st.one_of(ADDRESSISH, st.text(max_size=40)))
@settings(max_examples=500)
def test_what_is_told_quickly_is_what_taking_apart_tells(text: str) -> None:
    assert url_parts(text) == (taken_apart(text) if "." in text else None)


@given(st.one_of(ADDRESSISH, st.text(max_size=60)), st.sampled_from([None, *PLATFORMS]))
@settings(max_examples=300)
def test_any_text_is_a_profile_or_an_error(text: str, platform: PlatformName | None) -> None:
    try:
        link = parse_profile(text, platform=platform)
    except CellError as error:
        assert error.message  # noqa: PT017 - either outcome is right
        return
    assert link.handle
    assert platform in (None, link.platform)
    if link.url and link.platform not in FREE_PLATFORMS:
        assert parse_profile(link.url).handle == link.handle


DAYS = st.dates(date(1995, 1, 2), date(2099, 12, 30))


@given(DAYS)
def test_a_day_comes_back_from_every_way_of_writing_it(day: date) -> None:
    def read(text: str, *column: str) -> date | None:
        return ColumnDates("Date", zone=UTC, whole_column=lambda: [text, *column]).read_day(text)

    assert read(day.isoformat()) == day
    assert read(f"{day:%Y/%m/%d}") == day
    assert read(f"{day:%d.%m.%Y}") == day
    assert read(f"{day:%d/%m/%Y}", "31/12/2020") == day
    assert read(f"{day:%m/%d/%Y}", "12/31/2020") == day
    assert read(f"{day:%Y-%m-%d}T23:59:59Z") == day


@given(DAYS)
def test_a_day_that_could_be_a_month_is_never_guessed(day: date) -> None:
    assume(day.day <= 12 and day.day != day.month)
    with pytest.raises(CellError):
        ColumnDates("Date", zone=UTC, whole_column=lambda: [f"{day:%d/%m/%Y}"]).read(f"{day:%d/%m/%Y}")


@given(CELLS)
def test_any_cell_is_an_instant_unknown_or_an_error(cell: Any) -> None:
    try:
        instant = ColumnDates("Date", zone=UTC).read(cell)
    except CellError as error:
        assert error.message  # noqa: PT017 - either outcome is right
    else:
        assert instant is None or datetime(1995, 1, 1, tzinfo=UTC) <= instant < datetime(2100, 1, 1, tzinfo=UTC)


ALIASES = sorted((alias, meaning) for meaning, aliases in ROSTER_ALIASES.items() for alias in aliases)


@given(
    st.sampled_from(ALIASES), st.sampled_from([str.upper, str.title, str.lower]), st.sampled_from([" ", "_", "-", ". "])
)
def test_a_heading_means_the_same_however_it_is_written(alias: tuple[str, str], case: Any, between: str) -> None:
    text, meaning = alias
    assert meaning_of(f" {case(text.replace(' ', between))}: ", "roster") == (meaning, 1)


@given(st.lists(st.one_of(st.sampled_from([alias for alias, _meaning in ALIASES]), st.text(max_size=20)), max_size=8))
def test_any_headings_are_columns_that_mean_one_thing_each_or_a_refusal(headers: list[str]) -> None:
    assert len(set(labels(headers))) == len(headers)
    try:
        columns = read_columns(headers, "roster")
    except ImportRefused as refused:
        assert "both mean" in refused.message  # noqa: PT017 - either outcome is right
        return
    assert {column.meaning for column in columns.used} <= set(meanings("roster"))
    kinds = [column.meaning for column in columns.used if column.meaning not in {"niche", "tags", "language"}]
    assert len(kinds) == len(set(kinds))


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3))
def test_any_mapping_is_taken_or_refused(mapping: dict[str, str]) -> None:
    try:
        read_columns(["Name", "0", "Fans"], "roster", mapping)
    except ImportRefused as refused:
        assert refused.message  # noqa: PT017 - either outcome is right


TABLE_CELLS = st.one_of(
    st.sampled_from(
        ["Name", "Handle", "Instagram", "Followers", "Followers (M)", "Country", "tiktok", "#REF!", "N/A", "-1"]
    ),
    st.sampled_from(["@jane", "Jane Doe", "Emma – emmal", "12 mil", "1,234", "13.8M", "DK", "https://x.com/jane", "5"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6),
)


@given(st.lists(st.lists(TABLE_CELLS, min_size=1, max_size=4), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_table_is_previewed_and_answering_every_question_ends(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    content = stream.getvalue().encode()
    options = ReadingOptions()
    mapping: dict[str, str] = {}
    try:
        for _round in range(12):
            seen = preview_roster(io.BytesIO(content), options=options, mapping=mapping)
            if not seen.questions:
                break
            options, mapping = seen.answered({question.key: question.choices[0].value for question in seen.questions})
    except ImportRefused as refused:
        assert refused.message  # noqa: PT017 - either outcome is right
        return
    assert not seen.questions
    if seen.is_ready:
        with open_sheets(io.BytesIO(content), options=seen.options) as sheets:
            read = list(read_roster(sheets, options=seen.options, mapping=seen.mapping).rows())
        assert len(read) == seen.good + seen.refused
