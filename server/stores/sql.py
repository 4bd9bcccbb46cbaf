"""The store contract of `sync` over the database. Writing methods are one transaction each.

Reading a batch (forms, units, registers) happens before its transaction, which is short; a batch that fails as a
whole is stored record by record, so that a poisoned one is held and the others arrive.
"""

import logging
import os
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.clock import day_of
from server.db import db, reading, transaction
from server.intake import Opened, Shelf, open_arrival
from server.people import enrolment as people
from server.plan import form_trials
from server.queries import changes as news
from server.queries import devices_sync as devices
from server.queries import media as photos
from server.queries import records, system
from server.queries.devices_sync import Bearer, Officer
from server.queries.media import MediaRow, NewMedia
from server.queries.records import Found
from server.stores import batch as batches
from server.stores.batch import Batch, Piece
from server.stores.news import ANY_FORMAT, changes_of, forms_of
from sync.changes import Changes, FormRef
from sync.intake import AFTER_REVOCATION
from sync.messages import Enrolment, Report
from sync.problems import Problem
from sync.receipts import Issuer, Receipt
from sync.store import Arrival, Device, Installation, Media, MediaStanding, MediaState, NewDevice, StoredFile, Upload

AFTER_REVOCATION_MAX = 500
TRIES = 3
NOT_STORED = "intake-failed"
T = TypeVar("T")

log = logging.getLogger(__name__)


class SqlStore:
    """One per app; needs an app context."""

    def __init__(self) -> None:
        self._shelf: Shelf | None = None
        self._turn = threading.Lock()

    def installation(self) -> Installation:
        row = system.installation(db.session())
        if row is None:
            raise Problem("server-busy", detail="the installation is not set up yet", headers={"Retry-After": "60"})
        return Installation(row.server_id, row.epoch, row.backup_seq)

    def device(self, token_hash: str, at: datetime) -> Device | None:
        bearer = devices.bearer(db.session(), token_hash)
        if bearer and bearer.by_next:
            with transaction() as session:
                devices.retire_old_token(session, token_hash, at)
                bearer = devices.bearer(session, token_hash)
        return device_of(bearer) if bearer else None

    def enrol(self, enrolment: Enrolment, network: str, at: datetime) -> NewDevice:
        asking = people.Asking(
            enrolment.code,
            enrolment.public_key,
            enrolment.device_name,
            enrolment.app_version,
            enrolment.storage_persisted,
            network,
        )
        redeemed = people.redeem(asking, at)
        bearer = devices.by_uid(db.session(), redeemed.device_uid)
        if bearer is None:
            raise LookupError("a device just made cannot be read")
        return NewDevice(device_of(bearer), redeemed.token)

    def put(self, device: Device, arrivals: Sequence[Arrival], issuer: Issuer, at: datetime) -> list[Receipt | Problem]:
        return self.put_batch(device, arrivals, issuer, at)

    def put_batch(
        self, device: Device, arrivals: Sequence[Arrival], issuer: Issuer, at: datetime, synthetic: bool = False
    ) -> list[Receipt | Problem]:
        """`put`, also for made-up records (`synthetic`)."""
        pieces = self._open(db.session(), device, arrivals, at)
        if not pieces:
            return []

        def together() -> list[Receipt | Problem]:
            with self._writing() as session:
                return list(batches.store(Batch(session, device, issuer, at, synthetic), pieces))

        def one_by_one() -> list[Receipt | Problem]:
            with self._writing() as session:
                batch = Batch(session, device, issuer, at, synthetic)
                return [_store_alone(batch, piece) for piece in pieces]

        try:
            return _tried(together)
        except Problem:
            raise
        except Exception as error:  # one record spoils the batch: find it, keep the others
            log.warning("batch of %d stored one by one after %s", len(pieces), _where(error))
            return _tried(one_by_one)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """A transaction. SQLite has one writer and makes others ask again after growing pauses: here they queue."""
        alone = self._turn if db.engine.dialect.name == "sqlite" else nullcontext()
        with alone, transaction() as session:
            yield session

    def _open(self, session: Session, device: Device, arrivals: Sequence[Arrival], at: datetime) -> list[Piece]:
        officer = devices.officer(session, device.account_id, device.unit_id)
        if officer is None or not arrivals:
            return []
        shelf = self._current_shelf(session, at)
        opened = [open_arrival(session, shelf, officer, arrival, at) for arrival in arrivals]
        return _scoped(session, officer, device, arrivals, opened, at)

    def _current_shelf(self, session: Session, at: datetime) -> Shelf:
        """Published forms never change and stay; everything else is read anew when the stamp or the day has moved."""
        stamp = (records.stamp(session), day_of(at))
        shelf = self._shelf
        if shelf is None or shelf.stamp != stamp:
            kept = {name: form for name, form in shelf.forms.items() if form and not form.trial} if shelf else {}
            shelf = self._shelf = Shelf(stamp, records.root_unit(session) or 0, {**kept})
        return shelf

    def room_after_revocation(self, device: Device) -> int:
        return AFTER_REVOCATION_MAX - records.count_held(db.session(), device.id, AFTER_REVOCATION)

    def lacking(self, device: Device, pairs: Sequence[tuple[str, str]]) -> list[str]:
        held = records.held_bytes(db.session(), device.account_id, {record_id for record_id, _ in pairs})
        return [record_id for record_id, sha256 in pairs if (record_id, sha256) not in held]

    def standings(self, device: Device, media_ids: Sequence[str]) -> list[MediaStanding]:
        found = photos.found(db.session(), media_ids)
        own = {name: row for name, row in found.items() if row.account_id == device.account_id}
        return [_standing(media_id, own.get(media_id)) for media_id in media_ids]

    def contact(self, device: Device, report: Report | None, at: datetime) -> None:
        """A mere visit is noted once in five minutes: it must not cost every reader a write."""
        if report is None and not _long_ago(devices.last_contact(db.session(), device.id), at):
            return
        with transaction() as session:
            devices.note_contact(session, device.id, at, report=asdict(report) if report else None)

    def renew_token(self, device: Device, token_hash: str) -> None:
        with transaction() as session:
            devices.set_next_token(session, device.id, token_hash)

    def promise(self, device: Device, upload: Upload, expires_at: datetime, at: datetime) -> Media:
        new = NewMedia(
            upload.media_id, None, device.id, upload.sha256, upload.size_bytes, "image/jpeg", None, None, expires_at, at
        )
        with transaction() as session:
            photos.promise(session, [new])
            return _media(photos.found(session, [upload.media_id])[upload.media_id])

    def media(self, device: Device, media_id: str) -> Media | None:
        with reading() as session:  # the photo's bytes are read or decoded next, which may take minutes
            row = photos.found(session, [media_id]).get(media_id)
        return _media(row) if row and row.account_id == device.account_id else None

    def move_media(self, media_id: str, state: MediaState, offset_bytes: int, at: datetime) -> None:
        with transaction() as session:
            photos.move(session, media_id, state, offset_bytes)
            if state == "unreadable":
                photos.note_unreadable(session, media_id)

    def drop_media(self, media_id: str, at: datetime) -> None:
        with transaction() as session:
            photos.drop(session, media_id)

    def changes(self, device: Device, since: int, at: datetime, model_format: int = 1) -> Changes:
        return changes_of(device, self.installation(), since, at, model_format)

    def try_form(self, device: Device, code: str, at: datetime) -> FormRef:
        named = form_trials.redeem(code, device.account_id, device.id, at)
        refs = forms_of(db.session(), device, ANY_FORMAT)
        return next(ref for ref in refs if (ref.form_id, ref.version) == named)

    def file(self, device: Device, sha256: str) -> StoredFile | None:
        found = news.file(db.session(), sha256, device.unit_id)
        return StoredFile(found.body, found.body_br, found.media_type) if found else None


