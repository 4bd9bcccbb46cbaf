"""Two windows on one draft and one outbox, buttons tapped three times: one record, one receipt."""

import random
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.chaos.browser import watching
from tests.chaos.browser.kills import judged, rows
from tests.chaos.browser.served import CUT, Line
from tests.chaos.browser.test_releases import begin, enrolled
from tests.chaos.history import Operation
from tests.e2e.browser import Browser

pytestmark = pytest.mark.browser
SEED, ROUNDS = 4711, 6
SOON_MS, APART_MS = 400, 300
# Three taps at a moment that both windows agree on.
TAPS = "(it, at) => setTimeout(() => { for (let n = 0; n < 3; n++) it.click(); }, at - Date.now())"
GO = "([place, at]) => setTimeout(() => { location.hash = place; }, at - Date.now())"


def home(page: Page) -> None:
    page.evaluate("() => { location.hash = '#/home'; }")
    watching.home(page)


def finish_in_both(one: Page, other: Page, luck: random.Random) -> str:
    """One window finishes the draft by three taps while the other opens it, and taps as well if it still can."""
    home(one)
    home(other)
    begin(one)
    found = re.search(r"#/fill/(\w+)", one.url)
    assert found
    check = f"#/fill/{found[1]}/check"
    one.evaluate("(place) => { location.hash = place; }", check)
    button = one.locator(".anyway button")
    expect(button).to_be_visible()
    at = one.evaluate("() => Date.now()") + SOON_MS
    other.evaluate(GO, [check, at + luck.randint(-APART_MS, APART_MS)])
    button.evaluate(TAPS, at)
    other.wait_for_timeout(SOON_MS + APART_MS)
    again = other.locator(".anyway button")
    if again.count():
        again.evaluate(TAPS, 0)
    other.wait_for_timeout(SOON_MS)
    return found[1]


def test_windows_and_taps_make_one_record_of_each_draft_and_one_receipt(
    line: Line, open_browser: Callable[..., Browser]
) -> None:
    phone, luck = open_browser("windows"), random.Random(SEED)
    one = enrolled(phone, line)
    assert phone.context
    other = phone.context.new_page()
    other.goto(line.origin)
    line.fault = lambda path: CUT if path.startswith("/sync/") else None
    finished = [finish_in_both(one, other, luck) for _ in range(ROUNDS)]
    assert sorted(row["record_id"] for row in rows(one, "outbox")) == sorted(finished)
    assert rows(one, "drafts") == []
    line.fault = lambda path: None
    for page in (one, other):
        page.reload()
        page.evaluate("() => { location.hash = '#/phone'; }")
    at = one.evaluate("() => Date.now()") + SOON_MS
    for page in (one, other):
        page.get_by_role("button", name=re.compile("Gửi ngay|Dừng")).first.evaluate(TAPS, at)
    home(one)
    told = [
        Operation("save", row["record_id"], outcome, row["content_sha256"])
        for row in rows(one, "outbox")
        for outcome in ("invoke", "ok")
    ]
    verdict = judged(one, told, line.running)
    assert (verdict.word, verdict.acknowledged) == ("pass", ROUNDS), verdict.details
