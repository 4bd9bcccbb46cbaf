"""Opens a record's payload: finds its form and its unit, checks the answers, reads what stands beside them.

Refuses nothing: what cannot be opened is held with its reason. Writes nothing: rows are left to `server.stores`.
What stays the same while no register, unit or form changes is kept on a `Shelf`.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.orm import Session

from forms import model_json
from forms.check import Checked, Context, check
from forms.model import Form, Question
from forms.xpath.nodes import Rows
from server import payload as payloads
from server import registers, units
from server.clock import PLAN_ZONE, day_of
from server.queries import records
from server.queries.devices_sync import Officer
from server.queries.records import Found
from server.units import Placed
from sync.envelope import Envelope
from sync.store import Arrival

log = logging.getLogger("lantoa.intake")

UNKNOWN_FORM = "form-unknown"
UNKNOWN_UNIT = "unit-unknown"
NO_OBJECT = "payload-unreadable"
FORM_DIFFERS = "form-differs"
CHECK_FAILED = "check-failed"
PENDING = re.compile(r"new:([0-9a-f]{32}):(\S{1,60})")
POSITION = re.compile(r"\[\d+\]")
MEDIA_TYPES = ("image", "audio", "file")
NOT_ITEMS = frozenset({"units", "me"})  # registers whose rows are no items
FAULTS = frozenset({"required", "constraint", "type", "unknown_choice"})


@dataclass(frozen=True, slots=True)
class Code:
    """A code that the officer typed because the register did not have it (D17)."""

    question: str
    uid: str
    code: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What a record's bytes say, ready to be projected."""

    unit_id: int
    held_reason: str | None
    findings: tuple[Found, ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    codes: tuple[Code, ...] = ()
    summary: Mapping[str, Any] = field(default_factory=dict)
    trial: bool = False  # begun to try a draft of its form


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A compiled form and its questions by path; `trial`: the version was never published."""

    form: Form
    questions: Mapping[str, Question]
    trial: bool = False
    files: Mapping[str, Rows] = field(default_factory=dict)  # its own CSV files, by the names that it uses


@dataclass
class Shelf:
    """Compiled forms, register rows, places of units as of one `register_stamp`; filled as needed, by many threads."""

    stamp: tuple[int, date]  # register_stamp and today: registers change with both
    root_unit_id: int
    forms: dict[tuple[str, str], OpenForm | None] = field(default_factory=dict)
    sets: dict[tuple[str, int], Rows] = field(default_factory=dict)
    alike: dict[str, list[tuple[list[dict[str, str]], Rows]]] = field(default_factory=dict)
    places: dict[tuple[str, date], Placed | None] = field(default_factory=dict)

    def form(self, session: Session, form_id: str, version: str) -> OpenForm | None:
        if (form_id, version) not in self.forms:
            found = records.form_model(session, form_id, version)
            self.forms[form_id, version] = _opened(session, form_id, version, *found) if found else None
        return self.forms[form_id, version]

    def place(self, session: Session, key: str, day: date) -> Placed | None:
        if (key, day) not in self.places:
            self.places[key, day] = units.on_day(session, key, day)
        return self.places[key, day]

    def register(self, name: str, officer: Officer) -> Rows:
        if name == "me":
            return Rows([registers.me(officer)])
        if (name, officer.unit_id) not in self.sets:
            self.sets[name, officer.unit_id] = self._shared(name, registers.rows(name, officer.unit_id))
        return self.sets[name, officer.unit_id]

    def _shared(self, name: str, found: list[dict[str, str]]) -> Rows:
        """Most registers are the same for many units: one copy and one index serve them all."""
        kept = self.alike.setdefault(name, [])
        same = next((known for source, known in kept if source == found), None)
        if same is None:
            same = Rows(found)
            kept.append((found, same))
        return same


def _opened(session: Session, form_id: str, version: str, model: str, trial: bool) -> OpenForm | None:
    """None for one that this program cannot read: its records are held, those of other forms go their way."""
    files = records.form_files(session, form_id, version)
    try:
        form = model_json.loads(model)
        return OpenForm(form, {question.path: question for question in form.questions()}, trial, _files(files))
    except (ValueError, KeyError, TypeError) as error:
        log.error("form %s %s cannot be opened: %s", form_id, version, type(error).__name__)
        return None


def _files(sets: list[bytes]) -> dict[str, Rows]:
    """A form's own files stand before the registers of the installation."""
    found = [json.loads(body) for body in sets]
    return {
        one["register"]: Rows([dict(zip(one["columns"], row, strict=False)) for row in one["rows"]]) for one in found
    }


def open_arrival(session: Session, shelf: Shelf, officer: Officer, arrival: Arrival, at: datetime) -> Opened:
    """What the record says; of a trial nothing that a register or a list would show."""
    opened = _open(session, shelf, officer, arrival, at)
    form = shelf.form(session, arrival.envelope.form_id, arrival.envelope.form_version)
    # P-47, P-49: its version was never published, or it was begun before that.
    return as_trial(opened) if arrival.envelope.trial or (form and form.trial) else opened


def as_trial(opened: Opened) -> Opened:
    """The same without anything that leads into registers: no items, no pending codes."""
    return replace(opened, items=(), codes=(), trial=True)


def _open(session: Session, shelf: Shelf, officer: Officer, arrival: Arrival, at: datetime) -> Opened:
    """What the record says; a fault of our own while reading it is a reason to hold it, never to lose it."""
    envelope = arrival.envelope
    placed = shelf.place(session, envelope.unit_key, envelope.held_on)
    unit_id = placed.unit_id if placed else shelf.root_unit_id
    notes = _notes(envelope, placed, at)
    reason = arrival.held_reason or (None if placed else UNKNOWN_UNIT)
    form = shelf.form(session, envelope.form_id, envelope.form_version)
    payload = _payload(arrival.sealed.payload)
    if form is None or payload is None or not _same_form(payload, envelope):
        why = UNKNOWN_FORM if form is None else NO_OBJECT if payload is None else FORM_DIFFERS
        return Opened(unit_id, reason or why, (Found(why, None, "fault", {}), *notes))
    if envelope.intent == "withdraw":
        return Opened(unit_id, reason, notes)
    try:
        return _read(shelf, officer, envelope, form, payload, Opened(unit_id, reason, notes))
    except Exception as error:  # any fault of the checker: the bytes are kept, a person looks
        found = Found(CHECK_FAILED, None, "fault", {"error": type(error).__name__})
        return Opened(unit_id, reason or CHECK_FAILED, (found, *notes))


def _read(
    shelf: Shelf,
    officer: Officer,
    envelope: Envelope,
    form: OpenForm,
    payload: dict[str, Any],
    opened: Opened,
) -> Opened:
    checked = check(form.form, payload["answers"], _context(shelf, officer, envelope, form), payload["calculated"])
    answers = _Answers(form, checked)
    found = tuple(Found(f.code, f.path, _severity(f.code), {"detail": f.detail}) for f in checked.findings)
    media = tuple(_unpromised(answers, envelope))
    return Opened(
        opened.unit_id,
        opened.held_reason,
        (*found, *media, *opened.findings),
        answers.items(),
        answers.codes(),
        _summary(shelf, officer, answers),
    )


def _severity(code: str) -> str:
    return "fault" if code in FAULTS else "note"


def _context(shelf: Shelf, officer: Officer, envelope: Envelope, form: OpenForm) -> Context:
    """D34: the record's own moment, zone and language."""

    def rows(name: str) -> Rows:
        return form.files[name] if name in form.files else shelf.register(name, officer)

    return Context(
        now=envelope.finished_at,
        zone=_zone(envelope.zone),
        language=envelope.language,
        registers=rows,
    )


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return PLAN_ZONE
    return name


def _payload(text: str) -> dict[str, Any] | None:
    """The payload with its two parts as objects, or None when it is no such thing."""
    document = payloads.document(text)
    if document is None or not isinstance(document.get("answers"), dict):
        return None
    calculated = document.get("calculated")
    return document | {"calculated": calculated if isinstance(calculated, dict) else {}}


def _same_form(payload: Mapping[str, Any], envelope: Envelope) -> bool:
    return (payload.get("form"), payload.get("version")) == (envelope.form_id, envelope.form_version)


def _notes(envelope: Envelope, placed: Placed | None, at: datetime) -> tuple[Found, ...]:
    notes = []
    if placed is None:
        notes.append(Found(UNKNOWN_UNIT, None, "fault", {"unit": envelope.unit_key}))
    elif placed.note:
        notes.append(Found(placed.note, None, "note", {"unit": envelope.unit_key}))
    if envelope.held_on > day_of(at):
        notes.append(Found("held-in-the-future", None, "note", {"held_on": envelope.held_on.isoformat()}))
    return tuple(notes)


@dataclass(frozen=True, slots=True)
class _Answers:
    """The relevant answers of one record, by the questions of its form."""

    form: OpenForm
    checked: Checked

    def of_kind(self, wanted: str) -> list[tuple[Question, str]]:
        """(question, answer) of every answered question of this sort: `register` or a question type."""
        pairs = (
            (self.form.questions.get(POSITION.sub("", path)), value) for path, value in self.checked.values.items()
        )
        return [(q, value) for q, value in pairs if q is not None and value and _is(q, wanted)]

    def items(self) -> tuple[tuple[str, str], ...]:
        asked = [(q, value) for q, value in self.of_kind("register") if not self._from_file(q)]
        tokens = [(q.path, token) for q, value in asked for token in value.split()]
        return tuple((path, token) for path, token in tokens if not token.startswith("new:"))

    def _from_file(self, question: Question) -> bool:
        """Rows of the form's own files are no items of any register."""
        return question.options is not None and question.options.register in self.form.files

    def codes(self) -> tuple[Code, ...]:
        tokens = [(q.path, PENDING.fullmatch(t)) for q, v in self.of_kind("members") for t in v.split()]
        return tuple(Code(path, found[1], found[2]) for path, found in tokens if found)

    def of(self, name: str) -> str:
        """The answer to the question `name`, or nothing."""
        paths = (path for path in self.checked.values if path.rpartition("/")[2] == name)
        return self.checked.values.get(next(paths, ""), "")


def _is(question: Question, wanted: str) -> bool:
    register = question.options.register if question.options else None
    if wanted == "register":
        return register is not None and register not in NOT_ITEMS
    return register == wanted if register else question.type == wanted


def _unpromised(answers: _Answers, envelope: Envelope) -> list[Found]:
    """Photos, sounds and files that an answer names and the envelope does not promise."""
    promised = {promise.media_id for promise in envelope.media}
    named = [pair for kind in MEDIA_TYPES for pair in answers.of_kind(kind)]
    return [Found("media-not-promised", q.path, "fault", {}) for q, value in named if value not in promised]


def _summary(shelf: Shelf, officer: Officer, answers: _Answers) -> dict[str, Any]:
    """What a list shows. No code of a person, no free text but the name of the place."""
    hamlet = _label(shelf.register("hamlets", officer), answers.of("hamlet"))
    return {
        "place": answers.of("place_name") or hamlet,
        "hamlet": hamlet,
        "method": answers.of("method"),
        "attendance": _number(answers.of("attendees_total")),
        "members": _number(answers.of("members_count")),
        "provisions": len(answers.of("provisions").split()),
    }


def _label(rows: Rows, name: str) -> str:
    found = rows.where("name", name) if name else ()
    return rows[found[0]]["label"] if found else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def promised_in(envelope: Envelope) -> tuple[tuple[str, str], ...]:
    """(question, media id) of every photo that the envelope names."""
    return tuple((promise.question, promise.media_id) for promise in envelope.media)
