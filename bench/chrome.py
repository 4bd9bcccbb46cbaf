"""A phone's browser for the figures: a real Chromium whose page is slowed down, and a watch that runs inside the page.

The watch presses what a person would press, as soon as it is there, and notes when things are on the screen, in
milliseconds since the navigation began. So no figure holds the time that a remote control needs.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Playwright, sync_playwright

from tests.e2e.browser import Browser

# A thing is seen in the frame after it is in the document and has a size.
WATCH = """
(() => {
  const seen = {}, pressed = new Set();
  globalThis.benchSeen = seen;
  const visible = (it) => it && it.getClientRects().length > 0 && getComputedStyle(it).visibility === "visible";
  const note = (name) => {
    if (name in seen) return;
    seen[name] = null;
    requestAnimationFrame(() => { seen[name] = performance.now(); });
  };
  const press = (name, it) => {
    if (pressed.has(name)) return;
    pressed.add(name);
    it.click();
  };
  const look = () => {
    for (const [name, selector, go] of STEPS) {
      const it = document.querySelector(selector);
      if (!visible(it)) continue;
      note(name);
      if (go) press(name, it);
    }
  };
  addEventListener("click", (event) => {
    if (event.target.closest?.(".actions .btn-primary")) seen.pressed = event.timeStamp;
  }, true);
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
})();
"""
Steps = list[tuple[str, str, bool]]  # name, selector, whether it is pressed
HOME: Steps = [("home", "button.slab", False)]
TO_FIRST_QUESTION: Steps = [
    ("enrol", "form.enrol-form button[type=submit]", True),
    ("home", "button.slab", True),
    ("question", "[data-question] input:not([disabled])", False),
]


@contextmanager
def driven() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as driver:
        yield driver


def opened(
    driver: Playwright, profile: Path, slower: float, steps: list[tuple[str, str, bool]]
) -> tuple[Browser, Page]:
    """A browser on this profile with an empty page: its processor `slower` times slower, the watch set."""
    browser = Browser(driver, profile)
    page = browser.open("about:blank")
    page.add_init_script(WATCH.replace("STEPS", json.dumps(steps)))
    if slower != 1:
        assert browser.context is not None
        browser.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    return browser, page


def seen(page: Page, name: str, timeout_ms: float = 60_000) -> float:
    """Milliseconds from the start of the navigation until `name` was on the screen."""
    page.wait_for_function(f"() => typeof benchSeen[{name!r}] === 'number'", timeout=timeout_ms, polling=100)
    return float(page.evaluate(f"() => benchSeen[{name!r}]"))
