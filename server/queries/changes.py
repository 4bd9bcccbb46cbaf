"""What a phone is told: forms, decisions on its officer's records, the period that figures are of, immutable files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import brotli
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from server.models.people import Account
from server.models.plan import FormTrial, FormVersion, Period, Plan, SyncFile
from server.models.records import Chain, Record, Review

MOST_NEWS = 500  # in one answer; the cursor stands at the last of them


@dataclass(frozen=True, slots=True)
class FormLine:
    id: int
    form_id: str
    version: str
    title: Mapping[str, str]
    sha256: str
    size_bytes: int
    current: bool
    trial: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """A review of one of the account's records."""

    seq: int
    record_id: str
    root_id: str
    outcome: str
    reason: str | None
    fields: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PeriodLine:
    id: int
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class File:
    body: bytes
    body_br: bytes
    media_type: str = "application/json"


def forms(session: Session, account_id: int, model_format: int) -> list[FormLine]:
    """Versions that the account's phones may hold and their engine can read.

    Of the published ones the newest is current. Old and closed ones stay: a draft or returned record may need them.
    """
    V = FormVersion
    tried = select(FormTrial.form_version_id).where(FormTrial.account_id == account_id)
    size = func.octet_length(V.model)  # the text itself is long, and every phone asks
    told = or_(V.published_at.is_not(None), and_(V.state == "draft", V.id.in_(tried)))
    rows = session.execute(
        select(V.id, V.form_id, V.version, V.title, V.model_sha256, size.label("size"), V.state)
        .where(told, V.model_format <= model_format)
        .order_by(V.form_id, V.published_at, V.created_at, V.id)
    ).all()
    newest = {row.form_id: row.id for row in rows if row.state == "published"}
    return [
        FormLine(
            r.id,
            r.form_id,
            r.version,
            r.title,
            r.model_sha256,
            r.size,
            newest.get(r.form_id) == r.id,
            r.state == "draft",
        )
        for r in rows
    ]


def newer_format(session: Session, model_format: int) -> int | None:
    """The format of a published form that an app of this format cannot read."""
    V = FormVersion
    return session.scalar(select(func.max(V.model_format)).where(V.state == "published", V.model_format > model_format))


def decisions(session: Session, account_id: int, since: int) -> list[Decision]:
    """Decisions after `since`, in the order in which they were made."""
    rows = session.execute(
        select(
            Review.seq,
            Record.record_id,
            Chain.root_record_id,
            Review.outcome,
            Review.reason,
            Review.fields,
            Account.name,
            Account.office,
            Review.at,
        )
        .join(Record, Record.id == Review.record_pk)
        .join(Chain, Chain.id == Review.chain_id)
        .join(Account, Account.id == Review.account_id)
        .where(Record.account_id == account_id, Review.seq > since)
        .order_by(Review.seq)
        .limit(MOST_NEWS)
    )
    return [Decision(*row[:5], tuple(row.fields), _signed(row.name, row.office), row.at) for row in rows]


def _signed(name: str, office: str | None) -> str:
    return f"{name}, {office}" if office else name


def latest_seq(session: Session) -> int:
    """The highest number that any decision has."""
    return session.scalar(select(func.max(Review.seq))) or 0


def period_on(session: Session, day: date) -> PeriodLine | None:
    """The named period that a phone's figures are of: the longest one that holds the day, else the plan's last one."""
    plan_id = select(Plan.id).order_by(Plan.last_day.desc(), Plan.id.desc()).limit(1).scalar_subquery()
    rows = session.execute(
        select(Period.id, Period.label, Period.first_day, Period.last_day)
        .where(Period.plan_id == plan_id)
        .order_by(Period.first_day, Period.last_day)
    ).all()
    if not rows:
        return None
    holding = [row for row in rows if row.first_day <= day <= row.last_day]
    chosen = max(holding or rows, key=lambda row: (row.last_day - row.first_day) if holding else row.last_day)
    return PeriodLine(chosen.id, chosen.label)


def file(session: Session, sha256: str, unit_id: int) -> File | None:
    """An immutable file, if a device of this unit may read it; a compiled form is one too."""
    # P-41: the condition stands in the query; for another unit's device there is no such row.
    row = session.execute(
        select(SyncFile.body, SyncFile.body_br, SyncFile.media_type).where(
            SyncFile.sha256 == sha256,
            or_(SyncFile.sensitive_unit_id.is_(None), SyncFile.sensitive_unit_id == unit_id),
        )
    ).one_or_none()
    if row:
        return File(*row)
    model = session.scalar(select(FormVersion.model).where(FormVersion.model_sha256 == sha256).limit(1))
    return _compressed(model) if model else None


@lru_cache(maxsize=16)
def _compressed(model: str) -> File:
    body = model.encode()
    return File(body, brotli.compress(body, quality=11))
