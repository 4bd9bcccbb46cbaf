"""One record at the desk: deciding moves the figures, a correction shows what changed, codes and photos stand apart."""

import pytest
from flask import Flask

from server.config import Config
from server.db import transaction
from tests import make
from tests.make import World
from tests.pages import make as desks
from tests.pages.conftest import OpenDesk

TOTAL = "/outreach_session/attendance/attendees_total"


def test_accepting_moves_t2_by_the_members_and_t1_by_the_rules(
    app: Flask, world: World, waiting: str, at_desk: OpenDesk
) -> None:
    answer = at_desk("district1").post(f"/desk/records/{waiting}/decision", {"outcome": "accepted"})
    assert (answer.status_code, answer.location) == (303, "/desk/records?done=accepted")
    assert [desks.numbers(app, world, unit, "T2") for unit in ("A", "D1", "P")] == [2, 2, 2]
    assert [desks.numbers(app, world, unit, "T1") for unit in ("A", "D1", "P")] == [2, 2, 2]


def test_reversing_puts_the_figures_back(app: Flask, world: World, waiting: str, at_desk: OpenDesk) -> None:
    browser = at_desk("district1")
    browser.post(f"/desk/records/{waiting}/decision", {"outcome": "accepted"})
    browser.post(f"/desk/records/{waiting}/decision", {"outcome": "reversed", "reason": "trùng buổi"})
    assert desks.numbers(app, world, "P", "T2") == 0
    assert "trùng buổi" in browser.get(f"/desk/records/{waiting}").text


@pytest.mark.parametrize("outcome", ["returned", "rejected"])
def test_sending_back_without_a_reason_keeps_the_page_and_its_pins(
    outcome: str, waiting: str, at_desk: OpenDesk
) -> None:
    answer = at_desk("chief").post(f"/desk/records/{waiting}/decision", {"outcome": outcome, "pin": [TOTAL]})
    assert answer.status_code == 422
    assert f'value="{TOTAL}" form="decision" checked' in answer.text
    assert 'role="alert"' in answer.text


def test_a_reason_is_pinned_to_questions_and_shown_in_their_words(waiting: str, at_desk: OpenDesk) -> None:
    browser = at_desk("chief")
    form = {"outcome": "returned", "reason": "30 hay 300?", "pin": [TOTAL, "/elsewhere/x"]}
    browser.post(f"/desk/records/{waiting}/decision", form)
    page = browser.get(f"/desk/records/{waiting}").text
    assert "attendees_total: “30 hay 300?” · Người chief" in page
    assert "elsewhere" not in page


def test_whoever_comes_second_is_told_and_nothing_is_written(
    app: Flask, world: World, waiting: str, at_desk: OpenDesk
) -> None:
    at_desk("district1").post(f"/desk/records/{waiting}/decision", {"outcome": "accepted"})
    answer = at_desk("chief").post(f"/desk/records/{waiting}/decision", {"outcome": "rejected", "reason": "x"})
    assert (answer.status_code, "Người khác đã quyết định trước" in answer.text) == (409, True)
    assert desks.numbers(app, world, "P", "T2") == 2


def test_a_correction_that_came_in_between_stops_the_decision(
    app: Flask, world: World, waiting: str, at_desk: OpenDesk
) -> None:
    with app.app_context(), transaction() as session:
        seen = desks.pk_of(session, waiting)
        make.record(session, world, intent="correct", replaces=waiting, attendees=31)
    answer = at_desk("chief").post(f"/desk/records/{waiting}/decision", {"outcome": "accepted", "seen": str(seen)})
    assert (answer.status_code, "bản sửa mới" in answer.text) == (409, True)


def test_a_correction_shows_old_and_new(app: Flask, world: World, waiting: str, at_desk: OpenDesk) -> None:
    with app.app_context(), transaction() as session:
        make.record(
            session,
            world,
            intent="correct",
            replaces=waiting,
            attendees=42,
            members=("a1", "a2"),
            rules=("rule1", "rule2"),
        )
    page = at_desk("chief").get(f"/desk/records/{waiting}").text
    assert "<del>30</del> <ins>42</ins>" in page
    assert page.count("<del>") == 1


