"""Acts for which the desk must do something first: codes, decisions. And what an officer reads back elsewhere."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from server.db import transaction
from server.plan import form_trials
from tests import drafts
from tests.chaos.cuts.routes import ACTS, Act, Acting, picture
from tests.chaos.line import Wire
from tests.chaos.served import Served
from tests.phone import Phone


def every_act(served: Served) -> Sequence[Act]:
    """One for each route."""
    desk = _Desk(served)
    return (
        *ACTS,
        Act("POST trials", desk.trial, _trial),
        Act("POST outcomes", desk.outcome, _give_back),
        Act("GET own", picture, _own),
        Act("GET records", picture, _read_back),
        Act("POST enrol", desk.enrolment, _enrol),
    )


@dataclass
class _Desk:
    """What people at the desk do, one after the other."""

    served: Served
    turn: threading.Lock = field(default_factory=threading.Lock)
    codes: dict[str, str] = field(default_factory=dict)

    def trial(self, acting: Acting) -> str:
        """The code of a draft of a form; each officer has an own one."""
        world, who = self.served.world, acting.officer
        with self.turn:
            if who not in self.codes:
                with world.app.app_context(), transaction() as session:
                    version_id = drafts.draft(session, "facility_check", who)
                    self.codes[who] = form_trials.issue(
                        session, version_id, world.made.accounts["staff"], world.clock()
                    )
        return self.codes[who]

    def outcome(self, acting: Acting) -> dict[str, str]:
        """A decision on one record of this phone, as the server told and signed it."""
        if "outcome" not in acting.same:
            record, _ = picture(acting)
            with self.turn:
                self.served.world.returned(record.record_id, "thiếu")
            news = acting.sender.phone.changes().json()["reviews"]
            told = next(row for row in news if row["record_id"] == record.record_id)
            acting.same["outcome"] = {name: told[name] for name in ("statement", "key_id", "signature")}
        found: dict[str, str] = acting.same["outcome"]
        return found

    def enrolment(self, acting: Acting) -> tuple[Phone, str]:
        """A phone that nobody knows yet, and a code. An officer's older codes end with each new one."""
        with self.turn:
            code = self.served.world.code(acting.officer)
        return Phone(Wire(acting.line.port), self.served.world.clock), code


def _trial(acting: Acting, code: str) -> bool:
    answer = acting.sender.phone.try_form(code)
    return answer.status == 200 and answer.json()["trial"] is True


def _give_back(acting: Acting, outcome: dict[str, str]) -> bool:
    answer = acting.sender.phone.post("/sync/outcomes", {"outcomes": [outcome]})
    return answer.status == 200 and answer.json()["results"] == [{"state": "known"}]


def _own(acting: Acting, _made: Any) -> bool:
    answer = acting.sender.ask("GET", "/sync/own")
    return answer.status == 200 and all(row["receipt"] for row in answer.json()["records"])


def _read_back(acting: Acting, made: Any) -> bool:
    answer = acting.sender.ask("GET", f"/sync/records/{made[0].record_id}")
    return answer.status == 200 and made[0].payload in _texts(answer.json())


def _texts(document: Any) -> list[str]:
    """Every text in a document, at whichever place."""
    if isinstance(document, dict):
        return [text for value in document.values() for text in _texts(value)]
    return [document] if isinstance(document, str) else []


def _enrol(_acting: Acting, made: tuple[Phone, str]) -> bool:
    """The same key and the same code until the answer came: one device, whatever was cut."""
    phone, code = made
    answer = phone.enrol(code)
    assert answer.status in (201, 503), answer.body
    return answer.status == 201 and bool(json.loads(answer.body)["token"])
