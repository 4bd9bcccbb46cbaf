"""Fills the form of tests/e2e/trial_forms.py on a phone, as a person would."""

import re

from playwright.sync_api import Page, expect

from tests.e2e import filler, officer


def fill(page: Page) -> None:
    """Everything but the rows in rows, on however many pages the form has; ends where it can be saved."""
    answers = {"Ở đâu?": "Chợ Bãi Giá"}
    picks = ("Trần Đề", "Đại Ân 2", "Cá", "Quay 1")
    pictured = False
    for _ in range(20):
        for label, text in answers.items():
            found = page.locator("main.body-form").get_by_label(label)
            if found.count() and found.first.input_value() == "":
                found.first.fill(text)
        for pick in picks:
            option = page.locator("main.body-form label", has_text=re.compile(f"{pick}$"))
            if option.count() and not option.first.locator("input").is_checked():
                option.first.click()
        shown = page.locator(".pictured img")
        pictured = pictured or (
            shown.count() > 0 and shown.first.evaluate("(it) => it.decode().then(() => it.naturalWidth)") == 40
        )
        if page.get_by_text("Chủ quầy: Ba Ut").count():
            break
        officer.onward(page)
    expect(page.get_by_text("Chủ quầy: Ba Ut")).to_be_visible()
    assert pictured, "the picture of a choice is shown, also without a server"


def rows_in_rows(page: Page) -> None:
    """Opens the first visit, fills it and its first thing; back on the page of visits."""
    officer.jump(page, "Lượt xem")
    page.locator(".row-card .item").first.click()
    page.get_by_role("spinbutton").fill("12")
    filler.field(page, "Tên hàng").first.fill("Cá lóc")
    page.get_by_role("button", name="Xong").click()
    expect(page.locator(".row-card").first).to_contain_text("12")
