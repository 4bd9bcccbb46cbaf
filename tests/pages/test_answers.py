"""Answers in the form's words and order; bars as geometry."""

import pytest
from flask import Flask

from forms.model import Choice, Form, Group, Options, Question, Repeat
from server.pages import answers, bars
from server.pages.answers import Reading

LABELS = {"m1": "31522-0001", "p1": "Đăng ký tạm trú"}


def question(path: str, kind: str = "text", options: Options | None = None) -> Question:
    return Question(name=path.rpartition("/")[2], path=path, type=kind, label={"vi": path}, options=options)


FORM = Form(
    form_id="f",
    version="2",
    title={"vi": "f"},
    languages=("vi",),
    children=(
        Group(
            "who",
            "/f/who",
            {"vi": "Người dự"},
            (
                question("/f/who/kind", "select_one", Options(choices="kinds")),
                question("/f/who/hint", "note"),
                Repeat(
                    "group",
                    "/f/who/group",
                    {},
                    (question("/f/who/group/name"), question("/f/who/group/count", "integer")),
                ),
                question("/f/who/members", "select_multiple", Options(register="members")),
                question("/f/who/day", "date"),
            ),
        ),
    ),
    choices={"kinds": (Choice("k1", {"vi": "Nhân dân"}),)},
    registers=("members",),
)


def read(now: dict[str, object], before: dict[str, object] | None = None, covered: tuple[str, ...] = ()) -> list[str]:
    labels = Reading(lambda register, names: {n: LABELS[n] for n in names if n in LABELS}, covered)
    sections = answers.sections(FORM, {"who": now}, None if before is None else {"who": before}, labels)
    return [f"{row.before or ''}>{row.answer or ''}" for section in sections for row in section.rows]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({"kind": "k1"}, [">Nhân dân"]),
        ({"kind": "gone"}, [">gone"]),
        ({"day": "2024-06-08"}, [">8/6/2024, Thứ Bảy"]),
        ({"day": "8 tháng 6"}, [">8 tháng 6"]),
        ({"members": "m1 new:" + "c0" * 16 + ":0113"}, [">31522-0001; 0113 (mã mới)"]),
        ({"group": [{"name": "a", "count": "1200"}, {"name": "b", "count": "2"}]}, [">a", ">1.200", ">b", ">2"]),
        ({"kind": ["not", "text"], "group": "nor a list", "hint": "x"}, []),
    ],
)
def test_an_answer_is_said_as_a_person_says_it(now: dict[str, object], said: list[str], app: Flask) -> None:
    with app.test_request_context():
        assert read(now) == said


def test_what_a_correction_changed_added_and_left_out(app: Flask) -> None:
    before = {"kind": "k1", "group": [{"name": "a", "count": "420"}, {"name": "b"}]}
    with app.test_request_context():
        assert read({"group": [{"name": "a", "count": "42"}], "day": ""}, before) == ["Nhân dân>", ">a", "420>42", "b>"]


def test_covered_codes_are_only_counted(app: Flask) -> None:
    with app.test_request_context():
        assert read({"members": "m1 m2"}, covered=("members",)) == [">2 người trong sổ"]


@pytest.mark.parametrize(
    ("share", "waiting", "kind", "value", "more"),
    [
        (None, 0.0, "none", None, None),
        (1.2, 0.0, "alarm", None, None),
        (0.0, 0.0, "counted", "0%", None),
        (0.384, 0.013, "counted", "38.4%", "1.3%"),
        (0.9, 0.5, "counted", "90%", "10%"),
    ],
)
def test_a_bar_never_reads_as_0_or_100_percent_without_a_base(
    share: float | None, waiting: float, kind: str, value: str | None, more: str | None, app: Flask
) -> None:
    with app.test_request_context():
        bar = bars.bullet("T2", share, 0.8, waiting)
    assert (bar.kind, bar.value and bar.value.width, bar.waiting and bar.waiting.width) == (kind, value, more)
    assert bar.target == "80%"
