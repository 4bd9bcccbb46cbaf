"""People and devices as the desk lists them, always within a scope (a select of unit ids)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from server.models.people import Account, Device, Grant
from server.models.units import Unit
from server.queries.scope import Scope
from server.queries.slices import Slice
from server.queries.spans import in_force

SILENT_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PersonListed:
    id: int
    uid: str
    login: str
    name: str
    office: str | None
    unit_id: int
    unit: dict[str, Any]
    active: bool
    roles: tuple[str, ...]
    devices: int


@dataclass(frozen=True, slots=True)
class DeviceListed:
    """`waiting` is what the phone itself said at its last contact."""

    uid: str
    name: str
    person: str
    unit: dict[str, Any]
    state: str
    enrolled_at: datetime
    last_contact_at: datetime | None
    waiting: int
    app_version: str
    storage_persisted: bool | None


@dataclass(frozen=True, slots=True)
class OnPhones:
    """What phones still hold by their own word, and how many of them have been silent."""

    waiting: int
    silent: int


def people(session: Session, scope: Scope, day: date, words: str, part: Slice) -> tuple[list[PersonListed], int]:
    """Accounts whose own unit is in scope, by name; with the number of all of them."""
    inside = [Account.unit_id.in_(scope), *_named(words)]
    total = session.scalar(select(func.count()).select_from(Account).where(*inside)) or 0
    wanted = select(Account, Unit.label).join(Unit, Unit.id == Account.unit_id).where(*inside)
    rows = session.execute(wanted.order_by(Account.name, Account.id).offset(part.offset).limit(part.limit)).all()
    ids = [account.id for account, _ in rows]
    roles, devices = _roles(session, ids, day), _device_counts(session, ids)
    return [_person(account, label, roles[account.id], devices.get(account.id, 0)) for account, label in rows], total


def person(session: Session, scope: Scope, uid: str, day: date) -> PersonListed | None:
    wanted = select(Account, Unit.label).join(Unit, Unit.id == Account.unit_id)
    row = session.execute(wanted.where(Account.uid == uid, Account.unit_id.in_(scope))).one_or_none()
    if row is None:
        return None
    account, label = row
    return _person(
        account,
        label,
        _roles(session, [account.id], day)[account.id],
        _device_counts(session, [account.id]).get(account.id, 0),
    )


def devices(
    session: Session, scope: Scope, part: Slice, account_id: int | None = None
) -> tuple[list[DeviceListed], int]:
    """Active devices first, the longest silent before the others."""
    inside: list[ColumnElement[bool]] = [Device.unit_id.in_(scope)]
    if account_id is not None:
        inside.append(Device.account_id == account_id)
    total = session.scalar(select(func.count()).select_from(Device).where(*inside)) or 0
    wanted = (
        select(Device, Account.name, Unit.label)
        .join(Account, Account.id == Device.account_id)
        .join(Unit, Unit.id == Device.unit_id)
        .where(*inside)
        .order_by(Device.state, Device.last_contact_at, Device.id)
    )
    rows = session.execute(wanted.offset(part.offset).limit(part.limit))
    return [_device(device, name, label) for device, name, label in rows], total


def device(session: Session, scope: Scope, uid: str) -> DeviceListed | None:
    wanted = (
        select(Device, Account.name, Unit.label)
        .join(Account, Account.id == Device.account_id)
        .join(Unit, Unit.id == Device.unit_id)
        .where(Device.uid == uid, Device.unit_id.in_(scope))
    )
    row = session.execute(wanted).one_or_none()
    return None if row is None else _device(*row)


def on_phones(session: Session, units: Scope, silent_before: datetime) -> OnPhones:
    """Over the active devices of these units."""
    active = (Device.state == "active", Device.unit_id.in_(units))
    waiting = session.scalar(select(func.sum(Device.report["waiting"].as_integer())).where(*active))
    quiet = or_(Device.last_contact_at.is_(None), Device.last_contact_at < silent_before)
    silent = session.scalar(select(func.count()).select_from(Device).where(*active, quiet))
    return OnPhones(waiting or 0, silent or 0)


def language_of(session: Session, account_id: int) -> str:
    return session.scalar(select(Account.language).where(Account.id == account_id)) or "vi"


def set_language(session: Session, account_id: int, language: str) -> None:
    session.get_one(Account, account_id).language = language


def _named(words: str) -> list[ColumnElement[bool]]:
    if not words:
        return []
    return [or_(Account.name.icontains(words, autoescape=True), Account.login.icontains(words, autoescape=True))]


def _roles(session: Session, ids: Collection[int], day: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(Grant.account_id, Grant.role).where(Grant.account_id.in_(ids), *in_force(Grant, day)).order_by(Grant.id)
    )
    for account_id, role in rows:
        if role not in found[account_id]:
            found[account_id].append(role)
    return found


def _device_counts(session: Session, ids: Collection[int]) -> dict[int, int]:
    rows = session.execute(
        select(Device.account_id, func.count())
        .where(Device.account_id.in_(ids), Device.state == "active")
        .group_by(Device.account_id)
    )
    return dict(iter(rows))


def _person(account: Account, label: dict[str, Any], roles: Sequence[str], devices: int) -> PersonListed:
    return PersonListed(
        id=account.id,
        uid=account.uid,
        login=account.login,
        name=account.name,
        office=account.office,
        unit_id=account.unit_id,
        unit=label,
        active=account.active,
        roles=tuple(roles),
        devices=devices,
    )


def _device(device: Device, person: str, label: dict[str, Any]) -> DeviceListed:
    report = device.report or {}
    return DeviceListed(
        uid=device.uid,
        name=str(report.get("name") or device.uid[:6]),
        person=person,
        unit=label,
        state=device.state,
        enrolled_at=device.enrolled_at,
        last_contact_at=device.last_contact_at,
        waiting=int(report.get("waiting") or 0),
        app_version=str(report.get("app_version") or ""),
        storage_persisted=report.get("storage_persisted"),
    )
