"""Every screen of the phone that an officer comes to has no violation of WCAG 2.2 A or AA: small, large and dark."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import officer, reviewer
from tests.e2e.axe import Walk
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.pictures import big_jpeg
from tests.e2e.running import Running
from tests.e2e.world import PASSWORD

pytestmark = pytest.mark.browser

FAKE_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def close_sheet(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Đóng").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def see_enrolment(page: Page, walk: Walk) -> None:
    walk.look(page, "enrol")
    page.get_by_role("textbox").fill("ABC")
    page.get_by_role("button", name="Ghi danh máy này").click()
    expect(page.get_by_role("alert")).to_contain_text("Mã có 26 chữ và số")
    walk.look(page, "enrol, a code too short")
    page.get_by_role("button", name="Ghi danh bằng mã QR").click()
    walk.look(page, "enrol, how the QR works")


def see_empty_app(page: Page, walk: Walk) -> None:
    walk.look(page, "home, nothing yet")
    page.get_by_role("button", name="Ghi việc khác").click()
    walk.look(page, "home, other forms")
    close_sheet(page)
    for name in ("Bản ghi", "Xã của tôi", "Máy này"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        walk.look(page, f"{name}, nothing yet")
    page.get_by_role("link", name="Trang chủ").click()


def see_the_gaps(page: Page, walk: Walk) -> None:
    """The last page first: everything that is missing, in place."""
    page.get_by_role("button", name=officer.HOME).click()
    walk.look(page, "place")
    page.get_by_role("button", name="Các phần của biểu mẫu").click()
    walk.look(page, "parts of the form")
    page.get_by_role("dialog").get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("heading", name="Còn thiếu")).to_be_visible()
    walk.look(page, "check, with gaps")
    officer.jump(page, "Thời gian, địa điểm")
    walk.look(page, "place, with gaps")


def see_the_form(page: Page, walk: Walk, photo: Path) -> None:
    """Each page with its answers, the list and the camera."""
    officer.question(page, "hamlet").get_by_text("Toàn xã").click()
    officer.onward(page)
    page.get_by_text("Họp tổ dân phố").click()
    officer.question(page, "provisions").get_by_role("button").first.click()
    walk.look(page, "list")
    page.get_by_role("searchbox").fill("an tich")
    page.locator("label.item").first.click()
    walk.look(page, "list, searched")
    page.get_by_role("button", name="Dùng 1 mục").click()
    page.locator("summary").first.click()
    walk.look(page, "content")
    officer.onward(page)
    officer.type_number(page, 46)
    page.locator("summary").first.click()
    page.get_by_role("button", name="Thêm dòng").click()
    walk.look(page, "attendance")
    officer.onward(page)
    officer.present(page, ("0001",))
    walk.look(page, "members")
    page.get_by_role("button", name="Mã mới").click()
    walk.look(page, "a new code")
    page.get_by_role("button", name="Thêm mã và chọn").click()
    page.get_by_role("button", name="Thêm một").click()
    officer.onward(page)
    see_the_photos(page, walk, photo)
    officer.onward(page)
    expect(page.get_by_role("heading", name="Đã đủ, lưu được")).to_be_visible()
    walk.look(page, "check, complete")
    officer.jump(page, "Thêm")
    walk.look(page, "more")
    officer.jump(page, "Kiểm tra")


def see_the_photos(page: Page, walk: Walk, photo: Path) -> None:
    page.get_by_text("Đã báo cho người dự").click()
    walk.look(page, "photos, none")
    page.get_by_role("button", name="Chụp ảnh").click()
    expect(page.locator("button.shutter:not([aria-disabled])")).to_be_visible(timeout=officer.LONG_MS)
    walk.look(page, "camera")
    page.get_by_role("button", name="Xong").click()
    page.locator('input[type="file"]').first.set_input_files(str(photo))
    expect(page.get_by_role("img", name="ảnh 1")).to_be_visible(timeout=officer.LONG_MS)
    walk.look(page, "photos, one")


def see_what_was_sent(page: Page, walk: Walk) -> None:
    expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible(timeout=officer.LONG_MS)
    walk.look(page, "sent")
    page.get_by_role("button", name="Xong").click()
    walk.look(page, "home")
    officer.open_record(page)
    expect(page.locator("dl.answers").first).to_be_visible()
    walk.look(page, "record")
    page.get_by_role("button", name="Rút lại", exact=True).click()
    walk.look(page, "withdraw")
    close_sheet(page)
    page.get_by_role("button", name="Quay lại").click()
    walk.look(page, "records")
    page.get_by_role("link", name="Trang chủ").click()


def see_the_returned(page: Page, walk: Walk) -> None:
    officer.counts(page, "Trả lại", 1)
    walk.look(page, "home, returned")
    officer.open_record(page)
    walk.look(page, "record, returned")
    page.get_by_role("button", name="Sửa và gửi lại").click()
    expect(page.get_by_role("heading", name="Đếm lại")).to_be_visible()
    walk.look(page, "returned")


def test_no_screen_of_the_phone_violates_wcag_2_2(
    running: Running, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    walk = Walk()
    page = open_browser("phone", flags=FAKE_CAMERA).open(running.origin + "/")
    see_enrolment(page, walk)
    page.goto("about:blank")
    page.goto(enrolment_link(running, "lan"))
    officer.enrol(page)
    see_empty_app(page, walk)
    see_the_gaps(page, walk)
    see_the_form(page, walk, big_jpeg(tmp_path / "hall.jpg"))
    running.stop()
    officer.save(page)
    walk.look(page, "saved")
    running.start()
    page.reload()
    see_what_was_sent(page, walk)

    desk = open_browser("desk", viewport=dict(DESK)).open(running.origin + "/desk")
    reviewer.sign_in(desk, running.origin, "khanh", PASSWORD)
    reviewer.open_first_waiting(desk, running.origin)
    reviewer.give_back(desk, "/attendees_total", "Đếm lại")
    officer.exchange(page)
    see_the_returned(page, walk)
    walk.expect_clean()
