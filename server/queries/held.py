"""Records in quarantine because they could not be opened: which could be read again, and what changes when one is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from server.models.people import Device
from server.models.plan import FormVersion
from server.models.records import Chain, Finding, Record, RecordItem, RecordMedia
from server.models.units import Unit

HELD = "held"


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One held record, its bytes as they came."""

    pk: int
    record_id: str
    chain_id: int
    device_uid: str
    reason: str
    payload_type: str
    payload: bytes
    envelope: bytes
    signature: str
    synthetic: bool


def waiting(session: Session, reasons: Collection[str]) -> list[int]:
    """Rows that are held for one of these reasons, in the order of their arrival."""
    held = and_(Record.held_reason.in_(reasons), Record.status == HELD)
    return list(session.scalars(select(Record.id).where(held).order_by(Record.id)))


def likely(session: Session, form_reason: str, unit_reason: str) -> list[int]:
    """Those whose form version or unit was unknown and is there by now."""
    form = exists().where(FormVersion.form_id == Record.form_id, FormVersion.version == Record.form_version)
    unit = exists().where(Unit.key == Record.unit_key)
    known: ColumnElement[bool] = or_(
        and_(Record.held_reason == form_reason, form), and_(Record.held_reason == unit_reason, unit)
    )
    return list(session.scalars(select(Record.id).where(known, Record.status == HELD).order_by(Record.id)))


def row(session: Session, pk: int) -> HeldRow | None:
    """The record, if it is held still."""
    columns = select(
        Record.id,
        Record.record_id,
        Record.chain_id,
        Device.uid,
        Record.held_reason,
        Record.payload_type,
        Record.payload,
        Record.envelope,
        Record.signature,
        Record.synthetic,
    ).join(Device, Device.id == Record.device_id)
    found = session.execute(columns.where(Record.id == pk, Record.status == HELD)).one_or_none()
    values: tuple[Any, ...] = tuple(found or ())
    return HeldRow(*values) if values else None


def let_out(session: Session, pk: int, *, unit_id: int, status: str, summary: Mapping[str, Any], trial: bool) -> bool:
    """Ends the quarantine and forgets what the first look had found; False when somebody else was first.

    Bytes, receipt and the reason for which it was held stay as they are.
    """
    values = {"unit_id": unit_id, "status": status, "summary": dict(summary), "trial": trial}
    moved = update(Record).where(Record.id == pk, Record.status == HELD).values(**values).returning(Record.id)
    if session.execute(moved.execution_options(synchronize_session=False)).one_or_none() is None:
        return False
    for model in (Finding, RecordItem, RecordMedia):
        session.execute(delete(model).where(model.record_pk == pk).execution_options(synchronize_session=False))
    session.execute(
        update(Chain).where(Chain.latest_id == pk).values(unit_id=unit_id).execution_options(synchronize_session=False)
    )
    return True
