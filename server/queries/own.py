"""Own records for another device of their officer (U27): which there are, and the bytes of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from server.models.records import Chain, Record

# What a device sent after it was revoked is nobody's word until somebody has looked (D27).
UNTRUSTED = "after-revocation"


@dataclass(frozen=True, slots=True)
class OwnLine:
    pk: int
    envelope: bytes
    summary: Mapping[str, Any]
    receipt: Mapping[str, Any]
    trial: bool


@dataclass(frozen=True, slots=True)
class Bytes:
    envelope: bytes
    signature: str
    payload_type: str
    payload: bytes


def elsewhere(session: Session, account_id: int, device_id: int, since: datetime, most: int) -> list[OwnLine]:
    """Made on other devices, received since then or returned by a reviewer; the newest `most`, newest last."""
    columns = select(Record.id, Record.envelope, Record.summary, Record.receipt, Record.trial)
    wanted = columns.join(Chain, Chain.id == Record.chain_id).where(*_elsewhere(account_id, device_id, since))
    rows = session.execute(wanted.order_by(Record.id.desc()).limit(most)).all()
    return [OwnLine(*row) for row in reversed(rows)]


def count_elsewhere(session: Session, account_id: int, device_id: int, since: datetime, most: int) -> int:
    """How many `elsewhere` would give."""
    found = select(Record.id).join(Chain, Chain.id == Record.chain_id).where(*_elsewhere(account_id, device_id, since))
    return session.scalar(select(func.count()).select_from(found.limit(most).subquery())) or 0


def _elsewhere(account_id: int, device_id: int, since: datetime) -> tuple[ColumnElement[bool], ...]:
    recent = or_(Record.received_at >= since, Chain.state == "returned")
    return *_trusted(account_id), Record.device_id != device_id, recent


def _trusted(account_id: int) -> tuple[ColumnElement[bool], ...]:
    reason = func.coalesce(Record.held_reason, "")
    return Record.account_id == account_id, or_(Record.status != "held", reason != UNTRUSTED)


def sealed(session: Session, account_id: int, record_id: str) -> Bytes | None:
    columns = select(Record.envelope, Record.signature, Record.payload_type, Record.payload)
    row = session.execute(columns.where(Record.record_id == record_id, *_trusted(account_id))).one_or_none()
    return Bytes(*row) if row else None
