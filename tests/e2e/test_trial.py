"""A form from a workbook to a closed version: faults, a trial on a phone, publishing, a draft that outlives it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import filler, officer, reviewer, trial_forms, world
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.form_desk import draft, publish, trial_code
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


@dataclass(frozen=True)
class Stage:
    """Who takes part: the administrator at the desk, a reviewer who watches, an officer's phone."""

    running: Running
    desk: Page
    watching: Page
    phone: Page
    stranger: Page
    folder: Path

    @property
    def listed(self) -> Locator:
        """The form as home lists it."""
        return self.phone.locator("main").get_by_role("button", name=TITLE)


@pytest.fixture
def stage(running: Running, open_browser: Callable[..., Browser], tmp_path: Path) -> Stage:
    desk = open_browser("desk", viewport=dict(DESK)).open(running.origin)
    reviewer.sign_in(desk, running.origin, "quan", world.PASSWORD)
    watching = open_browser("watch", viewport=dict(DESK)).open(running.origin)
    reviewer.sign_in(watching, running.origin, "khanh", world.PASSWORD)
    phone = open_browser("phone").open(enrolment_link(running, "lan"))
    officer.enrol(phone)
    officer.installed(phone)
    return Stage(running, desk, watching, phone, open_browser("stranger").open(running.origin), tmp_path)


def test_a_form_is_uploaded_tried_published_renewed_and_closed(stage: Stage) -> None:
    files = trial_forms.attachments(stage.folder)
    first = draft(stage.desk, stage.running, trial_forms.workbook(stage.folder / "one.xlsx", "1"), files)
    receive(stage, trial_code(stage.desk))
    try_without_a_network(stage)
    counted_nowhere(stage, first)
    begin_in_earnest(stage, first)
    second = renew(stage, files)
    outlive(stage)
    close(stage, second, first)


def receive(stage: Stage, code: str) -> None:
    """A stranger has to enrol first; a wrong code says so; a right one waits for the network."""
    page, running = stage.phone, stage.running
    stage.stranger.goto(f"{running.origin}/#trial={code}")
    expect(stage.stranger.get_by_text("Ghi danh trước. Mã biểu mẫu thử được giữ.")).to_be_visible()
    assert code not in stage.stranger.url
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
    expect(stage.listed).to_contain_text("Bản thử")


def try_without_a_network(stage: Stage) -> None:
    """Filled and finished offline, sent when the server is back; never among what the plan counts."""
    page = stage.phone
    stage.running.stop()
    page.reload()
    stage.listed.click()
    expect(page.locator("main.body-form")).to_be_visible()
    expect(page.locator(".appbar h1")).to_contain_text(f"Bản thử: {TITLE}")
    fill(page)
    rows_in_rows(page)
    filler.finish_anyway(page)
    expect(page.locator("[data-record]")).to_contain_text("Bản thử: không tính.")
    stage.running.start()
    page.reload()
    expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible(timeout=officer.LONG_MS)
    page.get_by_role("button", name="Xong").click()
    assert officer.count(page, "Đã gửi") == 0, "a trial is no sent record of the plan"
    page.get_by_role("link", name="Bản ghi").click()
    expect(page.locator("main a.record")).to_contain_text("Bản thử")


def counted_nowhere(stage: Stage, first: str) -> None:
    stage.desk.goto(first)
    expect(stage.desk.get_by_role("table").filter(has_text="Cán bộ")).to_contain_text("Nguyễn Thị Lan")
    assert stage.running.flask("coverage", "verify")
    stage.watching.goto(f"{stage.running.origin}/desk/records?state=all")
    expect(stage.watching.locator("main a[href*='/desk/records/']")).to_have_count(0)


def begin_in_earnest(stage: Stage, first: str) -> None:
    """Published: the phone fills it as any other, and leaves a draft."""
    page = stage.phone
    publish(stage.desk, first)
    page.get_by_role("link", name="Trang chủ").click()
    officer.exchange(page)
    expect(stage.listed).to_be_hidden(timeout=officer.LONG_MS)
    filler.begin(page, TITLE)
    expect(page.locator(".appbar h1")).not_to_contain_text("Bản thử")
    fill(page)
    filler.saved(page)
    page.get_by_role("button", name="Đóng", exact=False).first.click()


def renew(stage: Stage, files: list[Path]) -> str:
    """A second version with another type and without a question; its address."""
    questions = trial_forms.changed(drop="told", retype=("place", "integer"))
    book = trial_forms.workbook(stage.folder / "two.xlsx", "2", questions)
    second = draft(stage.desk, stage.running, book, files)
    stage.desk.goto(f"{second}/publish")
    assert stage.desk.locator('input[name="agree"]').count() >= 1
    publish(stage.desk, second)
    return second


def outlive(stage: Stage) -> None:
    """The draft of version 1 stays on version 1, is finished, sent and accepted."""
    page = stage.phone
    officer.exchange(page)
    page.get_by_role("link", name="Bản ghi").click()
    page.locator("[data-draft]").first.click()
    officer.jump(page, TITLE)
    expect(filler.field(page, "Ở đâu?")).to_have_value("Chợ Bãi Giá")
    filler.finish_anyway(page)
    officer.sent(page)
    reviewer.open_first_waiting(stage.watching, stage.running.origin)
    reviewer.accept(stage.watching)
    assert stage.running.flask("coverage", "verify")


def close(stage: Stage, *versions: str) -> None:
    """Closed versions are offered on no phone any more."""
    page = stage.phone
    for version in versions:
        stage.desk.goto(version)
        stage.desk.get_by_text("Đóng bản này …").click()
        stage.desk.get_by_role("button", name="Đóng bản này").click()
    officer.exchange(page)
    others = page.get_by_role("button", name="Ghi việc khác")
    expect(others.or_(page.get_by_role("button", name=officer.HOME)).first).to_be_visible()
    if others.count():
        others.click()
        expect(page.get_by_role("dialog").get_by_role("button", name=TITLE)).to_have_count(0)
