"""Fills the form of every type as a person would, page by page, and says which answers must come of it."""

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e import officer

TITLE = "Phiếu mọi kiểu câu hỏi"
WORDS = {
    "line": "Tổ 3",
    "story": "Dòng một\nDòng hai",
    "digits": "0042",
    "page": "https://lantoa.example.vn/a",
    "heads": "12",
    "weight": "2.5",
    "money": "1234567",
    "area": "1234.5",
    "told": "102881 đồng",
    "source": "paper",
}
SCALES = {"level": "7", "plain_level": "16", "upright": "1.5", "stars": "4", "wheel": "12"}
CHOOSING = {
    "plain_one": "yes",
    "plain_many": "radio meeting",
    "small_one": "zalo",
    "small_many": "zalo leaflet",
    "found_one": "leaflet",
    "cols": "meeting",
    "cols_three": "tue fri",
    "packed": "wed",
    "bare": "sat",
    "quick_one": "no",
}
OPINIONS = {"liked": "a4", "best": "zalo radio leaflet meeting", "agreed": "OK"}
GRID = {"grid_a": "most", "grid_b": "daily", "grid_c": "never"}
TIMES = {
    "month": "2025-03-01",
    "year": "1998-01-01",
    "typed_day": "2024-02-29",
    "hour": "09:12:00.000+07:00",
    "moment": "2024-06-07T09:12:00.000+07:00",
}
PLACES = {"spot": "9.6 105.97 0 8", "code": "LT-2026-001"}
KINDS = {
    "photo": "image/jpeg",
    "signed": "image/png",
    "sketch": "image/png",
    "marked": "image/jpeg",
    "sound": "audio/webm",
    "paper": "application/pdf",
}


def begin(page: Page) -> None:
    """From home to the first page of the form."""
    page.get_by_role("button", name="Ghi việc khác").click()
    page.get_by_role("button", name=TITLE).click()
    expect(page.get_by_role("heading", name="Chữ và số")).to_be_visible(timeout=officer.LONG_MS)


def asked(page: Page, name: str) -> Locator:
    return officer.question(page, name)


def words(page: Page) -> None:
    for name in ("line", "story", "digits", "page"):
        asked(page, name).get_by_role("textbox").fill(WORDS[name])
    asked(page, "line").get_by_role("button", name="Giải thích thêm").click()
    expect(asked(page, "line")).to_contain_text("ghi tên đang dùng")
    asked(page, "heads").get_by_role("spinbutton").fill("12")
    asked(page, "weight").get_by_role("textbox").fill("2,5")
    asked(page, "money").get_by_role("textbox").press_sequentially("1234567")
    expect(asked(page, "money").get_by_role("textbox")).to_have_value("1.234.567")
    asked(page, "area").get_by_role("textbox").press_sequentially("1234.5")
    expect(asked(page, "area").get_by_role("textbox")).to_have_value("1.234,5")
    expect(asked(page, "told")).to_contain_text("102881 đồng")
    expect(asked(page, "told").get_by_role("textbox")).to_have_count(0)


def scales(page: Page) -> None:
    slider = asked(page, "level").get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "chưa trả lời")
    for _ in range(7):
        slider.press("ArrowRight")
    for _ in range(3):
        asked(page, "plain_level").get_by_role("button", name="Thêm một nấc").click()
    for _ in range(4):
        asked(page, "upright").get_by_role("button", name="Thêm một nấc").click()
    asked(page, "stars").get_by_role("radio", name="4 sao").click()
    asked(page, "wheel").get_by_role("combobox").select_option("12")


def choosing(page: Page) -> None:
    tap(page, "plain_one", "Có")
    tap(page, "plain_many", "Loa phát thanh", "Họp tổ")
    from_sheet(page, "small_one", "Nhóm Zalo")
    from_sheet(page, "small_many", "Nhóm Zalo", "Tờ rơi")
    asked(page, "found_one").get_by_role("button").click()
    page.get_by_role("searchbox").fill("to roi")
    page.locator("label.item").first.click()
    tap(page, "cols", "Họp tổ")
    tap(page, "cols_three", "Thứ ba", "Thứ sáu")
    tap(page, "packed", "Thứ tư")
    tap(page, "bare", "Thứ bảy")
    asked(page, "from_file").get_by_role("button").click()
    page.locator("label.item").first.click()
    tap(page, "quick_one", "Không")
    expect(page.get_by_role("heading", name="Ý kiến")).to_be_visible()


def tap(page: Page, name: str, *labels: str) -> None:
    for label in labels:
        asked(page, name).get_by_text(label, exact=True).click()


