"""What an officer does on the phone, in the words that stand on its screens."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

HOME = re.compile("Ghi buổi tuyên truyền")
LONG_MS = 30_000


def enrol(page: Page) -> None:
    """Presses the one button after the link was opened; ends at home."""
    page.get_by_role("button", name="Ghi danh máy này").click()
    expect(page.get_by_role("button", name=HOME)).to_be_visible(timeout=LONG_MS)


def installed(page: Page) -> None:
    """Waits until the service worker holds the app, as it does within seconds on a real phone."""
    page.wait_for_function("() => navigator.serviceWorker.ready.then((it) => it.active?.state === 'activated')")


def onward(page: Page) -> None:
    page.get_by_role("button", name="Tiếp", exact=True).click()


def choose(page: Page, question: str, *words: str) -> None:
    """Opens the list of a question, searches each of the words without marks and takes the first hit."""
    page.locator(f'[id$="{question}"]').get_by_role("button").first.click()
    for word in words:
        page.get_by_role("searchbox").fill(word)
        page.locator("label.item").first.click()
    done = page.get_by_role("button", name=re.compile(r"^Dùng \d+ mục"))
    if done.count():
        done.click()


def type_number(page: Page, number: int) -> None:
    """Taps the digits of the pad."""
    for digit in str(number):
        page.get_by_role("button", name=digit, exact=True).click()


def count(page: Page, word: str) -> int:
    """The number on the home screen beside this word."""
    text = page.locator(".counter", has_text=word).inner_text()
    found = re.search(r"\d+", text)
    assert found, text
    return int(found.group())


def add_photo(page: Page, file: Path) -> None:
    """Chooses a picture where the browser has no camera."""
    page.get_by_text("Đã báo cho người dự").click()
    page.locator('input[type="file"]').first.set_input_files(str(file))
    expect(page.get_by_role("button", name="Bỏ ảnh 1")).to_be_visible(timeout=LONG_MS)
