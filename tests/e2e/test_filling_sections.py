"""Going through a form of any kind: its pages, the jump list, swiping, what is told of gaps, other languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import filler, officer
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import Running

pytestmark = pytest.mark.browser
HOUSEHOLD = "Phiếu hộ gia đình"


@pytest.fixture
def page(with_forms: Running, open_browser: Callable[..., Browser]) -> Page:
    page = open_browser("officer").open(enrolment_link(with_forms, "lan"))
    officer.enrol(page)
    return page


def test_groups_are_pages_and_one_whose_questions_do_not_apply_is_passed_over(page: Page) -> None:
    filler.begin(page, HOUSEHOLD)
    assert list(filler.parts(page)) == [HOUSEHOLD, "Nhà ở", "Người trong hộ", "Lần thăm", "Kiểm tra", "Thêm"]
    page.get_by_text("Có", exact=True).click()
    assert list(filler.parts(page))[2] == "Trẻ em"
    officer.onward(page)
    filler.at(page, "Nhà ở")
    expect(page.get_by_role("heading", name="Nước")).to_be_visible()
    officer.onward(page)
    filler.at(page, "Trẻ em")
    page.get_by_role("button", name="Quay lại").or_(page.get_by_role("button", name="Trước")).first.click()
    filler.at(page, "Nhà ở")


def test_a_part_left_with_gaps_is_told_of_and_nothing_is_held_back(page: Page) -> None:
    filler.begin(page, HOUSEHOLD)
    filler.field(page, "Tên ấp").fill("Bờ Đập")
    officer.onward(page)
    told = page.locator("button.told")
    expect(told).to_have_text(f"{HOUSEHOLD}: còn thiếu 1 câu")
    page.get_by_role("spinbutton").fill("25")
    officer.onward(page)
    expect(told).to_have_text("Nhà ở: 1 câu cần xem lại")
    told.click()
    expect(page.locator(".q-fault")).to_have_text("Nhà Bờ Đập không quá 20 phòng")
    found = filler.parts(page)
    assert found["Nhà ở"] == "Còn 1 câu cần xem lại"
    assert found[HOUSEHOLD] == "còn thiếu 1"
    assert found["Lần thăm"] == "chưa trả lời"
    officer.jump(page, "Kiểm tra")
    expect(page.locator("[data-question$='/rooms'] .q-fault")).to_have_text("Nhà Bờ Đập không quá 20 phòng")
    expect(page.locator("[data-question$='/has_children'].is-missing")).to_be_visible()


def test_a_swipe_turns_the_page_and_takes_nothing_from_typing(page: Page) -> None:
    filler.begin(page, HOUSEHOLD)
    filler.swipe(page, -200)
    filler.at(page, "Nhà ở")
    filler.swipe(page, 200)
    filler.at(page, HOUSEHOLD)
    filler.swipe(page, 200)
    filler.at(page, HOUSEHOLD)
    filler.swipe(page, -40)
    filler.at(page, HOUSEHOLD)
    filler.field(page, "Tên ấp").fill("Bờ Đập")
    filler.swipe(page, -200, on="main.body-form input")
    filler.at(page, HOUSEHOLD)


def test_the_language_changes_in_mid_form_answers_stay_and_the_apps_words_too(page: Page) -> None:
    filler.begin(page, HOUSEHOLD)
    filler.field(page, "Tên ấp").fill("Bờ Đập")
    page.get_by_text("Có", exact=True).click()
    filler.language(page, "ខ្មែរ")
    label = page.locator("[data-question$='/village'] .q-label span").first
    expect(label).to_have_text("ភូមិ")
    expect(label).to_have_attribute("lang", "km")
    assert page.locator("html").get_attribute("lang") == "vi"
    heights = "(it) => parseFloat(getComputedStyle(it).lineHeight) / parseFloat(getComputedStyle(it).fontSize)"
    assert label.evaluate(heights) >= 1.5
    expect(page.get_by_role("button", name="Tiếp", exact=True)).to_be_visible()
    filler.language(page, "Français")
    expect(filler.field(page, "Hameau")).to_have_value("Bờ Đập")
    expect(page.get_by_label("Oui", exact=True)).to_be_checked()
    filler.saved(page)
    page.reload()
    expect(filler.field(page, "Hameau")).to_have_value("Bờ Đập")


def test_the_style_pages_asks_one_screen_at_a_time(page: Page) -> None:
    filler.begin(page, "Từng màn hình")
    expect(page.locator("[data-question] input")).to_have_count(1)
    filler.field(page, "Câu một").fill("bỏ")
    assert list(filler.parts(page)) == ["Câu một", "Cùng màn hình", "Kiểm tra"]
    officer.onward(page)
    filler.at(page, "Cùng màn hình")
    expect(page.locator("[data-question] input")).to_have_count(2)


def test_only_the_page_that_is_open_can_be_read(page: Page) -> None:
    filler.begin(page, HOUSEHOLD)
    tree = page.locator("body").aria_snapshot()
    assert "Tên ấp" in tree
    assert "Số phòng" not in tree
    officer.jump(page, "Thêm")
    assert "Tên ấp" not in page.locator("body").aria_snapshot()
    assert page.evaluate("document.activeElement.matches('h2[data-heading]')")


def test_a_list_without_items_says_so(page: Page) -> None:
    filler.begin(page, "Danh sách trống")
    officer.question(page, "who").get_by_role("button").first.click()
    expect(page.locator("#found")).to_have_text("Danh sách này chưa có mục nào trên máy. Có mạng thì máy tự nhận.")
    page.get_by_role("searchbox").fill("lan")
    expect(page.locator("#found")).to_contain_text("Danh sách này chưa có mục nào")
