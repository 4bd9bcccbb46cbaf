"""A person without a mouse: Tab until the focus is there, then Enter, Space, arrows or letters."""

import re

from playwright.sync_api import Locator, Page

MOST_TABS = 150


def reach(page: Page, wanted: Locator) -> None:
    """Tabs on to this element; a failure where Tab never comes there."""
    wanted.wait_for(state="attached")
    for _ in range(MOST_TABS):
        if wanted.evaluate("(it) => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {wanted}")


def press(page: Page, name: str | re.Pattern[str], key: str = "Enter", exact: bool = False) -> None:
    """The button of this name."""
    reach(page, page.get_by_role("button", name=name, exact=exact).first)
    page.keyboard.press(key)


def tick(page: Page, box: Locator) -> None:
    """A radio or a checkbox."""
    reach(page, box)
    page.keyboard.press("Space")


def write(page: Page, field: Locator, text: str) -> None:
    reach(page, field)
    page.keyboard.type(text)
