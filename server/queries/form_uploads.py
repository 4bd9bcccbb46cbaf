"""Rows of uploads: what an administrator gave, what the worker made of it, and the files that came along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.models.people import Account
from server.models.plan import FormFile, FormUpload, FormVersion, SyncFile
from server.queries.records import inserting

WAITING, DONE, FAILED = "waiting", "done", "failed"


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as it was given, by the name that it had. `kind`: csv | image | audio."""

    name: str
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """An upload before anybody has looked into it."""

    account_id: int
    form_id: str | None
    file_name: str
    kind: str
    body: bytes
    files: tuple[GivenFile, ...]


@dataclass(frozen=True, slots=True)
class UploadLine:
    """An upload as its report shows it. `version`: of the draft that came out of it."""

    id: int
    at: datetime
    by: str
    form_id: str | None
    file_name: str
    kind: str
    size_bytes: int
    status: str
    finished_at: datetime | None
    faults: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    version: str | None


@dataclass(frozen=True, slots=True)
class ToRead:
    """An upload that the worker has to read. `files`: row id and what was given."""

    id: int
    account_id: int
    file_name: str
    kind: str
    body: bytes
    files: tuple[tuple[int, GivenFile], ...]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What phones fetch of a file, by its hash."""

    file_id: int
    sha256: str
    media_type: str
    body: bytes
    body_br: bytes


def add(session: Session, given: Given, at: datetime) -> int:
    upload = FormUpload(
        at=at,
        account_id=given.account_id,
        form_id=given.form_id,
        file_name=given.file_name,
        kind=given.kind,
        size_bytes=len(given.body),
        body=given.body,
        status=WAITING,
        faults=[],
        warnings=[],
    )
    session.add(upload)
    session.flush()
    session.add_all(
        FormFile(upload_id=upload.id, name=f.name, kind=f.kind, body=f.body, size_bytes=len(f.body))
        for f in given.files
    )
    session.flush()
    return upload.id


def line(session: Session, upload_id: int) -> UploadLine | None:
    row = session.execute(_lines().where(FormUpload.id == upload_id)).one_or_none()
    return UploadLine(*row) if row else None


def newest(session: Session, form_id: str, most: int = 5) -> list[UploadLine]:
    """The latest uploads of a form."""
    wanted = _lines().where(FormUpload.form_id == form_id).order_by(FormUpload.id.desc()).limit(most)
    return [UploadLine(*row) for row in session.execute(wanted)]


def _lines() -> Any:
    U = FormUpload
    return (
        select(
            U.id, U.at, Account.name, U.form_id, U.file_name, U.kind, U.size_bytes, U.status, U.finished_at, U.faults,
            U.warnings, FormVersion.version,
        )
        .join(Account, Account.id == U.account_id)
        .outerjoin(FormVersion, FormVersion.id == U.form_version_id)
    )  # fmt: skip


def to_read(session: Session, upload_id: int) -> ToRead | None:
    """None for one that was read already: a job may run twice."""
    U, F = FormUpload, FormFile
    wanted = select(U.id, U.account_id, U.file_name, U.kind, U.body).where(U.id == upload_id, U.status == WAITING)
    row = session.execute(wanted).one_or_none()
    if row is None or row.body is None:
        return None
    files = session.execute(select(F.id, F.name, F.kind, F.body).where(F.upload_id == upload_id).order_by(F.name))
    given = tuple((f.id, GivenFile(f.name, f.kind, f.body)) for f in files)
    return ToRead(row.id, row.account_id, row.file_name, row.kind, row.body, given)


def close(
    session: Session,
    upload_id: int,
    form_id: str | None,
    version_id: int | None,
    faults: Sequence[dict[str, Any]],
    warnings: Sequence[dict[str, Any]],
    at: datetime,
) -> None:
    """The report stays, the bytes go: a draft has its own copy, and what has faults is with its author."""
    values: dict[str, Any] = {
        "status": FAILED if version_id is None else DONE,
        "finished_at": at,
        "faults": list(faults),
        "warnings": list(warnings),
        "form_version_id": version_id,
        "body": None,
    }
    if form_id:
        values["form_id"] = form_id
    session.execute(update(FormUpload).where(FormUpload.id == upload_id).values(**values))


def drop_files(session: Session, upload_id: int) -> None:
    for file in session.scalars(select(FormFile).where(FormFile.upload_id == upload_id)):
        session.delete(file)
    session.flush()


def attach(session: Session, version_id: int, fetched: Sequence[Fetched]) -> None:
    """Puts an upload's files beside its draft, and what phones fetch of them among the immutable files."""
    for one in fetched:
        row = {"sha256": one.sha256, "kind": "attachment", "media_type": one.media_type}
        values = row | {"body": one.body, "body_br": one.body_br}
        session.execute(inserting(session, SyncFile).values(**values).on_conflict_do_nothing())
        named = {"form_version_id": version_id, "sha256": one.sha256, "size_bytes": len(one.body)}
        session.execute(update(FormFile).where(FormFile.id == one.file_id).values(**named))
