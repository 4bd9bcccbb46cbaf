"""Text files as tables of cells: Markdown XLSForms, XLSForm's one-file CSV, and CSV files of choices.

A cell is NFC text without blanks around it; no-break spaces are spaces, invisible marks are gone.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator

from forms.fault_words import fault
from forms.faults import FormFaults

Table = list[tuple[int, list[str]]]  # (row number, cells)

MOST_ROWS = 20_000  # of one sheet
MOST_COLUMNS = 200
LONGEST_CELL = 32_767  # what a spreadsheet holds

_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"^[\s|:\-]+$")
_BLANKS = re.compile("[\u00a0\u2007\u202f]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML may hold them


def clean(text: str) -> str:
    """One cell's text."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _BLANKS.sub(" ", text))).strip()


def checked(sheet: str, table: Table) -> Table:
    """The table, if it is of a size that a form may have and of letters that XML knows; else raises FormFaults."""
    if len(table) > MOST_ROWS:
        raise FormFaults((fault("too_many_rows", sheet, table[MOST_ROWS][0], most=MOST_ROWS),))
    for number, cells in table:
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise FormFaults((fault("too_many_columns", sheet, number, most=MOST_COLUMNS),))
        for cell in cells:
            if len(cell) > LONGEST_CELL:
                raise FormFaults((fault("cell_too_long", sheet, number, most=LONGEST_CELL),))
            if _FORBIDDEN.search(cell):
                raise FormFaults((fault("control_character", sheet, number),))
    return table


def text_of(name: str, data: bytes) -> str:
    """The text of a file that says UTF-8 (or UTF-16 by its mark); else raises FormFaults."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise FormFaults((fault("not_utf8", "", name=name),)) from None


def markdown_tables(source: str) -> dict[str, Table]:
    """Tables by lower-case name: `| name |` opens one, its first row holds the headings (row 1, whatever the line)."""
    tables: dict[str, Table] = {}
    name = ""
    for first, cells in _lines(source):
        name = first.lower() or name
        table = tables.setdefault(name, [])
        if any(cells):
            table.append((len(table) + 1, [clean(cell) for cell in cells]))
    return {name: checked(name, table) for name, table in tables.items() if name}


def _lines(source: str) -> Iterator[tuple[str, list[str]]]:
    for line in source.splitlines():
        text = line.strip()
        if not text.startswith("|") or _RULE.match(text):
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in _PIPE.split(text.removesuffix("|"))[1:]]
        yield cells[0], cells[1:]


def csv_tables(name: str, data: bytes) -> dict[str, Table]:
    """XLSForm's one-file CSV: the first column opens a sheet by its name; rows have the file's own numbers."""
    tables: dict[str, Table] = {}
    sheet = ""
    for number, cells in enumerate(_csv_rows(name, text_of(name, data)), start=1):
        sheet = clean(cells[0]).lower() if cells and clean(cells[0]) else sheet
        rest = [clean(cell) for cell in cells[1:]]
        if sheet and any(rest):
            tables.setdefault(sheet, []).append((number, rest))
        if number > 4 * MOST_ROWS:
            raise FormFaults((fault("too_many_rows", sheet, number, most=MOST_ROWS),))
    return {name: checked(name, table) for name, table in tables.items()}


def _csv_rows(name: str, text: str) -> Iterator[list[str]]:
    """Rows parted by comma, or by semicolon or tab where a spreadsheet of another country wrote the file."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    sample = text[:5_000]
    mark = max(",;\t", key=lambda mark: (first.count(mark) > 0, sample.count(mark)))
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    except csv.Error as error:
        raise FormFaults((fault("broken_csv", "", name=name, reason=error),)) from None


def file_rows(name: str, data: bytes, most: int) -> list[list[str]]:
    """All rows of a plain CSV file, headings first."""
    found = []
    for cells in _csv_rows(name, text_of(name, data)):
        found.append([clean(cell) for cell in cells])
        if len(found) > most + 1:
            raise FormFaults((fault("too_many_rows", name, most + 1, most=most),))
    return [cells for cells in found if any(cells)]
