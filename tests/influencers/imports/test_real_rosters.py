"""The real lists, as a person would bring them in: what has to be answered, how many rows, how many are refused."""

from collections import Counter
from pathlib import Path

import pytest

from influencers.imports.errors import RefusedRow
from influencers.imports.preview import Preview, preview_roster
from influencers.imports.roster_rows import read_roster
from influencers.imports.sheets import open_sheets

STATES = "posts-fanpagekarma-br-gov/Lista amostra.xlsx"


def brought_in(path: Path, answers: dict[str, str]) -> tuple[list[str], Preview, Counter[str]]:
    """Answer until nothing is asked; return what was asked, the last preview, and rows by what became of them."""
    asked: list[str] = []
    seen = preview_roster(path)
    while seen.questions:
        asked.extend(question.key for question in seen.questions)
        options, mapping = seen.answered({question.key: answers[question.key] for question in seen.questions})
        seen = preview_roster(path, options=options, mapping=mapping)
    assert seen.problems == ()
    with open_sheets(path, options=seen.options) as sheets:
        rows = list(read_roster(sheets, options=seen.options, mapping=seen.mapping).rows())
    kinds = Counter(
        "refused" if isinstance(row, RefusedRow) else "good" if row.repeats_line is None else "repeated" for row in rows
    )
    return asked, seen, kinds


@pytest.mark.parametrize(
    ("name", "answers", "asked", "kinds"),
    [
        ("roster-nigeria-tiktok/influencers.csv", {"platform": "tiktok"}, ["platform"], {"good": 200}),
        ("roster-notable-tech-handles/influencers.csv", {}, [], {"good": 90}),
        ("roster-spark-ar-handles/creators.csv", {}, [], {"good": 9_688, "repeated": 8, "refused": 34}),
        ("roster-youtube-top1000-2024/Top Youtubers Dataset.csv", {}, [], {"good": 999, "refused": 1}),
        (STATES, {"sheet": "Municípios"}, ["sheet"], {"good": 153, "refused": 2}),
        (STATES, {"sheet": "Estados"}, ["sheet"], {"good": 27}),
        (STATES, {"sheet": "*"}, ["sheet"], {"good": 179, "repeated": 1, "refused": 2}),
    ],
)
def test_real_list_comes_in_with_few_answers(
    shared_data: Path, name: str, answers: dict[str, str], asked: list[str], kinds: dict[str, int]
) -> None:
    questions, seen, found = brought_in(shared_data / name, answers)
    assert (questions, dict(found)) == (asked, kinds)
    assert seen.is_whole
    assert seen.good + seen.refused == sum(kinds.values())


def test_real_list_of_two_sheets_shows_both(shared_data: Path) -> None:
    seen = preview_roster(shared_data / STATES)
    assert [(sheet.name, sheet.is_read) for sheet in seen.sheets] == [("Municípios", True), ("Estados", False)]
    assert [choice.value for choice in seen.questions[0].choices] == ["Municípios", "Estados", "*"]


def test_real_list_with_failed_formulas_asks_what_they_mean_once_their_column_is_read(shared_data: Path) -> None:
    options, _mapping = preview_roster(shared_data / STATES).answered({"sheet": "Municípios"})
    seen = preview_roster(shared_data / STATES, options=options, mapping={"1": "name"})
    assert [question.key for question in seen.questions] == ["1.errors"]
    refused = seen.refused
    options, mapping = seen.answered({"1.errors": "empty"})
    seen = preview_roster(shared_data / STATES, options=options, mapping=mapping)
    assert (seen.is_ready, seen.refused < refused, seen.good + seen.refused) == (True, True, 155)
