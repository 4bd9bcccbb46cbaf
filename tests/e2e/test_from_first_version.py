"""A phone and a server of v0.1 become those of now: what was begun, what waits and what the server holds go on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.chaos.browser import watching
from tests.e2e import first_version, officer
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import ROOT, Running
from tests.e2e.store import FORMS

pytestmark = pytest.mark.browser
WORKER = "async () => (await navigator.serviceWorker.getRegistration()).active?.scriptURL.split('/').at(-1)"


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Running]:
    """An installation that the old version made and serves."""
    one = Running(tmp_path / "installation", root=first_version.built(tmp_path))
    first_version.fill(one)
    one.start()
    yield one
    one.stop()


def test_the_kept_files_are_those_of_the_tag() -> None:
    tagged = first_version.from_tag()
    names = first_version.contents(first_version.kept())
    assert {"wsgi.py", "static/src/sw.ts", "server/migrations/versions/0001_initial.py"} <= names.keys()
    assert tagged is None or first_version.contents(tagged) == names


def forms(page: Page) -> set[str]:
    return {row["key"] for row in page.evaluate(FORMS)}


def test_what_the_first_version_left_on_phone_and_server_goes_on(
    old: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("old")
    page = phone.open(enrolment_link(old, "lan"))
    officer.enrol(page)
    officer.installed(page)
    page.reload()
    watching.home(page)
    old.stop()
    officer.record(page, officer.Told(codes=("0001",)))
    page.get_by_role("button", name="Xong").click()
    page.get_by_role("button", name=officer.HOME).click()
    page.get_by_text("Toàn xã", exact=True).click()
    expect(page.get_by_text("Đã lưu nháp")).to_be_visible()
    page.evaluate("() => { location.hash = '#/home'; }")
    watching.home(page)
    first, held, ([draft], [sealed]) = watching.version(page), forms(page), watching.store(page)

    assert phone.context
    phone.context.route("**/sync/records", lambda route: route.abort())
    old.root = ROOT
    old.start()
    assert page.evaluate(watching.TRY_NEXT) == "installed"
    assert watching.version(page) == first, "the new app waits to be let in"
    page.evaluate(watching.TAKE_OVER)
    page.reload()
    watching.home(page)
    assert watching.version(page) != first
    [now], outbox = watching.store(page)
    assert outbox == [sealed], "the bytes of a finished record never change"
    assert (now["record_id"], now["answers"]) == (draft["record_id"], draft["answers"])
    assert forms(page) >= held
    officer.counts(page, "Chờ gửi", 1)
    page.wait_for_function(f"async () => await ({WORKER})() === 'sw-sending.js'", timeout=officer.LONG_MS)

    phone.context.unroute("**/sync/records")
    officer.exchange(page)
    officer.counts(page, "Đã gửi", 1)
    page.get_by_role("link", name="Bản ghi").click()
    page.locator("[data-draft]").first.click()
    expect(page.locator("main.body-form").get_by_label("Toàn xã")).to_be_checked()
    assert old.flask("coverage", "verify")
