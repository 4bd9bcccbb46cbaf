"""Everything about one chain: its records as they came, what was found in them, their photos, who decided what."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.models.people import Account, Device
from server.models.records import Chain, Finding, Media, Record, RecordCopy, RecordMedia, Review
from server.models.units import Unit
from server.queries.chains import reason_in
from server.queries.records import Found
from server.queries.scope import Scope


@dataclass(frozen=True, slots=True)
class MediaLine:
    """A photo that a link names; `state` as D18."""

    media_id: str
    question: str
    kind: str
    size_bytes: int
    taken_at: datetime | None
    source: str | None
    state: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One record of a chain, with its bytes as they came. `reason`: the officer's, of a correction or withdrawal."""

    pk: int
    record_id: str
    intent: str
    replaces: str | None
    reason: str | None
    form_id: str
    form_version: str
    unit_id: int
    unit_key: str
    unit_label: dict[str, Any]
    account_id: int
    officer: str
    office: str | None
    device_uid: str
    held_on: date
    finished_at: datetime
    received_at: datetime
    app_version: str
    status: str
    held_reason: str | None
    payload: bytes
    summary: dict[str, Any]
    synthetic: bool
    findings: tuple[Found, ...] = ()
    media: tuple[MediaLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewLine:
    record_pk: int
    outcome: str
    reason: str | None
    fields: tuple[str, ...]
    by: str
    office: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ChainLine:
    """`linked_to`: the chain that counts this session (same_as); `linked`: chains that are counted with this one."""

    chain_id: int
    root_record_id: str
    form_id: str
    unit_id: int
    unit_label: dict[str, Any]
    held_on: date
    state: str
    latest_id: int
    counted_id: int | None
    arrived_at: datetime
    linked_to: int | None
    linked: tuple[int, ...]


def chain(session: Session, scope: Scope, chain_id: int) -> ChainLine | None:
    """None outside the scope, as for one that does not exist."""
    rows = select(Chain, Unit.label).join(Unit, Unit.id == Chain.unit_id)
    found = session.execute(rows.where(Chain.id == chain_id, Chain.unit_id.in_(scope))).first()
    if found is None or found[0].latest_id is None:
        return None
    row, label = found
    linked = tuple(session.scalars(select(Chain.id).where(Chain.linked_to_id == chain_id).order_by(Chain.id)))
    return ChainLine(
        row.id, row.root_record_id, row.form_id, row.unit_id, label, row.held_on, row.state, row.latest_id,
        row.counted_id, row.arrived_at, row.linked_to_id, linked,
    )  # fmt: skip


def chain_of(session: Session, record_id: str) -> int | None:
    return session.scalar(select(Record.chain_id).where(Record.record_id == record_id))


def links(session: Session, chain_id: int) -> list[LinkLine]:
    """Every record of the chain, in the order of arrival, with findings and media."""
    rows = (
        select(Record, Unit.label, Account.name, Account.office, Device.uid)
        .join(Unit, Unit.id == Record.unit_id)
        .join(Account, Account.id == Record.account_id)
        .join(Device, Device.id == Record.device_id)
        .where(Record.chain_id == chain_id)
        .order_by(Record.id)
    )
    found = session.execute(rows).all()
    pks = [row[0].id for row in found]
    findings, media = _findings(session, pks), _media(session, pks)
    return [
        LinkLine(
            pk=r.id,
            record_id=r.record_id,
            intent=r.intent,
            replaces=r.replaces,
            reason=reason_in(r.envelope),
            form_id=r.form_id,
            form_version=r.form_version,
            unit_id=r.unit_id,
            unit_key=r.unit_key,
            unit_label=label,
            account_id=r.account_id,
            officer=name,
            office=office,
            device_uid=device,
            held_on=r.held_on,
            finished_at=r.finished_at,
            received_at=r.received_at,
            app_version=r.app_version,
            status=r.status,
            held_reason=r.held_reason,
            payload=r.payload,
            summary=r.summary,
            synthetic=r.synthetic,
            findings=tuple(findings[r.id]),
            media=tuple(media[r.id]),
        )
        for r, label, name, office, device in found
    ]


def reviews(session: Session, chain_id: int) -> list[ReviewLine]:
    rows = select(Review, Account.name, Account.office).join(Account, Account.id == Review.account_id)
    return [
        ReviewLine(r.record_pk, r.outcome, r.reason, tuple(r.fields), name, office, r.at)
        for r, name, office in session.execute(rows.where(Review.chain_id == chain_id).order_by(Review.seq))
    ]


def copies(session: Session, record_ids: Collection[str]) -> int:
    """How many other versions of these records' bytes are kept aside (`conflict_kept`)."""
    wanted = select(func.count()).select_from(RecordCopy).where(RecordCopy.record_id.in_(sorted(record_ids)))
    return session.scalar(wanted) or 0


def _findings(session: Session, pks: list[int]) -> dict[int, list[Found]]:
    found: dict[int, list[Found]] = defaultdict(list)
    for f in session.scalars(select(Finding).where(Finding.record_pk.in_(pks)).order_by(Finding.id)):
        found[f.record_pk].append(Found(f.code, f.question, f.severity, f.detail))
    return found


def _media(session: Session, pks: list[int]) -> dict[int, list[MediaLine]]:
    rows = (
        select(RecordMedia.record_pk, RecordMedia.question, Media)
        .join(Media, Media.media_id == RecordMedia.media_id)
        .where(RecordMedia.record_pk.in_(pks))
        .order_by(RecordMedia.question)
    )
    found: dict[int, list[MediaLine]] = defaultdict(list)
    for pk, question, m in session.execute(rows):
        line = MediaLine(m.media_id, question, m.kind, m.size_bytes, m.taken_at, m.source, m.state)
        found[pk].append(line)
    return found
