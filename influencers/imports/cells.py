"""What a single cell can hold, and its text cleared of what spreadsheets add."""

import re
from datetime import date, datetime, time

Cell = str | int | float | bool | datetime | date | time | None

# What spreadsheets show where a formula failed. Such a cell says nothing, whatever its column.
ERROR_CELLS = frozenset(
    {
        "#value!",
        "#n/a",
        "#ref!",
        "#div/0!",
        "#name?",
        "#null!",
        "#num!",
        "#spill!",
        "#calc!",
        "#getting_data",
        "#error!",
    }
)
# What people write where they know nothing. Only for numbers and days: "none" could be somebody's name.
UNKNOWN_WORDS = frozenset(
    {"", "-", "--", "–", "—", "?", "n/a", "na", "n.a.", "n.a", "nan", "null", "none", "unknown", "hidden", "tbd", "tba"}
)
# The few marks that stand for "nothing" even in a column of names and handles.
EMPTY_MARKS = frozenset({"", "-", "--", "–", "—", "n/a"})
# What nobody means as a handle. Who really is called so can be written with the @, or as an address.
_NO_HANDLES = UNKNOWN_WORDS | {"0", "-1", "−1", "0.0", "-1.0"}
_LONGEST_NO_HANDLE = max(map(len, _NO_HANDLES))
_LONGEST_MARK = max(map(len, EMPTY_MARKS))

# Control characters (PostgreSQL refuses NUL) and marks that only steer a reader; tabs and line breaks stay.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Exports put an apostrophe before a cell that a spreadsheet would take for a formula.
_GUARDED = re.compile(r"'(?=[=+\-@])")
SHOWN_CHARACTERS = 200


def plain_text(cell: Cell) -> str:
    """Return the cell as trimmed text, empty for an empty cell and for a spreadsheet's error value."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.strip()
        if text.isprintable() and not text.startswith(("'", "#")):
            return text
        text = _CONTROLS.sub("", text).strip()
        if _GUARDED.match(text):
            text = text[1:]
        return "" if text.lower() in ERROR_CELLS else text
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def words(cell: Cell) -> str:
    """Return the cell as text for names and handles, empty where only a dash or «n/a» stands."""
    text = plain_text(cell)
    return "" if len(text) <= _LONGEST_MARK and text.lower() in EMPTY_MARKS else text


def profile_words(cell: Cell) -> str:
    """Return the cell as text for handles and addresses, empty where it says that there is none or that it is unknown."""
    text = words(cell)
    return "" if len(text) <= _LONGEST_NO_HANDLE and text.lower() in _NO_HANDLES else text


def one_line(cell: Cell) -> str:
    """Return the cell as `words` does, with single blanks between the words."""
    text = words(cell)
    # What is printable has no other blanks than plain ones.
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def is_unknown(cell: Cell) -> bool:
    """Say whether a cell of a number or day column says that nothing is known."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return plain_text(cell).lower() in UNKNOWN_WORDS
    return isinstance(cell, float) and cell != cell


def shown(cell: Cell) -> str:
    """Return the cell as an error message repeats it: its own text, cut to a readable length."""
    text = "" if cell is None else cell if isinstance(cell, str) else plain_text(cell)
    text = _CONTROLS.sub("", text)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
