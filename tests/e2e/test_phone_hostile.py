"""The phone among faults: killed, cut off, lied to, opened twice. LANTOA_KILLS makes the first one long."""

import os
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e import officer
from tests.e2e.bad_line import PORTAL, REFUSED, BadLine
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import Running

pytestmark = pytest.mark.browser
KILLS = int(os.environ.get("LANTOA_KILLS", "3"))
MOST_MS = 250
SAVED = "Đã lưu trên máy"
ELSEWHERE = "Bản ghi này đang mở ở cửa sổ khác"


@pytest.fixture
def line(running: Running) -> Iterator[BadLine]:
    """A line to the program that can be made bad."""
    one = BadLine(running.port)
    yield one
    one.close()


LATE_MS = 40_000  # a press during an exchange is that exchange; the next try is the timer's
MOST_PRESSES = 60  # half a second apart: longer than any timer of the phone


def enrolled(phone: Browser, running: Running, origin: str) -> Page:
    page = phone.open(enrolment_link(running, "lan").replace(running.origin, origin))
    officer.enrol(page)
    officer.installed(page)
    return page


def begin(page: Page) -> str:
    """A draft with one answer; its id."""
    page.get_by_role("button", name=officer.HOME).click()
    page.get_by_text("Toàn xã", exact=True).click()
    expect(page.get_by_text(re.compile("Đã lưu nháp"))).to_be_visible()
    return draft_of(page)


def draft_of(page: Page) -> str:
    found = re.search(r"#/fill/(\w+)", page.url)
    assert found, page.url
    return found.group(1)


def go_to(page: Page, draft: str, part: str) -> None:
    page.evaluate("(place) => { location.hash = place; }", f"#/fill/{draft}/{part}")


def finish_with_gaps(page: Page, draft: str, taps: int = 1) -> None:
    """Presses the button that keeps the record although answers are missing, several times in one breath."""
    go_to(page, draft, "check")
    button = page.locator(".anyway button")
    expect(button).to_be_visible()
    button.evaluate("(it, taps) => { for (let n = 0; n < taps; n++) it.click(); }", taps)


def home(page: Page) -> None:
    page.evaluate("() => { location.hash = '#/home'; }")
    expect(page.get_by_role("button", name=officer.HOME)).to_be_visible()


def counts(page: Page) -> tuple[int, int]:
    """What waits and what is a draft."""
    page.wait_for_timeout(200)
    return officer.count(page, "Chờ gửi"), officer.count(page, "Nháp")


