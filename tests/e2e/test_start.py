"""Opening the app without a server: home stands before the store was read, counts nothing then, and obeys a press."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import officer
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import Running

pytestmark = pytest.mark.browser
EMPTIED = """async () => {
  const stores = (await indexedDB.databases()).filter((one) => /^lantoa-/.test(one.name));
  const emptied = ({ name }) => new Promise((done) => { indexedDB.deleteDatabase(name).onsuccess = done; });
  await Promise.all(stores.map(emptied));
}"""
KEPT = "() => localStorage.getItem('lantoa-glance')"

# Every store opens half a second later. Home is noted as it first stood; where PRESS is true, its big button is pressed
# at that moment.
EARLY = """
(() => {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...asked) {
    const request = open.apply(this, asked), listen = request.addEventListener.bind(request);
    const late = (then) => (event) => setTimeout(then, 500, event);
    request.addEventListener = (kind, then, how) => listen(kind, kind === "success" ? late(then) : then, how);
    return request;
  };
  new MutationObserver((_, watch) => {
    const slab = document.querySelector("button.slab");
    if (!slab) return;
    watch.disconnect();
    globalThis.firstSeen = [...document.querySelectorAll(".counter b")].map((it) => it.textContent);
    if (PRESS) slab.click();
  }).observe(document, { childList: true, subtree: true });
})();
"""


def opened_early(phone: Browser, running: Running, press: bool) -> Page:
    """The app opened again, its store slow; pressed as soon as the button stands."""
    page = phone.open("about:blank")
    page.add_init_script(EARLY.replace("PRESS", json.dumps(press)))
    page.goto(running.origin + "/")
    return page


def enrolled_and_closed(phone: Browser, running: Running) -> None:
    page = phone.open(enrolment_link(running, "lan"))
    officer.enrol(page)
    officer.installed(page)
    page.wait_for_function(KEPT)
    phone.close()


def test_home_counts_nothing_before_the_store_was_read_and_everything_after(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("early")
    enrolled_and_closed(phone, running)
    running.stop()
    page = opened_early(phone, running, press=False)
    officer.counts(page, "Chờ gửi", 0)
    assert page.evaluate("() => firstSeen") == ["…"] * 4
    expect(page.locator("header .state")).not_to_be_empty()


def test_a_press_before_the_store_was_read_opens_one_form(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("pressed")
    enrolled_and_closed(phone, running)
    running.stop()
    page = opened_early(phone, running, press=True)
    expect(page.get_by_text("Toàn xã")).to_be_visible(timeout=officer.LONG_MS)
    assert page.evaluate("() => firstSeen") == ["…"] * 4
    assert page.evaluate(KEPT) is None  # the next start goes back to the form
    page.get_by_text("Toàn xã").click()
    page.get_by_role("button", name="Đóng, giữ bản nháp").click()
    officer.counts(page, "Nháp", 1)
    page.wait_for_function(KEPT)


def test_what_is_kept_for_the_next_start_names_nobody_and_counts_nothing(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("kept")
    page = phone.open(enrolment_link(running, "lan"))
    officer.enrol(page)
    page.wait_for_function(KEPT)
    desk = json.loads(page.evaluate(KEPT))["desk"]
    assert (desk["figures"], desk["people"], desk["me"]["name"]) == ([], [], "")


def test_a_store_that_was_emptied_is_told_and_leaves_nothing_kept(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("emptied")
    enrolled_and_closed(phone, running)
    page = phone.open(running.origin + "/healthz")
    page.evaluate(EMPTIED)
    page.goto(running.origin + "/")
    expect(page.locator("[data-screen=store-emptied]")).to_be_visible()
    assert page.evaluate(KEPT) is None
