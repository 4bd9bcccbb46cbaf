"""An officer's second thoughts: a correction of an accepted record, and a withdrawal before anything was sent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import officer, reviewer
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.officer import Told
from tests.e2e.running import Running
from tests.e2e.world import DAI_AN_2, LIEU_TU, PASSWORD

pytestmark = pytest.mark.browser


def enrolled(running: Running, open_browser: Callable[..., Browser], login: str) -> Page:
    page = open_browser(login).open(enrolment_link(running, login))
    officer.enrol(page)
    officer.installed(page)
    return page


def at_desk(running: Running, open_browser: Callable[..., Browser]) -> Page:
    desk = open_browser("desk", viewport=dict(DESK)).open(running.origin + "/desk")
    reviewer.sign_in(desk, running.origin, "khanh", PASSWORD)
    return desk


def correct_the_number(page: Page, people: int, reason: str) -> None:
    """Opens the record's own page of attendance, types another number, says why, saves."""
    officer.open_record(page)
    page.get_by_role("button", name="Sửa", exact=True).click()
    officer.jump(page, "Người dự")
    page.get_by_role("spinbutton").fill(str(people))
    officer.jump(page, "Kiểm tra")
    page.get_by_label("Vì sao sửa?").fill(reason)
    officer.save(page)


def told(desk: Page, running: Running, unit: str) -> tuple[int, int]:
    """Sessions and attendance."""
    return reviewer.total(desk, running.origin, unit, "buổi"), reviewer.total(desk, running.origin, unit, "lượt người")


def test_a_correction_of_an_accepted_record_counts_once_it_is_accepted_and_the_old_figure_until_then(
    shared: Running, open_browser: Callable[..., Browser]
) -> None:
    page, desk = enrolled(shared, open_browser, "lan"), at_desk(shared, open_browser)
    officer.record(page, Told(people=46))
    officer.sent(page)
    reviewer.open_first_waiting(desk, shared.origin)
    reviewer.accept(desk)
    assert told(desk, shared, DAI_AN_2) == (1, 46)

    officer.exchange(page)
    correct_the_number(page, 64, "Đếm thiếu một dãy ghế")
    officer.sent(page)
    assert told(desk, shared, DAI_AN_2) == (1, 46)

    reviewer.open_first_waiting(desk, shared.origin)
    expect(desk.get_by_text("Đếm thiếu một dãy ghế")).to_be_visible()
    expect(desk.locator(".answer--changed del")).to_have_text("46")
    reviewer.accept(desk)
    assert told(desk, shared, DAI_AN_2) == (1, 64)


def test_a_record_withdrawn_before_it_was_sent_is_kept_and_never_counts(
    shared: Running, open_browser: Callable[..., Browser]
) -> None:
    page, desk = enrolled(shared, open_browser, "minh"), at_desk(shared, open_browser)
    shared.stop()
    officer.record(page, Told(people=30))
    page.get_by_role("button", name="Xong").click()
    officer.open_record(page)
    officer.withdraw(page, "Ghi nhầm buổi")
    page.get_by_role("button", name="Quay lại").click()
    page.get_by_role("link", name="Trang chủ").click()
    officer.counts(page, "Chờ gửi", 1)

    shared.start()
    officer.exchange(page)
    officer.counts(page, "Chờ gửi", 0)
    officer.open_record(page)
    expect(page.get_by_text("Đã rút lại", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Rút lại", exact=True)).to_have_count(0)
    desk.goto(f"{shared.origin}/desk/records")
    expect(desk.locator("[data-row]")).to_have_count(0)
    desk.goto(f"{shared.origin}/desk/records?state=all&unit={LIEU_TU}")
    expect(desk.locator("[data-row]")).to_have_count(1)
    expect(desk.locator("[data-row]")).to_contain_text("đã rút lại")
    assert told(desk, shared, LIEU_TU) == (0, 0)
