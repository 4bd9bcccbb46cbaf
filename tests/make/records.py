"""Records, written as intake writes them and placed into their chains."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from server.models.records import Record, RecordItem
from server.queries.review import take_seq
from server.review import chains
from server.review.chains import Arrived
from tests.make.base import NOON, World


@dataclass(frozen=True)
class Told:
    """What a test may say of a record; the rest is as of an ordinary one."""

    by: str = "officer"
    unit: str = "A"
    held_on: date = date(2024, 3, 5)
    rules: Sequence[str] = ("rule1",)
    members: Sequence[str] = ()
    presenters: Sequence[str] = ()
    attendees: int = 30
    form: str = "outreach_session"
    intent: str = "new"
    replaces: str | None = None
    record_id: str | None = None
    finished_at: datetime | None = None
    status: str = "stored"
    held_reason: str | None = None
    reason: str | None = None
    at: datetime = NOON


def record(session: Session, made: World, **told: Any) -> str:
    """A record as intake stores it, placed into its chain; its record id. What can be told of it: `Told`."""
    one, number = Told(**told), made.next()
    name = one.record_id or f"{number:032x}"
    chain_id = chains.receive(session, [_arrived(made, name, one)])[0]
    who = {"unit_id": made.units[one.unit], "account_id": made.accounts[one.by], "device_id": made.devices[one.by]}
    sealed = {"content_sha256": f"{number:064x}", "seq": take_seq(session, 1), "epoch": 1, "receipt": {}}
    row = Record(record_id=name, chain_id=chain_id, device_seq=number, **who, **sealed, **_said(number, one))
    session.add(row)
    session.flush()
    _project(session, row.id, one)
    chains.settle(session, [chain_id], one.at)
    return name


def _arrived(made: World, name: str, one: Told) -> Arrived:
    placed = ("new", None) if one.status == "held" else (one.intent, one.replaces)  # quarantine touches no other chain
    return Arrived(name, *placed, one.form, made.units[one.unit], made.accounts[one.by], one.held_on, one.at)


def _said(number: int, one: Told) -> dict[str, Any]:
    """The columns that come with the record itself."""
    return {
        "intent": one.intent,
        "replaces": one.replaces,
        "form_id": one.form,
        "form_version": "2",
        "unit_key": one.unit,
        "held_on": one.held_on,
        "finished_at": one.finished_at or datetime(2024, 6, 1, tzinfo=UTC).replace(microsecond=number),
        "received_at": one.at,
        "app_version": "0.1.0",
        "status": one.status,
        "held_reason": one.held_reason,
        "payload_type": "answers/1",
        "payload": _payload(one),
        "envelope": json.dumps({"reason": one.reason}).encode(),
        "signature": "",
        "summary": {"attendance": one.attendees},
    }


def _payload(one: Told) -> bytes:
    answers = {
        "content": {"provisions": " ".join(one.rules), "presenters": " ".join(one.presenters)},
        "attendance": {"attendees_total": str(one.attendees)},
        "managed": {"members_count": str(len(one.members)), "members": " ".join(one.members)},
    }
    document = {"form": one.form, "version": "2", "answers": {} if one.intent == "withdraw" else answers}
    return json.dumps(document).encode()


def _project(session: Session, pk: int, one: Told) -> None:
    """The items that the record names; a withdrawal names none."""
    named = {"content/provisions": one.rules, "managed/members": one.members, "content/presenters": one.presenters}
    for question, uids in named.items() if one.intent != "withdraw" else ():
        for uid in dict.fromkeys(uids):
            session.add(RecordItem(record_pk=pk, question=f"/{one.form}/{question}", item_uid=uid))
    session.flush()
