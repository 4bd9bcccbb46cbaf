"""The server's check: odd payloads are findings, never refusals; calculations are made again and compared."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from forms.check import Context, Finding, check, holds
from forms.model import Form, Options, Question, Repeat
from forms.xlsform import compile_markdown
from forms.xpath import parse
from tests.forms.filling import REGISTERS, form_named

SESSION = form_named("outreach_session")
LOGIC = form_named("logic")
COMPLETE: dict[str, Any] = {
    "recorded_on": "2024-11-22",
    "place": {"session_date": "2024-11-20", "session_part": "am", "commune": "u1", "hamlet": "h11"},
    "content": {
        "method": "F03",
        "audience": "people",
        "provisions": "p1 p2",
        "language": "vi",
        "led_by": "o1",
        "presenters": "r1",
    },
    "attendance": {"attendees_total": "40", "count_method": "counted"},
    "managed": {"members_count": "2", "members": "m1"},
    "photos": {"no_photo": "camera"},
}


def context(now: datetime = datetime(2024, 12, 24, 3, tzinfo=UTC)) -> Context:
    return Context(now, "Asia/Ho_Chi_Minh", "vi", lambda name: REGISTERS.get(name, []))


def codes(answers: Any, calculated: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(finding.code, finding.path) for finding in check(SESSION, answers, context(), calculated).findings]


def changed(**groups: Any) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(json.dumps(COMPLETE))
    for name, given in groups.items():
        answers[name] = (
            answers[name] | given if isinstance(given, dict) and isinstance(answers.get(name), dict) else given
        )
    return answers


def test_a_complete_record_has_no_findings_however_late_it_is_read() -> None:
    assert codes(COMPLETE) == []


def test_values_are_flat_and_hold_calculations() -> None:
    values = check(SESSION, COMPLETE, context()).values
    assert values["/outreach_session/managed/members_missing"] == "1"
    assert values["/outreach_session/managed/t2_provisions"] == "1"
    assert values["/outreach_session/place/hamlet"] == "h11"
    assert "/outreach_session/photos/photo" not in values


def test_a_missing_day_of_recording_is_the_day_of_finishing() -> None:
    answers = {name: value for name, value in COMPLETE.items() if name != "recorded_on"}
    checked = check(SESSION, answers, context(datetime(2024, 11, 27, 17, 30, tzinfo=UTC)))
    assert checked.values["/outreach_session/recorded_on"] == "2024-11-28"
    assert [finding.code for finding in checked.findings] == ["required"]


def test_what_the_phone_said_once_is_taken_where_the_answer_is_missing() -> None:
    answers = {name: value for name, value in COMPLETE.items() if name != "recorded_on"}
    said = {"/outreach_session/recorded_on": "2024-11-21"}
    assert check(SESSION, answers, context(), said).values["/outreach_session/recorded_on"] == "2024-11-21"


def test_a_calculation_that_differs_is_found_and_ours_counts() -> None:
    said = {"/outreach_session/managed/t2_provisions": "5", "/outreach_session/managed/members_missing": "1"}
    assert codes(COMPLETE, said) == [("calculated", "/outreach_session/managed/t2_provisions")]
    assert check(SESSION, COMPLETE, context(), said).values["/outreach_session/managed/t2_provisions"] == "1"


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (changed(stranger="x"), [("unknown_question", "/outreach_session/stranger")]),
        (changed(place={"stranger": "x"}), [("unknown_question", "/outreach_session/place/stranger")]),
        (changed(attendance={"attendees_total": 40}), [("type", "/outreach_session/attendance/attendees_total")]),
        (changed(more="x"), [("type", "/outreach_session/more")]),
        (changed(more={"note": ["x"]}), [("type", "/outreach_session/more/note")]),
        (changed(content={"method_other": "x"}), [("irrelevant", "/outreach_session/content/method_other")]),
        (
            changed(attendance={"attendance_more": {"attendee_group": {"group_count": "3"}}}),
            [("type", "/outreach_session/attendance/attendance_more/attendee_group")],
        ),
        (
            changed(attendance={"attendance_more": {"attendee_group": ["x", {"group_count": "99"}]}}),
            [
                ("type", "/outreach_session/attendance/attendance_more/attendee_group[1]"),
                ("constraint", "/outreach_session/attendance/attendance_more/attendee_group[2]/group_count"),
            ],
        ),
    ],
)
def test_odd_payloads_are_findings(answers: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert codes(answers) == found


def test_an_empty_payload_is_read_too() -> None:
    assert {code for code, _ in codes({})} == {"required"}


def test_findings_say_what_was_strange() -> None:
    found = check(SESSION, changed(content={"provisions": "p1 zz"}), context()).findings
    assert found == (Finding("unknown_choice", "/outreach_session/content/provisions", "zz"),)


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("${t2_provisions} > 0", True),
        ("${attendees_total} >= 41", False),
        ("selected(${provisions}, 'p2') and ${members} != ''", True),
        ("${photo} = ''", True),
        ("${nobody} = ''", True),
        ("/outreach_session/place/commune = 'u1'", True),
    ],
)
def test_filters_of_indicators_read_questions_by_name(expression: str, wanted: bool) -> None:
    assert holds(SESSION, parse(expression), COMPLETE, context()) is wanted


def test_a_register_that_the_server_lacks_is_an_empty_one() -> None:
    nothing = Context(datetime(2024, 11, 22, tzinfo=UTC), "Asia/Ho_Chi_Minh", "vi", lambda _: ())
    found = {finding.code for finding in check(SESSION, COMPLETE, nothing).findings}
    assert found == {"unknown_choice", "irrelevant"}


def test_a_flood_of_rows_or_names_gives_a_hundred_findings_not_a_hundred_thousand() -> None:
    rows = changed(attendance={"attendance_more": {"attendee_group": [1] * 50_000}})
    names = changed(**{f"q{number}": "x" for number in range(5_000)})
    assert len(codes(rows)) == 100
    assert len(codes(names)) == 100


def test_calculated_values_that_are_no_text_are_as_if_not_sent() -> None:
    said: Any = {"/outreach_session/recorded_on": 7, "/outreach_session/managed/t2_provisions": None}
    assert codes(COMPLETE, said) == []


def test_random_and_uuid_are_the_phones() -> None:
    form = compile_markdown(
        "| survey |\n| | type | name | calculation |\n| | calculate | key | once(uuid()) |\n"
        "| | calculate | long | string-length(${key}) |\n"
        "| settings |\n| | form_id | version |\n| | keyed | 1 |\n"
    ).form
    assert check(form, {"key": "abc"}, context()).values == {"/keyed/key": "abc", "/keyed/long": "3"}
    assert check(form, {}, context(), {"/keyed/key": "abcd"}).values["/keyed/long"] == "4"
    assert check(form, {}, context()).values == {"/keyed/long": "0"}


def test_nested_rows_of_the_wrong_kind_give_a_hundred_findings() -> None:
    question = Question("a", "/f/r/s/a", "text", required=parse("true()"))
    form = Form("f", "1", {}, (), (Repeat("r", "/f/r", {}, (Repeat("s", "/f/r/s", {}, (question,)),)),), {}, ())
    found = check(form, {"r": [{"s": [0] * 1_000}] * 50}, context()).findings
    assert {finding.code for finding in found} == {"type"}
    assert len(found) == 100


def test_half_of_a_letter_is_digested_as_a_browser_does() -> None:
    digest = Question("d", "/f/d", "calculate", calculate=parse("digest(/f/a, 'MD5', 'hex')"))
    form = Form("f", "1", {}, (), (Question("a", "/f/a", "text"), digest), {}, ())
    assert check(form, {"a": "\ud800"}, context()).values["/f/d"] == hashlib.md5("\ufffd".encode()).hexdigest()


def test_a_label_of_a_register_may_look_like_an_output() -> None:
    place = Question("a", "/f/a", "select_one", options=Options(register="r"))
    named = Question("d", "/f/d", "calculate", calculate=parse("jr:choice-name(/f/a, '/f/a')"))
    form = Form("f", "1", {}, (), (place, named), {}, ("r",))
    rows = [{"name": "x", "label": "${#7} ${#x} ${#} Bình"}]
    labels = Context(datetime(2024, 11, 22, tzinfo=UTC), "UTC", "vi", lambda _: rows)
    assert check(form, {"a": "x"}, labels).values["/f/d"] == "   Bình"
