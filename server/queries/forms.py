"""Rows of form versions as the desk sees them: their states, sources, files, trials, who feeds on them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from server.models.people import Account, Device
from server.models.plan import FormFile, FormTrial, FormUpload, FormVersion, Indicator, SyncFile
from server.models.records import Chain, Finding, Record
from server.models.units import Unit
from server.queries.scope import Scope

DRAFT, PUBLISHED, CLOSED = "draft", "published", "closed"


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version. `tried`: it was tried on somebody's phone."""

    id: int
    form_id: str
    version: str
    title: dict[str, Any]
    state: str
    model_format: int
    source_kind: str
    source_name: str | None
    has_xlsform: bool
    model_sha256: str
    warnings: list[dict[str, Any]]
    by: str | None
    created_at: datetime
    published_at: datetime | None
    closed_at: datetime | None
    tried: bool


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A compiled form, ready to become a draft."""

    form_id: str
    version: str
    title: dict[str, str]
    model_format: int
    source: str
    source_kind: str
    source_name: str
    source_file: bytes
    xlsform: bytes | None
    xform: str
    model: str
    model_sha256: str
    warnings: list[dict[str, Any]]
    uploaded_by_id: int


@dataclass(frozen=True, slots=True)
class Source:
    """What a version was made of, and the two shapes that other tools read."""

    kind: str
    name: str | None
    text: str
    file: bytes | None
    xlsform: bytes | None
    xform: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file beside a version; `sha256` is what phones fetch."""

    name: str
    kind: str
    sha256: str | None
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Feed:
    """An indicator that counts answers of a form. `text`: its feed as it stands in the plan."""

    indicator: str
    question: str | None
    text: str
    label: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """A record that was made to try a draft."""

    record_id: str
    version: str
    officer: str
    unit: dict[str, Any]
    received_at: datetime
    findings: int


def versions(session: Session, form_id: str | None = None) -> list[VersionLine]:
    """Every version (of one form), the newest first; forms by their id."""
    wanted = _lines().order_by(FormVersion.form_id, FormVersion.created_at.desc(), FormVersion.id.desc())
    rows = session.execute(wanted if form_id is None else wanted.where(FormVersion.form_id == form_id))
    return [VersionLine(*row) for row in rows]


def version(session: Session, form_id: str, version: str) -> VersionLine | None:
    wanted = _lines().where(FormVersion.form_id == form_id, FormVersion.version == version)
    row = session.execute(wanted).one_or_none()
    return VersionLine(*row) if row else None


def current(lines: Collection[VersionLine]) -> VersionLine | None:
    """Of one form's versions the one that new records are made with: the published one that came into force last."""
    published = [line for line in lines if line.state == PUBLISHED]
    return max(published, key=lambda line: (line.published_at or line.created_at, line.id), default=None)


def _lines() -> Select[Any]:
    V = FormVersion
    tried = select(FormTrial.id).where(FormTrial.form_version_id == V.id, FormTrial.account_id.is_not(None))
    by = select(Account.name).where(Account.id == V.uploaded_by_id)
    return select(
        V.id, V.form_id, V.version, V.title, V.state, V.model_format, V.source_kind, V.source_name,
        V.xlsform.is_not(None), V.model_sha256, V.warnings, by.scalar_subquery(), V.created_at, V.published_at,
        V.closed_at, tried.exists(),
    )  # fmt: skip


def state(session: Session, version_id: int) -> str | None:
    return session.scalar(select(FormVersion.state).where(FormVersion.id == version_id))


def model(session: Session, version_id: int) -> str:
    return session.execute(select(FormVersion.model).where(FormVersion.id == version_id)).scalar_one()


def source(session: Session, version_id: int) -> Source:
    V = FormVersion
    wanted = select(V.source_kind, V.source_name, V.source, V.source_file, V.xlsform, V.xform)
    return Source(*session.execute(wanted.where(V.id == version_id)).one())


def add_version(session: Session, new: NewVersion, at: datetime) -> int:
    columns = {name: getattr(new, name) for name in NewVersion.__slots__}
    row = FormVersion(**columns, state=DRAFT, created_at=at)
    session.add(row)
    session.flush()
    return row.id


def drop_version(session: Session, version_id: int) -> None:
    """Forgets a draft that nobody has tried, with its files and codes; the report of its upload stays."""
    gone = update(FormUpload).where(FormUpload.form_version_id == version_id).values(form_version_id=None)
    session.execute(gone)
    for table in (FormTrial, FormFile):
        session.execute(delete(table).where(table.form_version_id == version_id))
    session.execute(delete(FormVersion).where(FormVersion.id == version_id))