def from_sheet(page: Page, name: str, *labels: str) -> None:
    asked(page, name).get_by_role("button").click()
    for label in labels:
        page.get_by_role("dialog").get_by_text(label, exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Xong").click()
    expect(asked(page, name)).to_contain_text(", ".join(labels))


def opinions(page: Page) -> None:
    asked(page, "liked").get_by_role("radio", name="Đồng ý", exact=True).click()
    for name, label in (("grid_a", "Hay"), ("grid_b", "Hằng ngày"), ("grid_c", "Chưa")):
        asked(page, name).get_by_role("radio", name=label).click()
    asked(page, "best").get_by_role("button", name="Đưa lên: Tờ rơi").click()
    drag_below(
        page, asked(page, "best").locator("li", has_text="Loa"), asked(page, "best").locator("li", has_text="Zalo")
    )
    tap(page, "agreed", "Đã đọc lại cho người nghe")


def drag_below(page: Page, one: Locator, other: Locator) -> None:
    """Takes a row by its grip and lets it go under another row."""
    grip, target = one.locator(".rank-grip").bounding_box(), other.bounding_box()
    assert grip
    assert target
    page.mouse.move(grip["x"] + 12, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(grip["x"] + 14, target["y"] + target["height"] / 2 + 8, steps=6)
    page.mouse.up()


def times(page: Page) -> None:
    tap(page, "day", "Hôm nay")
    asked(page, "month").get_by_role("combobox", name="Tháng").select_option("03")
    asked(page, "month").get_by_role("textbox", name="Năm").fill("2025")
    asked(page, "year").get_by_role("textbox", name="Năm").fill("1998")
    asked(page, "typed_day").get_by_role("combobox", name="Ngày").select_option("31")
    asked(page, "typed_day").get_by_role("combobox", name="Tháng").select_option("02")
    asked(page, "typed_day").get_by_role("textbox", name="Năm").fill("2024")
    asked(page, "hour").locator("input").fill("09:12")
    asked(page, "moment").locator("input").fill("2024-06-07T09:12")


def places(page: Page, context: BrowserContext) -> None:
    """The receiver gets better while one waits; at the form's accuracy it stops by itself."""
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 9.6, "longitude": 105.97, "accuracy": 80})
    asked(page, "spot").get_by_role("button", name="Lấy vị trí").click()
    expect(asked(page, "spot")).to_contain_text("Lệch khoảng 80 m")
    asked(page, "spot").get_by_role("button", name="Dùng vị trí này").click()
    expect(asked(page, "spot").get_by_role("alert")).to_contain_text("Còn lệch tới 80 m")
    context.set_geolocation({"latitude": 9.6, "longitude": 105.97, "accuracy": 8})
    expect(asked(page, "spot")).to_contain_text("lệch khoảng 8 m")
    asked(page, "code").get_by_role("textbox").fill("LT-2026-001")


def media(page: Page, picture: Path, document: Path) -> None:
    asked(page, "photo").locator('input[type="file"]').set_input_files(str(picture))
    expect(page.get_by_role("button", name="Bỏ ảnh 1")).to_be_visible(timeout=officer.LONG_MS)
    asked(page, "signed").get_by_role("button", name="Ký tên").click()
    draw(page)
    asked(page, "sketch").get_by_role("button", name="Vẽ", exact=True).click()
    scribble(page)
    page.get_by_role("dialog").get_by_role("button", name="Lùi").click()
    draw(page)
    asked(page, "marked").locator('input[type="file"]').last.set_input_files(str(picture))
    draw(page)
    expect(asked(page, "marked").get_by_role("img", name="Ảnh có ghi chú")).to_be_visible(timeout=officer.LONG_MS)
    asked(page, "sound").get_by_role("button", name="Ghi âm").click()
    expect(asked(page, "sound").get_by_role("timer")).to_have_text(re.compile(r"0:0[1-9]"), timeout=officer.LONG_MS)
    asked(page, "sound").get_by_role("button", name="Dừng").click()
    expect(asked(page, "sound").locator("audio")).to_be_visible(timeout=officer.LONG_MS)
    asked(page, "paper").locator('input[type="file"]').set_input_files(str(document))
    expect(asked(page, "paper")).to_contain_text("Đã đính kèm PDF")


def scribble(page: Page) -> None:
    page.get_by_role("dialog").locator("canvas").hover()  # until it stands still
    paper = page.get_by_role("dialog").locator("canvas").bounding_box()
    assert paper
    page.mouse.move(paper["x"] + 30, paper["y"] + 30)
    page.mouse.down()
    page.mouse.move(paper["x"] + paper["width"] - 40, paper["y"] + paper["height"] - 40, steps=8)
    page.mouse.up()


def draw(page: Page) -> None:
    """One line across the paper, kept."""
    expect(page.get_by_role("dialog").locator("canvas")).to_be_visible()
    scribble(page)
    page.get_by_role("dialog").get_by_role("button", name="Giữ lại").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
