"""What a form keeps: the place where the browser was killed, and what the next record may copy from the last."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import filler, officer
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import Running

pytestmark = pytest.mark.browser
HOUSEHOLD = "Phiếu hộ gia đình"


def enrolled(phone: Browser, running: Running) -> Page:
    page = phone.open(enrolment_link(running, "lan"))
    officer.enrol(page)
    officer.installed(page)
    return page


# The draft says in the store that it was left: what the next start of the app reads.
LEFT = """async () => {
  const { name } = (await indexedDB.databases()).find((one) => /^lantoa-/.test(one.name));
  const db = await new Promise((done) => {
    const asked = indexedDB.open(name);
    asked.onsuccess = () => done(asked.result);
  });
  const all = await new Promise((done) => {
    const asked = db.transaction("drafts").objectStore("drafts").getAll();
    asked.onsuccess = () => done(asked.result);
  });
  db.close();
  return all.length > 0 && all.every((draft) => draft.place.open === false);
}"""


def test_a_killed_browser_opens_the_form_again_at_the_same_question(
    with_forms: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("killed")
    page = enrolled(phone, with_forms)
    filler.begin(page, HOUSEHOLD)
    filler.field(page, "Tên ấp").fill("Bờ Đập")
    officer.onward(page)
    filler.field(page, "Ghi chú về nước").fill("nước phèn")
    filler.saved(page)
    phone.kill()
    page = phone.open(with_forms.origin + "/")
    filler.at(page, "Nhà ở")
    expect(filler.field(page, "Ghi chú về nước")).to_be_focused()
    expect(filler.field(page, "Ghi chú về nước")).to_have_value("nước phèn")
    page.get_by_role("button", name="Đóng, giữ bản nháp").click()
    expect(page.get_by_role("button", name=officer.HOME)).to_be_visible()
    page.wait_for_function(LEFT)
    page.goto("about:blank")
    page.goto(with_forms.origin + "/")
    expect(page.get_by_role("button", name=officer.HOME)).to_be_visible()


def test_a_killed_browser_opens_the_row_in_a_row_and_back_leads_out_of_it(
    with_forms: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("killed-row")
    page = enrolled(phone, with_forms)
    filler.begin(page, HOUSEHOLD)
    officer.jump(page, "Người trong hộ")
    page.locator(".row-card .item").first.click()
    filler.field(page, "Gọi là gì").fill("Ông Tư")
    page.locator(".row-card .item").first.click()
    filler.field(page, "Việc gì").fill("Làm ruộng")
    filler.saved(page)
    phone.kill()
    page = phone.open(with_forms.origin + "/")
    filler.at(page, "Việc làm 1/1")
    expect(filler.field(page, "Việc gì")).to_be_focused()
    page.go_back()
    filler.at(page, "Người trong hộ 1/1")
    page.go_back()
    filler.at(page, "Người trong hộ")
    page.go_back()
    expect(page.get_by_role("button", name=officer.HOME)).to_be_visible()


def test_a_draft_opened_from_the_list_is_where_it_was_left_and_bears_the_forms_own_name(
    with_forms: Running, open_browser: Callable[..., Browser]
) -> None:
    page = enrolled(open_browser("list"), with_forms)
    filler.begin(page, HOUSEHOLD)
    filler.field(page, "Tên ấp").fill("Bờ Đập")
    officer.jump(page, "Lần thăm")
    page.get_by_role("button", name="Đóng, giữ bản nháp").click()
    page.get_by_role("link", name="Bản ghi").click()
    page.locator("a.record", has_text="Hộ Bờ Đập").click()
    filler.at(page, "Lần thăm")


def test_the_next_record_takes_over_what_the_form_marks_and_nothing_else(
    with_forms: Running, open_browser: Callable[..., Browser]
) -> None:
    page = enrolled(open_browser("same"), with_forms)
    filler.begin(page, HOUSEHOLD)
    expect(page.locator("button.same")).to_have_count(0)
    filler.field(page, "Tên ấp").fill("Bờ Đập")
    page.get_by_text("Có", exact=True).click()
    officer.onward(page)
    page.get_by_text("Nước sông", exact=True).click()
    filler.field(page, "Ghi chú về nước").fill("nước phèn")
    filler.finish_anyway(page)
    page.get_by_role("button", name="Xong").click()
    filler.begin(page, HOUSEHOLD)
    page.locator("button.same").click()
    expect(filler.field(page, "Tên ấp")).to_have_value("Bờ Đập")
    expect(page.get_by_label("Có", exact=True)).not_to_be_checked()
    officer.onward(page)
    expect(page.get_by_label("Nước sông")).to_be_checked()
    expect(filler.field(page, "Ghi chú về nước")).to_have_value("")
