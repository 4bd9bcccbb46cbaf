"""Enrolment codes and devices as rows; codes and tokens come in hashed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.models.people import Account, Device, EnrolmentCode

ACTIVE = "active"
REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class CodeRow:
    account_id: int
    unit_id: int
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SpentCode:
    """A code that this transaction, and no other, has spent."""

    id: int
    account_id: int
    unit_id: int


@dataclass(frozen=True, slots=True)
class NewDevice:
    uid: str
    account_id: int
    unit_id: int
    public_key: str
    token_hash: str


def add_code(session: Session, code_hash: str, account_id: int, unit_id: int, at: datetime, until: datetime) -> None:
    session.add(
        EnrolmentCode(code_hash=code_hash, account_id=account_id, unit_id=unit_id, created_at=at, expires_at=until)
    )
    session.flush()


def end_codes(session: Session, account_id: int, at: datetime) -> None:
    """Codes of the account that nobody has used yet end now."""
    session.execute(
        update(EnrolmentCode)
        .where(EnrolmentCode.account_id == account_id, EnrolmentCode.used_at.is_(None), EnrolmentCode.expires_at > at)
        .values(expires_at=at)
    )


def code(session: Session, code_hash: str) -> CodeRow | None:
    row = session.scalar(select(EnrolmentCode).where(EnrolmentCode.code_hash == code_hash))
    return CodeRow(row.account_id, row.unit_id, row.expires_at, row.used_at) if row else None


def spend_code(session: Session, code_hash: str, at: datetime) -> SpentCode | None:
    """Spends the code in one statement, so that of two redeems at one instant exactly one wins (R17)."""
    row = session.execute(
        update(EnrolmentCode)
        .where(EnrolmentCode.code_hash == code_hash, EnrolmentCode.used_at.is_(None), EnrolmentCode.expires_at > at)
        .values(used_at=at)
        .returning(EnrolmentCode.id, EnrolmentCode.account_id, EnrolmentCode.unit_id)
    ).one_or_none()
    return SpentCode(*row) if row else None


def bind_code(session: Session, code_id: int, device_id: int) -> None:
    session.execute(update(EnrolmentCode).where(EnrolmentCode.id == code_id).values(device_id=device_id))


def add_device(session: Session, new: NewDevice, report: dict[str, object], at: datetime) -> int:
    device = Device(
        uid=new.uid,
        account_id=new.account_id,
        unit_id=new.unit_id,
        public_key=new.public_key,
        token_hash=new.token_hash,
        next_token_hash=None,
        token_issued_at=at,
        state=ACTIVE,
        enrolled_at=at,
        last_contact_at=at,
        report=report,
    )
    session.add(device)
    session.flush()
    return device.id


def revoke(session: Session, device_uid: str, at: datetime) -> int | None:
    """The device's id when it was active until now; None when it is unknown or was revoked before."""
    return session.scalar(
        update(Device)
        .where(Device.uid == device_uid, Device.state == ACTIVE)
        .values(state=REVOKED, revoked_at=at)
        .returning(Device.id)
    )


@dataclass(frozen=True, slots=True)
class DeviceRow:
    uid: str
    login: str
    unit_id: int
    state: str
    enrolled_at: datetime
    last_contact_at: datetime | None


def devices_of(session: Session, account_id: int) -> list[DeviceRow]:
    rows = session.execute(
        select(Device, Account.login)
        .join(Account, Account.id == Device.account_id)
        .where(Device.account_id == account_id)
        .order_by(Device.enrolled_at.desc())
    )
    return [
        DeviceRow(device.uid, login, device.unit_id, device.state, device.enrolled_at, device.last_contact_at)
        for device, login in rows
    ]
