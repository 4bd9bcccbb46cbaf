"""A returned record: the reviewer's words on the phone, the pin, the old photo, and one record that counts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import officer, reviewer
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.officer import Told
from tests.e2e.pictures import big_jpeg
from tests.e2e.running import Running
from tests.e2e.world import DAI_AN_2, PASSWORD

pytestmark = pytest.mark.browser

WHY = "Hội trường chỉ có 40 ghế, đếm lại"
FORGET_PHOTOS = """async () => {
  const names = (await indexedDB.databases()).map((it) => it.name).filter((name) => name.startsWith('lantoa-'));
  for (const name of names) await new Promise((done, fail) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const tx = opening.result.transaction(['media', 'chunks'], 'readwrite');
      tx.objectStore('media').clear();
      tx.objectStore('chunks').clear();
      tx.oncomplete = () => { opening.result.close(); done(); };
    };
  });
}"""


def return_the_first(desk: Page, origin: str) -> None:
    reviewer.open_first_waiting(desk, origin)
    reviewer.give_back(desk, "/attendees_total", WHY)


def open_returned(page: Page) -> None:
    """From the counter at home to the pinned question."""
    officer.counts(page, "Trả lại", 1)
    page.locator(".counter", has_text="Trả lại").click()
    page.locator("main a.record").click()
    expect(page.get_by_text(WHY)).to_be_visible()
    page.get_by_role("button", name="Sửa và gửi lại").click()
    expect(page.get_by_role("heading", name=WHY)).to_be_visible()


def see_the_photo(page: Page, from_server: bool) -> None:
    """The whole record is one tap away, the old photo in it; where its copy is gone the server gives it."""
    page.get_by_role("button", name="Xem cả bản").click()
    expect(officer.question(page, "hamlet").get_by_role("radio")).to_be_checked()
    with page.expect_event("response", lambda it: "/sync/media/" in it.url) if from_server else _nothing():
        page.get_by_role("button", name="Các phần của biểu mẫu").click()
        page.get_by_role("dialog").get_by_text("Ảnh", exact=True).click()
        picture = page.get_by_role("img", name="ảnh 1")
        expect(picture).to_be_visible()
    page.wait_for_function("(it) => it.complete && it.naturalWidth > 0", arg=picture.element_handle())


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize("photo_is_gone", [False, True], ids=["photo-on-the-phone", "photo-at-the-server-only"])
def test_a_returned_record_opens_at_the_pin_and_replaces_the_earlier_one(
    running: Running, open_browser: Callable[..., Browser], tmp_path: Path, photo_is_gone: bool
) -> None:
    desk = open_browser("desk", viewport=dict(DESK)).open(running.origin + "/desk")
    reviewer.sign_in(desk, running.origin, "khanh", PASSWORD)
    page = open_browser("phone").open(enrolment_link(running, "lan"))
    officer.enrol(page)
    officer.record(page, Told(people=46, photo=big_jpeg(tmp_path / "hall.jpg"), codes=("0001",)))
    officer.sent(page)
    officer.exchange(page)
    return_the_first(desk, running.origin)
    assert reviewer.total(desk, running.origin, DAI_AN_2, "lượt người") == 0

    officer.exchange(page)
    if photo_is_gone:
        page.evaluate(FORGET_PHOTOS)
    open_returned(page)
    see_the_photo(page, photo_is_gone)
    page.go_back()
    page.go_back()
    expect(page.get_by_role("spinbutton")).to_have_value("46")
    page.get_by_role("spinbutton").fill("40")
    expect(page.get_by_text("Trước: 46")).to_be_visible()
    page.get_by_role("button", name="Gửi lại").click()
    officer.sent(page)
    officer.counts(page, "Trả lại", 0)

    reviewer.open_first_waiting(desk, running.origin)
    changed = desk.locator(".answer--changed")
    expect(changed).to_have_count(1)
    expect(changed.locator("del")).to_have_text("46")
    expect(changed.locator("ins")).to_have_text("40")
    expect(desk.locator("h1 + p")).to_contain_text("bản sửa 1")
    reviewer.accept(desk)
    assert reviewer.total(desk, running.origin, DAI_AN_2, "lượt người") == 40
    assert reviewer.total(desk, running.origin, DAI_AN_2, "buổi") == 1
    assert reviewer.figure(desk, running.origin, DAI_AN_2, "T2") == (1, 5)
    desk.goto(f"{running.origin}/desk/records")
    expect(desk.locator("[data-row]")).to_have_count(0)
