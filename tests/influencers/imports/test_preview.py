"""What a person sees and answers before a roster is imported."""

import io
from typing import Any

import pytest

from influencers.imports.errors import ImportRefused
from influencers.imports.preview import Preview, preview_roster
from influencers.imports.reading_options import ReadingOptions
from influencers.imports.roster_rows import RosterRow, read_roster
from influencers.imports.sheets import open_sheets
from tests.influencers.imports.tables import workbook


def preview(content: str | bytes, **kwargs: Any) -> Preview:
    return preview_roster(io.BytesIO(content.encode() if isinstance(content, str) else content), **kwargs)


def meanings(seen: Preview) -> list[tuple[str, str, bool]]:
    return [(column.header, column.meaning, column.is_guess) for column in seen.columns]


def asked(seen: Preview) -> dict[str, list[str]]:
    return {question.key: [choice.value for choice in question.choices] for question in seen.questions}


def answer(content: str | bytes, answers: dict[str, str]) -> Preview:
    """Answer as a person would, again and again, until nothing more is asked."""
    seen = preview(content)
    for _round in range(4):
        options, mapping = seen.answered(answers)
        seen = preview(content, options=options, mapping=mapping)
    return seen


def rows_after(content: str | bytes, seen: Preview) -> list[Any]:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    with open_sheets(stream, options=seen.options) as sheets:
        return list(read_roster(sheets, options=seen.options, mapping=seen.mapping).rows())


def test_preview_tells_columns_samples_and_what_they_are_read_as() -> None:
    seen = preview("Rank,Name,TikTok,Followers\n1,Jane,@jane,10.4M\n2,Joe,@joe,N/A\n3,Jim,@jim,12\n")
    assert meanings(seen) == [
        ("Rank", "", False),
        ("Name", "name", False),
        ("TikTok", "handle:tiktok", False),
        ("Followers", "followers", False),
    ]
    column = seen.columns[3]
    assert (column.key, column.because, column.samples) == ("3", "by its heading", ("10.4M", "N/A", "12"))
    assert [reading.text for reading in column.readings] == ["10,400,000 ± 50,000", "unknown", "12"]
    assert seen.columns[2].readings[0].text == "@jane on TikTok"
    assert seen.is_ready
    assert (seen.good, seen.refused, seen.is_whole) == (3, 0, True)
    assert [(row.line, row.cells, row.is_header) for row in seen.first_rows][:2] == [
        (1, ("Rank", "Name", "TikTok", "Followers"), True),
        (2, ("1", "Jane", "@jane", "10.4M"), False),
    ]


def test_preview_asks_which_platform_handles_are_on() -> None:
    text = "Name,Username\nJane,@jane\n"
    seen = preview(text)
    assert list(asked(seen)) == ["platform"]
    assert not seen.is_ready
    seen = answer(text, {"platform": "tiktok"})
    assert seen.is_ready
    assert seen.options == ReadingOptions(platform="tiktok")
    (row,) = rows_after(text, seen)
    assert row.accounts[0].url == "https://www.tiktok.com/@jane"


def test_preview_asks_which_of_two_columns_has_a_meaning() -> None:
    text = "Instagram,Followers,Followers\njane,13812345,13.8M\n"
    seen = preview(text)
    assert [column.header for column in seen.columns][1:] == ["Followers (Column B)", "Followers (Column C)"]
    assert asked(seen) == {"rivals.1": ["1", "2"]}
    seen = answer(text, {"rivals.1": "1"})
    assert seen.is_ready
    assert seen.mapping == {"0": "handle:instagram", "1": "followers", "2": ""}
    (row,) = rows_after(text, seen)
    assert row.accounts[0].followers.value == 13_812_345


@pytest.mark.parametrize(("sign", "value"), [(".", 1_234_000), (",", 1_234)])
def test_preview_asks_about_numbers_with_two_readings(sign: str, value: int) -> None:
    text = 'Instagram,Followers\njane,"1,234K"\n'
    seen = preview(text)
    assert asked(seen) == {"1.decimal": [".", ","]}
    assert seen.refused == 1
    assert seen.columns[1].readings[0].is_error
    seen = answer(text, {"1.decimal": sign})
    assert (seen.is_ready, seen.refused) == (True, 0)
    (row,) = rows_after(text, seen)
    assert row.accounts[0].followers.value == value


@pytest.mark.parametrize(("unit", "value"), [("thousand", 12_000), ("million", 12_000_000)])
def test_preview_asks_what_mil_means(unit: str, value: int) -> None:
    text = "Instagram,Seguidores\njane,12 mil\n"
    assert asked(preview(text)) == {"1.mil": ["thousand", "million"]}
    (row,) = rows_after(text, answer(text, {"1.mil": unit}))
    assert row.accounts[0].followers.value == value


