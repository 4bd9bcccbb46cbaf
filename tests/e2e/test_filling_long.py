"""Long forms stay usable: 500 questions in a row in parts of a sensible length, a long page drawn where one looks."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import filler, officer
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import Running

pytestmark = pytest.mark.browser


@pytest.fixture
def page(with_forms: Running, open_browser: Callable[..., Browser]) -> Page:
    page = open_browser("officer").open(enrolment_link(with_forms, "lan"))
    officer.enrol(page)
    return page


def test_five_hundred_questions_in_a_row_are_parts_one_can_leap_between(page: Page) -> None:
    filler.begin(page, "Năm trăm câu")
    filler.at(page, "phần 1/35")
    expect(page.locator(".progress svg.bar")).to_have_count(1)
    expect(page.locator(".progress i")).to_have_count(0)
    assert page.locator("main [data-question]").count() <= 16
    officer.jump(page, "Câu 487–500")
    officer.question(page, "q497").get_by_role("spinbutton").fill("497")
    officer.onward(page)
    expect(filler.heading(page)).to_contain_text("Còn thiếu")
    assert page.locator("main .is-missing").count() < 40, "gaps far below are not drawn yet"


def test_a_page_of_three_hundred_questions_draws_what_is_near_and_finds_what_is_far(page: Page) -> None:
    filler.begin(page, "Trang dài")
    body = page.locator("main.body-form")
    assert body.locator("input").count() < 60
    expect(body.get_by_text("Dòng chữ 300", exact=True)).to_have_count(1)
    body.evaluate("(it) => { it.scrollTop = it.scrollHeight; }")
    last = filler.field(page, "Dòng chữ 300")
    last.fill("cuối")
    filler.saved(page)
    assert body.locator("input").count() < 120
    page.reload()
    expect(last).to_be_focused()
    expect(last).to_have_value("cuối")
    assert body.locator("input").count() < 80
