"""One draft in two tabs: the one that opened it last has it, the other says so and writes nothing more."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import every_type_sheet as sheet
from tests.e2e import filler, officer
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import Running

pytestmark = pytest.mark.browser

STORED = """async () => {
  const done = (asked) => new Promise((tell) => { asked.onsuccess = () => tell(asked.result); });
  const { name } = (await indexedDB.databases()).find((one) => /^lantoa-/.test(one.name));
  const db = await done(indexedDB.open(name));
  const [draft] = await done(db.transaction('drafts').objectStore('drafts').getAll());
  db.close();
  return [draft.answers.scales.level, draft.answers.opinions.best];
}"""
ELSEWHERE = "Bản ghi này đang mở ở cửa sổ khác"
# This tab is still answering in the moment in which the other takes the draft.
LATE = """() => {
  const slider = document.querySelector('[data-question$="/level"] input[type=range]');
  window.late = new Promise((done) => {
    const turning = setInterval(() => {
      if (!slider.isConnected) { clearInterval(turning); done(true); return; }
      slider.value = String((Number(slider.value) + 1) % 10);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    });
  });
}"""


def level(page: Page, to: str) -> None:
    slider = officer.question(page, "level").get_by_role("slider")
    slider.fill(to)
    expect(slider).to_have_value(to)


def test_two_tabs_on_one_draft_of_rare_parts_never_write_over_each_other(
    every_type: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("phone")
    one = phone.open(enrolment_link(every_type, "lan"))
    officer.enrol(one)
    officer.installed(one)
    sheet.begin(one)
    officer.jump(one, "Thang đo")
    level(one, "3")
    officer.jump(one, "Ý kiến")
    officer.question(one, "best").get_by_role("button", name="Đưa lên: Nhóm Zalo").click()
    filler.saved(one)
    before = one.evaluate(STORED)
    officer.jump(one, "Thang đo")

    assert phone.context
    one.evaluate(LATE)
    two = phone.context.new_page()
    two.goto(one.url)
    expect(two.locator("main.body-form")).to_be_visible()
    expect(one.get_by_text(ELSEWHERE)).to_be_visible()
    assert one.evaluate("() => window.late")

    level(two, "9")
    officer.jump(two, "Ý kiến")
    officer.question(two, "best").get_by_role("button", name="Đưa xuống: Nhóm Zalo").click()
    filler.saved(two)
    wanted = two.evaluate(STORED)
    assert wanted[0] == "9"
    assert wanted[1] != before[1]
    one.wait_for_timeout(500)
    assert one.evaluate(STORED) == wanted

    one.bring_to_front()
    one.get_by_role("button", name="Mở tại đây").click()
    expect(two.get_by_text(ELSEWHERE)).to_be_visible()
    officer.jump(one, "Thang đo")
    expect(officer.question(one, "level").get_by_role("slider")).to_have_value("9")
    level(one, "1")
    filler.finish_anyway(one)
    two.bring_to_front()
    two.get_by_role("button", name="Mở tại đây").click()
    expect(two.get_by_role("button", name=officer.HOME)).to_be_visible()
