"""Rows of a restore: its beginning, whom the server has heard since, what came back, what people have ticked off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, literal, null, or_, select, update
from sqlalchemy.orm import Session

from server.models.people import Account, DeskSession, Device
from server.models.records import Media, Record, RecordMedia
from server.models.restoration import Restoration, RestorationDevice
from server.models.system import Audit, Installation
from server.models.units import Unit
from server.queries import backup
from server.queries.scope import Scope

WHOLE = backup.WHOLE


@dataclass(frozen=True, slots=True)
class NewLife:
    """What begins with a restore. `lacking`: photos whose bytes did not come back."""

    at: datetime
    epoch: int
    first_seq: int
    backup_name: str
    backup_made_at: datetime
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restore:
    """One restore as people see it; `checked`: key → name of who ticked it and when (RFC 3339)."""

    id: int
    at: datetime
    epoch: int
    first_seq: int
    backup_name: str
    backup_made_at: datetime
    photos_asked: int
    checked: Mapping[str, Any]
    closed_at: datetime | None
    closed_by: str | None


@dataclass(frozen=True, slots=True)
class HeardDevice:
    """A device of before. `active`: neither it nor its officer was put out since."""

    uid: str
    name: str
    person: str
    unit: Mapping[str, str]
    active: bool
    heard_at: datetime | None
    offered_at: datetime | None
    waiting: int


@dataclass(frozen=True, slots=True)
class CameBack:
    """What phones gave back that was made before the restore; `awaited`: photos of it that are still on the way."""

    records: int
    photos: int
    awaited: int


def begin(session: Session, life: NewLife) -> int:
    """A new epoch, new numbers, nobody signed in, uploads begin anew. How many photos are asked from phones again.

    Columns are named: the database may be of an older version than the models.
    """
    here = {"epoch": life.epoch, "seq": life.first_seq, "backup_seq": 0}
    session.execute(update(Installation).where(Installation.id == 1).values(**here))
    session.execute(delete(DeskSession))
    session.execute(update(Media).where(Media.state == "partial").values(state="expected", offset_bytes=0))
    asked = backup.expect_again(session, life.lacking)
    row = {
        "at": life.at,
        "epoch": life.epoch,
        "first_seq": life.first_seq,
        "backup_name": life.backup_name,
        "backup_made_at": life.backup_made_at,
        "photos_asked": asked,
        "checked": {},
    }
    restore_id = session.scalar(insert(Restoration).values(**row).returning(Restoration.id))
    _expect_devices(session, int(restore_id or 0))
    named = {"action": "backup.restored", "subject": f"backup:{life.backup_name}", "detail": {"epoch": life.epoch}}
    session.execute(insert(Audit).values(at=life.at, **named))
    return asked


def _expect_devices(session: Session, restore_id: int) -> None:
    """Everybody who was active and had ever been heard, or may yet be: each holds what the server forgot."""
    D = RestorationDevice
    active = (
        select(literal(restore_id), Device.id, null(), null())
        .join(Account, Account.id == Device.account_id)
        .where(Device.state == "active", Account.active)
    )
    session.execute(insert(D).from_select([D.restoration_id, D.device_id, D.heard_at, D.offered_at], active))


def latest(session: Session) -> Restore | None:
    """The last restore of this server, open or closed."""
    row = session.execute(
        select(Restoration, Account.name)
        .join(Account, Account.id == Restoration.closed_by_id, isouter=True)
        .order_by(Restoration.id.desc())
        .limit(1)
    ).one_or_none()
    return _restore(*row) if row else None


def _restore(row: Restoration, closed_by: str | None) -> Restore:
    return Restore(
        row.id,
        row.at,
        row.epoch,
        row.first_seq,
        row.backup_name,
        row.backup_made_at,
        row.photos_asked,
        row.checked or {},
        row.closed_at,
        closed_by,
    )


def open_since(session: Session) -> datetime | None:
    """When the restore was that is still open."""
    return session.scalar(select(Restoration.at).where(Restoration.closed_at.is_(None)).order_by(Restoration.id.desc()))


def note_heard(session: Session, device_id: int, at: datetime) -> None:
    """The first contact of a device since."""
    D = RestorationDevice
    first = update(D).where(D.device_id == device_id, D.heard_at.is_(None)).values(heard_at=at)
    session.execute(first.execution_options(synchronize_session=False))


def unheard_out(session: Session, device_id: int) -> bool:
    """Whether some restore still waits for all that this device holds."""
    D = RestorationDevice
    return (
        session.scalar(select(D.device_id).where(D.device_id == device_id, D.offered_at.is_(None)).limit(1)) is not None
    )


def note_offered(session: Session, device_id: int, at: datetime) -> None:
    """The device has told all that it holds, and what was missing has come."""
    D = RestorationDevice
    told = update(D).where(D.device_id == device_id, D.offered_at.is_(None))
    values = {"offered_at": at, "heard_at": func.coalesce(D.heard_at, at)}
    session.execute(told.values(**values).execution_options(synchronize_session=False))


def devices(session: Session, restore_id: int, scope: Scope) -> list[HeardDevice]:
    """Devices of before within the scope: those never heard first."""
    D = RestorationDevice
    wanted = (
        select(
            D.heard_at, D.offered_at, Device.uid, Device.report, Device.state, Account.name, Account.active, Unit.label
        )
        .join(Device, Device.id == D.device_id)
        .join(Account, Account.id == Device.account_id)
        .join(Unit, Unit.id == Device.unit_id)
        .where(D.restoration_id == restore_id, Device.unit_id.in_(scope))
        .order_by(D.offered_at.is_not(None), D.heard_at.is_not(None), Account.name, Device.id)
    )
    return [
        HeardDevice(
            row.uid,
            str((row.report or {}).get("name") or row.uid[:6]),
            row.name,
            row.label,
            row.state == "active" and row.active,
            row.heard_at,
            row.offered_at,
            int((row.report or {}).get("waiting") or 0),
        )
        for row in session.execute(wanted)
    ]


def came_back(session: Session, restore: Restore, scope: Scope) -> CameBack:
    """Records of this epoch that were finished before it began, and their photos."""
    ours = (Record.epoch == restore.epoch, Record.finished_at < restore.at, Record.unit_id.in_(scope))
    records = session.scalar(select(func.count()).select_from(Record).where(*ours)) or 0
    named = (
        select(Media.media_id)
        .join(RecordMedia, RecordMedia.media_id == Media.media_id)
        .join(Record, Record.id == RecordMedia.record_pk)
        .where(*ours)
        .distinct()
    )
    photos = session.scalar(select(func.count()).select_from(named.where(Media.state.in_(WHOLE)).subquery())) or 0
    under_way = named.where(or_(Media.state == "expected", Media.state == "partial"))
    return CameBack(records, photos, session.scalar(select(func.count()).select_from(under_way.subquery())) or 0)


def check(session: Session, restore_id: int, key: str, said: Mapping[str, str] | None) -> None:
    """Ticks a point off (`said`: by whom, when), or takes the tick back (None)."""
    row = session.get_one(Restoration, restore_id)
    kept = {name: value for name, value in (row.checked or {}).items() if name != key}
    row.checked = kept if said is None else {**kept, key: dict(said)}


def close(session: Session, restore_id: int, by_id: int, at: datetime) -> bool:
    """Whether it was open."""
    closed = update(Restoration).where(Restoration.id == restore_id, Restoration.closed_at.is_(None))
    done = session.scalars(closed.values(closed_at=at, closed_by_id=by_id).returning(Restoration.id))
    return done.first() is not None
