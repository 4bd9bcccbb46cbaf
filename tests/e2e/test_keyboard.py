"""The same app on a PC, by keyboard alone (U42): enrol, a contact one by one, a session, sent."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import keyboard, officer, reviewer
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import Running
from tests.e2e.world import DAI_AN_2, PASSWORD

pytestmark = pytest.mark.browser


def choose_provision(page: Page, words: str) -> None:
    """Into the list, search, first hit, back to the question."""
    keyboard.reach(page, officer.question(page, "provisions").get_by_role("button"))
    page.keyboard.press("Enter")
    keyboard.write(page, page.get_by_role("searchbox"), words)
    keyboard.tick(page, page.locator("label.item input").first)
    keyboard.press(page, re.compile("^Dùng 1 mục"))
    expect(officer.question(page, "provisions").get_by_role("button")).to_be_focused()


def tick_code(page: Page, code: str) -> None:
    keyboard.tick(page, page.locator("label.item", has_text=code).locator("input"))


def finish(page: Page) -> None:
    keyboard.press(page, "Lưu và gửi")
    expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible(timeout=officer.LONG_MS)
    keyboard.press(page, "Xong")
    expect(page.get_by_role("button", name=officer.HOME)).to_be_visible()


def contact_one_by_one(page: Page) -> None:
    keyboard.press(page, "Ghi việc khác")
    keyboard.press(page, "Gặp riêng")
    keyboard.tick(page, officer.question(page, "contact_kind").get_by_role("radio").first)
    keyboard.press(page, "Tiếp", exact=True)
    tick_code(page, "0001")
    tick_code(page, "0002")
    keyboard.press(page, "Tiếp", exact=True)
    choose_provision(page, "an tich")
    keyboard.press(page, "Tiếp", exact=True)
    finish(page)


def session(page: Page) -> None:
    keyboard.press(page, officer.HOME)
    keyboard.tick(page, officer.question(page, "hamlet").get_by_role("radio").first)
    keyboard.press(page, "Tiếp", exact=True)
    keyboard.reach(page, officer.question(page, "method").get_by_role("radio").first)
    page.keyboard.press("ArrowDown")
    expect(officer.question(page, "method").get_by_role("radio", name="Họp tổ dân phố")).to_be_checked()
    choose_provision(page, "ma tuy")
    keyboard.press(page, "Tiếp", exact=True)
    keyboard.write(page, page.get_by_role("spinbutton"), "52")
    keyboard.press(page, "Tiếp", exact=True)
    keyboard.reach(page, page.get_by_role("spinbutton"))
    page.keyboard.press("ArrowUp")
    tick_code(page, "0003")
    keyboard.press(page, "Tiếp", exact=True)
    keyboard.tick(page, officer.question(page, "no_photo").get_by_role("radio").first)
    keyboard.press(page, "Tiếp", exact=True)
    finish(page)


def test_both_forms_are_filled_and_sent_on_a_pc_without_a_mouse(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    page = open_browser("pc", apart=True, viewport=dict(DESK)).open(enrolment_link(running, "lan"))
    keyboard.press(page, "Ghi danh máy này")
    expect(page.get_by_role("button", name=officer.HOME)).to_be_visible(timeout=officer.LONG_MS)
    contact_one_by_one(page)
    session(page)
    officer.counts(page, "Đã gửi", 2)

    desk = open_browser("desk", viewport=dict(DESK)).open(running.origin + "/desk")
    reviewer.sign_in(desk, running.origin, "khanh", PASSWORD)
    for _ in range(2):
        reviewer.open_first_waiting(desk, running.origin)
        reviewer.accept(desk)
    assert reviewer.figure(desk, running.origin, DAI_AN_2, "T2") == (2, 5)
    assert reviewer.total(desk, running.origin, DAI_AN_2, "lượt người") == 52
    assert reviewer.total(desk, running.origin, DAI_AN_2, "buổi") == 1
