"""What an officer does on the phone, in the words that stand on its screens."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

HOME = re.compile("Ghi buổi tuyên truyền")
LONG_MS = 30_000


@dataclass(frozen=True, slots=True)
class Told:
    """What an officer answers about a session; everything else stays as the form presets it."""

    people: int = 46
    provisions: tuple[str, ...] = ("an tich",)
    codes: tuple[str, ...] = ()  # the ends of book codes
    commune: str | None = None  # where it was held, if not at home
    photo: Path | None = None


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
    card = page.locator(".counter", has_text=word)
    expect(card.locator("b")).to_have_text(re.compile(r"\d"))  # home may stand before the store was read
    text = card.inner_text()
    found = re.search(r"\d+", text)
    assert found, text
    return int(found.group())


def counts(page: Page, word: str, number: int) -> None:
    """Home comes to show this number beside the word."""
    expect(page.locator(".counter", has_text=word).locator("b")).to_have_text(str(number), timeout=LONG_MS)


def add_photo(page: Page, file: Path) -> None:
    """Chooses a picture where the browser has no camera."""
    page.get_by_text("Đã báo cho người dự").click()
    page.locator('input[type="file"]').first.set_input_files(str(file))
    expect(page.get_by_role("button", name="Bỏ ảnh 1")).to_be_visible(timeout=LONG_MS)


def question(page: Page, name: str) -> Locator:
    """The element of a question, by the last part of its path."""
    return page.locator(f'[data-question$="/{name}"]')


def record(page: Page, told: Told) -> None:
    """From home to "Đã lưu trên máy"."""
    page.get_by_role("button", name=HOME).click()
    if told.commune:
        elsewhere(page, told.commune)
    question(page, "hamlet").get_by_text("Toàn xã").click()
    onward(page)
    page.get_by_text("Họp tổ dân phố").click()
    choose(page, "provisions", *told.provisions)
    onward(page)
    type_number(page, told.people)
    onward(page)
    present(page, told.codes)
    onward(page)
    if told.photo:
        add_photo(page, told.photo)
    else:
        page.get_by_text("Máy hỏng, tối, hết pin").click()
    onward(page)
    save(page)


def elsewhere(page: Page, commune: str) -> None:
    """Says that the session was held in another commune."""
    question(page, "commune").click()
    page.get_by_role("searchbox").fill(commune)
    page.locator("label.item").first.click()


def present(page: Page, codes: tuple[str, ...]) -> None:
    """Counts the persons under management who were there and ticks their codes."""
    for _ in codes:
        page.get_by_role("button", name="Thêm một").click()
    for code in codes:
        page.locator("label.item", has_text=code).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Lưu và gửi").click()
    expect(page.get_by_role("heading", name=re.compile("Đã lưu trên máy|Đã gửi"))).to_be_visible()


def sent(page: Page) -> None:
    """The screen of the record just saved says that the server has signed; ends at home."""
    expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible(timeout=LONG_MS)
    page.get_by_role("button", name="Xong").click()
    expect(page.get_by_role("button", name=HOME)).to_be_visible()


def exchange(page: Page) -> None:
    """Sends and fetches now, by the button; ends at home."""
    page.get_by_role("link", name="Máy này").click()
    send = page.get_by_role("button", name="Gửi ngay")
    with page.expect_response("**/sync/changes*", timeout=LONG_MS):
        send.click()
    expect(send).to_be_visible(timeout=LONG_MS)
    page.get_by_role("link", name="Trang chủ").click()
    expect(page.get_by_role("button", name=HOME)).to_be_visible()


def open_record(page: Page, title: str = "Họp tổ dân phố") -> None:
    """The newest own record of this name."""
    page.get_by_role("link", name="Bản ghi").click()
    page.locator("main a.record").filter(has_text=title).first.click()
    expect(page.locator("[data-receipt], .banner").first).to_be_visible()


def withdraw(page: Page, reason: str) -> None:
    """Takes back the record that is open."""
    page.get_by_role("button", name="Rút lại", exact=True).click()
    page.get_by_label("Vì sao rút lại?").fill(reason)
    page.get_by_role("button", name="Rút lại bản ghi").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def jump(page: Page, part: str) -> None:
    """To another part of the form, by the list of its parts."""
    page.get_by_role("button", name="Các phần của biểu mẫu").click()
    page.get_by_role("dialog").get_by_role("button", name=part).first.click()
    expect(page.get_by_role("dialog")).to_be_hidden()
