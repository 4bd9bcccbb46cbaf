"""Reads CSV tables cell by cell and gathers every fault with file, row and column; the header is row 1."""

import csv
import io
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SheetFault:
    """`row` 0: the file as a whole."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        row = f"row {self.row}" if self.row else ""
        column = f"column {self.column}" if self.column else ""
        place = ", ".join(part for part in (row, column) if part)
        return ": ".join(part for part in (self.file, place, self.message) if part)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file; cells are NFC text without spaces around it."""

    file: str
    row: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        return self.cells.get(column, "")


class Reading:
    """One go at a set of tables. Nothing raises: what is wrong lands in `faults`, and a stand-in is given back."""

    def __init__(self) -> None:
        self.faults: list[SheetFault] = []

    def lines(self, file: str, text: str, columns: Sequence[str]) -> list[Line]:
        """The rows of a table that has at least these columns; a text before any row may carry a BOM."""
        rows = list(csv.reader(io.StringIO(unicodedata.normalize("NFC", text.removeprefix("\ufeff")))))
        header = [cell.strip() for cell in rows[0]] if rows else []
        missing = [column for column in columns if column not in header]
        for column in missing:
            self.faults.append(SheetFault(file, 1, column, "this column is missing"))
        if missing:
            return []
        return [line for number, row in enumerate(rows[1:], start=2) if (line := self._line(file, number, header, row))]

    def fault(self, line: Line, column: str, message: str) -> None:
        self.faults.append(SheetFault(line.file, line.row, column, message))

    def text(self, line: Line, column: str) -> str:
        """A cell that may not be empty."""
        if not line.get(column):
            self.fault(line, column, "a value is missing")
        return line.get(column)

    def one_of(self, line: Line, column: str, allowed: Collection[str]) -> str:
        value = line.get(column)
        if value not in allowed:
            self.fault(line, column, f"{value or 'an empty cell'} is none of {', '.join(sorted(allowed))}")
        return value

    def day(self, line: Line, column: str) -> date | None:
        """A day as 2024-12-31, or None for an empty cell."""
        if not line.get(column):
            return None
        try:
            return date.fromisoformat(line.get(column))
        except ValueError:
            self.fault(line, column, f"{line.get(column)} is no day written as 2024-12-31")
            return None

    def number(self, line: Line, column: str) -> float:
        try:
            return float(line.get(column))
        except ValueError:
            self.fault(line, column, f"{line.get(column) or 'an empty cell'} is no number")
            return 0.0

    def once(self, lines: Sequence[Line], column: str) -> None:
        """A value that names a row may stand in one row only."""
        seen: dict[str, int] = {}
        for line in lines:
            value = line.get(column)
            if value in seen:
                self.fault(line, column, f"{value} stands in row {seen[value]} already")
            seen.setdefault(value, line.row)

    def order(self, line: Line, first: str, last: str) -> None:
        """`first` is not after `last`, where both are given."""
        a, b = line.get(first), line.get(last)
        if a and b and a > b:
            self.fault(line, last, f"{b} is before {a}")

    def _line(self, file: str, number: int, header: Sequence[str], row: Sequence[str]) -> Line | None:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            return None
        if len(cells) != len(header):
            self.faults.append(SheetFault(file, number, "", f"{len(cells)} cells, the header has {len(header)}"))
            return None
        return Line(file, number, dict(zip(header, cells, strict=True)))
