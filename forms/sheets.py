"""A Markdown XLSForm as sheets of rows, each row with its number. Reads tables; what they mean is checked elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"^[\s|:\-]+$")


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    cells: dict[str, str]  # heading → text, empty cells left out

    def get(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def sheets_of(source: str) -> dict[str, Sheet]:
    """Sheets by lower-case name: `| name |` opens one, its first row holds the headings."""
    tables: dict[str, list[list[str]]] = {}
    name = ""
    for first, cells in _lines(source):
        name = first.lower() or name
        table = tables.setdefault(name, [])
        if any(cells):
            table.append(cells)
    return {name: _sheet(name, table) for name, table in tables.items() if name}


def _lines(source: str) -> Iterator[tuple[str, list[str]]]:
    for line in source.splitlines():
        text = line.strip()
        if not text.startswith("|") or _RULE.match(text):
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in _PIPE.split(text.removesuffix("|"))[1:]]
        yield cells[0], cells[1:]


def _sheet(name: str, table: list[list[str]]) -> Sheet:
    columns = tuple(table[0]) if table else ()
    rows = (
        Row(number, {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell})
        for number, cells in enumerate(table[1:], start=2)
    )
    return Sheet(name, columns, tuple(rows))