def test_a_correction_of_what_was_returned_is_said_to_be_one(
    app: Flask, world: World, waiting: str, at_desk: OpenDesk
) -> None:
    browser = at_desk("chief")
    browser.post(f"/desk/records/{waiting}/decision", {"outcome": "returned", "reason": "?", "pin": [TOTAL]})
    with app.app_context(), transaction() as session:
        make.record(session, world, intent="correct", replaces=waiting, attendees=42)
    assert "Đã sửa mọi câu bị trả lại." in browser.get(f"/desk/records/{waiting}").text


def test_a_withdrawn_record_shows_what_it_said_and_why(
    app: Flask, world: World, waiting: str, at_desk: OpenDesk
) -> None:
    with app.app_context(), transaction() as session:
        make.record(session, world, intent="withdraw", replaces=waiting, reason="ghi nhầm buổi")
    page = at_desk("chief").get(f"/desk/records/{waiting}").text
    assert ("ghi nhầm buổi" in page, "rule1; rule2" in page) == (True, True)
    assert 'value="accepted"' not in page


def test_nobody_is_offered_a_decision_on_their_own_record(app: Flask, world: World, at_desk: OpenDesk) -> None:
    with app.app_context(), transaction() as session:
        own = make.record(session, world, by="chief")
    page = at_desk("chief").get(f"/desk/records/{own}").text
    assert ('name="outcome"' in page, "người khác phải duyệt" in page) == (False, True)


def test_staff_read_and_are_offered_nothing(waiting: str, at_desk: OpenDesk) -> None:
    browser = at_desk("staff")
    assert 'name="outcome"' not in browser.get(f"/desk/records/{waiting}").text
    assert browser.post(f"/desk/records/{waiting}/decision", {"outcome": "accepted"}).status_code == 403


def test_what_is_held_says_why_and_cannot_be_accepted(app: Flask, world: World, at_desk: OpenDesk) -> None:
    with app.app_context(), transaction() as session:
        held = make.record(session, world, status="held", held_reason="form-unknown")
    browser = at_desk("district1")
    page = browser.get(f"/desk/records/{held}").text
    assert ("Máy chủ chưa có phiên bản biểu mẫu này" in page, 'value="accepted"' in page) == (True, False)
    assert held in browser.get("/desk/records?state=held").text


def test_findings_are_told_in_the_words_of_the_question(
    app: Flask, world: World, waiting: str, at_desk: OpenDesk
) -> None:
    with app.app_context(), transaction() as session:
        desks.finding(session, waiting, "required", "/outreach_session/managed/members_count")
    assert "Chưa trả lời: members_count" in at_desk("chief").get(f"/desk/records/{waiting}").text


class TestCodesAndPhotos:
    """U6: side by side for the commune's own reviewer only."""

    @pytest.fixture
    def photo(self, app: Flask, config: Config, world: World, waiting: str) -> str:
        with app.app_context(), transaction() as session:
            return desks.photo(session, world, config.media_dir, waiting)

    def test_the_communes_own_reviewer_sees_both(self, photo: str, waiting: str, at_desk: OpenDesk) -> None:
        page = at_desk("chief").get(f"/desk/records/{waiting}").text
        assert (photo in page, "a1; a2" in page) == (True, True)

    def test_above_the_commune_photos_come_without_codes(self, photo: str, waiting: str, at_desk: OpenDesk) -> None:
        page = at_desk("district1").get(f"/desk/records/{waiting}").text
        assert (photo in page, "a1; a2" in page, "2 người trong sổ" in page) == (True, False, True)

    def test_above_the_commune_codes_come_without_photos_and_are_audited(
        self, app: Flask, photo: str, waiting: str, at_desk: OpenDesk
    ) -> None:
        page = at_desk("district1").get(f"/desk/records/{waiting}?show=codes").text
        assert (photo in page, "a1; a2" in page) == (False, True)
        assert desks.audited(app, "record.codes-seen") == 1
