"""An .xlsx as tables of text, read once and with care; and sheets as an .xlsx. openpyxl: for jobs and commands only.

Only the sheets that an XLSForm has are read. What a cell shows is what is taken: a formula's stored value, a whole
number without ".0", TRUE and FALSE, a day as 2024-11-22.
"""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook

from forms.archive import opened
from forms.fault_words import fault
from forms.faults import Fault, FormFaults
from forms.headings import nearest
from forms.sheets import KNOWN_SHEETS, Book, letter
from forms.tables import MOST_COLUMNS, MOST_ROWS, Table, checked, clean

_EMPTY_ROWS = 200  # in a row: what follows them is not part of the form
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*ref="([A-Z0-9:]{1,20})"')
_MOST_MERGED = 20
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


def workbook_tables(name: str, data: bytes) -> tuple[dict[str, Table], list[Fault], list[Fault]]:
    """(tables by lower-case sheet name, faults, warnings); raises FormFaults for a file that cannot be opened."""
    archive = opened(name, data)
    try:
        return _read(archive, data)
    except (FormFaults, MemoryError):
        raise
    except (Exception, RecursionError):
        # Whatever openpyxl, its XML reader or zlib say of a broken file: no sentence of theirs helps its author.
        raise FormFaults((fault("broken_workbook", "", name=name),)) from None


def _read(archive: ZipFile, data: bytes) -> tuple[dict[str, Table], list[Fault], list[Fault]]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        wanted = _wanted(book.worksheets)
        tables: dict[str, Table] = {}
        faults: list[Fault] = []
        warnings = [found for sheet in book.worksheets if (found := _misspelt(sheet.title, wanted))]
        for sheet in wanted:
            title = sheet.title.strip().lower()
            tables[title] = checked(title, list(_rows(sheet, title, faults)))
            warnings += _merged(archive, sheet, title)
        faults += _empty_formulas(archive, data, wanted, tables)
        return tables, faults, warnings
    finally:
        book.close()


def _wanted(sheets: list[Any]) -> list[Any]:
    """The sheets of an XLSForm; one that stands alone is the survey, whatever it is called."""
    wanted = [sheet for sheet in sheets if sheet.title.strip().lower() in KNOWN_SHEETS]
    if not wanted and len(sheets) == 1:
        wanted = list(sheets)
    if not wanted:
        seen = ", ".join(sheet.title for sheet in sheets[:10])
        raise FormFaults((fault("no_survey", "survey", sheets=seen or "–"),))
    return wanted


def _misspelt(title: str, wanted: list[Any]) -> Fault | None:
    """A sheet that is left out and whose name is nearly one of ours; "_settings" is left out on purpose."""
    there = [sheet.title.strip().lower() for sheet in wanted]
    meant = nearest(title, [name for name in ("survey", "choices", "settings") if name not in there])
    if not meant or title.startswith("_") or title.strip().lower() in there:
        return None
    return fault("sheet_name", title, sheet_name=title, meant=meant)


def _rows(sheet: Any, title: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them. The sheet's own word on its size is not believed: it may claim a million columns."""
    sheet.reset_dimensions()
    empty = 0
    for number, row in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1), start=1):
        cells = [_text(cell) for cell in row]
        for at, (cell, text) in enumerate(zip(row, cells, strict=True), start=1):
            if getattr(cell, "data_type", "") == "e":
                faults.append(fault("error_cell", title, number, f"{letter(at)}{number}", letter(at), value=text))
        empty = 0 if any(cells) else empty + 1
        if any(cells):
            yield number, cells
        elif empty > _EMPTY_ROWS:
            return


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else clean(str(value))


def _number(value: float) -> str:
    """As a person would write it: no exponent, no ".0"."""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _merged(archive: ZipFile, sheet: Any, title: str) -> Iterator[Fault]:
    """Merged cells hold their text once, in the first of them: the others are empty, which surprises."""
    body = archive.read(sheet._worksheet_path)
    for found in _MERGED.findall(body)[:_MOST_MERGED]:
        cells = found.decode("ascii")
        row = re.search(r"\d+", cells)
        yield fault("merged_cells", title, int(row.group()) if row else 0, cells=cells)


def _empty_formulas(archive: ZipFile, data: bytes, sheets: list[Any], tables: Mapping[str, Table]) -> list[Fault]:
    """Formulas whose value was never stored (the file was written by a program): they would read as empty cells."""
    if not any(_FORMULA.search(archive.read(sheet._worksheet_path)) for sheet in sheets):
        return []
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        return [found for sheet in sheets for found in _unset(book[sheet.title], tables)]
    finally:
        book.close()


def _unset(sheet: Any, tables: Mapping[str, Table]) -> Iterator[Fault]:
    title = sheet.title.strip().lower()
    filled = dict(tables[title])
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS), start=1):
        there = filled.get(number, [])
        for at, cell in enumerate(row):
            if getattr(cell, "data_type", "") == "f" and not (there[at] if at < len(there) else ""):
                yield fault("empty_formula", title, number, f"{letter(at + 1)}{number}", letter(at + 1))


def as_xlsx(book: Book) -> bytes:
    """The sheets as an .xlsx with the same headings; every cell is text, never a formula."""
    workbook = Workbook(write_only=False)
    workbook.remove(workbook.worksheets[0])
    for name, sheet in book.items():
        page = workbook.create_sheet(name[:31])
        page.freeze_panes = "A2"
        for at, column in enumerate(sheet.columns, start=1):
            _put(page, 1, at, column.heading)
        for number, row in enumerate(sheet.rows, start=2):
            for at, column in enumerate(sheet.columns, start=1):
                _put(page, number, at, row.get(column.name))
    body = io.BytesIO()
    workbook.save(body)
    return body.getvalue()


def _put(page: Any, row: int, column: int, text: str) -> None:
    if text:
        cell = page.cell(row, column)
        cell.value = text
        cell.data_type = "s"  # "=1" stays a text (R26)
