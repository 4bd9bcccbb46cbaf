"""A code typed in the field: pending until the desk confirms it, then counted; the phone goes on naming it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import officer, reviewer
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.officer import Told
from tests.e2e.running import Running
from tests.e2e.world import DAI_AN_2, PASSWORD, YEAR

pytestmark = pytest.mark.browser


def record_with_a_new_code(page: Page) -> None:
    page.get_by_role("button", name=officer.HOME).click()
    officer.question(page, "hamlet").get_by_text("Toàn xã").click()
    officer.onward(page)
    page.get_by_text("Họp tổ dân phố").click()
    officer.choose(page, "provisions", "an tich")
    officer.onward(page)
    officer.type_number(page, 20)
    officer.onward(page)
    page.get_by_role("button", name="Thêm một").click()
    page.get_by_role("button", name="Mã mới").click()
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_have_value("0006")
    page.get_by_role("button", name="Thêm mã và chọn").click()
    expect(page.get_by_text("Đã chọn 1 người")).to_be_visible()
    officer.onward(page)
    page.get_by_text("Quên chụp").click()
    officer.onward(page)
    officer.save(page)
    officer.sent(page)


def confirm(desk: Page, origin: str, code: str) -> None:
    desk.goto(f"{origin}/desk/registers/pending")
    desk.get_by_role("link", name=code).click()
    desk.get_by_label("Nhóm").select_option("SG03")
    desk.get_by_label("Ngày vào sổ").fill(f"{YEAR}-01-05")
    desk.get_by_role("button", name="Xác nhận mã").click()
    expect(desk.get_by_role("status")).to_contain_text("Đã xác nhận mã")


def accept_all(desk: Page, origin: str, records: int) -> None:
    for _ in range(records):
        reviewer.open_first_waiting(desk, origin)
        reviewer.accept(desk)


def test_a_new_code_counts_in_nothing_until_the_desk_confirms_it(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    page = open_browser("phone").open(enrolment_link(running, "lan"))
    officer.enrol(page)
    record_with_a_new_code(page)
    officer.record(page, Told(people=21, codes=("0006",)))
    officer.sent(page)
    desk = open_browser("desk", viewport=dict(DESK)).open(running.origin + "/desk")
    reviewer.sign_in(desk, running.origin, "khanh", PASSWORD)
    accept_all(desk, running.origin, 2)
    assert reviewer.figure(desk, running.origin, DAI_AN_2, "T2") == (0, 5)
    expect(desk.locator("table.targets")).to_contain_text("1 mã chờ xác nhận")

    confirm(desk, running.origin, "31672-0006")
    assert reviewer.figure(desk, running.origin, DAI_AN_2, "T2") == (1, 6)

    officer.exchange(page)
    officer.record(page, Told(people=22, codes=("0006",)))
    officer.sent(page)
    accept_all(desk, running.origin, 1)
    assert reviewer.figure(desk, running.origin, DAI_AN_2, "T2") == (1, 6)
    assert reviewer.total(desk, running.origin, DAI_AN_2, "buổi") == 3
