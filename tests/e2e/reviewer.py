"""What a reviewer or the province's staff does at the desk, in the words that stand on its pages."""

import re

from playwright.sync_api import Page, expect


def sign_in(page: Page, origin: str, login: str, password: str) -> None:
    """Ends on the plan page."""
    page.goto(f"{origin}/desk")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("table").first).to_be_visible()


def open_first_waiting(page: Page, origin: str) -> None:
    """The oldest record that waits for this person."""
    page.goto(f"{origin}/desk/records")
    page.locator("main a[href*='/desk/records/']").first.click()
    expect(page.get_by_role("button", name=re.compile("Duyệt$|Duyệt A")).first).to_be_visible()


def accept(page: Page) -> None:
    page.locator('button[name="outcome"][value="accepted"]').click()
    expect(page.get_by_role("status")).to_contain_text("Đã duyệt")


def give_back(page: Page, question: str, reason: str) -> None:
    """Pins the question, says why and returns the record."""
    page.locator(f'input[name="pin"][value$="{question}"]').check(force=True)
    page.get_by_label("Lý do, cán bộ sẽ đọc").fill(reason)
    page.locator('button[name="outcome"][value="returned"]').click()
    expect(page.get_by_role("status")).to_contain_text("Đã trả lại")


def figure(page: Page, origin: str, unit: str, indicator: str) -> tuple[int, int]:
    """Numerator and denominator of a target, as the plan page of the unit shows them."""
    page.goto(f"{origin}/desk/plan?unit={unit}&indicator={indicator}&period=year")
    row = page.locator("table.targets tr", has=page.locator(".t-name__id", has_text=re.compile(f"^{indicator}$")))
    text = row.locator("small").first.inner_text()
    found = re.search(r"([\d.]+)\s*/\s*([\d.]+)", text)
    assert found, f"{unit} {indicator}: {text!r}"
    return int(found[1].replace(".", "")), int(found[2].replace(".", ""))


def total(page: Page, origin: str, unit: str, name: str) -> int:
    """A number without a target: sessions or attendance."""
    page.goto(f"{origin}/desk/plan?unit={unit}&period=year")
    text = page.locator("ul.stats li", has_text=name).locator("b").first.inner_text()
    return int(text.replace(".", ""))
