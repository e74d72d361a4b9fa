"""Where headings are, and how a table without any is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influencers.imports.column_looks import strong_look, weak_look
from influencers.imports.header_search import HeaderPlace, find_header, is_address
from influencers.imports.headers import recognised, sheet_platform


def found(*rows: list[Any]) -> HeaderPlace:
    return find_header(rows, recognised)


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["Name", "Username"], ["Jane", "@jane"]], HeaderPlace(1, 2, is_sure=True)),
        ([["List"], [], ["Name", "Username"]], HeaderPlace(3, 2, is_sure=True)),
        ([["Name", "Handle", "2024"], ["Jane", "jane", "5"]], HeaderPlace(1, 2, is_sure=True)),
        ([["ig_username", ""], ["jane", ""]], HeaderPlace(1, 1, is_sure=True)),
        ([["foo", "bar", "Name"], ["a", "b", "c"]], HeaderPlace(1, 1, is_sure=False)),
        ([["foo", "bar"], ["a", "b"]], HeaderPlace(1, 0, is_sure=False)),
        ([[], ["foo", "bar"], ["1", "2"]], HeaderPlace(2, 0, is_sure=False)),
        ([["Jane", "@jane"], ["Joe", "@joe"]], HeaderPlace(0, 0, is_sure=True)),
        ([["Jane", "12K"], ["Joe", "7K"]], HeaderPlace(0, 0, is_sure=False)),
        ([["Jane", 12], ["Joe", 7]], HeaderPlace(0, 0, is_sure=False)),
        ([["Jane", "instagram", "@jane"], ["Joe", "tiktok", "@joe"]], HeaderPlace(0, 0, is_sure=True)),
        ([["Jane", "instagram"], ["Joe", "instagram"], ["7", "tiktok"]], HeaderPlace(1, 0, is_sure=False)),
        ([["Jane", "instagram"], ["Joe", "instagram"], ["Jim", "tiktok"]], HeaderPlace(1, 0, is_sure=False)),
        ([["Name", "Username"], ["Name", "Username"], ["Jane", "jane"]], HeaderPlace(1, 2, is_sure=True)),
        ([["jane@example.com"], ["joe@example.com"]], HeaderPlace(0, 0, is_sure=True)),
        ([["instagram.com/jane"], ["instagram.com/joe"]], HeaderPlace(0, 0, is_sure=True)),
        ([], HeaderPlace(1, 0, is_sure=False)),
    ],
)
def test_headings_are_found_or_known_to_be_missing(rows: list[list[Any]], place: HeaderPlace) -> None:
    assert found(*rows) == place


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        *[("@jane", True), ("https://a.b/c", True), ("jane@example.com", True), ("tiktok.com/@jane", True)],
        *[("jane", False), ("instagram.com", False), ("@", False), ("", False), (None, False), (5, False)],
    ],
)
def test_addresses_are_no_headings(cell: Any, expected: bool) -> None:
    assert is_address(cell) is expected


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(), st.floats()), max_size=4), max_size=5)
)
def test_any_rows_have_a_place_for_headings(rows: list[list[Any]]) -> None:
    place = found(*rows)
    assert 0 <= place.row <= max(1, len(rows))


@pytest.mark.parametrize(
    ("values", "strong", "weak"),
    [
        (["a@b.dk", "mailto:c@d.dk"], "email", ""),
        (["instagram.com/a", "https://www.instagram.com/b/"], "url:instagram", ""),
        (["instagram.com/a", "https://x.com/b"], "url", ""),
        (["@a", "@b"], "handle", ""),
        (["Jane Doe (@a)", "Joe Doe @b"], "name_handle", ""),
        (["jane.doe", "joe_doe", "jim1"], "", "handle"),
        (["Jane Doe", "Joe Doe Jr.", "Jim"], "", "name"),
        (["IG", "TikTok"], "", "platform"),
        (["de", "pt", "en"], "", "language"),
        (["DE", "Portugal", "UK"], "", "country"),
        (["1", "2", "3"], "", ""),
        (["3", "1", "2"], "", "followers"),
        (["5"], "", "followers"),
        (["1.2K", "3M"], "", "followers"),
        (["Food", "Travel", "Food", "Travel", "Food"], "", "niche"),
        (["Food", "Travel"], "", ""),
        (["…", "!"], "", ""),
        ([], "", ""),
        ([None, "n/a"], "", ""),
    ],
)
def test_columns_are_proposed_by_the_look_of_their_values(values: list[Any], strong: str, weak: str) -> None:
    assert strong_look(values) == strong
    if not strong and values != [None, "n/a"]:
        assert weak_look(values) == weak


@pytest.mark.parametrize(
    ("name", "platform"),
    [
        *[("Instagram", "instagram"), ("TikTok creators", "tiktok"), ("tik tok", "tiktok"), ("YT 2024", "youtube")],
        *[("Instagram + TikTok", None), ("Sheet1", None), ("", None), ("Twitter/X", "x")],
    ],
)
def test_platform_that_a_sheet_is_named_after(name: str, platform: str | None) -> None:
    assert sheet_platform(name) == platform
