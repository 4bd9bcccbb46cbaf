"""What an officer sees while records are on their way: since when they wait, help in words, a closed app that sends."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e import officer
from tests.e2e.bad_line import BadLine
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.officer import Told
from tests.e2e.running import Running

pytestmark = pytest.mark.browser
FORBIDDEN = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n\r\n<html></html>"
)
ENOUGH = 8  # failures after which a person is asked to look (static/src/backoff.ts)
PRESSES = 30
SLOW_MS = 60_000


@pytest.fixture
def line(running: Running) -> Iterator[BadLine]:
    """A line to the program that can be made bad."""
    one = BadLine(running.port)
    yield one
    one.close()


def enrolled(phone: Browser, running: Running, line: BadLine) -> Page:
    page = phone.open(enrolment_link(running, "lan").replace(running.origin, line.origin))
    officer.enrol(page)
    officer.installed(page)
    page.reload()  # from the second start on the phone holds the words of help
    expect(page.get_by_role("button", name=officer.HOME)).to_be_visible()
    return page


def asks(path: str) -> Callable[[bytes], bool]:
    """Whether the head of a request asks for this path of the protocol."""
    return lambda head: f" /sync{path}".encode() in head.split(b"\r\n")[0]


def send(page: Page) -> None:
    """Presses the button and waits until the exchange is over."""
    page.get_by_role("button", name="Gửi ngay").click()
    page.wait_for_timeout(200)
    expect(page.get_by_role("button", name="Gửi ngay")).to_be_visible(timeout=SLOW_MS)


def test_a_record_that_somebody_refuses_asks_for_help_in_words_and_gives_a_report_without_names(
    running: Running, line: BadLine, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("refused")
    page = enrolled(phone, running, line)
    assert phone.context is not None
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=line.origin)
    refused = asks("/records")
    line.answer = lambda head: FORBIDDEN if refused(head) else None
    officer.record(page, Told(people=46))
    page.get_by_role("button", name="Xong").click()
    expect(page.locator("[data-since]")).to_contain_text(re.compile(r"từ \d\d:\d\d"))
    page.get_by_role("link", name="Máy này").click()
    expect(page.locator("[data-since]")).to_contain_text("từ")
    help_chip = page.get_by_text("Cần giúp", exact=True)
    for press in range(PRESSES):
        page.get_by_role("link", name="Máy này").click()
        send(page)
        page.get_by_role("link", name="Bản ghi").click()
        expect(page.locator("a.record")).to_have_count(1)
        if press >= ENOUGH - 3 and help_chip.count():
            break
    expect(help_chip.last).to_be_visible()
    expect(page.get_by_text("Mạng này chặn bản này. Thử mạng khác.")).to_be_visible()
    expect(page.get_by_text("Bản ghi vẫn an toàn trên máy này.")).to_be_visible()
    page.get_by_role("button", name="Sao chép lỗi").click()
    expect(page.get_by_text("Đã sao chép lỗi")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    report = json.loads(copied)
    assert report["record"]["problem"]["type"] == "http-403"
    assert report["record"]["failures"] >= ENOUGH
    assert report["waits"]["needs_help"] == 1
    for name in ("Họp tổ dân phố", "Lan", "Đại Ân", "46"):
        assert f'"{name}' not in copied, name
    line.answer = lambda head: None
    page.get_by_role("button", name="Thử lại").click()
    expect(page.locator("[data-status=sent]")).to_be_visible(timeout=SLOW_MS)


def test_while_a_photo_is_on_its_way_the_record_is_called_sent_and_the_photo_is_counted(
    running: Running, line: BadLine, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    page = enrolled(open_browser("slow"), running, line)
    Image.new("RGB", (1200, 900), (10, 90, 96)).save(tmp_path / "hall.jpg")
    go_on = threading.Event()
    photo = asks("/media")

    def hold(head: bytes) -> bytes | None:
        if photo(head):
            go_on.wait(60)
        return None

    line.answer = hold
    try:
        officer.record(page, Told(people=30, photo=tmp_path / "hall.jpg"))
        expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible(timeout=officer.LONG_MS)
        expect(page.locator("main [data-status]")).to_have_text("Đã gửi")
        expect(page.locator("main")).to_contain_text("0/1")
        page.get_by_role("button", name="Xong").click()
        expect(page.locator(".home-bar")).to_contain_text("Đang gửi ảnh 1/1")
        expect(page.locator("[data-since]")).to_contain_text("1 ảnh, từ")
        page.get_by_role("link", name="Bản ghi").click()
        page.locator("a.record").click()
        expect(page.locator("[data-photos]")).to_have_text("Ảnh đã gửi 0/1")
    finally:
        go_on.set()
    expect(page.locator("[data-photos]")).to_have_text("Ảnh đã gửi 1/1", timeout=SLOW_MS)


def test_a_closed_app_sends_when_the_browser_says_that_the_network_is_back(
    running: Running, line: BadLine, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("closed app")
    page = enrolled(phone, running, line)
    sync, records = asks("/"), asks("/records")
    line.answer = lambda head: b"" if sync(head) else None
    officer.record(page, Told(people=46))
    assert phone.context is not None
    elsewhere = phone.context.new_page()
    page.close()
    line.answer = lambda head: None
    before = len(line.heads)
    tell_network_is_back(elsewhere, phone.context.new_cdp_session(elsewhere), line.origin)
    for _ in range(100):
        if any(records(head) for head in line.heads[before:]):
            break
        elsewhere.wait_for_timeout(100)
    assert any(records(head) for head in line.heads[before:]), "the worker sent nothing"
    elsewhere.wait_for_timeout(2_000)
    line.answer = lambda head: b"" if sync(head) else None  # what is shown now was not sent by the page
    again = phone.context.new_page()
    again.goto(f"{line.origin}/#/records")
    expect(again.locator("[data-status=sent]")).to_be_visible()


def tell_network_is_back(page: Page, browser: CDPSession, origin: str) -> None:
    """The browser's own event, as it comes minutes or hours after the app was closed."""
    found: list[str] = []
    browser.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(
            one["registrationId"] for one in event["registrations"] if one["scopeURL"].startswith(origin)
        ),
    )
    browser.send("ServiceWorker.enable")
    for _ in range(100):
        if found:
            break
        page.wait_for_timeout(50)
    assert found, "no service worker is registered"
    tag = {"origin": origin, "registrationId": found[0], "tag": "lantoa-outbox", "lastChance": False}
    browser.send("ServiceWorker.dispatchSyncEvent", tag)
