"""Photos: what is no picture is refused in words, and the camera in the page takes them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import officer, reviewer
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.pictures import big_jpeg
from tests.e2e.running import Running
from tests.e2e.world import PASSWORD

pytestmark = pytest.mark.browser

FAKE_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
NO_PICTURES = {
    "signed.pdf": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    "notes.txt": "Danh sách họp ấp".encode(),
    "renamed.jpg": b"this is text, whatever its name says",
    "empty.jpg": b"",
}


def to_the_photos(page: Page) -> None:
    """A session up to the page of photos."""
    page.get_by_role("button", name=officer.HOME).click()
    officer.question(page, "hamlet").get_by_text("Toàn xã").click()
    officer.onward(page)
    page.get_by_text("Họp tổ dân phố").click()
    officer.choose(page, "provisions", "an tich")
    officer.onward(page)
    officer.type_number(page, 24)
    officer.onward(page)
    officer.onward(page)
    page.get_by_text("Đã báo cho người dự").click()


def test_a_file_that_is_no_picture_is_refused_in_words_and_a_picture_then_taken(
    shared: Running, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    page = open_browser("phone").open(enrolment_link(shared, "lan"))
    officer.enrol(page)
    to_the_photos(page)
    for name, content in NO_PICTURES.items():
        (tmp_path / name).write_bytes(content)
        page.locator('input[type="file"]').set_input_files(str(tmp_path / name))
        said = page.get_by_role("alert").filter(has_text="Tệp này không phải ảnh đọc được")
        expect(said).to_contain_text(name)
        expect(page.get_by_role("button", name="Bỏ ảnh 1")).to_have_count(0)
    page.locator('input[type="file"]').set_input_files(str(big_jpeg(tmp_path / "hall.jpg")))
    expect(page.get_by_role("button", name="Bỏ ảnh 1")).to_be_visible(timeout=officer.LONG_MS)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_camera_in_the_page_takes_three_photos_that_arrive_at_the_desk(
    shared: Running, open_browser: Callable[..., Browser]
) -> None:
    page = open_browser("camera", flags=FAKE_CAMERA).open(enrolment_link(shared, "minh"))
    officer.enrol(page)
    to_the_photos(page)
    page.get_by_role("button", name="Chụp ảnh").click()
    for n in (1, 2, 3):
        shutter = page.get_by_role("button", name=f"Chụp ảnh {n} trong 3")
        expect(shutter).to_be_enabled(timeout=officer.LONG_MS)
        shutter.click()
        expect(page.get_by_role("button", name=f"Bỏ ảnh {n}")).to_be_visible(timeout=officer.LONG_MS)
    expect(page.locator("button.shutter")).to_be_disabled()
    page.get_by_role("button", name="Bỏ ảnh 2").click()
    expect(page.get_by_role("button", name="Bỏ ảnh 3")).to_have_count(0)
    page.get_by_role("button", name="Xong").click()
    expect(page.get_by_role("img", name="ảnh 2")).to_be_visible()
    officer.onward(page)
    officer.save(page)
    officer.sent(page)
    page.get_by_role("link", name="Bản ghi").click()
    expect(page.locator("main a.record").first).to_contain_text("2/2", timeout=officer.LONG_MS)

    desk = open_browser("desk", viewport=dict(DESK)).open(shared.origin + "/desk")
    reviewer.sign_in(desk, shared.origin, "khanh", PASSWORD)
    reviewer.open_first_waiting(desk, shared.origin)
    pictures = desk.locator("figure.photo img")
    expect(pictures).to_have_count(2)
    for n in (0, 1):
        pictures.nth(n).scroll_into_view_if_needed()
        desk.wait_for_function("(it) => it.complete && it.naturalWidth > 0", arg=pictures.nth(n).element_handle())
