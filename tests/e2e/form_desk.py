"""What staff do with forms at the desk: upload, look at the draft, publish, close."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.running import Running


def upload(page: Page, running: Running, form: Path, files: list[Path]) -> None:
    """Hands a workbook over at the desk; ends at the report of the worker."""
    page.goto(f"{running.origin}/desk/forms/new")
    page.locator("#f-file").set_input_files(str(form))
    page.locator("#f-files").set_input_files([str(file) for file in files])
    page.get_by_role("button", name="Tải lên và đọc").click()
    expect(page.get_by_text("Đang đọc tệp")).to_be_hidden(timeout=90_000)


def draft(page: Page, running: Running, form: Path, files: list[Path]) -> str:
    """Uploads what has no fault; the address of the draft."""
    upload(page, running, form, files)
    page.get_by_role("link", name="Xem bản nháp").click()
    expect(page.get_by_role("link", name="Phát hành …")).to_be_visible()
    return page.url


def trial_code(page: Page) -> str:
    page.get_by_role("button", name="Tạo mã QR").click()
    expect(page.locator(".trial svg").first).to_be_visible()
    return page.locator(".trial .code").inner_text()


def publish(page: Page, address: str) -> None:
    page.goto(f"{address}/publish")
    for box in page.locator('input[name="agree"]').all():
        box.check()
    page.get_by_role("button", name=re.compile("^Phát hành bản")).click()
    expect(page.get_by_role("status").first).to_be_visible()


def close(page: Page, address: str) -> None:
    """Closes this version: no new records of it."""
    page.goto(address)
    page.get_by_text("Đóng bản này …").click()
    page.get_by_role("button", name="Đóng bản này").click()
    expect(page.get_by_role("status").first).to_be_visible()
