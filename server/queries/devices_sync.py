"""Devices as `sync` knows them: who bears a token, what the phone said of itself, the next token."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from server.models.people import Account, Device, DeviceToken, Grant
from server.models.records import Record
from server.models.units import Unit, UnitPath

OFFICER = "officer"
MOST_OFFERS = 8  # tokens that were told and not used: some of them never arrived


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
    device_seq: int
    by_next: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """Another active device of the same officer and name, and what it said last."""

    name: str
    waiting: int
    last_contact_at: datetime | None


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
    offered = select(DeviceToken.device_id).where(DeviceToken.token_hash == token_hash)
    return _one(session, or_(Device.token_hash == token_hash, Device.id.in_(offered)), token_hash)


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
            Device.max_device_seq,
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


def retire_old_token(session: Session, token_hash: str) -> None:
    """The offered token becomes the token; of two first uses at one instant one finds nothing left to do.

    Others that were offered stay good: of two answers at one moment nobody knows which one the phone kept.
    """
    offer = session.execute(
        select(DeviceToken.device_id, DeviceToken.offered_at).where(DeviceToken.token_hash == token_hash)
    ).one_or_none()
    if offer is None:
        return
    session.execute(
        update(Device)
        .where(Device.id == offer.device_id)
        .values(token_hash=token_hash, token_issued_at=offer.offered_at)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(DeviceToken).where(DeviceToken.token_hash == token_hash))


def offer_token(session: Session, device_id: int, token_hash: str, at: datetime) -> None:
    """One more token that the device may go on with; of many unused ones the newest are kept."""
    session.add(DeviceToken(device_id=device_id, token_hash=token_hash, offered_at=at))
    session.flush()
    own = select(DeviceToken.id).where(DeviceToken.device_id == device_id)
    kept = own.order_by(DeviceToken.id.desc()).limit(MOST_OFFERS)
    session.execute(
        delete(DeviceToken)
        .where(DeviceToken.device_id == device_id, DeviceToken.id.not_in(kept.scalar_subquery()))
        .execution_options(synchronize_session=False)
    )


def unheard(uid: str) -> str:
    """What stands in the place of a token's hash until the device used one for the first time. No hash looks so."""
    return f"unheard:{uid}"


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


def note_seen_elsewhere(session: Session, device_id: int, more: int) -> None:
    """So many of the device's numbers came with records that are filed under another one, or kept aside."""
    session.execute(
        update(Device)
        .where(Device.id == device_id)
        .values(seen_elsewhere=Device.seen_elsewhere + more)
        .execution_options(synchronize_session=False)
    )


def note_counter_back(session: Session, device_id: int, at: datetime) -> bool:
    """True the first time: later tellings change nothing."""
    first = update(Device).where(Device.id == device_id, Device.counter_back_at.is_(None))
    noted = session.execute(
        first.values(counter_back_at=at).returning(Device.id).execution_options(synchronize_session=False)
    )
    return noted.one_or_none() is not None


def numbered_twice(session: Session, device_id: int, numbers: Collection[int]) -> list[int]:
    """Those of the device's numbers that more than one of its records bears."""
    wanted = select(Record.device_seq).where(Record.device_id == device_id, Record.device_seq.in_(sorted(numbers)))
    return list(session.scalars(wanted.group_by(Record.device_seq).having(func.count() > 1)))


def alike(session: Session, account_id: int, device_id: int, name: str) -> list[Alike]:
    """Other active devices of the account with this name, the one heard of last first."""
    wanted = (
        select(Device.report, Device.last_contact_at)
        .where(Device.account_id == account_id, Device.id != device_id, Device.state == "active")
        .order_by(Device.last_contact_at.desc(), Device.id.desc())
    )
    rows = [(report or {}, seen) for report, seen in session.execute(wanted)]
    return [Alike(name, int(r.get("waiting") or 0), seen) for r, seen in rows if r.get("name") == name]


def has_others(session: Session, account_id: int, device_id: int) -> bool:
    """Whether the account ever had another device."""
    other = select(Device.id).where(Device.account_id == account_id, Device.id != device_id)
    return bool(session.scalar(select(exists(other))))


def officer_until(session: Session, account_id: int, unit_id: int) -> date | None:
    """The last day on which the account was the unit's officer; None while it is, and where it never was one."""
    above = select(UnitPath.ancestor_id).where(UnitPath.unit_id == unit_id)
    spans = select(func.count(), func.count(Grant.valid_to), func.max(Grant.valid_to)).where(
        Grant.account_id == account_id, Grant.role == OFFICER, Grant.unit_id.in_(above)
    )
    all_spans, ended, last = session.execute(spans).one()
    return last if all_spans and all_spans == ended else None


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
