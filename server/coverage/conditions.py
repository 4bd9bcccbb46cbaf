"""Whether a record fits a feed's filter: an XPath of the indicator, evaluated over the record's own answers."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from forms import check, model_json
from forms.model import Form, Tree
from forms.reading import Reading
from forms.xpath.parse import parse
from server import payload as payloads
from server import registers
from server.queries import coverage as rows
from server.queries import devices_sync
from server.queries.coverage import CountedRecord

Answers = dict[str, Any]

_tree: Callable[[str], Tree] = lru_cache(maxsize=256)(parse)


class Conditions:
    """The conditions of one recount: forms and registers are read once, trees are parsed once per process."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._forms: dict[tuple[str, str], Form | None] = {}
        self._last: tuple[int, Reading] | None = None
        self._registers: dict[tuple[str, int], Sequence[Mapping[str, str]]] = {}

    def fit(self, expression: str | None, record: CountedRecord, answers: Answers, zone: str) -> bool:
        """True without a condition; False where the form's version is unknown, for then nothing can be asked."""
        if not expression:
            return True
        form = self._form(record)
        if form is None:
            return False
        return self._read(form, record, answers, zone).holds(_tree(expression))

    def _read(self, form: Form, record: CountedRecord, answers: Answers, zone: str) -> Reading:
        """The record settled once, however many indicators ask; `now` is the moment it was finished (D34)."""
        if self._last is None or self._last[0] != record.pk:
            context = check.Context(
                now=record.finished_at,
                zone=zone,
                language="vi",
                registers=lambda name: self._register(name, record),
            )
            self._last = (record.pk, check.read(form, answers, context))
        return self._last[1]

    def _form(self, record: CountedRecord) -> Form | None:
        key = (record.form_id, record.form_version)
        if key not in self._forms:
            found = rows.form_model(self._session, *key)
            self._forms[key] = _compiled(found[0], found[1]) if found else None
        return self._forms[key]

    def _register(self, name: str, record: CountedRecord) -> Sequence[Mapping[str, str]]:
        """As intake saw it: the registers of the officer's phone, whichever unit the record lies in."""
        if name == "me":
            officer = devices_sync.officer(self._session, record.account_id, record.phone_unit_id)
            return [registers.me(officer)] if officer else []
        key = (name, record.phone_unit_id)
        if key not in self._registers:
            self._registers[key] = registers.rows(*key)
        return self._registers[key]


def answers_in(payload: bytes) -> Answers:
    """The answers document of a payload; empty where it holds none."""
    return payloads.answers(payload) or {}


def answer_to(answers: Any, question: str) -> str | None:
    """The answer to a question of this name, wherever its groups put it; not inside repeats."""
    if not isinstance(answers, dict):
        return None
    found = answers.get(question)
    if isinstance(found, str):
        return found
    return next((a for part in answers.values() if (a := answer_to(part, question)) is not None), None)


_compiled_forms: dict[str, Form] = {}


def _compiled(sha256: str, text: Callable[[], str]) -> Form:
    """Forms are immutable by their hash, so a process reads each one once."""
    if sha256 not in _compiled_forms:
        _compiled_forms[sha256] = model_json.loads(text())
    return _compiled_forms[sha256]
