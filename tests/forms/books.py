"""Builds small XLSForms for tests: as Markdown, and as .xlsx with whatever openpyxl can write."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from openpyxl import Workbook

from forms.faults import Fault, FormFaults
from forms.xlsform import Compiled, compile_file

SETTINGS: tuple[Sequence[Any], ...] = (("form_id", "version"), ("small", "3"))


def xlsx(
    survey: Sequence[Sequence[Any]],
    choices: Sequence[Sequence[Any]] = (),
    settings: Sequence[Sequence[Any]] = SETTINGS,
    change: Callable[[Workbook], object] | None = None,
) -> bytes:
    """Sheets given as rows, headings first; `change` may do to the workbook what it likes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
        if rows:
            page = book.create_sheet(name)
            for row in rows:
                page.append(list(row))
    if change:
        change(book)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def changed_part(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same .xlsx with one of its parts changed."""
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename == part else content)
    return body.getvalue()


def compiled(data: bytes, name: str = "form.xlsx", attachments: Mapping[str, bytes] | None = None) -> Compiled:
    return compile_file(name, data, attachments)


def faults(data: bytes, name: str = "form.xlsx", attachments: Mapping[str, bytes] | None = None) -> tuple[Fault, ...]:
    """The faults of a file that has some."""
    with pytest.raises(FormFaults) as caught:
        compile_file(name, data, attachments)
    assert caught.value.faults
    return caught.value.faults


def cells(found: Sequence[Fault]) -> list[tuple[str, int, str, str]]:
    """(sheet, row, letter, code) of each."""
    return [(one.sheet, one.row, one.letter, one.code) for one in found]
