"""A form from a workbook to a closed version: faults, a trial on a phone, publishing, a draft that outlives it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import filler, officer, reviewer, trial_forms, world
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.form_desk import draft, publish, trial_code, upload
from tests.e2e.running import Running

pytestmark = pytest.mark.browser
TITLE = trial_forms.TITLE


def fill(page: Page) -> None:
    """Everything but the rows in rows, on however many pages the form has; ends where it can be saved."""
    answers = {"Ở đâu?": "Chợ Bãi Giá"}
    picks = ("Trần Đề", "Đại Ân 2", "Cá", "Quay 1")
    pictured = False
    for _ in range(20):
        for label, text in answers.items():
            found = page.locator("main.body-form").get_by_label(label)
            if found.count() and found.first.input_value() == "":
                found.first.fill(text)
        for pick in picks:
            option = page.locator("main.body-form label", has_text=re.compile(f"{pick}$"))
            if option.count() and not option.first.locator("input").is_checked():
                option.first.click()
        shown = page.locator(".pictured img")
        pictured = pictured or (
            shown.count() > 0 and shown.first.evaluate("(it) => it.decode().then(() => it.naturalWidth)") == 40
        )
        if page.get_by_text("Chủ quầy: Ba Ut").count():
            break
        officer.onward(page)
    expect(page.get_by_text("Chủ quầy: Ba Ut")).to_be_visible()
    assert pictured, "the picture of a choice is shown, also without a server"


def rows_in_rows(page: Page) -> None:
    """Opens the first visit, fills it and its first thing; back on the page of visits."""
    officer.jump(page, "Lượt xem")
    page.locator(".row-card .item").first.click()
    page.get_by_role("spinbutton").fill("12")
    filler.field(page, "Tên hàng").first.fill("Cá lóc")
    page.get_by_role("button", name="Xong").click()
    expect(page.locator(".row-card").first).to_contain_text("12")


def test_a_form_is_uploaded_tried_published_renewed_and_closed(
    running: Running, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    files = trial_forms.attachments(tmp_path)
    desk = open_browser("desk", viewport=dict(DESK)).open(running.origin)
    reviewer.sign_in(desk, running.origin, "quan", world.PASSWORD)

    upload(desk, running, trial_forms.workbook(tmp_path / "faulty.xlsx", "1", trial_forms.FAULTY), [])
    expect(desk.get_by_text("5 lỗi phải sửa")).to_be_visible()

    first = draft(desk, running, trial_forms.workbook(tmp_path / "one.xlsx", "1"), files)
    code = trial_code(desk)

    stranger = open_browser("stranger").open(f"{running.origin}/#trial={code}")
    expect(stranger.get_by_text("Ghi danh trước. Mã biểu mẫu thử được giữ.")).to_be_visible()
    assert code not in stranger.url

    phone = open_browser("phone")
    page = phone.open(enrolment_link(running, "lan"))
    officer.enrol(page)
    officer.installed(page)
    page.goto(f"{running.origin}/#trial=0000")
    expect(page.get_by_role("heading", name="Mã này không đúng")).to_be_visible(timeout=officer.LONG_MS)
    page.get_by_role("button", name="Trang chủ").click()
    running.stop()
    page.goto(f"{running.origin}/#trial={code}")
    expect(page.get_by_role("heading", name="Chưa có mạng")).to_be_visible(timeout=officer.LONG_MS)
    page.get_by_role("button", name="Trang chủ").click()
    running.start()
    page.get_by_role("link", name="Biểu mẫu thử chờ nhận").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible(timeout=officer.LONG_MS)
    assert code not in page.url
    page.get_by_role("button", name="Trang chủ").click()
    listed = page.locator("main").get_by_role("button", name=TITLE)
    expect(listed).to_contain_text("Bản thử")

    running.stop()
    page.reload()
    listed.click()
    expect(page.locator("main.body-form")).to_be_visible()
    expect(page.locator(".appbar h1")).to_contain_text(f"Bản thử: {TITLE}")
    fill(page)
    rows_in_rows(page)
    filler.finish_anyway(page)
    expect(page.locator("[data-record]")).to_contain_text("Bản thử: không tính.")
    running.start()
    page.reload()
    expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible(timeout=officer.LONG_MS)
    page.get_by_role("button", name="Xong").click()
    assert officer.count(page, "Đã gửi") == 0, "a trial is no sent record of the plan"
    page.get_by_role("link", name="Bản ghi").click()
    expect(page.locator("main a.record")).to_contain_text("Bản thử")

    desk.goto(first)
    expect(desk.get_by_role("table").filter(has_text="Cán bộ")).to_contain_text("Nguyễn Thị Lan")
    assert running.flask("coverage", "verify")
    watching = open_browser("watch", viewport=dict(DESK)).open(running.origin)
    reviewer.sign_in(watching, running.origin, "khanh", world.PASSWORD)
    watching.goto(f"{running.origin}/desk/records?state=all")
    expect(watching.locator("main a[href*='/desk/records/']")).to_have_count(0)

    publish(desk, first)
    page.get_by_role("link", name="Trang chủ").click()
    officer.exchange(page)
    expect(listed).to_be_hidden(timeout=officer.LONG_MS)
    filler.begin(page, TITLE)
    expect(page.locator(".appbar h1")).not_to_contain_text("Bản thử")
    fill(page)
    filler.saved(page)
    page.get_by_role("button", name="Đóng", exact=False).first.click()

    questions = trial_forms.changed(drop="told", retype=("place", "integer"))
    second = draft(desk, running, trial_forms.workbook(tmp_path / "two.xlsx", "2", questions), files)
    desk.goto(f"{second}/publish")
    assert desk.locator('input[name="agree"]').count() >= 1
    publish(desk, second)
    officer.exchange(page)
    page.get_by_role("link", name="Bản ghi").click()
    page.locator("[data-draft]").first.click()
    officer.jump(page, TITLE)
    expect(filler.field(page, "Ở đâu?")).to_have_value("Chợ Bãi Giá")
    filler.finish_anyway(page)
    officer.sent(page)
    reviewer.open_first_waiting(watching, running.origin)
    reviewer.accept(watching)
    assert running.flask("coverage", "verify")
    desk.goto(second)
    desk.get_by_text("Đóng bản này …").click()
    desk.get_by_role("button", name="Đóng bản này").click()
    desk.goto(first)
    desk.get_by_text("Đóng bản này …").click()
    desk.get_by_role("button", name="Đóng bản này").click()
    officer.exchange(page)
    expect(
        page.get_by_role("button", name="Ghi việc khác").or_(page.get_by_role("button", name=officer.HOME)).first
    ).to_be_visible()
    others = page.get_by_role("button", name="Ghi việc khác")
    if others.count():
        others.click()
        expect(page.get_by_role("dialog").get_by_role("button", name=TITLE)).to_have_count(0)