def test_a_phone_killed_while_it_saves_has_the_record_or_the_draft_and_what_it_called_saved(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("killed")
    page = enrolled(phone, running, running.origin)
    running.stop()
    luck = random.Random(1739)
    saved = records = 0
    for kill in range(1, KILLS + 1):
        finish_with_gaps(page, begin(page))
        page.wait_for_timeout(luck.uniform(0, MOST_MS))
        said = page.get_by_role("heading", name=SAVED).count() > 0
        phone.kill()
        page = phone.open(running.origin + "/#/home")
        expect(page.get_by_role("button", name=officer.HOME)).to_be_visible(timeout=officer.LONG_MS)
        waiting, drafts = counts(page)
        assert waiting + drafts == kill, f"kill {kill}: {waiting} records, {drafts} drafts"
        assert waiting > records or not said, f"kill {kill}: called saved, and is a draft"
        saved, records = saved + said, waiting
    assert records >= saved


def test_an_answer_given_right_before_the_window_closes_is_kept(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("closed")
    page = enrolled(phone, running, running.origin)
    draft = begin(page)
    go_to(page, draft, "more")
    for fold in page.locator("main summary").all():
        fold.click()
    text = "Bà con hỏi nhiều về đường đất, ấp Bờ Đập"
    field = page.locator("textarea").first
    field.fill(text[:-1])
    field.press_sequentially(text[-1])
    page.close(run_before_unload=False)
    assert phone.context is not None
    again = phone.context.new_page()
    again.goto(f"{running.origin}/#/fill/{draft}/more")
    expect(again.locator("textarea").first).to_have_value(text)


def test_taps_and_windows_make_one_record_and_no_draft_beside_it(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("twice")
    page = enrolled(phone, running, running.origin)
    running.stop()
    draft = begin(page)
    assert phone.context is not None
    other = phone.context.new_page()
    other.goto(f"{running.origin}/#/fill/{draft}")
    expect(page.get_by_role("heading", name=ELSEWHERE)).to_be_visible()
    page.get_by_role("button", name="Mở tại đây").click()
    expect(other.get_by_role("heading", name=ELSEWHERE)).to_be_visible()
    finish_with_gaps(page, draft, taps=3)
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    home(other)
    other.reload()
    assert counts(other) == (1, 0)


def test_portals_faults_and_lost_replies_leave_the_record_until_one_receipt_holds(
    running: Running, line: BadLine, open_browser: Callable[..., Browser]
) -> None:
    page = enrolled(open_browser("cut"), running, line.origin)

    def sync(head: bytes) -> bool:
        return b" /sync/" in head.split(b"\r\n")[0]

    line.answer = lambda head: PORTAL if sync(head) else None
    finish_with_gaps(page, begin(page))
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    home(page)
    expect(page.get_by_text("Mạng này đòi đăng nhập").first).to_be_visible()
    assert counts(page) == (1, 0)
    page.get_by_role("link", name="Máy này").click()
    for answer, words in ((REFUSED, "Máy chủ đang bận"), (b"", "Không có mạng")):
        line.answer = lambda head, answer=answer: answer if sync(head) else None  # type: ignore[misc]
        page.get_by_role("button", name="Gửi ngay").click()
        expect(page.locator(".appbar")).to_contain_text(words)
    line.answer = lambda head: None
    lost: list[bytes] = []

    def lose(head: bytes) -> bool:
        if b" /sync/records" not in head.split(b"\r\n")[0]:
            return False
        lost.append(head)
        return True

    line.lose_reply = lose
    for _press in range(MOST_PRESSES):
        page.get_by_role("button", name="Gửi ngay").click()
        page.wait_for_timeout(500)
        if lost:
            break
    assert lost, "no reply was ever on its way"
    expect(page.get_by_role("button", name="Gửi ngay")).to_be_visible()
    expect(page.locator("[data-waiting]")).to_have_attribute("data-waiting", "1")
    line.lose_reply = lambda head: False
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("[data-waiting]")).to_have_attribute("data-waiting", "0", timeout=LATE_MS)


def test_odd_pictures_are_taken_upright_on_paper_or_refused_in_words(
    running: Running, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    page = enrolled(open_browser("odd"), running, running.origin)
    running.stop()
    draft = begin(page)
    go_to(page, draft, "photos")
    page.get_by_text("Đã báo cho người dự").click()
    Image.new("RGBA", (3000, 2000), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    (tmp_path / "nothing.jpg").write_bytes(b"")
    (tmp_path / "apple.heic").write_bytes(b"\x00\x00\x00\x18ftypheic" + bytes(5000))
    file = page.locator('input[type="file"]')
    for name in ("nothing.jpg", "apple.heic"):
        file.first.set_input_files(str(tmp_path / name))
        expect(page.get_by_role("alert").get_by_text(name)).to_be_visible()
    file.first.set_input_files(str(tmp_path / "clear.png"))
    expect(page.locator(".shot img")).to_have_count(1)
    assert page.evaluate(MIDDLE) == [255, 255, 255], "what was clear is paper, not black"
    page.evaluate("() => { delete globalThis.OffscreenCanvas; }")
    picture = Image.new("RGB", (2000, 1000), (10, 90, 96))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "lying.jpg", exif=exif)
    file.first.set_input_files(str(tmp_path / "lying.jpg"))
    expect(page.locator(".shot img")).to_have_count(2)
    width, height = (
        page.locator(".shot img")
        .nth(1)
        .evaluate("async (it) => { await it.decode(); return [it.naturalWidth, it.naturalHeight]; }")
    )
    assert (width, height) == (800, 1600)


MIDDLE = """async () => {
  const picture = document.querySelector('.shot img');
  await picture.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  canvas.getContext('2d').drawImage(picture, 0, 0, 1, 1);
  return [...canvas.getContext('2d').getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""
