"""An officer's second phone has what the first one sent (U27); a lost answer to enrolling needs no new code (P-51)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e import officer, reviewer
from tests.e2e.bad_line import BadLine
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.officer import Told
from tests.e2e.running import Running
from tests.e2e.world import DAI_AN_2, PASSWORD

pytestmark = pytest.mark.browser
WHY = "Hội trường chỉ có 40 ghế, đếm lại"


@pytest.fixture
def line(running: Running) -> Iterator[BadLine]:
    """A line to the program that can be made bad."""
    one = BadLine(running.port)
    yield one
    one.close()


def enrolled(phone: Browser, running: Running, login: str = "lan") -> Page:
    page = phone.open(enrolment_link(running, login))
    officer.enrol(page)
    return page


def test_a_returned_record_of_the_lost_phone_is_corrected_on_the_new_one(
    running: Running, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    desk = open_browser("desk", viewport=dict(DESK)).open(running.origin + "/desk")
    reviewer.sign_in(desk, running.origin, "khanh", PASSWORD)
    old = open_browser("old")
    page = enrolled(old, running)
    picture = tmp_path / "photo.jpg"
    Image.effect_noise((900, 700), 60).convert("RGB").save(picture)
    officer.record(page, Told(people=46, photo=picture))
    officer.sent(page)
    officer.record(page, Told(people=30))
    officer.sent(page)
    officer.exchange(page)
    reviewer.open_first_waiting(desk, running.origin)
    reviewer.give_back(desk, "/attendees_total", WHY)
    old.close()

    page = enrolled(open_browser("new"), running)
    officer.counts(page, "Trả lại", 1)
    officer.counts(page, "Đã gửi", 1)
    page.locator(".counter", has_text="Trả lại").click()
    page.locator("main a.record").click()
    expect(page.get_by_text(WHY)).to_be_visible()
    page.get_by_role("button", name="Sửa và gửi lại").click()
    expect(page.get_by_role("spinbutton")).to_be_visible()
    page.get_by_role("spinbutton").fill("40")
    page.get_by_role("button", name="Gửi lại").click()
    officer.sent(page)
    officer.counts(page, "Trả lại", 0)
    for _ in range(2):
        reviewer.open_first_waiting(desk, running.origin)
        reviewer.accept(desk)
    assert reviewer.total(desk, running.origin, DAI_AN_2, "buổi") == 2


def test_what_the_first_phone_sent_is_read_and_taken_back_on_the_second(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    page = enrolled(open_browser("first"), running)
    officer.record(page, Told(people=46))
    officer.sent(page)
    page = enrolled(open_browser("second"), running)
    officer.counts(page, "Đã gửi", 1)
    officer.open_record(page)
    expect(page.locator("[data-question$='/attendees_total'] dd")).to_have_text("46")
    officer.withdraw(page, "ghi nhầm")
    page.evaluate("() => { location.hash = '#/home'; }")
    officer.exchange(page)
    officer.counts(page, "Đã gửi", 0)


def test_an_enrolment_whose_answer_was_lost_asks_again_after_a_kill_and_needs_no_new_code(
    running: Running, line: BadLine, open_browser: Callable[..., Browser]
) -> None:
    lost: list[bytes] = []

    def lose(head: bytes) -> bool:
        if not lost and b" /sync/enrol" in head.split(b"\r\n")[0]:
            lost.append(head)
            return True
        return False

    line.lose_reply = lose
    phone = open_browser("unheard")
    page = phone.open(enrolment_link(running, "lan").replace(running.origin, line.origin))
    page.get_by_role("button", name="Ghi danh máy này").click()
    expect(page.get_by_text("Máy tự hỏi lại với mã này khi có mạng")).to_be_visible(timeout=officer.LONG_MS)
    assert lost
    phone.kill()
    page = phone.open(line.origin)
    expect(page.get_by_role("button", name=officer.HOME)).to_be_visible(timeout=officer.LONG_MS)
    officer.record(page, Told())
    officer.sent(page)