def test_preview_asks_whose_figures_these_are() -> None:
    text = "Instagram,TikTok,Followers\njane,jane,5\n"
    assert asked(preview(text)) == {"2.whose": ["instagram", "tiktok"]}
    (row,) = rows_after(text, answer(text, {"2.whose": "tiktok"}))
    assert [account.followers and account.followers.value for account in row.accounts] == [None, 5]


def test_preview_of_several_sheets_asks_which() -> None:
    content = workbook(
        [["Name", "Handle"], ["Jane", "@jane"]],
        title="Instagram",
        more=[("TikTok", [["Name", "Handle"], ["Joe", "joe"]])],
    )
    assert asked(preview(content)) == {"sheet": ["Instagram", "TikTok", "*"]}
    seen = answer(content, {"sheet": "*"})
    assert seen.is_ready
    rows = rows_after(content, seen)
    assert [
        (row.sheet, row.line, row.accounts[0].platform, row.name) for row in rows if isinstance(row, RosterRow)
    ] == [
        ("Instagram", 2, "instagram", "Jane"),
        ("TikTok", 2, "tiktok", "Joe"),
    ]


def test_preview_of_a_file_without_headings_proposes_by_the_look() -> None:
    text = "1,Jane Doe,@jane,10.4M,DK\n2,Joe Doe,@joe,7K,NL\n3,Jim Roe,@jim,8K,DE\n"
    seen = preview(text)
    assert seen.facts.header_row == 0
    assert meanings(seen) == [
        ("Column A", "", False),
        ("Column B", "name", True),
        ("Column C", "handle", True),
        ("Column D", "followers", True),
        ("Column E", "country", True),
    ]
    seen = answer(text, {"platform": "instagram"})
    rows = rows_after(text, seen)
    assert [(row.line, row.name, row.country) for row in rows] == [
        (1, "Jane Doe", "DK"),
        (2, "Joe Doe", "NL"),
        (3, "Jim Roe", "DE"),
    ]


def test_answers_that_were_not_offered_are_refused() -> None:
    seen = preview("Name,Username\nJane,@jane\n")
    with pytest.raises(ImportRefused, match="“myspace” is no answer to: Which platform"):
        seen.answered({"platform": "myspace"})
    assert seen.answered({"gone": "x"}) == (ReadingOptions(), {"0": "name", "1": "handle"})


def test_preview_says_what_no_click_can_answer() -> None:
    seen = preview("Name,Followers\nJane,5\n")
    assert seen.problems == ("No column of this file holds handles or profile links. Its columns: Name, Followers.",)
    assert not seen.is_ready


@pytest.mark.parametrize(
    ("shape", "name", "handles"), [("both", "Emma", ["emmal"]), ("as they are", "Emma (@emmal)", [])]
)
def test_preview_asks_whether_names_hold_handles(shape: str, name: str, handles: list[str]) -> None:
    text = "Name,Country\nEmma (@emmal),DK\n"
    assert asked(preview(text)) == {"0.shape": ["both", "as they are"]}
    seen = answer(text, {"0.shape": shape, "platform": "instagram"})
    assert seen.is_ready
    (row,) = rows_after(text, seen)
    assert (row.name, [account.handle for account in row.accounts]) == (name, handles)


def test_preview_asks_what_comes_first() -> None:
    text = "Name and handle,Country\nEmma – emmal,DK\n"
    seen = preview(text, mapping={"0": "name_handle:x"})
    assert asked(seen) == {"0.order": ["name", "handle"]}
    options, mapping = seen.answered({"0.order": "handle"})
    assert mapping == {"0": "name_handle:x", "1": "country", "0.order": "handle"}
    seen = preview(text, options=options, mapping=mapping)
    assert seen.is_ready
    assert seen.columns[0].readings[0].text == "@Emma on X, named emmal"


def test_preview_asks_what_to_do_with_errors_of_the_spreadsheet() -> None:
    content = workbook([["Instagram", "Followers"], ["jane", "#REF!"], ["joe", 5]])
    seen = preview(content)
    assert asked(seen) == {"1.errors": ["empty", "refuse"]}
    assert (seen.columns[1].readings[0].is_error, seen.good, seen.refused) == (True, 1, 1)
    assert [
        (seen.good, seen.refused) for seen in (answer(content, {"1.errors": value}) for value in ("empty", "refuse"))
    ] == [
        (2, 0),
        (1, 1),
    ]


def test_preview_of_formulas_that_were_never_calculated_is_a_problem() -> None:
    (problem,) = preview(workbook([["Instagram", "Followers"], ["jane", "=1+1"]])).problems
    assert "never calculated (line 2)" in problem


