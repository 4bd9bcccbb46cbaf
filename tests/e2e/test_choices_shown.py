"""Choices as people see and hear them: with pictures and sounds, as scales and tables, and going on by themselves."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e import attachments, filler, form_desk, officer, reviewer, world
from tests.e2e.axe import Walk
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import copied, enrolment_link
from tests.e2e.running import ROOT, Running
from tests.e2e.store import OUTBOX

pytestmark = pytest.mark.browser
TITLE = "Phiếu chọn"
SOURCE = ROOT / "tests/e2e/attached/choices_seen.md"
PARTS = ("Hình và tiếng", "Hỏi nhanh", "Ý kiến", "Danh sách")
TOO_SMALL = """() => [...document.querySelectorAll(
    '.app button, .app a[href], .app select, .app label.pick, .app .point, .app .cell')]
  .map((it) => [it, it.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < 47.5 || box.height < 47.5))
  .map(([it, box]) => `${it.tagName}.${it.className} ${box.width}x${box.height} ${it.textContent}`)"""
TOO_WIDE = """() => [...document.querySelectorAll('.app *')].filter((it) => {
  const box = it.getBoundingClientRect();
  const hidden = it.closest('.sr-only') || getComputedStyle(it).opacity === '0';
  return !hidden && box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
}).map((it) => `${it.tagName}.${it.className}`)"""


@pytest.fixture(scope="module")
def with_choices(filled: Path, tmp_path_factory: pytest.TempPathFactory, playwright: Playwright) -> Iterator[Running]:
    """An installation whose staff have published the form, its pictures and its sounds."""
    folder = tmp_path_factory.mktemp("choices")
    one = copied(filled, folder)
    one.start()
    desk = Browser(playwright, folder / "desk", viewport=dict(DESK))
    page = desk.open(one.origin)
    reviewer.sign_in(page, one.origin, "quan", world.PASSWORD)
    form_desk.publish(page, form_desk.draft(page, one, SOURCE, attachments.written(folder)))
    desk.close()
    yield one
    one.stop()


@pytest.fixture
def page(with_choices: Running, open_browser: Callable[..., Browser]) -> Page:
    """A phone with the form open, and no network any more."""
    phone = open_browser("officer")
    page = phone.open(enrolment_link(with_choices, "lan"))
    officer.enrol(page)
    officer.installed(page)
    expect(page.get_by_role("button", name="Ghi việc khác")).to_be_visible()
    assert phone.context
    phone.context.set_offline(True)
    filler.begin(page, TITLE)
    return page


def tap(page: Page, name: str, label: str) -> None:
    officer.question(page, name).get_by_text(label, exact=True).click()


def from_sheet(page: Page, name: str, *labels: str) -> None:
    officer.question(page, name).get_by_role("button").click()
    for label in labels:
        page.get_by_role("dialog").get_by_text(label, exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Xong").click()
    expect(officer.question(page, name)).to_contain_text(", ".join(labels))


def test_choices_are_seen_and_heard_without_a_network_and_become_the_answers(page: Page) -> None:
    walk = Walk()
    seen = officer.question(page, "seen")
    for picture in seen.locator("img").all():
        assert picture.evaluate("(it) => it.decode().then(() => it.naturalWidth)") == attachments.WIDE
    expect(seen.locator("img")).to_have_count(4)
    seen.get_by_role("button", name="Nghe: Cá lóc").click()
    expect(seen.get_by_role("button", name="Dừng nghe")).to_be_visible()
    expect(seen.get_by_role("button", name="Dừng nghe")).to_be_hidden()
    expect(seen.get_by_role("radio", checked=True)).to_have_count(0)
    tap(page, "seen", "Cá lóc")
    tap(page, "heard", "Trưởng ấp")
    tap(page, "heard", "Công an xã")
    officer.question(page, "wordless").get_by_role("img", name="Hành tím").click()
    walk.look(page, "pictures")

    officer.onward(page)
    officer.question(page, "quick_middle").get_by_text("Có", exact=True).click()
    expect(officer.question(page, "between")).to_be_focused()
    filler.field(page, "Ghi thêm").fill("loa cũ")
    walk.look(page, "quick")
    tap(page, "quick_end", "Không")
    filler.at(page, "Ý kiến")

    officer.question(page, "line").get_by_role("radio", name="Đồng ý", exact=True).click()
    officer.question(page, "upright").get_by_role("radio", name="Cũng được").click()
    officer.question(page, "row_a").get_by_role("radio", name="Có lúc").click()
    for often in ("Chưa", "Hằng ngày"):
        officer.question(page, "row_b").get_by_role("checkbox", name=often).click()
    walk.look(page, "opinions")
    officer.onward(page)
    tap(page, "cols", "Thứ ba")
    tap(page, "packed", "Thứ hai")
    tap(page, "packed", "Thứ sáu")
    from_sheet(page, "small", "Thứ tư")
    from_sheet(page, "small_many", "Thứ năm", "Thứ bảy")
    from_sheet(page, "found_many", "Thứ hai", "Thứ ba")
    officer.question(page, "found").get_by_role("button").click()
    page.get_by_role("searchbox").fill("bay")
    page.locator("label.item").first.click()
    walk.look(page, "lists")
    walk.expect_clean()
    filler.finish_anyway(page)

    [sealed] = page.evaluate(OUTBOX)
    assert json.loads(sealed["payload"])["answers"] == {
        "shown": {"seen": "fish", "heard": "chief police", "wordless": "onion"},
        "fast": {"quick_middle": "yes", "between": "loa cũ", "quick_end": "no"},
        "opinions": {"line": "a4", "upright": "b2", "row_a": "some", "row_b": "never daily"},
        "listed": {
            "cols": "tue",
            "packed": "mon fri",
            "small": "wed",
            "small_many": "thu sat",
            "found": "sat",
            "found_many": "mon tue",
        },
    }


def expect_room(page: Page) -> None:
    """On each part: whatever is to be tapped has its 48 pixels, and nothing stands outside the screen."""
    for part in PARTS:
        officer.jump(page, part)
        assert page.evaluate(TOO_SMALL) == [], part
        assert page.evaluate(TOO_WIDE) == [], part


@pytest.mark.parametrize(("width", "height"), [(360, 640), (640, 360)])
def test_everything_to_tap_is_large_enough_and_nothing_is_cut_off(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    expect_room(page)


def test_letters_of_double_size_cut_nothing_off(with_choices: Running, open_browser: Callable[..., Browser]) -> None:
    phone = open_browser("large")
    preferences = phone.profile / "Default/Preferences"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(json.dumps({"webkit": {"webprefs": {"default_font_size": 32}}}))
    page = phone.open(enrolment_link(with_choices, "lan"))
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "32px"
    officer.enrol(page)
    filler.begin(page, TITLE)
    expect_room(page)


def test_a_phone_that_is_turned_keeps_the_question_and_what_is_being_typed(page: Page) -> None:
    officer.jump(page, "Hỏi nhanh")
    field = filler.field(page, "Ghi thêm")
    field.press_sequentially("loa c")
    page.set_viewport_size({"width": 640, "height": 360})
    expect(field).to_be_focused()
    field.press_sequentially("ũ")
    expect(field).to_have_value("loa cũ")
    expect(field).to_be_in_viewport()
    officer.onward(page)
    expect(filler.heading(page)).to_be_in_viewport()
    page.go_back()
    page.set_viewport_size({"width": 360, "height": 640})
    field.focus()
    page.set_viewport_size({"width": 640, "height": 360})
    page.set_viewport_size({"width": 360, "height": 640})
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
    filler.saved(page)
    page.reload()
    expect(filler.field(page, "Ghi thêm")).to_have_value("loa cũ")


def test_words_that_a_language_lacks_are_shown_in_another_and_answers_stay(page: Page) -> None:
    tap(page, "seen", "Cá lóc")
    officer.jump(page, "Hỏi nhanh")
    tap(page, "quick_middle", "Không")
    filler.field(page, "Ghi thêm").fill("loa cũ")
    filler.language(page, "English")
    filler.at(page, "Quick ones")
    expect(officer.question(page, "between")).to_contain_text("More")
    expect(officer.question(page, "quick_middle")).to_contain_text("Có loa không?")
    expect(officer.question(page, "quick_middle").get_by_role("radio", name="Không")).to_be_checked()
    expect(officer.question(page, "quick_middle").get_by_role("radio", name="Yes")).to_be_visible()
    expect(filler.field(page, "More")).to_have_value("loa cũ")
    officer.jump(page, "Pictures and sounds")
    expect(officer.question(page, "seen")).to_contain_text("Chạm vào hình")
    expect(officer.question(page, "seen").get_by_role("radio", name="Fish")).to_be_checked()
    filler.language(page, "Tiếng Việt")
    expect(officer.question(page, "seen").get_by_role("radio", name="Cá lóc")).to_be_checked()
