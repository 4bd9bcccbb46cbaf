"""What is hard to show: endless words, numbers below zero, several photos, a microphone asked for and left."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import filler, officer
from tests.e2e.axe import Walk
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.pictures import big_jpeg
from tests.e2e.running import Running

pytestmark = pytest.mark.browser

DEVICES = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
TITLE = "Phiếu khó vẽ"
TOO_WIDE = """() => [...document.querySelectorAll('.app *')].filter((it) => {
  const box = it.getBoundingClientRect();
  const hidden = it.closest('.sr-only') || getComputedStyle(it).opacity === '0';
  return !hidden && box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
}).map((it) => `${it.tagName}.${it.className}`)"""
SLOW_LEAVE = """() => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.streams = [];
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    await new Promise((go) => { window.allow = go; });
    const stream = await real(wanted);
    window.streams.push(stream);
    return stream;
  };
}"""
LIVE = "() => window.streams.flatMap((it) => it.getTracks()).filter((it) => it.readyState === 'live').length"


@pytest.fixture
def page(with_forms: Running, open_browser: Callable[..., Browser]) -> Page:
    page = open_browser("officer", flags=DEVICES).open(enrolment_link(with_forms, "lan"))
    officer.enrol(page)
    filler.begin(page, TITLE)
    return page


def asked(page: Page, name: str) -> Locator:
    return officer.question(page, name)


@pytest.mark.parametrize("width", [360, 320, 180])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    walk = Walk()
    for part in ("Chữ và số", "Mức độ dùng", "Ảnh, tiếng, tệp", "Kiểm tra"):
        officer.jump(page, part)
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate(TOO_WIDE) == [], part
        page.set_viewport_size({"width": 360, "height": 640})
        if width == 360:
            walk.look(page, part)
    if width == 360:
        walk.expect_clean()


def test_a_list_of_days_says_its_name_in_full(page: Page) -> None:
    listed = asked(page, "given").get_by_role("combobox", name="Ngày")
    free = listed.evaluate(
        """(it) => {
          const pen = document.createElement('canvas').getContext('2d');
          pen.font = getComputedStyle(it).font;
          return it.clientWidth - pen.measureText('Ngày').width; }"""
    )
    assert free >= 0


def test_whole_numbers_go_below_zero_where_the_form_speaks_of_it_and_are_never_cut(page: Page) -> None:
    change, cold, money = asked(page, "change"), asked(page, "cold"), asked(page, "money")
    change.get_by_role("button", name="Bớt một").click()
    change.get_by_role("button", name="Bớt một").click()
    expect(change.get_by_role("spinbutton")).to_have_value("-2")
    cold.get_by_role("button", name="Bớt một").click()
    expect(cold.get_by_role("spinbutton")).to_have_value("")
    cold.get_by_role("spinbutton").press_sequentially("-7")
    cold.get_by_role("button", name="Thêm một").click()
    expect(cold.get_by_role("spinbutton")).to_have_value("-6")
    money.get_by_role("spinbutton").press_sequentially("125000000")
    expect(money.get_by_role("spinbutton")).to_have_value("125000000")


def test_a_table_stands_under_its_own_name(page: Page) -> None:
    assert "Mức độ dùng" in filler.parts(page)
    officer.onward(page)
    filler.at(page, "Mức độ dùng")
    expect(page.get_by_text("Mức độ dùng", exact=True)).to_have_count(1)


def test_photos_with_names_of_their_own_have_places_of_their_own(page: Page, tmp_path: Path) -> None:
    officer.jump(page, "Ảnh, tiếng, tệp")
    board = asked(page, "board")
    expect(board).to_contain_text("Ảnh bảng tin")
    expect(board.get_by_role("button", name="Chụp ảnh")).to_be_visible()
    expect(board.get_by_role("button", name="Chọn ảnh")).to_have_count(0)
    hall = asked(page, "hall")
    for n in (1, 2):
        hall.locator('input[type="file"]').set_input_files(str(big_jpeg(tmp_path / f"hall{n}.jpg")))
        expect(hall.get_by_role("button", name=f"Bỏ ảnh {n}")).to_be_visible(timeout=officer.LONG_MS)
    board.get_by_role("button", name="Chụp ảnh").click()
    page.get_by_role("button", name="Chụp ảnh 1 trong 1").click()
    expect(page.get_by_role("button", name="Bỏ ảnh 1")).to_be_visible(timeout=officer.LONG_MS)
    page.get_by_role("button", name="Xong").click()
    expect(board.get_by_role("button", name="Bỏ ảnh 1")).to_be_visible()
    board.get_by_role("button", name="Bỏ ảnh 1").click()
    expect(board).to_be_focused()
    expect(hall.get_by_role("button", name="Bỏ ảnh 2")).to_be_visible()


def test_the_microphone_is_off_when_leave_to_record_comes_after_the_page_was_left(page: Page) -> None:
    officer.jump(page, "Ảnh, tiếng, tệp")
    page.evaluate(SLOW_LEAVE)
    record = asked(page, "sound").get_by_role("button", name="Ghi âm")
    record.click()
    record.click()
    officer.jump(page, "Chữ và số")
    page.evaluate("() => window.allow()")
    page.wait_for_function("() => window.streams.length === 1")
    page.wait_for_function(f"() => ({LIVE})() === 0")
    officer.jump(page, "Ảnh, tiếng, tệp")
    asked(page, "sound").get_by_role("button", name="Ghi âm").click()
    page.evaluate("() => window.allow()")
    expect(asked(page, "sound").get_by_role("timer")).to_have_text("0:01", timeout=officer.LONG_MS)
    officer.jump(page, "Chữ và số")
    page.wait_for_function("() => window.streams.length === 2")
    assert page.evaluate(LIVE) == 0
    officer.jump(page, "Ảnh, tiếng, tệp")
    expect(asked(page, "sound").locator("audio")).to_be_visible()


def test_a_drawing_closed_by_a_slip_is_there_again(page: Page) -> None:
    officer.jump(page, "Ảnh, tiếng, tệp")
    signed = asked(page, "signed")
    signed.get_by_role("button", name="Ký tên").click()
    paper = page.get_by_role("dialog").locator("canvas")
    paper.hover()  # it stands still by now: a place measured on its way up would be beside it
    box = paper.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 60, steps=5)
    page.mouse.up()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    signed.get_by_role("button", name="Ký tên").click()
    page.get_by_role("dialog").get_by_role("button", name="Giữ lại").click()
    expect(signed.get_by_role("img", name="Chữ ký")).to_be_visible(timeout=officer.LONG_MS)
    expect(signed).to_be_focused()


def test_a_sent_record_shows_its_picture_plays_its_sound_and_opens_its_file(page: Page, tmp_path: Path) -> None:
    officer.jump(page, "Ảnh, tiếng, tệp")
    document = tmp_path / "bien-ban.pdf"
    document.write_bytes(b"%PDF-1.7\n" + b"x" * 20_000)
    asked(page, "paper").locator('input[type="file"]').set_input_files(str(document))
    asked(page, "hall").locator('input[type="file"]').set_input_files(str(big_jpeg(tmp_path / "hall.jpg")))
    asked(page, "sound").get_by_role("button", name="Ghi âm").click()
    expect(asked(page, "sound").get_by_role("timer")).to_have_text("0:01", timeout=officer.LONG_MS)
    asked(page, "sound").get_by_role("button", name="Dừng").click()
    expect(asked(page, "sound").locator("audio")).to_be_visible()
    filler.finish_anyway(page)
    page.get_by_role("button", name="Xong").click()
    page.get_by_role("link", name="Bản ghi").click()
    page.locator("main a.record").filter(has_text=TITLE).first.click()
    expect(asked(page, "hall").locator("img")).to_be_visible()
    expect(asked(page, "sound").locator("audio")).to_be_visible()
    page.wait_for_function("() => document.querySelector('main audio').readyState > 0")
    expect(asked(page, "paper").get_by_role("link")).to_have_text("PDF 20 kB")
    with page.expect_download() as opened:
        asked(page, "paper").get_by_role("link").click()
    assert opened.value.path().read_bytes() == document.read_bytes()
