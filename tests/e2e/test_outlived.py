"""Forms that are closed, renewed or given up while a phone still needs them (D25)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import filler, officer, reviewer, stall_check, trial_forms, world
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.form_desk import close, draft, give_up, publish, trial_code
from tests.e2e.running import Running

pytestmark = pytest.mark.browser
TITLE = trial_forms.TITLE
WHY = "Ghi rõ tên chợ"


@dataclass(frozen=True)
class Stage:
    """The administrator at the desk, a reviewer, an officer's phone."""

    running: Running
    desk: Page
    reviewing: Page
    phone: Page
    folder: Path
    files: list[Path]

    def upload(self, version: str, changed: bool = False) -> str:
        """A draft of this version; its address. `changed`: the place is a number, the note is gone."""
        questions = trial_forms.changed(drop="told", retype=("place", "integer")) if changed else trial_forms.QUESTIONS
        book = trial_forms.workbook(self.folder / f"{version}.xlsx", version, questions)
        return draft(self.desk, self.running, book, self.files)


@pytest.fixture
def stage(running: Running, open_browser: Callable[..., Browser], tmp_path: Path) -> Stage:
    desk = open_browser("desk", viewport=dict(DESK)).open(running.origin)
    reviewer.sign_in(desk, running.origin, "quan", world.PASSWORD)
    reviewing = open_browser("review", viewport=dict(DESK)).open(running.origin)
    reviewer.sign_in(reviewing, running.origin, "khanh", world.PASSWORD)
    phone = open_browser("phone").open(enrolment_link(running, "lan"))
    officer.enrol(phone)
    officer.installed(phone)
    return Stage(running, desk, reviewing, phone, tmp_path, trial_forms.attachments(tmp_path))


def test_a_returned_record_is_corrected_on_its_own_version_after_that_was_closed(stage: Stage) -> None:
    page, running = stage.phone, stage.running
    first = stage.upload("1")
    publish(stage.desk, first)
    officer.exchange(page)
    filler.begin(page, TITLE)
    stall_check.fill(page)
    stall_check.rows_in_rows(page)
    filler.finish_anyway(page)
    officer.sent(page)

    reviewer.open_first_waiting(stage.reviewing, running.origin)
    reviewer.give_back(stage.reviewing, "/place", WHY)
    publish(stage.desk, stage.upload("2", changed=True))
    close(stage.desk, first)

    officer.exchange(page)
    running.stop()
    page.reload()
    officer.counts(page, "Trả lại", 1)
    page.locator(".counter", has_text="Trả lại").click()
    page.locator("main a.record").click()
    page.get_by_role("button", name="Sửa và gửi lại").click()
    expect(page.get_by_role("heading", name=WHY)).to_be_visible()
    expect(page.get_by_label("Ở đâu?")).to_have_value("Chợ Bãi Giá")
    page.get_by_label("Ở đâu?").fill("Chợ Bãi Giá, ấp 2")
    page.get_by_role("button", name="Gửi lại").click()
    running.start()
    page.reload()
    officer.sent(page)

    reviewer.open_first_waiting(stage.reviewing, running.origin)
    changed = stage.reviewing.locator(".answer--changed")
    expect(changed).to_have_count(1)
    expect(changed.locator("ins")).to_have_text("Chợ Bãi Giá, ấp 2")
    reviewer.accept(stage.reviewing)
    assert running.flask("coverage", "verify")
    stage.desk.goto(first)
    expect(stage.desk.get_by_text("đã đóng").first).to_be_visible()

    officer.exchange(page)
    filler.begin(page, TITLE)
    expect(officer.question(page, "place").get_by_role("spinbutton")).to_be_visible()


def test_a_draft_of_a_trial_that_was_given_up_keeps_its_choices_and_pictures_until_it_is_sent(stage: Stage) -> None:
    page, running = stage.phone, stage.running
    tried = stage.upload("1")
    page.goto(f"{running.origin}/#trial={trial_code(stage.desk)}")
    page.get_by_role("button", name="Điền thử").click(timeout=officer.LONG_MS)
    expect(page.locator("main.body-form")).to_be_visible()
    filler.field(page, "Ở đâu?").fill("Chợ")
    filler.saved(page)
    page.get_by_role("button", name="Đóng, giữ bản nháp").click()

    give_up(stage.desk, tried)
    for _ in range(2):
        officer.exchange(page)
    expect(page.locator("main").get_by_role("button", name=TITLE)).to_have_count(0)
    running.stop()
    page.reload()
    page.get_by_role("link", name="Bản ghi").click()
    page.locator("[data-draft]").first.click()
    filler.field(page, "Ở đâu?").fill("")
    stall_check.fill(page)
    filler.finish_anyway(page)
    running.start()
    page.reload()
    officer.sent(page)
    stage.desk.goto(tried)
    expect(stage.desk.get_by_role("table").filter(has_text="Cán bộ")).to_contain_text("Nguyễn Thị Lan")
    assert running.flask("coverage", "verify")
