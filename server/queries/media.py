"""Rows of photos: promised by a record or an upload, how far the bytes are, the finding when they are no photo."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, insert, select, update
from sqlalchemy.orm import Session

from server.models.people import Device
from server.models.records import Finding, Media, RecordMedia
from server.queries.records import inserting


@dataclass(frozen=True, slots=True)
class MediaRow:
    """One photo; `account_id` is that of the device which first named it."""

    media_id: str
    account_id: int
    sha256: str
    size_bytes: int
    kind: str
    state: str
    offset_bytes: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewMedia:
    """A photo that somebody promises."""

    media_id: str
    record_id: str | None
    device_id: int
    sha256: str
    size_bytes: int
    kind: str
    taken_at: datetime | None
    source: str | None
    expires_at: datetime | None
    created_at: datetime


def promise(session: Session, promises: Sequence[NewMedia]) -> None:
    """Adds those that nobody promised before, and says of those that came without a record which one names them."""
    if not promises:
        return
    rows = [{name: getattr(p, name) for name in NewMedia.__slots__} | _fresh() for p in promises]
    session.execute(inserting(session, Media).on_conflict_do_nothing(index_elements=["media_id"]), rows)
    for named in (p for p in promises if p.record_id):
        orphan = update(Media).where(Media.media_id == named.media_id, Media.record_id.is_(None))
        values: dict[str, Any] = {
            "record_id": named.record_id,
            "taken_at": named.taken_at,
            "source": named.source,
            "kind": named.kind,
        }
        if not named.kind.startswith("image/"):  # its bytes came first and were looked at as a photo's
            values["state"] = case((Media.state == "unreadable", "there"), else_=Media.state)
        session.execute(orphan.values(**values).execution_options(synchronize_session=False))


def _fresh() -> dict[str, object]:
    return {"state": "expected", "offset_bytes": 0}


def found(session: Session, media_ids: Collection[str]) -> dict[str, MediaRow]:
    wanted = (
        select(
            Media.media_id,
            Device.account_id,
            Media.sha256,
            Media.size_bytes,
            Media.kind,
            Media.state,
            Media.offset_bytes,
            Media.expires_at,
        )
        .join(Device, Device.id == Media.device_id)
        .where(Media.media_id.in_(media_ids))
    )
    return {row.media_id: MediaRow(*row) for row in session.execute(wanted)} if media_ids else {}


def move(session: Session, media_id: str, state: str, offset_bytes: int) -> None:
    moved = update(Media).where(Media.media_id == media_id).values(state=state, offset_bytes=offset_bytes)
    session.execute(moved.execution_options(synchronize_session=False))


def note_unreadable(session: Session, media_id: str) -> None:
    """One finding for every record that names the photo and has none yet."""
    noted = select(Finding.id).where(Finding.record_pk == RecordMedia.record_pk, Finding.code == "media-unreadable")
    wanted = select(RecordMedia.record_pk, RecordMedia.question).where(
        RecordMedia.media_id == media_id, ~noted.where(Finding.question == RecordMedia.question).exists()
    )
    rows = [
        {"record_pk": pk, "code": "media-unreadable", "question": question, "severity": "fault", "detail": {}}
        for pk, question in session.execute(wanted)
    ]
    if rows:
        session.execute(insert(Finding), rows)


def drop(session: Session, media_id: str) -> None:
    """Forgets an upload that no record names; one that a record names is expected again."""
    named = select(RecordMedia.media_id).where(RecordMedia.media_id == media_id)
    session.execute(
        delete(Media).where(Media.media_id == media_id, ~named.exists()).execution_options(synchronize_session=False)
    )
    move(session, media_id, "expected", 0)