def move(session: Session, version_id: int, before: Collection[str], state: str, at: datetime) -> bool:
    """Puts a version in another state; False where it is not in one of those `before` any more."""
    V = FormVersion
    values: dict[str, Any] = {"state": state, "closed_at": at if state == CLOSED else None}
    if state == PUBLISHED:
        values["published_at"] = func.coalesce(V.published_at, at)
    moved = update(V).where(V.id == version_id, V.state.in_(before)).values(**values).returning(V.id)
    return session.scalar(moved.execution_options(synchronize_session=False)) is not None


def files(session: Session, version_ids: Collection[int]) -> dict[int, list[FileLine]]:
    """version → the files beside it, by name."""
    F = FormFile
    wanted = select(F.form_version_id, F.name, F.kind, F.sha256, F.size_bytes).where(F.form_version_id.in_(version_ids))
    found: dict[int, list[FileLine]] = {}
    for version_id, name, kind, sha256, size_bytes in session.execute(wanted.order_by(F.name)):
        found.setdefault(version_id or 0, []).append(FileLine(name, kind, sha256, size_bytes))
    return found


def attached(session: Session, form_id: str, version: str, name: str) -> bytes | None:
    """What phones fetch under a file's name."""
    wanted = (
        select(SyncFile.body)
        .join(FormFile, FormFile.sha256 == SyncFile.sha256)
        .join(FormVersion, FormVersion.id == FormFile.form_version_id)
        .where(FormVersion.form_id == form_id, FormVersion.version == version, FormFile.name == name)
    )
    return session.scalar(wanted.limit(1))


def contacts(session: Session, scope: Scope) -> list[datetime]:
    """When each living phone of these units last asked for news; enrolling was the first time."""
    D = Device
    wanted = select(func.coalesce(D.last_contact_at, D.enrolled_at)).where(D.state == "active", D.unit_id.in_(scope))
    return list(session.scalars(wanted))


def trying(session: Session, scope: Scope, form_id: str) -> dict[int, int]:
    """Draft → people of these units whose phones have it to try."""
    T, V = FormTrial, FormVersion
    wanted = (
        select(T.form_version_id, func.count(T.account_id.distinct()))
        .join(V, V.id == T.form_version_id)
        .join(Account, Account.id == T.account_id)
        .where(V.form_id == form_id, V.state == DRAFT, Account.unit_id.in_(scope))
    )
    return dict(iter(session.execute(wanted.group_by(T.form_version_id))))


def feeds(session: Session, form_id: str) -> list[Feed]:
    """Which indicators count answers of the form, and of which question."""
    rows = session.execute(select(Indicator.key, Indicator.feeds, Indicator.label).order_by(Indicator.position))
    return [
        Feed(key, feed.get("question"), " ".join(str(value) for value in feed.values()), label)
        for key, feeds, label in rows
        for feed in feeds
        if feed.get("form") == form_id
    ]


def accepted(session: Session, scope: Scope) -> dict[str, int]:
    """form → how many of its records are accepted, within the units that somebody may read."""
    wanted = select(Chain.form_id, func.count()).where(Chain.state == "accepted", Chain.unit_id.in_(scope))
    return dict(iter(session.execute(wanted.group_by(Chain.form_id))))


def records(session: Session, scope: Scope, form_id: str) -> dict[str, int]:
    """version → how many records of these units were made with it; no trials."""
    wanted = select(Record.form_version, func.count()).where(Record.form_id == form_id, Record.trial.is_(False))
    return dict(iter(session.execute(wanted.where(Record.unit_id.in_(scope)).group_by(Record.form_version))))


def trial_records(session: Session, scope: Scope, form_id: str, most: int) -> list[TrialRecord]:
    """The newest trials of a form, within the units that somebody may read."""
    findings = select(func.count()).where(Finding.record_pk == Record.id).scalar_subquery()
    wanted = (
        select(Record.record_id, Record.form_version, Account.name, Unit.label, Record.received_at, findings)
        .join(Account, Account.id == Record.account_id)
        .join(Unit, Unit.id == Record.unit_id)
        .where(Record.trial, Record.form_id == form_id, Record.unit_id.in_(scope))
    )
    return [TrialRecord(*row) for row in session.execute(wanted.order_by(Record.id.desc()).limit(most))]
