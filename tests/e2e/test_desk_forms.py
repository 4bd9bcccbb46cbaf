"""Forms at the desk as a new supervisor meets them: bad files of every kind, a draft, its differences, its downloads.

Each page is looked at by axe, at the width of a desk and of a phone, in both languages.
"""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pyxform.builder import create_survey_from_xls

from forms.xform import form_of
from tests.e2e import axe, reviewer, trial_forms, world
from tests.e2e.browser import DESK, PHONE, Browser
from tests.e2e.running import Running

pytestmark = pytest.mark.browser


def zip_of(**parts: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return body.getvalue()


DOCX = zip_of(word__document=b"<w:document/>")
BAD: dict[str, tuple[bytes, str]] = {
    "broken.xlsx": (b"PK\x03\x04" + b"\x00" * 400, "1 lỗi phải sửa"),
    "bomb.xlsx": (zip_of(xl__workbook=b" " * 300_000_000), "1 lỗi phải sửa"),
    "empty.xlsx": (b"", "1 lỗi phải sửa"),
    "letter.xlsx": (DOCX, "1 lỗi phải sửa"),
}


@pytest.fixture
def desk(running: Running, open_browser: Callable[..., Browser]) -> Page:
    page = open_browser("desk", viewport=dict(DESK)).open(running.origin)
    reviewer.sign_in(page, running.origin, "quan", world.PASSWORD)
    return page


def hand_over(page: Page, running: Running, form: Path, files: list[Path] | None = None) -> None:
    page.goto(f"{running.origin}/desk/forms/new")
    page.locator("#f-file").set_input_files(str(form))
    page.locator("#f-files").set_input_files([str(file) for file in files or []])
    page.get_by_role("button", name="Tải lên và đọc").click()
    expect(page.get_by_text("Đang đọc tệp")).to_be_hidden(timeout=90_000)


def looked_at(page: Page, folder: Path, name: str) -> None:
    """No finding of axe and nothing wider than the screen, on a desk and on a phone."""
    for size, width in ((DESK, "desk"), (PHONE, "phone")):
        page.set_viewport_size(dict(size))  # type: ignore[arg-type]
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
    page.set_viewport_size(dict(DESK))  # type: ignore[arg-type]


def test_every_bad_file_ends_in_a_sentence(desk: Page, running: Running, tmp_path: Path) -> None:
    for name, (body, said) in BAD.items():
        file = tmp_path / name
        file.write_bytes(body)
        hand_over(desk, running, file)
        expect(desk.get_by_text(said)).to_be_visible()
        looked_at(desk, tmp_path, name)
    letter = tmp_path / "letter.docx"
    letter.write_bytes(DOCX)
    desk.goto(f"{running.origin}/desk/forms/new")
    desk.locator("#f-file").set_input_files(str(letter))
    desk.get_by_role("button", name="Tải lên và đọc").click()
    expect(desk.get_by_text("Biểu mẫu là tệp .xlsx, .md, .csv hoặc .xml.")).to_be_visible()
    looked_at(desk, tmp_path, "docx")


def test_five_planted_faults_show_as_five_and_come_as_a_table(desk: Page, running: Running, tmp_path: Path) -> None:
    hand_over(desk, running, trial_forms.workbook(tmp_path / "five.xlsx", "1", trial_forms.FAULTY))
    expect(desk.get_by_text("5 lỗi phải sửa")).to_be_visible()
    expect(desk.locator(".faults .status--bad")).to_have_count(5)
    looked_at(desk, tmp_path, "five")
    with desk.expect_download() as begun:
        desk.get_by_role("link", name="Tải danh sách lỗi").click()
    lines = Path(begun.value.path()).read_bytes().decode("utf-8-sig").splitlines()
    assert sum(line.startswith("phải sửa") for line in lines) == 5


def test_a_draft_is_looked_at_compared_and_downloaded(desk: Page, running: Running, tmp_path: Path) -> None:
    files = trial_forms.attachments(tmp_path)
    desk.goto(f"{running.origin}/desk/forms")
    looked_at(desk, tmp_path, "list")
    hand_over(desk, running, trial_forms.workbook(tmp_path / "one.xlsx", "1"), files)
    looked_at(desk, tmp_path, "read")
    desk.get_by_role("link", name="Xem bản nháp").click()
    first = desk.url
    expect(desk.locator(".phone")).to_contain_text("Ở đâu?")
    looked_at(desk, tmp_path, "draft")
    _opened_again(desk, tmp_path)
    desk.goto(f"{first}/publish")
    desk.get_by_role("button", name=re.compile("^Phát hành bản")).click()
    expect(desk.get_by_role("status").first).to_be_visible()
    looked_at(desk, tmp_path, "form")
    questions = trial_forms.changed(drop="told", retype=("place", "integer"))
    questions = [row for row in questions if row[1:2] != ("stall",) and row[1:2] != ("owner",)]
    hand_over(desk, running, trial_forms.workbook(tmp_path / "two.xlsx", "2", questions), files)
    desk.get_by_role("link", name="Xem bản nháp").click()
    second = desk.url
    looked_at(desk, tmp_path, "second")
    desk.goto(f"{second}/publish")
    expect(desk.get_by_text("Câu trả lời của hai bản không cộng chung được.")).to_be_visible()
    looked_at(desk, tmp_path, "publish")


def _opened_again(page: Page, folder: Path) -> None:
    """What another tool makes of the downloads."""
    for name, ending in (("XLSForm", "xlsx"), ("XForm", "xml")):
        with page.expect_download() as begun:
            page.get_by_role("link", name=name, exact=True).click()
        begun.value.save_as(folder / f"again.{ending}")
    book = openpyxl.load_workbook(folder / "again.xlsx")
    assert {"survey", "choices", "settings"} <= set(book.sheetnames)
    assert create_survey_from_xls(str(folder / "again.xlsx")).id_string == trial_forms.FORM_ID
    assert form_of((folder / "again.xml").read_text()).form_id == trial_forms.FORM_ID


def test_the_pages_of_forms_speak_english(desk: Page, running: Running, tmp_path: Path) -> None:
    desk.goto(f"{running.origin}/desk/account")
    desk.locator("[value=en]").first.click()
    desk.goto(f"{running.origin}/desk/forms/of/outreach_session")
    expect(desk.get_by_role("heading", name="Preview of version")).to_be_visible()
    expect(desk.get_by_role("link", name="Next")).to_be_visible()
    looked_at(desk, tmp_path, "form-en")
    desk.goto(f"{running.origin}/desk/forms/new")
    desk.locator("#f-file").set_input_files(str(trial_forms.workbook(tmp_path / "five.xlsx", "1", trial_forms.FAULTY)))
    desk.get_by_role("button", name="Upload").click()
    expect(desk.get_by_text("perhaps text")).to_be_visible(timeout=90_000)
    expect(desk.get_by_role("link", name="Download the list of faults")).to_be_visible()
    looked_at(desk, tmp_path, "five-en")
