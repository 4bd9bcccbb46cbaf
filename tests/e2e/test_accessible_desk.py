"""Every page of the desk has no violation of WCAG 2.2 A or AA: large, small and dark."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import officer, reviewer
from tests.e2e.axe import Walk
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.pictures import big_jpeg
from tests.e2e.running import Running
from tests.e2e.test_new_code import record_with_a_new_code
from tests.e2e.world import DAI_AN_2, DISTRICT, LIEU_TU, PASSWORD, TAI_VAN

pytestmark = pytest.mark.browser

REVIEWERS = (
    "plan",
    f"plan?unit={DISTRICT}&indicator=T1",
    f"plan?unit={DISTRICT}&indicator=T2&period=year",
    f"plan?unit={TAI_VAN}&indicator=T2",
    "units",
    "records",
    "records?state=all",
    "records?state=rejected",
    "registers/pending",
    "declarations",
    "people",
    "people?q=nobody",
    "devices",
    "account",
    "password",
    "more",
    "records/00000000000000000000000000000000",
)
ADMINISTRATORS = ("people", "people/new", "devices", "t2", f"t2/{LIEU_TU}", "plan")


def records_for_the_desk(running: Running, open_browser: Callable[..., Browser], photo: Path) -> None:
    """Two records that wait: one with a photo, one with a code that is new."""
    page = open_browser("phone").open(enrolment_link(running, "lan"))
    officer.enrol(page)
    officer.record(page, officer.Told(photo=photo, codes=("0001",)))
    officer.sent(page)
    record_with_a_new_code(page)
    officer.exchange(page)


def see_addresses(page: Page, running: Running, walk: Walk, addresses: tuple[str, ...]) -> None:
    for address in addresses:
        page.goto(f"{running.origin}/desk/{address}")
        walk.look(page, address)


def see_behind(page: Page, running: Running, walk: Walk, listed: str, link: str) -> None:
    """The first page that a list leads to."""
    page.goto(f"{running.origin}/desk/{listed}")
    page.locator(link).first.click()
    page.wait_for_url(lambda url: not url.endswith(f"/desk/{listed}"))
    walk.look(page, f"behind {listed}")


def see_refusals(page: Page, running: Running, walk: Walk) -> None:
    """Forms that come back with what is wrong."""
    page.goto(f"{running.origin}/desk/declarations")
    for label in ("Số người đang quản lý", "Số người đã được phổ biến"):
        page.get_by_label(label).fill("ba mươi")
    page.get_by_label("Nguồn").fill("Báo cáo")
    page.get_by_role("button", name="Lưu số khai báo").click()
    expect(page.locator(".field__error").first).to_be_visible()
    walk.look(page, "declarations, refused")
    reviewer.open_first_waiting(page, running.origin)
    page.locator('button[name="outcome"][value="returned"]').click()
    expect(page.get_by_role("alert")).to_be_visible()
    walk.look(page, "record, refused")


def test_no_page_of_the_desk_violates_wcag_2_2(
    running: Running, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    walk = Walk(phone_first=False)
    records_for_the_desk(running, open_browser, big_jpeg(tmp_path / "hall.jpg"))
    browser = open_browser("desk", viewport=dict(DESK))
    page = browser.open(running.origin + "/desk")
    walk.look(page, "sign in")
    page.get_by_label("Tên đăng nhập").fill("khanh")
    page.get_by_label("Mật khẩu").fill("sai mật khẩu rồi")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_be_visible()
    walk.look(page, "sign in, refused")
    reviewer.sign_in(page, running.origin, "khanh", PASSWORD)
    see_addresses(page, running, walk, REVIEWERS)
    see_behind(page, running, walk, "records", "main a[href*='/desk/records/']")
    see_behind(page, running, walk, "registers/pending", "main a.code")
    see_refusals(page, running, walk)
    reviewer.open_first_waiting(page, running.origin)
    reviewer.accept(page)
    walk.look(page, "after an acceptance")
    see_addresses(page, running, walk, (f"plan?unit={DAI_AN_2}&indicator=T2", f"units?unit={DISTRICT}"))

    page = open_browser("admin", viewport=dict(DESK)).open(running.origin + "/desk")
    reviewer.sign_in(page, running.origin, "quan", PASSWORD)
    see_addresses(page, running, walk, ADMINISTRATORS)
    see_behind(page, running, walk, "people", "main table a")
    page.get_by_role("button", name="mã").first.click()
    walk.look(page, "an enrolment code")
    see_behind(page, running, walk, "devices", "main table a")
    walk.expect_clean()
