"""Newer and broken releases: whole or not at all, never under an open draft, recalled without a record lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from tests.chaos.browser import watching
from tests.chaos.browser.releases import later, same
from tests.chaos.browser.served import CUT, Line
from tests.e2e import officer
from tests.e2e.bad_line import PORTAL
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link

pytestmark = pytest.mark.browser
NEXT, BROKEN = "00c0ffee", "0badbad0"


def enrolled(phone: Browser, line: Line) -> Page:
    link = enrolment_link(line.running, "lan").replace(line.running.origin, line.origin)
    page = phone.context.pages[0] if phone.context else None
    if page:
        page.goto(link)
    page = page or phone.open(link)
    officer.enrol(page)
    officer.installed(page)
    return page


def begin(page: Page) -> None:
    """A draft with one answer, on the screen."""
    page.get_by_role("button", name=officer.HOME).click()
    page.get_by_text("Toàn xã", exact=True).click()
    expect(page.get_by_text("Đã lưu nháp")).to_be_visible()


@pytest.mark.parametrize("fault", [PORTAL, CUT], ids=["a portal's page", "a reset"])
def test_a_release_of_which_one_file_does_not_come_is_not_installed_and_the_old_one_goes_on(
    line: Line, open_browser: Callable[..., Browser], tmp_path: Path, fault: bytes
) -> None:
    page = enrolled(open_browser("whole"), line)
    first = watching.version(page)
    release = later(tmp_path, NEXT)
    third = release.fetched[2]
    line.fault = lambda path: fault if third in path else None
    line.serve(release)
    assert page.evaluate(watching.TRY_NEXT) == "redundant"
    assert any(third in path for path in line.asked)
    assert watching.app_versions(page) == {first}
    line.dead = True
    page.reload()
    watching.home(page)
    assert watching.version(page) == first
    line.dead, line.fault = False, lambda path: None
    assert page.evaluate(watching.TRY_NEXT) == "installed"
    assert watching.app_versions(page) == {first, release.version}


def test_an_update_waits_for_the_draft_in_another_window(
    line: Line, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    phone = open_browser("windows")
    page = enrolled(phone, line)
    first, release = watching.version(page), later(tmp_path, NEXT)
    assert phone.context
    other = phone.context.new_page()
    other.goto(line.origin)
    begin(other)
    line.serve(release)
    assert page.evaluate(watching.TRY_NEXT) == "installed"
    page.get_by_role("button", name="Cập nhật").click()
    page.wait_for_timeout(1000)
    assert (watching.version(page), watching.version(other)) == (first, first)
    other.get_by_role("button", name="Đóng, giữ bản nháp").click()
    watching.wait_for_version(page, release.version)
    watching.home(page)
    assert first in watching.app_versions(page), "the other window still uses it"
    officer.counts(other, "Nháp", 1)
    other.close()
    page.reload()
    watching.wait_for_versions(page, {release.version})
    officer.counts(page, "Nháp", 1)


def test_an_app_whose_parts_the_server_has_no_longer_lets_the_newer_one_in(
    line: Line, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    line.fault = lambda path: CUT if "rare_trial" in path else None  # the line was too bad to bring it before
    page = enrolled(open_browser("parts"), line)
    release = later(tmp_path, NEXT)
    line.serve(release)
    line.fault = lambda path: None
    page.goto("about:blank")
    page.goto(f"{line.origin}/#trial=0000")
    expect(page.get_by_role("heading", name="Mã này không đúng")).to_be_visible(timeout=officer.LONG_MS)
    assert watching.version(page) == release.version


def dead(page: str) -> str:
    """A page that never starts."""
    head, _ = page.split('<script type="module"')
    return f"{head}</head><body>planted</body></html>"


def throwing(worker: str) -> str:
    """A worker that fails whenever the app is opened."""
    return (
        "InstallEvent.prototype.addRoutes = undefined;"
        "self.addEventListener('fetch', (event) => { if (new URL(event.request.url).pathname === '/')"
        " event.respondWith(Promise.reject(new Error('planted'))); });" + worker
    )


def opened(page: Page, address: str) -> str:
    """What stands on the page, or nothing where it cannot be opened."""
    try:
        page.goto(address)
        return page.locator("body").inner_text()
    except Error:
        return ""


def open_until(page: Page, address: str, words: str) -> None:
    """Opens the app again and again, as a person would, until these words stand there."""
    for _ in range(20):
        if words in opened(page, address):
            return
        page.wait_for_timeout(1500)
    raise AssertionError(f"{words!r} never came")


@pytest.mark.parametrize(
    ("page_of", "worker_of"), [(dead, same), (same, throwing)], ids=["a dead page", "a worker that throws"]
)
def test_a_broken_release_is_recalled_and_nothing_recorded_is_touched(
    line: Line,
    open_browser: Callable[..., Browser],
    tmp_path: Path,
    page_of: Callable[[str], str],
    worker_of: Callable[[str], str],
) -> None:
    phone = open_browser("recalled")
    page = enrolled(phone, line)
    first = watching.version(page)
    line.fault = lambda path: CUT if path.startswith("/sync/") else None
    before = a_draft_and_a_waiting_record(page)

    broken = later(tmp_path, BROKEN, page_of, worker_of)
    line.serve(broken)
    assert page.evaluate(watching.TRY_NEXT) == "installed"
    page.evaluate(watching.TAKE_OVER)
    assert opened(page, line.origin) in ("", "planted")

    assert broken.version in line.running.flask("app", "recall", broken.version)
    open_until(page, line.origin, "Lan Tỏa đang được sửa")
    assert broken.version not in watching.app_versions(page)
    assert watching.store(page) == before

    line.serve(None)
    page.goto(line.origin)
    watching.home(page)
    assert watching.version(page) == first
    officer.counts(page, "Nháp", 1)
    assert watching.store(page) == before
    line.fault = lambda path: None
    officer.exchange(page)
    officer.counts(page, "Đã gửi", 1)


def a_draft_and_a_waiting_record(page: Page) -> tuple[list[Any], list[Any]]:
    """As they lie in the store."""
    officer.record(page, officer.Told())
    page.get_by_role("button", name="Xong").click()
    begin(page)
    page.get_by_role("button", name="Đóng, giữ bản nháp").click()
    officer.counts(page, "Nháp", 1)
    found = watching.store(page)
    assert [len(rows) for rows in found] == [1, 1]
    return found


def test_a_recall_leaves_phones_alone_that_have_another_version(
    line: Line, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    page = enrolled(open_browser("good"), line)
    first, broken = watching.version(page), later(tmp_path, BROKEN, dead)
    line.running.flask("app", "recall", broken.version)
    line.serve(broken)
    assert page.evaluate(watching.TRY_NEXT) == "redundant"
    line.dead = True
    page.reload()
    watching.home(page)
    assert (watching.version(page), watching.app_versions(page)) == (first, {first})


def test_the_next_release_drops_a_recalled_one_at_once(
    line: Line, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    page = enrolled(open_browser("next"), line)
    first, release = watching.version(page), later(tmp_path, NEXT)
    line.running.flask("app", "recall", first)
    line.serve(release)
    with page.expect_navigation(timeout=officer.LONG_MS):
        page.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update(); }")
    watching.home(page)
    assert watching.version(page) == release.version
    line.dead = True
    page.reload()
    watching.home(page)
    assert watching.app_versions(page) == {release.version}
