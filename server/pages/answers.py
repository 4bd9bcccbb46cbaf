"""A record's answers in its form's words and order, and what a correction changed.

Works on the compiled form and the answers document alone; labels of register items are looked up by the caller's
function, because they are data of the database.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.model import Form, Group, Node, Question, Repeat
from server.pages import words
from server.pages.phrases import gettext
from server.pages.words import said

Answers = Mapping[str, Any]
Labels = Callable[[str, list[str]], dict[str, str]]  # register, uids → uid: label

NOT_SHOWN = frozenset({"note", "calculate", "hidden"})
NEW_MEMBER = "new:"  # `new:<uid>:<code as typed>`


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one record. `before`: what the corrected record said, where it differs."""

    n: int
    path: str  # of the question, without positions: what a reason is pinned to
    question: str
    answer: str | None
    before: str | None
    changed: bool
    photos: tuple[str, ...] = ()
    covered: bool = False  # codes that this reader sees only as a count


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    rows: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: labels of items, registers whose items are only counted, questions to show though unanswered."""

    labels: Labels
    covered: Collection[str] = ()
    wanted: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A question with its answer and where it stands, repeats with their position."""

    question: Question
    where: str
    heading: str
    value: str


def sections(form: Form, answers: Answers, before: Answers | None, reading: Reading) -> list[Section]:
    """One section per page of the form; questions without an answer now or before are left out unless wanted."""
    now = {given.where: given for given in _given(form.children, answers, "", "")}
    then = {} if before is None else {given.where: given for given in _given(form.children, before, "", "")}
    found: dict[str, list[Asked]] = {}
    n = 0
    for where in _in_order(form, now, then):
        given = now.get(where) or then[where]
        old = then[where].value if where in then else ""
        if not (given.value or old or given.question.path in reading.wanted):
            continue
        n += 1
        row = _asked(n, form, given, now[where].value if where in now else "", old, before is not None, reading)
        found.setdefault(given.heading, []).append(row)
    return [Section(heading, tuple(rows)) for heading, rows in found.items()]


def label_of(form: Form, path: str) -> str:
    """The words of the question at `path`; the path itself where the form has none."""
    question = form.question(path)
    return said(question.label) if question and question.label else path.rsplit("/", 1)[-1]


def _in_order(form: Form, now: Mapping[str, Given], then: Mapping[str, Given]) -> list[str]:
    """The form's order; the rows of a repeat stay together."""
    order = {question.path: n for n, question in enumerate(form.questions())}

    def place(where: str) -> tuple[int, int, int]:
        path = (now.get(where) or then[where]).question.path
        bare, bracket, rest = where.partition("[")
        if not bracket:
            return order[path], 0, 0
        first = min(n for other, n in order.items() if other.endswith(path) or f"{bare}/" in other)
        return first, int(rest.partition("]")[0]), order[path]

    return sorted({*now, *then}, key=place)


def _given(nodes: tuple[Node, ...], answers: Answers, prefix: str, heading: str) -> Iterator[Given]:
    for node in nodes:
        held = answers.get(node.name)
        if isinstance(node, Question):
            if node.type not in NOT_SHOWN:
                yield Given(node, f"{prefix}/{node.name}", heading, held if isinstance(held, str) else "")
        elif isinstance(node, Group):
            inside = held if isinstance(held, Mapping) else {}
            yield from _given(node.children, inside, f"{prefix}/{node.name}", heading or said(node.label))
        else:
            yield from _instances(node, held, f"{prefix}/{node.name}", heading or said(node.label))


def _instances(repeat: Repeat, held: object, prefix: str, heading: str) -> Iterator[Given]:
    rows = held if isinstance(held, list) else []
    for n, row in enumerate(rows, start=1):
        if isinstance(row, Mapping):
            yield from _given(repeat.children, row, f"{prefix}[{n:03}]", heading)


def _asked(n: int, form: Form, given: Given, value: str, old: str, corrected: bool, reading: Reading) -> Asked:
    question = given.question
    register = question.options.register if question.options else None
    covered = register in reading.covered
    changed = corrected and value != old
    return Asked(
        n=n,
        path=question.path,
        question=said(question.label) or question.name,
        answer=None if not value else _counted(value) if covered else worded(form, question, value, reading.labels),
        before=(_counted(old) if covered else worded(form, question, old, reading.labels)) if changed and old else None,
        changed=changed,
        photos=(value,) if question.type == "image" and value else (),
        covered=covered and bool(value),
    )


def worded(form: Form, question: Question, value: str, labels: Labels) -> str:
    """An answer as a person says it."""
    if question.type == "date":
        return _dated(value)
    if question.type in ("integer", "decimal", "range"):
        return _numbered(value)
    if question.type == "acknowledge":
        return gettext("Có")
    if question.type in TOLD:
        return TOLD[question.type](value)
    if question.options is None:
        return value
    chosen = _chosen(form, question, value, labels)
    if question.type == "rank":
        return "; ".join(f"{n}. {name}" for n, name in enumerate(chosen, start=1))
    return "; ".join(chosen)


def _chosen(form: Form, question: Question, value: str, labels: Labels) -> list[str]:
    names = value.split() if question.type in ("select_multiple", "rank") else [value]
    options = question.options
    if options and options.register:
        found = labels(options.register, [_uid(name) for name in names])
        return [_item(name, found) for name in names]
    choices = form.choices.get(options.choices or "", ()) if options else ()
    known = {choice.name: said(choice.label) or choice.name for choice in choices}
    return [known.get(name, name) for name in names]


def _item(name: str, labels: Mapping[str, str]) -> str:
    if not name.startswith(NEW_MEMBER):
        return labels.get(name, name)
    code = name.removeprefix(NEW_MEMBER).partition(":")[2]
    return labels.get(_uid(name)) or gettext("%(code)s (mã mới)", code=code)


def _uid(name: str) -> str:
    return name.removeprefix(NEW_MEMBER).partition(":")[0] if name.startswith(NEW_MEMBER) else name


def _counted(value: str) -> str:
    return gettext("%(count)s người trong sổ", count=len(value.split()))


def _dated(value: str) -> str:
    try:
        held = date.fromisoformat(value[:10])
    except ValueError:
        return value
    return f"{words.day(held)}, {words.weekday(held)}"


def _numbered(value: str) -> str:
    try:
        return words.number(float(value))
    except ValueError:
        return value


def _clock(value: str) -> str:
    """14:05, as the phone's own zone had it."""
    return value[:5] if re.match(r"\d\d:\d\d", value) else value


def _moment(value: str) -> str:
    held, sep, clock = value.partition("T")
    return f"{_clock(clock)}, {_dated(held)}" if sep else _dated(value)


def _point(value: str) -> str:
    """Who reads this page is responsible for the place: coordinates with their accuracy."""
    parts = value.split()
    try:
        latitude, longitude = (round(float(part), 5) for part in parts[:2])
        metres = words.number(float(parts[3])) if len(parts) > 3 and float(parts[3]) else ""
    except ValueError:
        return value
    place = f"{latitude}, {longitude}"
    return gettext("%(place)s, chính xác đến %(metres)s m", place=place, metres=metres) if metres else place


TOLD: Mapping[str, Callable[[str], str]] = {
    "image": lambda _value: gettext("1 ảnh"),
    "audio": lambda _value: gettext("1 bản ghi âm"),
    "file": lambda _value: gettext("1 tệp"),
    "time": _clock,
    "dateTime": _moment,
    "geopoint": _point,
}
