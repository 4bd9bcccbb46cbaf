"""Workbooks of the tests of trials: rows in rows, a cascade, a CSV file, a picture at a choice."""

import io
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from PIL import Image

Row = tuple[str, ...]
HEAD: Row = ("type", "name", "label", "choice_filter", "calculation")
TITLE = "Xem chợ thử"
FORM_ID = "stall_check"
QUESTIONS: tuple[Row, ...] = (
    ("text", "place", "Ở đâu?"),
    ("select_one districts", "district", "Huyện nào?"),
    ("select_one communes", "commune", "Xã nào?", "district = ${district}"),
    ("select_one kinds", "kind", "Loại gì?"),
    ("select_one_from_file stalls.csv", "stall", "Quầy nào?"),
    ("calculate", "owner", "", "", "pulldata('stalls', 'owner', 'name', ${stall})"),
    ("note", "told", "Chủ quầy: ${owner}"),
    ("begin repeat", "visit", "Lượt xem"),
    ("integer", "heads", "Bao nhiêu người?"),
    ("begin repeat", "thing", "Hàng"),
    ("text", "name", "Tên hàng"),
    ("end repeat",),
    ("end repeat",),
)
CHOICES: tuple[Row, ...] = (
    ("list_name", "name", "label", "district", "image"),
    ("districts", "d1", "Trần Đề", "", ""),
    ("districts", "d2", "Long Phú", "", ""),
    ("communes", "c1", "Đại Ân 2", "d1", ""),
    ("communes", "c2", "Tân Hưng", "d2", ""),
    ("kinds", "fish", "Cá", "", "fish.png"),
    ("kinds", "rice", "Gạo", "", ""),
)
STALLS = b"name,label,owner\ns1,Quay 1,Ba Ut\ns2,Quay 2,Co Tu\n"


def workbook(path: Path, version: str, questions: Iterable[Row] = QUESTIONS) -> Path:
    book = Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    for row in (HEAD, *questions):
        survey.append(row)
    for name, rows in (("choices", CHOICES), ("settings", settings(version))):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def settings(version: str) -> tuple[Row, ...]:
    return ("form_id", "form_title", "version"), (FORM_ID, TITLE, version)


def changed(*, drop: str = "", retype: tuple[str, str] = ("", "")) -> list[Row]:
    """The same questions, one left out, one of another type."""
    kept = [row for row in QUESTIONS if len(row) < 2 or row[1] != drop]
    return [(retype[1], *row[1:]) if len(row) > 1 and row[1] == retype[0] else row for row in kept]


FAULTY: tuple[Row, ...] = (
    ("textt", "place", "Ở đâu?"),
    ("select_one nolist", "kind", "Loại gì?"),
    ("integer", "two words", "Bao nhiêu?"),
    ("text", "same", "Một"),
    ("text", "same", "Hai"),
    ("calculate", "sum", "", "", "${nowhere} + 1"),
)


def attachments(folder: Path) -> list[Path]:
    picture, stalls = folder / "fish.png", folder / "stalls.csv"
    body = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 90, 96)).save(body, "PNG")
    picture.write_bytes(body.getvalue())
    stalls.write_bytes(STALLS)
    return [stalls, picture]
