"""What surrounds the phone lies: a portal answers for the server, the clock is ten years off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.chaos.browser import watching
from tests.chaos.browser.kills import judged, rows
from tests.chaos.browser.served import Line
from tests.chaos.browser.test_releases import begin, enrolled
from tests.chaos.history import Operation
from tests.e2e import officer
from tests.e2e.bad_line import PORTAL
from tests.e2e.browser import Browser

pytestmark = pytest.mark.browser
MOVED = b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
MUST_SIGN_IN = PORTAL.replace(b"200 OK", b"511 Network Authentication Required")
TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60 * 1000
OTHER_CLOCK = """(() => {
  const True = Date, shift = SHIFT;
  globalThis.Date = class Date extends True {
    constructor(...parts) { parts.length ? super(...parts) : super(True.now() + shift); }
    static now() { return True.now() + shift; }
  };
})();"""


def finish(page: Page) -> Operation:
    """A record with gaps; what the person was told."""
    begin(page)
    officer.jump(page, "Kiểm tra")
    page.locator(".anyway button").click()
    expect(
        page.get_by_role("heading", name="Đã lưu trên máy").or_(page.get_by_role("heading", name="Đã gửi"))
    ).to_be_visible()
    [row] = rows(page, "outbox")
    return Operation("save", row["record_id"], "ok", row["content_sha256"])


def sent(page: Page, line: Line, saved: Operation) -> None:
    page.evaluate("() => { location.hash = '#/home'; }")
    watching.home(page)
    verdict = judged(page, [Operation("save", saved.id, "invoke"), saved], line.running)
    assert (verdict.word, verdict.acknowledged) == ("pass", 1), verdict.details


@pytest.mark.parametrize("portal", [PORTAL, MOVED, MUST_SIGN_IN], ids=["200 and a page", "302", "511"])
def test_a_portal_for_everything_is_no_receipt_and_no_new_app(
    line: Line, open_browser: Callable[..., Browser], portal: bytes
) -> None:
    page = enrolled(open_browser("portal"), line)
    first = watching.version(page)
    line.fault = lambda path: PORTAL if path == "/login" else portal
    saved = finish(page)
    assert page.evaluate(watching.TRY_NEXT) == "none"
    page.goto(f"{line.origin}/#/home")
    page.reload()
    watching.home(page)
    assert (watching.version(page), watching.app_versions(page)) == (first, {first})
    officer.counts(page, "Chờ gửi", 1)
    assert [row["receipt"] for row in rows(page, "records")] == [None]
    line.fault = lambda path: None
    sent(page, line, saved)


@pytest.mark.parametrize("shift_ms", [-TEN_YEARS_MS, TEN_YEARS_MS], ids=["ten years behind", "ten years ahead"])
def test_a_clock_ten_years_off_neither_loses_nor_holds_up_a_record(
    line: Line, open_browser: Callable[..., Browser], shift_ms: int
) -> None:
    phone = open_browser("clock")
    phone.open("about:blank")
    assert phone.context
    phone.context.add_init_script(OTHER_CLOCK.replace("SHIFT", str(shift_ms)))
    page = enrolled(phone, line)
    assert abs(page.evaluate("() => Date.now() - performance.timeOrigin") - shift_ms) < 600_000
    sent(page, line, finish(page))
    offset = next(row for row in rows(page, "meta") if isinstance(row, dict) and "clock_offset_ms" in row)
    assert abs(offset["clock_offset_ms"] + shift_ms) < 600_000, "the phone knows how far it is off"
