"""What a phone does not give or a file is not: each is told in a sentence, and there is a way on."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import filler, officer
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.every_type_sheet import begin
from tests.e2e.pictures import big_jpeg
from tests.e2e.running import Running

pytestmark = pytest.mark.browser

DENIED = ("--deny-permission-prompts", "--use-fake-device-for-media-stream")
MOST = 20_000_000


@pytest.fixture
def page(every_type: Running, open_browser: Callable[..., Browser]) -> Page:
    """A phone whose owner lets the browser use nothing."""
    page = open_browser("refusing", flags=DENIED).open(enrolment_link(every_type, "lan"))
    officer.enrol(page)
    begin(page)
    return page


def alert(page: Page, name: str) -> str:
    """The one sentence that stands at this question."""
    told = officer.question(page, name).get_by_role("alert")
    expect(told).to_be_visible(timeout=officer.LONG_MS)
    return told.inner_text()


def test_a_refused_microphone_camera_and_place_are_told_in_words_and_there_is_a_way_on(
    page: Page, tmp_path: Path
) -> None:
    officer.jump(page, "Nơi và mã")
    officer.question(page, "spot").get_by_role("button", name="Lấy vị trí").click()
    assert "chưa cho lấy vị trí" in alert(page, "spot")
    expect(officer.question(page, "spot").get_by_role("button", name="Lấy vị trí")).to_be_visible()

    officer.jump(page, "Ảnh, tiếng, tệp")
    officer.question(page, "sound").get_by_role("button", name="Ghi âm").click()
    assert "chưa cho dùng micrô" in alert(page, "sound")
    expect(officer.question(page, "sound").get_by_role("button", name="Chọn tệp").first).to_be_visible()

    officer.question(page, "photo").get_by_role("button", name="Chụp ảnh").click()
    expect(page.locator(".finder-refused")).to_be_visible(timeout=officer.LONG_MS)
    page.locator('input[type="file"]').set_input_files(str(big_jpeg(tmp_path / "hall.jpg")))
    expect(page.get_by_role("button", name="Bỏ ảnh 1")).to_be_visible(timeout=officer.LONG_MS)
    page.get_by_role("button", name="Xong").click()
    expect(officer.question(page, "photo").get_by_role("button", name="Bỏ ảnh 1")).to_be_visible()
    filler.finish_anyway(page)


def test_a_place_is_taken_by_itself_when_good_and_only_after_asking_when_doubtful(
    every_type: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("placed")
    page = phone.open(enrolment_link(every_type, "lan"))
    officer.enrol(page)
    begin(page)
    assert phone.context
    phone.context.grant_permissions(["geolocation"])
    where = {"latitude": 9.6, "longitude": 105.97}
    officer.jump(page, "Nơi và mã")
    spot = officer.question(page, "spot")

    phone.context.set_geolocation({**where, "accuracy": 80})
    spot.get_by_role("button", name="Lấy vị trí").click()
    expect(spot.get_by_role("status")).to_contain_text("Lệch khoảng 80 m")
    spot.get_by_role("button", name="Dùng vị trí này").click()
    expect(spot.get_by_role("alert")).to_contain_text("Vẫn dùng?")
    spot.get_by_role("button", name="Chờ thêm").click()
    phone.context.set_geolocation({**where, "accuracy": 30})
    expect(spot.get_by_role("status")).to_contain_text("Lệch khoảng 30 m")
    spot.get_by_role("button", name="Dùng vị trí này").click()
    expect(spot).to_contain_text("lệch khoảng 30 m")

    spot.get_by_role("button", name="Lấy lại vị trí").click()
    phone.context.set_geolocation({**where, "accuracy": 9})
    expect(spot).to_contain_text("lệch khoảng 9 m")
    expect(spot.get_by_role("button", name="Thôi")).to_have_count(0)


def test_files_that_are_empty_too_large_or_no_pictures_are_refused_in_words_and_nothing_is_kept(
    page: Page, tmp_path: Path
) -> None:
    officer.jump(page, "Ảnh, tiếng, tệp")
    files = {
        "empty.pdf": b"",
        "large.pdf": b"%PDF-1.7\n" + bytes(MOST),
        "torn.jpg": big_jpeg(tmp_path / "whole.jpg").read_bytes()[:300],
        "apple.heic": struct.pack(">I", 24) + b"ftypheic" + bytes(5000),
    }
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    for question, name, words in (
        ("paper", "empty.pdf", "Tệp này rỗng"),
        ("paper", "large.pdf", "Chọn tệp nhẹ hơn"),
        ("photo", "empty.pdf", "empty.pdf"),
        ("photo", "torn.jpg", "torn.jpg"),
        ("photo", "apple.heic", "apple.heic"),
        ("sound", "large.pdf", "Chọn tệp nhẹ hơn"),
    ):
        asked = officer.question(page, question)
        asked.locator('input[type="file"]').set_input_files(str(tmp_path / name))
        expect(asked.get_by_role("alert").get_by_text(words)).to_be_visible(timeout=officer.LONG_MS)
    asked = officer.question(page, "marked")
    asked.locator('input[type="file"]').last.set_input_files(str(tmp_path / "torn.jpg"))
    expect(asked.get_by_role("alert")).to_be_visible(timeout=officer.LONG_MS)
    for question in ("paper", "photo", "sound", "marked"):
        expect(officer.question(page, question).get_by_role("button", name="Bỏ", exact=False)).to_have_count(0)
