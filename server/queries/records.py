"""Rows of arriving records: what is known of an id, bulk inserts that bear a race, sealing with `seq` and receipt."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Update, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.db import Base
from server.models.people import Device, Grant
from server.models.plan import FormFile, FormVersion, SyncFile
from server.models.records import Chain, Finding, Record, RecordCopy, RecordItem, RecordMedia
from server.models.system import Installation
from server.models.units import Unit, UnitPath
from server.queries.chains import Arrived
from server.queries.spans import in_force

CHUNK = 400  # values in one IN (…)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding that stands, or will stand, beside a record. `severity`: fault | note."""

    code: str
    question: str | None
    severity: str
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record ready to be stored; `seq` and receipt come last."""

    record_id: str
    chain_id: int
    intent: str
    replaces: str | None
    form_id: str
    form_version: str
    unit_id: int
    unit_key: str
    account_id: int
    device_id: int
    device_seq: int
    held_on: date
    finished_at: datetime
    received_at: datetime
    app_version: str
    status: str
    held_reason: str | None
    payload_type: str
    payload: bytes
    content_sha256: str
    envelope: bytes
    signature: str
    epoch: int
    summary: Mapping[str, Any]
    synthetic: bool
    trial: bool


@dataclass(frozen=True, slots=True)
class NewCopy:
    """Other bytes under a known id, ready to be kept aside."""

    record_id: str
    content_sha256: str
    device_id: int
    payload_type: str
    payload: bytes
    envelope: bytes
    signature: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """What is stored under an id."""

    pk: int
    account_id: int
    content_sha256: str
    envelope: bytes
    receipt: dict[str, Any]


@dataclass(frozen=True, slots=True)
class KnownCopy:
    """A copy that was kept aside."""

    pk: int
    receipt: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Projection:
    """What stands beside one stored record."""

    record_pk: int
    items: tuple[tuple[str, str], ...]  # (question, item uid)
    media: tuple[tuple[str, str], ...]  # (question, media id)
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Sealing:
    """The number and receipt that a row gets at the end of its transaction."""

    pk: int
    seq: int
    receipt: dict[str, Any]


def inserting(session: Session, model: type[Base]) -> Any:
    """An INSERT of this database's dialect, for ON CONFLICT."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(model)


def known(session: Session, record_ids: Collection[str]) -> dict[str, KnownRecord]:
    columns = select(
        Record.record_id, Record.id, Record.account_id, Record.content_sha256, Record.envelope, Record.receipt
    )
    found: dict[str, KnownRecord] = {}
    for ids in _chunks(record_ids):
        found |= {name: KnownRecord(*rest) for name, *rest in session.execute(columns.where(Record.record_id.in_(ids)))}
    return found


def owners(session: Session, record_ids: Collection[str]) -> dict[str, int]:
    """record id → account, of those that are stored."""
    found: dict[str, int] = {}
    for ids in _chunks(record_ids):
        rows = session.execute(select(Record.record_id, Record.account_id).where(Record.record_id.in_(ids)))
        found |= {row[0]: row[1] for row in rows}
    return found


def trials(session: Session, record_ids: Collection[str]) -> set[str]:
    """Those of the records that were made to try a draft of a form."""
    found: set[str] = set()
    for ids in _chunks(record_ids):
        found |= set(session.scalars(select(Record.record_id).where(Record.record_id.in_(ids), Record.trial)))
    return found


def add_chains(session: Session, roots: Sequence[Arrived]) -> list[int]:
    """The chain of each root record, in order; one left by a record that was not stored after all is used again."""
    rows = [
        {
            "root_record_id": root.record_id,
            "form_id": root.form_id,
            "unit_id": root.unit_id,
            "held_on": root.held_on,
            "state": "waiting",
            "arrived_at": root.at,
        }
        for root in roots
    ]
    if rows:
        session.execute(inserting(session, Chain).on_conflict_do_nothing(index_elements=["root_record_id"]), rows)
    ids: dict[str, int] = {}
    for names in _chunks([root.record_id for root in roots]):
        wanted = select(Chain.root_record_id, Chain.id).where(Chain.root_record_id.in_(names))
        ids |= {row[0]: row[1] for row in session.execute(wanted)}
    return [ids[root.record_id] for root in roots]


def add(session: Session, records: Sequence[NewRecord]) -> dict[str, int]:
    """record id → row id of those that were new; the others were stored by somebody else in between."""
    if not records:
        return {}
    new = inserting(session, Record).on_conflict_do_nothing(index_elements=["record_id"])
    rows = session.execute(new.returning(Record.record_id, Record.id), [_values(record) for record in records])
    return {row[0]: row[1] for row in rows}


def _values(record: NewRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in NewRecord.__slots__} | {
        "seq": _unsealed(record.record_id),
        "receipt": {},
    }


def _unsealed(hex_digits: str) -> int:
    """A stand-in for `seq` until the end of the transaction: below zero, and nobody else's."""
    return -1 - int(hex_digits[:15], 16)