def device_of(bearer: Bearer) -> Device:
    """A device as `sync` knows it."""
    return Device(
        bearer.id,
        bearer.uid,
        bearer.account_id,
        bearer.account_uid,
        bearer.unit_id,
        bearer.public_key,
        bearer.token_issued_at,
        bearer.state == "active",
        bearer.account_active,
    )


def _scoped(
    session: Session,
    officer: Officer,
    device: Device,
    arrivals: Sequence[Arrival],
    opened: Sequence[Opened],
    at: datetime,
) -> list[Piece]:
    """A record of a unit that the officer has no grant for is stored, and says so to the reviewer."""
    inside = records.within_grants(session, device.account_id, {o.unit_id for o in opened}, day_of(at)) | {
        officer.unit_id
    }
    return [Piece(a, o if o.unit_id in inside else _outside(o)) for a, o in zip(arrivals, opened, strict=True)]


def _outside(opened: Opened) -> Opened:
    note = Found("unit-outside-grant", None, "note", {})
    return _with(opened, opened.held_reason, (*opened.findings, note))


def _with(opened: Opened, held_reason: str | None, findings: tuple[Found, ...]) -> Opened:
    return replace(opened, held_reason=held_reason, findings=findings)


def _tried(work: Callable[[], T]) -> T:
    """P-22: a database that is busy or lost a race (deadlock) is asked again; then the phone is."""
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            return work()
        except OperationalError as error:
            if last:
                raise Problem("server-busy", headers={"Retry-After": "10"}) from error
    raise AssertionError("unreachable")


def _store_alone(batch: Batch, piece: Piece) -> Receipt | Problem:
    """Within a savepoint: as it is; else bare and held; else not at all."""
    unopened = Opened(piece.opened.unit_id, NOT_STORED, (Found(NOT_STORED, None, "fault", {}),))
    bare = Piece(piece.arrival, replace(unopened, trial=piece.opened.trial))
    for attempt in (piece, bare):
        try:
            with batch.session.begin_nested():
                return batches.store(batch, [attempt])[0]
        except OperationalError:
            raise
        except Exception as error:
            log.warning("record %s not stored as it is: %s", piece.record_id, _where(error))
    return Problem("record-not-stored")


def _where(error: Exception) -> str:
    """The kind of an error and its place, never its words: they may hold answers (R35)."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(f.filename).name}:{f.lineno}" for f in frames if f"{os.sep}server{os.sep}" in f.filename]
    return f"{type(error).__name__} at {' < '.join(reversed(places[-3:]))}"


def _long_ago(before: datetime | None, at: datetime) -> bool:
    return before is None or abs((at - before).total_seconds()) >= 300


def _standing(media_id: str, row: MediaRow | None) -> MediaStanding:
    return (
        MediaStanding(media_id, _media(row).state, row.offset_bytes) if row else MediaStanding(media_id, "unknown", 0)
    )


_STATES: dict[str, MediaState] = {
    "expected": "expected",
    "partial": "partial",
    "there": "there",
    "unreadable": "unreadable",
    "erased": "erased",
}


def _media(row: MediaRow) -> Media:
    return Media(
        row.media_id,
        row.account_id,
        row.sha256,
        row.size_bytes,
        _STATES[row.state],
        row.offset_bytes,
        row.expires_at,
        row.kind,
    )
