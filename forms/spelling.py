"""Sheets as XLSForm spells them today: types in capitals or of old, appearances in capitals, `${ name }`.

Collect and old converters read all of these; pyxform does not. Places stay as they are, so that faults name the cell.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from forms.kinds import APPEARANCES, LATER_APPEARANCES, SELECTS, has_other, is_type, type_of
from forms.sheets import Book, Row, Sheet

_LOOSE_REF = re.compile(r"\$\{\s+([^${}]*?)\s*\}|\$\{([^${}]*?)\s+\}")


def spelled(book: Book) -> Book:
    """The same sheets with every such cell respelled."""
    return {name: _sheet(sheet) for name, sheet in book.items()}


def _sheet(sheet: Sheet) -> Sheet:
    of_column: Mapping[str, Callable[[str], str]] = _OF_SURVEY if sheet.name == "survey" else {}
    return replace(sheet, rows=tuple(_row(row, of_column) for row in sheet.rows))


def _row(row: Row, of_column: Mapping[str, Callable[[str], str]]) -> Row:
    cells = {name: of_column.get(name, _same)(_referring(cell)) for name, cell in row.cells.items()}
    return row if cells == row.cells else Row(row.number, cells)


def _referring(cell: str) -> str:
    return _LOOSE_REF.sub(lambda found: f"${{{found.group(1) or found.group(2) or ''}}}", cell)


def _type(cell: str) -> str:
    """A type that nobody knows stays as it is written: its fault shows it."""
    kind, rest = type_of(cell)
    if not is_type(kind) or (rest and kind not in SELECTS):
        return cell
    return " ".join(part for part in (kind, rest, "or_other" if has_other(cell) else "") if part)


def _appearance(cell: str) -> str:
    return " ".join(word.lower() if word.lower() in _WORDS else word for word in cell.split(" "))


def _same(cell: str) -> str:
    return cell


_WORDS = {*APPEARANCES, *LATER_APPEARANCES}
_OF_SURVEY = {"type": _type, "appearance": _appearance}
