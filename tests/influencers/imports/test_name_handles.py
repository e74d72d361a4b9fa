"""Cells with a name and a handle: which is which, and never a guess where either could be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influencers.imports.column_mapping import Answers
from influencers.imports.errors import CellError
from influencers.imports.name_handles import NameHandles, holds_both


def read(cell: str, *column: str, answers: Answers | None = None) -> tuple[str, str]:
    return NameHandles("Creator", whole_column=lambda: [cell, *column], answers=answers or Answers()).read(cell)


@pytest.mark.parametrize(
    ("cell", "name", "handle"),
    [
        ("Emma Larsen (@emmal)", "Emma Larsen", "@emmal"),
        ("Emma Larsen (emmal)", "Emma Larsen", "emmal"),
        ("Emma Larsen [emma.l]", "Emma Larsen", "emma.l"),
        ("@emmal (Emma Larsen)", "Emma Larsen", "@emmal"),
        ("emmal (Emma Larsen)", "Emma Larsen", "emmal"),
        ("Emma Larsen – emmal", "Emma Larsen", "emmal"),
        ("Emma Larsen - @emmal", "Emma Larsen", "@emmal"),
        ("emmal | Emma Larsen", "Emma Larsen", "emmal"),
        ("Emma – @emmal", "Emma", "@emmal"),
        ("Emma @emmal", "Emma", "@emmal"),
        ("@emmal, Emma", "Emma", "@emmal"),
        ("@emmal", "", "@emmal"),
        ("Emma Larsen", "Emma Larsen", ""),
        ("Emma  Larsen\n(@emmal)", "Emma Larsen", "@emmal"),
        ("Anne-Marie Lund / annem", "Anne-Marie Lund", "annem"),
        ("Emma Larsen https://www.instagram.com/emmal/", "Emma Larsen", "https://www.instagram.com/emmal/"),
        ("Emma Larsen (https://www.instagram.com/emmal/)", "Emma Larsen", "https://www.instagram.com/emmal/"),
        ("", "", ""),
        ("n/a", "", ""),
    ],
)
def test_name_and_handle_are_told_apart(cell: str, name: str, handle: str) -> None:
    assert read(cell) == (name, handle)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["Bo Lind – bolind"], ("Emma", "emmal")),
        (["Bo (@bo)"], ("Emma", "emmal")),
        (["bolind – Bo Lind"], ("emmal", "Emma")),
        (["@bo Bo"], ("emmal", "Emma")),
    ],
)
def test_order_of_two_words_is_proven_by_the_column(column: list[str], expected: tuple[str, str]) -> None:
    assert read("Emma – emmal", *column) == expected


@pytest.mark.parametrize("column", [[], ["@bo"], ["Bo Lind"], ["Bo Lind – bo", "bo – Bo Lind", "Ida (@ida)"]])
def test_order_that_nothing_proves_is_a_question(column: list[str]) -> None:
    with pytest.raises(CellError) as caught:
        read("Emma – emmal", *column)
    assert (caught.value.question, caught.value.column, caught.value.value) == ("order", "Creator", "Emma – emmal")


def test_order_can_be_answered() -> None:
    assert read("Emma – emmal", answers=Answers(order="name")) == ("Emma", "emmal")
    assert read("Emma (emmal)", answers=Answers(order="handle")) == ("emmal", "Emma")


@pytest.mark.parametrize("cell", ["emmal", "Emma Larsen – Ida Holm", "Emma Larsen (lives in Aarhus)"])
def test_cell_that_shows_no_handle_is_an_error_that_no_answer_helps(cell: str) -> None:
    with pytest.raises(CellError) as caught:
        read(cell)
    assert caught.value.question == ""
    assert "Write" in caught.value.message


def test_many_cells_are_read_without_keeping_them_all() -> None:
    reader = NameHandles("Creator")
    assert {reader.read(f"Emma Larsen (@e{number})") for number in range(1_500)} == {
        ("Emma Larsen", f"@e{number}") for number in range(1_500)
    }
    assert len(reader._known) <= 1_000


def test_only_marked_handles_beside_a_name_are_both() -> None:
    assert [holds_both(text) for text in ("Emma (@emmal)", "@emmal", "Emma Larsen", "Emma – emmal", "@a @b")] == [
        *(True, False, False, False, False)
    ]


NAMES = st.from_regex(r"[A-ZÆØÅ][a-zæøå]{1,8} [A-ZÆØÅ][a-zæøå]{1,8}", fullmatch=True)
HANDLES = st.from_regex(r"[a-z0-9_]([a-z0-9._]{0,10}[a-z0-9_])?", fullmatch=True)


@given(
    NAMES, HANDLES, st.sampled_from(["{0} (@{1})", "{0} - {1}", "{0} – @{1}", "@{1} {0}", "{1} | {0}", "@{1} ({0})"])
)
def test_what_is_put_together_is_taken_apart_again(name: str, handle: str, shape: str) -> None:
    found, who = read(shape.format(name, handle))
    assert (found, who.removeprefix("@")) == (name, handle)


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_read_or_an_error(text: str, column: list[Any]) -> None:
    try:
        name, handle = read(text, *column)
    except CellError as error:
        assert error.message  # noqa: PT017 - either outcome is right
    else:
        assert "\n" not in name + handle
