"""Builds small XLSForms for tests: as Markdown, and as .xlsx with whatever openpyxl can write."""

import io
import re
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


def with_shared_strings(data: bytes) -> bytes:
    """The same .xlsx with the texts of its first sheet in a part of their own, as spreadsheet programs write them."""
    texts: list[str] = []

    def share(match: re.Match[str]) -> str:
        texts.append(match.group(2))
        return f'<c r="{match.group(1)}" t="s"><v>{len(texts) - 1}</v></c>'

    def sheet(body: bytes) -> bytes:
        cell = r'<c r="([A-Z]+[0-9]+)" t="inlineStr"><is><t>([^<]*)</t></is></c>'
        return re.sub(cell, share, body.decode()).encode()

    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    data = changed_part(data, "xl/worksheets/sheet1.xml", sheet)
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="/xl/sharedStrings.xml"/></Relationships>'
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{content}"/></Types>'
    data = changed_part(data, "xl/_rels/workbook.xml.rels", lambda b: b.replace(b"</Relationships>", relation.encode()))
    data = changed_part(data, "[Content_Types].xml", lambda b: b.replace(b"</Types>", override.encode()))
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    body = io.BytesIO(data)
    with zipfile.ZipFile(body, "a") as made:
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        made.writestr("xl/sharedStrings.xml", f'<sst xmlns="{space}">{items}</sst>')
    assert texts
    return body.getvalue()
