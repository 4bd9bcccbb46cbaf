"""A commune without a roll here: no codes are asked, T2 does not move, its own totals stand apart."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import officer, reviewer
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import Running
from tests.e2e.world import DISTRICT, PASSWORD, TAI_VAN

pytestmark = pytest.mark.browser


def record_without_codes(page: Page) -> None:
    page.get_by_role("button", name=officer.HOME).click()
    officer.question(page, "hamlet").get_by_text("Toàn xã").click()
    officer.onward(page)
    page.get_by_text("Họp tổ dân phố").click()
    officer.choose(page, "provisions", "an tich")
    officer.onward(page)
    officer.type_number(page, 33)
    officer.onward(page)
    for _ in range(3):
        page.get_by_role("button", name="Thêm một").click()
    expect(officer.question(page, "members_count").get_by_role("spinbutton")).to_have_value("3")
    expect(officer.question(page, "members")).to_have_count(0)
    expect(page.get_by_role("button", name="Mã mới")).to_have_count(0)
    officer.onward(page)
    page.get_by_text("Quên chụp").click()
    officer.onward(page)
    officer.save(page)


def declare(desk: Page, origin: str, managed: int, reached: int) -> None:
    desk.goto(f"{origin}/desk/declarations")
    desk.get_by_label("Xã, phường, thị trấn").select_option(TAI_VAN)
    desk.get_by_label("Số người đang quản lý").fill(str(managed))
    desk.get_by_label("Số người đã được phổ biến").fill(str(reached))
    desk.get_by_label("Nguồn").fill("Báo cáo tháng của xã")
    desk.get_by_role("button", name="Lưu số khai báo").click()
    expect(desk.get_by_role("status")).to_contain_text("Đã lưu số khai báo")


def test_a_commune_that_declares_is_asked_no_codes_and_its_totals_stand_apart(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    page = open_browser("khai").open(enrolment_link(running, "khai"))
    officer.enrol(page)
    record_without_codes(page)
    officer.sent(page)
    desk = open_browser("desk", viewport=dict(DESK)).open(running.origin + "/desk")
    reviewer.sign_in(desk, running.origin, "khanh", PASSWORD)
    reviewer.open_first_waiting(desk, running.origin)
    reviewer.accept(desk)

    assert reviewer.figure(desk, running.origin, DISTRICT, "T2") == (0, 10)
    assert reviewer.total(desk, running.origin, TAI_VAN, "lượt người") == 33
    desk.goto(f"{running.origin}/desk/plan?unit={DISTRICT}&indicator=T2&period=year")
    table = desk.get_by_role("group", name="T2: các đơn vị bên dưới")
    expect(table.get_by_role("row", name="Tài Văn")).to_contain_text("khai báo")
    expect(table.get_by_role("row", name="Liêu Tú")).not_to_contain_text("khai báo")
    expect(desk.locator("table.targets")).to_contain_text("2 xã theo sổ")

    declare(desk, running.origin, managed=40, reached=31)
    row = desk.get_by_role("row", name="Tài Văn")
    expect(row).to_contain_text("31 / 40")
    assert reviewer.figure(desk, running.origin, DISTRICT, "T2") == (0, 10)
    apart = desk.locator("table.targets tr.is-part", has_text="Khai báo: 1 xã")
    expect(apart).to_contain_text("31 / 40")
    desk.goto(f"{running.origin}/desk/plan?unit={TAI_VAN}&indicator=T2&period=year")
    expect(desk.locator("table.targets")).to_contain_text("31 / 40")