def test_preview_says_why_a_column_is_left_out() -> None:
    seen = preview("Creator,Artist,Notes,Instagram\nJane,J,x,jane\n", mapping={"0": "name", "2": ""})
    assert [(column.meaning, column.because) for column in seen.columns] == [
        ("name", "by its heading"),
        ("", "another column has this meaning"),
        ("", ""),
        ("handle:instagram", "by its heading"),
    ]
    assert preview("Fans,Instagram\n5,jane\n", mapping={"0": "tags"}).columns[0].because == "chosen"


def test_preview_shows_how_cells_of_every_kind_are_read() -> None:
    text = (
        "Platform,Handle,Country,Language,Niche,Tags,E-mail,Status,User ID,Name\n"
        'TikTok,@jane,Danmark,"English, xx","Food; Travel",vip,j@example.com,lead,6.99895E+18,Jane\n'
        ",@joe,Atlantis,,,,no,,7,n/a\n"
    )
    seen = preview(text)
    read = [[(reading.text, reading.is_error) for reading in column.readings] for column in seen.columns]
    assert read[0] == [("TikTok", False)]
    assert [is_error for _text, is_error in read[1]] == [True, True]
    assert read[2][0] == ("DK", False)
    assert "not a country" in read[2][1][0]
    assert "not a language" in read[3][0][0]
    assert (read[4], read[5]) == ([("Food · Travel", False)], [("vip", False)])
    assert read[6][0] == ("j@example.com", False)
    assert read[7] == [("prospect", False)]
    assert "has rounded this id" in read[8][0][0]
    assert read[8][1] == ("7", False)
    assert read[9] == [("Jane", False), ("unknown", False)]


def test_preview_of_a_file_without_headings_says_what_to_do() -> None:
    seen = preview("5,7\n6,8\n", options=ReadingOptions(header_row=0), mapping={"0": "", "1": ""})
    assert seen.problems == ("This file has no row of headings. Say what each of its columns means.",)


def test_preview_asks_what_the_first_row_is_where_no_heading_is_known() -> None:
    text = "foo,bar\nJane,jane\n"
    assert asked(preview(text)) == {"header_row": ["headings", "creator"]}
    options, _mapping = preview(text).answered({"header_row": "creator"})
    assert options == ReadingOptions(header_row=0)
    options, _mapping = preview("12,K\nJane,jane\n").answered({"header_row": "headings"})
    assert options == ReadingOptions(header_row=1)


def test_preview_of_a_long_file_reads_its_beginning() -> None:
    text = "Instagram\n" + "".join(f"jane{number}\n" for number in range(10_050))
    seen = preview(text)
    assert (seen.good, seen.is_whole) == (10_000, False)


def test_followers_beyond_mankind_are_told() -> None:
    seen = preview('Instagram,Followers (M)\njane,12500000\njoe,"16,037"\n')
    assert [reading.text for reading in seen.columns[1].readings] == [
        "That is more than there are people. Is the unit right?",
        "16,037,000 ± 500",
    ]


def test_other_columns_forget_what_was_said_of_the_first_ones() -> None:
    text = "foo,bar\nJane Doe,@jane\nJoe Doe,@joe\n"
    seen = preview(text)
    assert meanings(seen) == [("foo", "", False), ("bar", "handle", True)]
    options, mapping = seen.answered({"header_row": "creator", "platform": "x"})
    assert (options, mapping) == (ReadingOptions(header_row=0, platform="x"), {})
    content = workbook(
        [["Name", "Instagram"], ["Jane", "jane"]], title="A", more=[("B", [["TikTok", "Name"], ["joe", "Joe"]])]
    )
    seen = answer(content, {"sheet": "B"})
    assert seen.mapping == {"0": "handle:tiktok", "1": "name"}
    (row,) = rows_after(content, seen)
    assert (row.name, row.accounts[0].platform) == ("Joe", "tiktok")


def test_preview_asks_whose_figures_these_are_beside_names_with_handles() -> None:
    text = "Creator,TikTok,Followers\nEmma (@emma),emma.tt,5\n"
    seen = preview(text, mapping={"0": "name_handle:instagram"})
    assert asked(seen) == {"2.whose": ["tiktok", "instagram"]}


@pytest.mark.parametrize(("said", "followers"), [("heading", 500_000_000), ("none", 500_000)])
def test_a_unit_that_may_not_count_is_asked_about(said: str, followers: int) -> None:
    text = "Name;Instagram;Followers (K)\nAnna;anna;500000\nBo;bo;12\n"
    assert asked(preview(text)) == {"2.unit": ["heading", "none"]}
    rows = rows_after(text, answer(text, {"2.unit": said}))
    assert [row.accounts[0].followers.value for row in rows] == [followers, 12_000]