def add_copy(session: Session, copy: NewCopy, token: str) -> int | None:
    """The new row's id, or None when these bytes are kept aside already. `token`: random hex, for a stand-in `seq`."""
    values = {name: getattr(copy, name) for name in NewCopy.__slots__} | {"seq": _unsealed(token), "receipt": {}}
    new = inserting(session, RecordCopy).on_conflict_do_nothing(index_elements=["record_id", "content_sha256"])
    pk: int | None = session.scalar(new.values(**values).returning(RecordCopy.id))
    return pk


def copy_of(session: Session, record_id: str, content_sha256: str) -> KnownCopy | None:
    wanted = select(RecordCopy.id, RecordCopy.receipt).where(
        RecordCopy.record_id == record_id, RecordCopy.content_sha256 == content_sha256
    )
    row = session.execute(wanted).one_or_none()
    return KnownCopy(*row) if row else None


def project(session: Session, projections: Sequence[Projection]) -> None:
    """Writes items, media and findings of new records."""
    items = [
        {"record_pk": p.record_pk, "question": question, "item_uid": uid}
        for p in projections
        for question, uid in dict.fromkeys(p.items)
    ]
    media = [
        {"record_pk": p.record_pk, "media_id": media_id, "question": question}
        for p in projections
        for question, media_id in p.media
    ]
    findings = [_finding(p.record_pk, f) for p in projections for f in p.findings]
    for model, rows in ((RecordItem, items), (RecordMedia, media), (Finding, findings)):
        if rows:
            session.execute(insert(model), rows)


def _finding(record_pk: int, f: Found) -> dict[str, Any]:
    detail = dict(f.detail)
    return {"record_pk": record_pk, "code": f.code, "question": f.question, "severity": f.severity, "detail": detail}


def seal(session: Session, records: Sequence[Sealing], copies: Sequence[Sealing]) -> None:
    """Gives rows their number and their receipt."""
    _seal(session, update(Record).where(Record.id == bindparam("pk")), records)
    _seal(session, update(RecordCopy).where(RecordCopy.id == bindparam("pk")), copies)


def _seal(session: Session, statement: Update, sealings: Sequence[Sealing]) -> None:
    if sealings:
        sealed = statement.values(seq=bindparam("new_seq"), receipt=bindparam("new_receipt"))
        rows = [{"pk": s.pk, "new_seq": s.seq, "new_receipt": s.receipt} for s in sealings]
        session.connection().execute(sealed, rows)


def held_bytes(session: Session, account_id: int, record_ids: Collection[str]) -> set[tuple[str, str]]:
    """(record id, content hash) of everything that is held of this account under these ids, copies included."""
    found: set[tuple[str, str]] = set()
    for ids in _chunks(record_ids):
        records = select(Record.record_id, Record.content_sha256).where(
            Record.record_id.in_(ids), Record.account_id == account_id
        )
        found |= {(record_id, sha256) for record_id, sha256 in session.execute(records)}
        found |= {(record_id, sha256) for record_id, sha256 in session.execute(_copies(account_id, ids))}
    return found


def _copies(account_id: int, ids: list[str]) -> Any:
    from_account = RecordCopy.device_id.in_(_devices_of(account_id))
    return select(RecordCopy.record_id, RecordCopy.content_sha256).where(RecordCopy.record_id.in_(ids), from_account)


def _devices_of(account_id: int) -> Any:
    return select(Device.id).where(Device.account_id == account_id)


def count_held(session: Session, device_id: int, reason: str) -> int:
    wanted = select(func.count()).where(Record.device_id == device_id, Record.held_reason == reason)
    return session.scalar(wanted) or 0


def stamp(session: Session) -> int:
    """Moves when any register, unit or form changes."""
    return session.scalar(select(Installation.register_stamp).where(Installation.id == 1)) or 0


def root_unit(session: Session) -> int | None:
    """The unit at the top: the newest one that has no parent."""
    top = select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.valid_from.desc(), Unit.id)
    return session.scalar(top.limit(1))


def form_model(session: Session, form_id: str, version: str) -> tuple[str, bool] | None:
    """The compiled model's JSON text, and whether the version was never published: its records are trials."""
    row = session.execute(
        select(FormVersion.model, FormVersion.state, FormVersion.published_at).where(
            FormVersion.form_id == form_id, FormVersion.version == version
        )
    ).one_or_none()
    return (row.model, row.state != "published" and row.published_at is None) if row else None


def form_files(session: Session, form_id: str, version: str) -> list[bytes]:
    """The CSV files beside a version, as register sets."""
    wanted = (
        select(SyncFile.body)
        .join(FormFile, FormFile.sha256 == SyncFile.sha256)
        .join(FormVersion, FormVersion.id == FormFile.form_version_id)
        .where(FormVersion.form_id == form_id, FormVersion.version == version, FormFile.kind == "csv")
    )
    return list(session.scalars(wanted))


def within_grants(session: Session, account_id: int, unit_ids: Collection[int], day: date) -> set[int]:
    """Those of the units over which the account is an officer on `day`."""
    granted = select(Grant.unit_id).where(
        Grant.account_id == account_id, Grant.role == "officer", *in_force(Grant, day)
    )
    wanted = select(UnitPath.unit_id).where(UnitPath.unit_id.in_(unit_ids), UnitPath.ancestor_id.in_(granted))
    return set(session.scalars(wanted))


def _chunks(names: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(set(names))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
