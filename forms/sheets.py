"""An XLSForm as sheets of rows with known headings, each cell with its place. What the cells mean is checked elsewhere.

Where the tables come from (.xlsx, .csv, Markdown) is left to workbook.py and tables.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.headings import canonical
from forms.tables import Table, markdown_tables

KNOWN_SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the heading as XLSForm calls it, `heading` as the author wrote it, `letter` the spreadsheet's."""

    name: str
    heading: str
    letter: str


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    cells: dict[str, str]  # column name → text, empty cells left out

    def get(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    header_row: int = 1

    def column(self, name: str) -> Column:
        """The column of that name; a sheet without it gives the name itself and no letter."""
        return next((column for column in self.columns if column.name == name), Column(name, name, ""))

    def has(self, name: str) -> bool:
        return any(column.name == name or column.name.startswith(f"{name}::") for column in self.columns)

    def translated(self, name: str) -> tuple[Column, ...]:
        """The columns of one word in its languages: label, label::Tiếng Việt (vi), label::English (en)."""
        return tuple(column for column in self.columns if column.name.split("::")[0] == name)


Book = Mapping[str, Sheet]


def sheets_of(source: str) -> dict[str, Sheet]:
    """The sheets of a Markdown XLSForm, by lower-case name."""
    return book_of(markdown_tables(source))


def book_of(tables: Mapping[str, Table]) -> dict[str, Sheet]:
    """Tables → sheets; the first row that is not empty holds the headings. A lone table is the survey."""
    if len(tables) == 1 and not set(tables) & set(KNOWN_SHEETS):
        tables = {"survey": next(iter(tables.values()))}
    return {name: _sheet(name, table) for name, table in tables.items()}


def _sheet(name: str, table: Table) -> Sheet:
    filled = [(number, cells) for number, cells in table if any(cells)]
    if not filled:
        return Sheet(name, (), ())
    header_row, headings = filled[0]
    double = any("::" in heading for heading in headings)
    columns = [Column(canonical(name, h, double), h, letter(at)) if h else None for at, h in enumerate(headings, 1)]
    rows = tuple(Row(number, _cells(columns, cells)) for number, cells in filled[1:])
    return Sheet(name, tuple(c for c in columns if c), tuple(row for row in rows if row.cells), header_row)


def _cells(columns: list[Column | None], cells: list[str]) -> dict[str, str]:
    """The first of two columns with one heading wins; the second is told as a fault."""
    found: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column and cell:
            found.setdefault(column.name, cell)
    return found


def letter(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def for_pyxform(book: Book, keep: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    """The dict that pyxform's `convert` takes: a list of rows by sheet; its row 2 is the first.

    `keep`: by sheet, the column names to hand over; a sheet that is not named there goes whole.
    """
    given: dict[str, Any] = {"sheet_names": list(book)}
    for name in KNOWN_SHEETS:
        if name in book and (book[name].rows or name == "survey"):
            wanted = [c.name for c in book[name].columns if name not in keep or c.name in keep[name]]
            given[f"{name}_header"] = [dict.fromkeys(wanted)]
            given[name] = [{c: row.cells[c] for c in wanted if c in row.cells} for row in book[name].rows]
    return given
