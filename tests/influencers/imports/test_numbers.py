"""Counts: every way of writing them, and never a guess where there are two."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from influencers.imports.column_mapping import Answers
from influencers.imports.errors import CellError
from influencers.imports.numbers import BIGINT, ColumnNumbers, Count


def read(cell: Any, *column: Any, unit: Any = 1) -> Any:
    numbers = ColumnNumbers("Followers", unit=unit)
    numbers.learn([cell, *column])
    return numbers.read(cell)


@pytest.mark.parametrize(
    ("cell", "value", "step"),
    [
        ("1.2M", 1_200_000, 100_000),
        ("12,3K", 12_300, 100),
        ("10.4M", 10_400_000, 100_000),
        ("977.2K", 977_200, 100),
        ("876K", 876_000, 1_000),
        ("876 k", 876_000, 1_000),
        ("1,234,567", 1_234_567, 1),
        ("1.234.567", 1_234_567, 1),
        ("1 234 567", 1_234_567, 1),
        ("1\u00a0234\u00a0567", 1_234_567, 1),
        ("1\u2009234\u2009567", 1_234_567, 1),
        ("1\u202f234", 1_234, 1),
        ("1'234'567", 1_234_567, 1),
        ("1’234", 1_234, 1),
        ("12,34,567", 1_234_567, 1),
        ("1,23,45,678", 12_345_678, 1),
        ("2.58E+11", 258_000_000_000, 1_000_000_000),
        ("2.58624E+11", 258_624_000_000, 1_000_000),
        ("2,58624e11", 258_624_000_000, 1_000_000),
        ("1.234,0", 1_234, 1),
        ("1,234.00", 1_234, 1),
        ("1234.0", 1_234, 1),
        ("1.2 mio", 1_200_000, 100_000),
        ("1,2 Mio.", 1_200_000, 100_000),
        ("3 mln", 3_000_000, 1_000_000),
        ("4 bn", 4_000_000_000, 1_000_000_000),
        ("4.1B", 4_100_000_000, 100_000_000),
        ("1 234,5K", 1_234_500, 100),
        ("0,123M", 123_000, 1_000),
        ("1.2340K", 1_234, 1),
        ("+5", 5, 1),
        (" 12\u200b ", 12, 1),
        ("0", 0, 1),
        ("007", 7, 1),
        (7, 7, 1),
        (7.0, 7, 1),
        (120.0, 120, 1),
        (1.833047613709773e16, 18_330_476_137_097_730, 10),
        (str(BIGINT), BIGINT, 1),
    ],
)
def test_number_is_read(cell: Any, value: int, step: int) -> None:
    assert read(cell) == Count(value, step)
    assert read(cell).is_exact == (step == 1)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        " ",
        "-",
        "–",
        "—",
        "N/A",
        "n/a",
        "-1",
        "- 1",
        "-1.0",
        "#VALUE!",
        "#N/A",
        "nan",
        "null",
        "?",
        None,
        -1,
        -1.0,
        float("nan"),
    ],
)
def test_number_is_unknown(cell: Any) -> None:
    assert read(cell) is None


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("-5", "negative"),
        (-5, "negative"),
        (-2.0, "negative"),
        ("1.5", "1.5 is not a whole number"),
        ("0,5", "0.5 is not a whole number"),
        (1.5, "1.5 is not a whole number"),
        ("1.2345K", "1234.5 is not a whole number"),
        ("12345.678", "12345.678 is not a whole number"),
        ("abc", "not a number"),
        ("10K+", "not a number"),
        ("~10", "not a number"),
        ("1e-5", "not a number"),
        ("1..2", "usual way"),
        ("12,34", "12.34 is not a whole number"),
        ("1 2", "usual way"),
        ("12.34.567", "usual way"),
        ("12 apples", "“apples” is not a unit"),
        ("12 mil", "thousand (12000) or million (12000000)"),
        ("1E99", "too large"),
        (str(BIGINT + 1), "too large"),
        (1e300, "too large"),
        (float("inf"), "not a number"),
        (True, "not a number"),
        ("9" * 61, "not a number"),
    ],
)
def test_number_is_an_error_with_a_sentence(cell: Any, says: str) -> None:
    with pytest.raises(CellError) as caught:
        read(cell)
    assert says in caught.value.message
    assert caught.value.column == "Followers"


@pytest.mark.parametrize(
    ("cell", "one", "other"),
    [("1,234", "1234", "1.234"), ("12.345", "12345", "12.345"), ("1.000", "1000", "1"), ("1,234K", "1234000", "1234")],
)
def test_two_readings_without_evidence_are_an_error_that_names_both(cell: Any, one: str, other: str) -> None:
    with pytest.raises(CellError) as caught:
        read(cell, "7", "12K", "1 234", cell)
    assert set(re.findall(r" as ([0-9.]*[0-9])", caught.value.message)) == {one, other}
    assert "No other cell" in caught.value.message


@pytest.mark.parametrize(
    ("cell", "proof", "value"),
    [
        ("1,234", "1,234,567", 1_234),
        ("1,234", "1.5K", 1_234),
        ("1,234", "2.58624E+11", 1_234),
        ("1.234", "12,5K", 1_234),
        ("1.234", "1.234.567", 1_234),
        ("1,234K", "12,5K", 1_234),
        ("1,234K", "12.5K", 1_234_000),
        ("12.345K", "1,234,567", 12_345),
    ],
)
def test_two_readings_are_settled_by_another_cell(cell: Any, proof: str, value: int) -> None:
    assert read(cell, proof).value == value


def test_settled_reading_may_be_a_fraction_and_is_then_an_error() -> None:
    with pytest.raises(CellError, match=r"1\.234 is not a whole number"):
        read("1,234", "12,5K")


def test_contradictory_cells_settle_nothing_but_read_themselves() -> None:
    with pytest.raises(CellError, match="contradict"):
        read("1,234", "1,234,567", "12,5K")
    assert read("12,5K", "1,234,567") == Count(12_500, 100)


def test_whole_column_is_asked_once_and_only_when_needed() -> None:
    asked = []

    def column() -> list[str]:
        asked.append(1)
        return ["1,234", "5.5K"]

    numbers = ColumnNumbers("Followers", whole_column=column)
    assert numbers.read("12K") == Count(12_000, 1_000)
    assert asked == []
    assert numbers.read("1,234") == Count(1_234)
    assert numbers.read("5,678") == Count(5_678)
    assert asked == [1]


@pytest.mark.parametrize(
    ("cell", "value", "step"),
    [
        ("1.5", 1500000, 100000),
        (1.5, 1500000, 100000),
        (20.0, 20000000, 1000000),
        (3, 3000000, 1000000),
        ("7", 7000000, 1000000),
        ("900K", 900000, 1000),
    ],
)
def test_unit_of_the_heading_counts_unless_the_cell_has_its_own(cell: Any, value: int, step: int) -> None:
    assert read(cell, unit=1_000_000) == Count(value, step)


def test_many_different_cells_are_read_without_keeping_them_all() -> None:
    numbers = ColumnNumbers("Followers")
    assert [numbers.read(f"{number}K").value for number in range(10_050)] == [
        number * 1_000 for number in range(10_050)
    ]
    assert len(numbers._known) < 10_000


def grouped(number: int, sign: str) -> str:
    return f"{number:,}".replace(",", sign)


@given(st.integers(0, BIGINT), st.sampled_from([",", "."]))
def test_grouped_number_with_a_proof_reads_as_itself(number: Any, sign: str) -> None:
    assert read(grouped(number, sign), grouped(1_234_567, sign)) == Count(number)


@given(st.integers(0, BIGINT), st.sampled_from([" ", "\u00a0", "\u2009", "\u202f", "'", "’"]))
def test_grouping_by_spaces_and_apostrophes_needs_no_proof(number: Any, sign: str) -> None:
    assert read(grouped(number, sign)) == Count(number)


@given(st.integers(1_000, 999_999), st.sampled_from([",", "."]))
def test_one_separator_before_three_digits_is_never_guessed(number: Any, sign: str) -> None:
    with pytest.raises(CellError):
        read(grouped(number, sign))


CELLS = st.one_of(
    st.integers(0, 10**12).map(str),
    st.builds(grouped, st.integers(0, 10**9), st.sampled_from([",", ".", " "])),
    st.builds(
        lambda n, sign, unit: f"{n / 10:.1f}".replace(".", sign) + unit,
        st.integers(1, 9_999),
        st.sampled_from(".,"),
        st.sampled_from("KM"),
    ),
)


@given(st.lists(CELLS, min_size=1, max_size=8), st.randoms())
def test_order_of_the_column_does_not_matter(cells: list[str], random: Any) -> None:
    def results(column: Any) -> dict[str, Any]:
        numbers = ColumnNumbers("Followers", whole_column=lambda: column)
        found = {}
        for cell in column:
            try:
                found[cell] = numbers.read(cell)
            except CellError as error:
                found[cell] = error.message
        return found

    shuffled = list(cells)
    random.shuffle(shuffled)
    assert results(cells) == results(shuffled)


@given(st.text(max_size=30))
def test_any_text_is_a_count_unknown_or_an_error(text: str) -> None:
    numbers = ColumnNumbers("Followers")
    try:
        count = numbers.read(text)
    except CellError as error:
        assert error.message  # noqa: PT017 - either outcome is right
    else:
        assert count is None or 0 <= count.value <= BIGINT


@given(st.decimals("0.1", "999.9", places=1), st.sampled_from([("K", 1_000), ("M", 1_000_000), ("B", 10**9)]))
def test_unit_and_step_agree_with_exact_arithmetic(number: Any, unit: Any) -> None:
    letter, factor = unit
    assume(number == number.quantize(Decimal("0.1")))
    assert read(f"{number}{letter}") == Count(int(number * factor), factor // 10)


@pytest.mark.parametrize("cell", ["500000", "1000", "1,000,000", 500_000, 500_000.0, "45 300"])
def test_a_number_that_may_be_written_in_full_under_a_unit_is_no_guess(cell: str | int | float) -> None:
    with pytest.raises(CellError, match="by the unit in the heading") as caught:
        ColumnNumbers("Followers (K)", unit=1_000).read(cell)
    assert caught.value.question == "unit"


@pytest.mark.parametrize(
    ("cell", "unit", "value"),
    [
        ("999", 1_000, 999_000),
        ("1234.5", 1_000, 1_234_500),
        ("5000K", 1_000, 5_000_000),
        (1_234.5, 1_000, 1_234_500),
        ("1000", 1_000_000, 1_000_000_000),
        (12, 1_000_000, 12_000_000),
    ],
)
def test_a_number_that_is_meant_in_the_unit_of_its_heading(cell: str | float, unit: int, value: int) -> None:
    count = ColumnNumbers("Followers", unit=unit).read(cell)
    assert count is not None
    assert count.value == value


@pytest.mark.parametrize(("answer", "value", "step"), [("heading", 500_000_000, 1_000), ("none", 500_000, 1)])
def test_who_knows_the_file_says_whether_the_unit_counts(answer: Any, value: int, step: int) -> None:
    numbers = ColumnNumbers("Followers (K)", unit=1_000, answers=Answers(unit=answer))
    assert numbers.read("500000") == Count(value, step)
    assert numbers.read(500_000) == Count(value, step)
    assert numbers.read("12") == Count(12_000, 1_000)
