"""What an import can answer besides rows: a refused file, an unreadable cell, a refused row."""

from dataclasses import dataclass

from agency.errors import Refused


class ImportRefused(Refused):
    """The whole file is refused; the text is a sentence with the reason and the mend, and nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CellError(ValueError):
    """One cell cannot be read; `message` is a sentence for the person who made the file.

    `question` names what a person could answer so that it can be read (see `column_mapping`), empty if nothing helps
    but mending it.
    """

    def __init__(self, column: str, value: str, message: str, question: str = "") -> None:
        super().__init__(message)
        self.column = column
        self.value = value
        self.message = message
        self.question = question


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row is refused; `row` is the line as a spreadsheet shows it, `sheet` is empty where one sheet was read."""

    row: int
    column: str
    value: str
    message: str
    sheet: str = ""
    question: str = ""

    def as_dict(self) -> dict[str, int | str]:
        """Return the shape that the import commands print; the sheet stands there where several were read."""
        shape: dict[str, int | str] = {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "message": self.message,
        }
        return {**shape, "sheet": self.sheet} if self.sheet else shape


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not imported, with everything that is wrong with it; the other rows are not touched by that."""

    line: int
    errors: tuple[RowError, ...]
    sheet: str = ""

    @classmethod
    def of(cls, line: int, *errors: CellError, sheet: str = "") -> "RefusedRow":
        """Return the refusal of the row on this line."""
        return cls(
            line,
            tuple(RowError(line, error.column, error.value, error.message, sheet, error.question) for error in errors),
            sheet,
        )
