"""Devices as `sync` knows them: who bears a token, what the phone said of itself, the next token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from server.models.people import Account, Device
from server.models.units import Unit


@dataclass(frozen=True, slots=True)
class Bearer:
    """A device with its officer. `by_next`: known by the renewed token, whose first use retires the old one."""

    id: int
    uid: str
    account_id: int
    account_uid: str
    unit_id: int
    public_key: str
    token_issued_at: datetime
    state: str
    account_active: bool
    by_next: bool


@dataclass(frozen=True, slots=True)
class Officer:
    """What the one-row register `me` says of the sender."""

    name: str
    unit_id: int
    unit_key: str
    unit_label: Mapping[str, str]
    unit_kind: str
    parent_label: Mapping[str, str]
    organisation_uid: str
    rapporteur_uid: str
    t2_mode: str


def bearer(session: Session, token_hash: str) -> Bearer | None:
    return _one(session, or_(Device.token_hash == token_hash, Device.next_token_hash == token_hash), token_hash)


def by_uid(session: Session, uid: str) -> Bearer | None:
    return _one(session, Device.uid == uid, "")


def _one(session: Session, condition: Any, token_hash: str) -> Bearer | None:
    wanted = (
        select(
            Device.id,
            Device.uid,
            Device.account_id,
            Account.uid,
            Device.unit_id,
            Device.public_key,
            Device.token_issued_at,
            Device.state,
            Account.active,
            Device.token_hash,
        )
        .join(Account, Account.id == Device.account_id)
        .where(condition)
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        return None
    values: list[Any] = list(row)
    values[-1] = bool(token_hash) and values[-1] != token_hash
    return Bearer(*values)


def retire_old_token(session: Session, token_hash: str, at: datetime) -> None:
    """The renewed token becomes the token; of two first uses at one instant one finds nothing left to do."""
    session.execute(
        update(Device)
        .where(Device.next_token_hash == token_hash)
        .values(token_hash=token_hash, next_token_hash=None, token_issued_at=at)
        .execution_options(synchronize_session=False)
    )


def set_next_token(session: Session, device_id: int, token_hash: str) -> None:
    session.execute(
        update(Device)
        .where(Device.id == device_id)
        .values(next_token_hash=token_hash)
        .execution_options(synchronize_session=False)
    )


def note_contact(
    session: Session,
    device_id: int,
    at: datetime,
    *,
    report: Mapping[str, Any] | None = None,
    device_seq: int = 0,
) -> None:
    """The one place that says when a device was here, what it said of itself and how far its counter is."""
    values: dict[str, Any] = {"last_contact_at": at}
    if report is not None:
        present = session.scalar(select(Device.report).where(Device.id == device_id)) or {}
        values["report"] = {**present, **report}
    session.execute(
        update(Device).where(Device.id == device_id).values(**values).execution_options(synchronize_session=False)
    )
    if device_seq:
        further = update(Device).where(Device.id == device_id, Device.max_device_seq < device_seq)
        session.execute(further.values(max_device_seq=device_seq).execution_options(synchronize_session=False))


def last_contact(session: Session, device_id: int) -> datetime | None:
    return session.scalar(select(Device.last_contact_at).where(Device.id == device_id))


def officer(session: Session, account_id: int, unit_id: int) -> Officer | None:
    """The account as the officer of the unit that its device was enrolled for."""
    account = session.execute(
        select(Account.name, Account.organisation_uid, Account.rapporteur_uid).where(Account.id == account_id)
    ).one_or_none()
    unit = session.execute(
        select(Unit.key, Unit.label, Unit.kind, Unit.t2_mode, Unit.parent_id).where(Unit.id == unit_id)
    ).one_or_none()
    if account is None or unit is None:
        return None
    parent = session.scalar(select(Unit.label).where(Unit.id == unit.parent_id)) if unit.parent_id else None
    return Officer(
        account.name,
        unit_id,
        unit.key,
        unit.label,
        unit.kind,
        parent or {},
        account.organisation_uid or "",
        account.rapporteur_uid or "",
        unit.t2_mode,
    )
