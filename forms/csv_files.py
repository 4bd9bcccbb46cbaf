"""CSV files that come with a form: choices and look-ups. Reads them into columns and rows, and tells what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass

from forms.fault_words import fault
from forms.faults import Fault, FormFaults
from forms.tables import LONGEST_CELL, MOST_COLUMNS, file_rows

MOST_FILE_ROWS = 200_000
MOST_FILE_BYTES = 30_000_000
MOST_FILE_CELLS = 4_000_000  # rows are filled up to the headings: a short file would become a huge one


@dataclass(frozen=True, slots=True)
class CsvFile:
    """`name` without ".csv", as expressions call it; each row has as many cells as there are columns."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def csv_files(attachments: Mapping[str, bytes]) -> dict[str, CsvFile]:
    """The CSV files among the attachments by their names; raises FormFaults with the faults of all of them."""
    found: dict[str, CsvFile] = {}
    faults: list[Fault] = []
    for name, data in attachments.items():
        if name.lower().endswith(".csv"):
            try:
                found[name[:-4]] = csv_file(name, data)
            except FormFaults as broken:
                faults.extend(broken.faults)
    if faults:
        raise FormFaults(tuple(faults))
    return found


def csv_file(name: str, data: bytes) -> CsvFile:
    """One CSV file; raises FormFaults."""
    if len(data) > MOST_FILE_BYTES:
        raise FormFaults((fault("file_too_big", name, name=name, most=MOST_FILE_BYTES // 1_000_000),))
    rows = file_rows(name, data, MOST_FILE_ROWS)
    if not rows:
        raise FormFaults((fault("empty_file", name, name=name),))
    columns = tuple(rows[0])
    faults = _heading_faults(name, columns)
    if faults:
        raise FormFaults(tuple(faults))
    width = len(columns)
    if len(rows) * width > MOST_FILE_CELLS:
        most = MOST_FILE_CELLS // width
        raise FormFaults((fault("too_many_rows", name, most + 1, most=most),))
    return CsvFile(name[:-4], columns, tuple(tuple((*cells, *[""] * width)[:width]) for cells in rows[1:]))


def _heading_faults(name: str, columns: tuple[str, ...]) -> list[Fault]:
    if len(columns) > MOST_COLUMNS:
        return [fault("too_many_columns", name, 1, most=MOST_COLUMNS)]
    odd = [column for at, column in enumerate(columns) if not column or column in columns[:at]]
    long = [column for column in columns if len(column) > LONGEST_CELL]
    if long:
        return [fault("cell_too_long", name, 1, most=LONGEST_CELL)]
    return [fault("csv_heading", name, 1, column, file=name, column=column) for column in dict.fromkeys(odd)]
