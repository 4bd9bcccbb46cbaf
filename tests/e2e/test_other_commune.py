"""A session in another commune: persons count where their book is, provisions count where they were told."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import officer, reviewer
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import Running
from tests.e2e.world import DAI_AN_2, DISTRICT, LIEU_TU, PASSWORD

pytestmark = pytest.mark.browser


def record_elsewhere(page: Page, commune: str, book: str, codes: tuple[str, ...], provision: str) -> None:
    """A session held in `commune` by an officer whose own book is `book`: only its codes are offered."""
    page.get_by_role("button", name=officer.HOME).click()
    officer.elsewhere(page, commune)
    officer.question(page, "hamlet").get_by_text("Toàn xã").click()
    officer.onward(page)
    page.get_by_text("Họp tổ dân phố").click()
    officer.choose(page, "provisions", provision)
    officer.onward(page)
    officer.type_number(page, 25)
    officer.onward(page)
    page.get_by_role("button", name="Thêm một").click()
    offered = page.locator("label.item .code").all_inner_texts()
    assert offered == [f"{book}-{n:04d}" for n in range(1, 6)]
    for _ in codes[1:]:
        page.get_by_role("button", name="Thêm một").click()
    for code in codes:
        page.locator("label.item", has_text=code).click()
    officer.onward(page)
    page.get_by_text("Người dự không đồng ý").click()
    officer.onward(page)
    officer.save(page)
    officer.sent(page)


def test_a_member_counts_for_the_commune_of_the_book_and_a_rule_for_the_commune_of_the_session(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    for login, commune, book, codes, provision in (
        ("lan", "lieu tu", "31672", ("0001", "0002"), "an tich"),
        ("minh", "dai an 2", "31675", ("0003",), "an tich"),
    ):
        page = open_browser(login).open(enrolment_link(running, login))
        officer.enrol(page)
        record_elsewhere(page, commune, book, codes, provision)
    desk = open_browser("desk", viewport=dict(DESK)).open(running.origin + "/desk")
    reviewer.sign_in(desk, running.origin, "khanh", PASSWORD)
    before = {unit: reviewer.figure(desk, running.origin, unit, "T1")[0] for unit in (DAI_AN_2, LIEU_TU)}

    reviewer.open_first_waiting(desk, running.origin)
    expect(desk.locator("h1 + p")).to_contain_text("Liêu Tú")
    reviewer.accept(desk)
    t2 = [reviewer.figure(desk, running.origin, unit, "T2") for unit in (DAI_AN_2, LIEU_TU, DISTRICT)]
    assert t2 == [(2, 5), (0, 5), (2, 10)]
    t1 = {unit: reviewer.figure(desk, running.origin, unit, "T1")[0] - before[unit] for unit in before}
    assert t1 == {DAI_AN_2: 0, LIEU_TU: 1}
    assert reviewer.total(desk, running.origin, LIEU_TU, "lượt người") == 25
    assert reviewer.total(desk, running.origin, DAI_AN_2, "lượt người") == 0

    reviewer.open_first_waiting(desk, running.origin)
    reviewer.accept(desk)
    t2 = [reviewer.figure(desk, running.origin, unit, "T2") for unit in (DAI_AN_2, LIEU_TU, DISTRICT)]
    assert t2 == [(2, 5), (1, 5), (3, 10)]
    t1 = {unit: reviewer.figure(desk, running.origin, unit, "T1")[0] - before[unit] for unit in before}
    assert t1 == {DAI_AN_2: 1, LIEU_TU: 1}
