"""What a mapping may name, and what of it speaks of one of several sheets."""

import pytest

from influencers.imports.column_mapping import Answers, of_sheet
from influencers.imports.errors import ImportRefused
from influencers.imports.headers import read_columns


def used(headers: list[str], mapping: dict[str, str]) -> list[tuple[int, str, str]]:
    return [(column.index, column.header, column.meaning) for column in read_columns(headers, "roster", mapping).used]


def test_columns_are_named_by_place_number_heading_or_letter() -> None:
    mapping = {"0": "name", "#2": "handle:x", "Größe": "niche", "Column D": "city"}
    assert used(["a", "b", "Grosse", ""], mapping) == [
        (0, "a", "name"),
        (1, "b", "handle:x"),
        (2, "Grosse", "niche"),
        (3, "Column D", "city"),
    ]


def test_number_beyond_the_columns_is_a_heading() -> None:
    assert used(["Name", "2024"], {"2024": "followers"}) == [(0, "Name", "name"), (1, "2024", "followers")]
    assert used(["7", "1"], {"1": "name"}) == [(1, "1", "name")]


def test_doubled_headings_are_told_apart_by_their_letter() -> None:
    columns = read_columns(["Name", "Fans", "Fans"], "roster", {"1": "followers:x", "2": "followers:tiktok"})
    assert columns.as_mapping() == {
        "Name": "name",
        "Fans (Column B)": "followers:x",
        "Fans (Column C)": "followers:tiktok",
    }
    assert read_columns(["Name", "Fans", "Fans"], "roster", columns.as_mapping()) == columns


def test_empty_meaning_leaves_a_column_out() -> None:
    assert used(["Name", "City"], {"1": ""}) == [(0, "Name", "name")]


def test_answers_stand_at_their_column() -> None:
    mapping = {"Fans": "followers", "Fans.decimal": ",", "1.mil": "million", "#1.errors": "empty", "0.order": "handle"}
    name, fans = read_columns(["Name", "Fans"], "roster", mapping).used
    assert fans.answers == Answers(decimal=",", mil="million")
    assert name.answers == Answers(errors="empty", order="handle")


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"0.decimal": "x"}, "“x” is no answer to “0.decimal”. Answers are: . ,"),
        ({"0.colour": "red"}, "names the column “0.colour”, which the file does not have"),
        ({"7.decimal": ","}, "names the column “7.decimal”"),
        ({"": "name"}, "names the column “”"),
    ],
)
def test_answers_that_do_not_exist_are_refused(mapping: dict[str, str], says: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        read_columns(["Name"], "roster", mapping)
    assert says in caught.value.message


def test_heading_with_a_dot_is_a_heading() -> None:
    assert used(["No. decimal"], {"No. decimal": "name"}) == [(0, "No. decimal", "name")]


def test_of_several_sheets_each_hears_what_is_said_of_it() -> None:
    headers = {"IG": ["Name", "Who"], "TT": ["Name", "Fans"]}
    mapping = {"Who": "handle", "Fans": "followers", "0": "name", "IG!1": "city", "TT!1.decimal": ",", "Gone": "name"}
    assert of_sheet(mapping, "IG", headers) == {"Who": "handle", "0": "name", "1": "city", "Gone": "name"}
    assert of_sheet(mapping, "TT", headers) == {"Fans": "followers", "0": "name", "1.decimal": ",", "Gone": "name"}
