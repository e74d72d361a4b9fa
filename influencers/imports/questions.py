"""What must be answered before a file can be imported, each question with the choices that a person can click."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from influencers.imports.cells import shown
from influencers.imports.errors import ImportRefused, RowError
from influencers.imports.handles import PLATFORMS
from influencers.imports.headers import Column
from influencers.imports.meaning_choices import PLATFORM_LABELS, meaning_label
from influencers.imports.reading_options import ALL_SHEETS, ReadingOptions
from influencers.imports.sheet import SheetFacts


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer; choosing it adds these entries to the mapping and these values to the options."""

    value: str
    label: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `key` stays the same while the file does, `columns` are the keys of the columns that it is about."""

    key: str
    text: str
    choices: tuple[Choice, ...]
    columns: tuple[str, ...] = ()


def answered(
    questions: Iterable[Question], answers: Mapping[str, str], options: ReadingOptions, mapping: Mapping[str, str]
) -> tuple[ReadingOptions, dict[str, str]]:
    """Return options and mapping with the answers in them (question's key → choice's value).

    Another sheet or another row of headings means other columns, so that what was said of columns is then forgotten.
    ImportRefused for an answer that is not among the choices; an answer to what is no longer asked changes nothing.
    """
    chosen = list(_chosen(questions, answers))
    is_other_table = any({"sheet", "header_row"} & set(choice.options) for choice in chosen)
    told = {} if is_other_table else dict(mapping)
    decided = options.as_dict()
    for choice in chosen:
        told.update({} if is_other_table else choice.mapping)
        decided.update(choice.options)
    return ReadingOptions.from_dict(decided), told


def _chosen(questions: Iterable[Question], answers: Mapping[str, str]) -> Iterator[Choice]:
    for question in questions:
        value = answers.get(question.key)
        if value is None:
            continue
        choice = next((choice for choice in question.choices if choice.value == value), None)
        if choice is None:
            raise ImportRefused(
                _("“%(value)s” is no answer to: %(question)s") % {"value": value, "question": question.text}
            )
        yield choice


def about_sheets(facts: SheetFacts, with_headings: Sequence[str]) -> list[Question]:
    """Ask which sheet is meant where several look like tables."""
    if len(with_headings) < 2:
        return []
    names = [Choice(name, name, options={"sheet": name}) for name in with_headings]
    everything = Choice(ALL_SHEETS, _("All of them"), options={"sheet": ALL_SHEETS})
    text = _("This workbook has %(count)s sheets with tables. Which one is to be imported?")
    return [Question("sheet", text % {"count": len(with_headings)}, (*names, everything))]


def about_headings(facts: SheetFacts, first_row: int) -> list[Question]:
    """Ask whether the first row holds headings where nothing in it is known."""
    if facts.is_header_sure:
        return []
    text = _("No heading of this file is known here. What stands in row %(row)s?")
    row = facts.header_row or first_row
    choices = (
        Choice("headings", _("Headings"), options={"header_row": row}),
        Choice("creator", _("A creator: the file has no headings"), options={"header_row": 0}),
    )
    return [Question("header_row", text % {"row": f"{row:,}"}, choices)]


def about_platform(column: Column, key: str) -> Question:
    """Ask which platform handles are on that nothing in the file places."""
    text = _("Which platform are the handles in “%(column)s” on?") % {"column": column.header}
    choices = tuple(
        Choice(name, str(PLATFORM_LABELS[name]), options={"platform": name}) for name in PLATFORMS if name != "other"
    )
    return Question("platform", text, choices, (key,))


def about_rivals(columns: Sequence[tuple[Column, str, str]]) -> Question:
    """Ask which of the columns (column, key, a sample) that claim one meaning has it; the others are left out then."""
    meaning = columns[0][0].meaning
    text = _("%(count)s columns say that they hold: %(meaning)s. Which one is right?")
    choices = tuple(
        Choice(
            key,
            _("%(column)s, such as %(sample)s") % {"column": column.header, "sample": sample}
            if sample
            else column.header,
            mapping={other: meaning if other == key else "" for _column, other, _sample in columns},
        )
        for column, key, sample in columns
    )
    values = {"count": len(columns), "meaning": meaning_label(meaning)}
    keys = tuple(key for _column, key, _sample in columns)
    return Question(f"rivals.{keys[0]}", text % values, choices, keys)


def about_shape(column: Column, key: str, sample: str) -> Question:
    """Ask whether cells of a column of names or handles hold both."""
    text = _("“%(column)s” has cells such as “%(value)s”. What are they?")
    both = "name_handle" + column.meaning.removeprefix(column.kind)
    choices = (
        Choice("both", meaning_label(both), {key: both}),
        Choice("as they are", meaning_label(column.meaning), {key: column.meaning, f"{key}.shape": "one"}),
    )
    return Question(f"{key}.shape", text % {"column": column.header, "value": shown(sample)}, choices, (key,))


def about_cell(column: Column, key: str, error: RowError, platforms: Sequence[str]) -> Question:
    """Ask what would let a cell be read that has two readings; `platforms` are those that the row's accounts can be on."""
    values = {"column": column.header, "value": error.value, "line": f"{error.row:,}"}
    such = _("“%(column)s” has cells such as “%(value)s” (line %(line)s).") % values
    texts = {
        "decimal": _("What is the sign between the digits?"),
        "mil": _("What does “mil” mean?"),
        "unit": _("Does the unit in the heading count for them?"),
        "order": _("What comes first?"),
        "errors": _("These are errors of the spreadsheet. What to do with them?"),
        "whose": _("Whose figures are these, where a row has several accounts?"),
    }
    choices: dict[str, tuple[Choice, ...]] = {
        "decimal": (
            Choice(".", _("A thousands separator: 1,234 is one thousand two hundred thirty-four") if "," in error.value
                   else _("A decimal sign: 1.234 is a little more than one"), {f"{key}.decimal": "."}),
            Choice(",", _("A decimal sign: 1,234 is a little more than one") if "," in error.value
                   else _("A thousands separator: 1.234 is one thousand two hundred thirty-four"), {f"{key}.decimal":
                   ","}),
        ),
        "mil": (
            Choice("thousand", _("Thousand"), {f"{key}.mil": "thousand"}),
            Choice("million", _("Million"), {f"{key}.mil": "million"}),
        ),
        "unit": (
            Choice("heading", _("Yes, every number is meant in that unit"), {f"{key}.unit": "heading"}),
            Choice("none", _("No, numbers as large as that are written in full"), {f"{key}.unit": "none"}),
        ),
        "order": (
            Choice("name", _("The name"), {f"{key}.order": "name"}),
            Choice("handle", _("The handle"), {f"{key}.order": "handle"}),
        ),
        "errors": (
            Choice("empty", _("Read them as empty"), {f"{key}.errors": "empty"}),
            Choice("refuse", _("Refuse these rows"), {f"{key}.errors": "refuse"}),
        ),
        "whose": tuple(
            Choice(name, meaning_label(f"followers:{name}"), {key: f"followers:{name}"}) for name in platforms
        ),
    }  # fmt: skip
    return Question(f"{key}.{error.question}", f"{such} {texts[error.question]}", choices[error.question], (key,))
