"""Makes a backup while the service reads and writes. The database comes first: photos are only ever added to it."""

import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server import audit
from server.backup import postgres
from server.backup.faults import BackupFault
from server.backup.files import Damaged, copy_photo, photo_path, sync_file
from server.backup.manifest import Manifest
from server.backup.opened import POSTGRESQL, SQLITE, opened_file
from server.config import Config
from server.db import db, transaction
from server.keys import KeyRing
from server.queries import backup as rows
from server.version import VERSION
from sync.media import Folder, digest_of, fsync_directory

FILES = {SQLITE: "database.sqlite", POSTGRESQL: "database.dump"}


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup. `copied`: photos that earlier backups in the folder did not hold yet."""

    folder: Path
    manifest: Manifest
    copied: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What the copied database holds."""

    life: rows.Life
    migration: str
    counts: dict[str, int]
    photos: list[tuple[str, int]]


def create(into: Path, config: Config, keys: KeyRing, at: datetime) -> Made:
    """A new folder in `into`. Raises BackupFault; an unfinished one is removed."""
    into = into.resolve()
    _refuse_own_folders(into, config)
    draft = into / f".making-{secrets.token_hex(4)}"
    draft.mkdir(parents=True)
    try:
        return _made(into, draft, config, keys, at)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _made(into: Path, draft: Path, config: Config, keys: KeyRing, at: datetime) -> Made:
    kind = db.engine.dialect.name
    file = draft / FILES[kind]
    seen = _copy(db.engine, kind, file)
    sync_file(file)
    copied, lacking = _copy_photos(into, Folder(config.media_dir), seen.photos)
    gone = set(lacking)
    manifest = Manifest(
        server_id=seen.life.server_id,
        epoch=seen.life.epoch,
        seq=seen.life.seq,
        made_at=at,
        app_version=VERSION,
        migration=seen.migration,
        receipt_key=keys.key_id,
        kind=kind,
        database=file.name,
        sha256=digest_of(file),
        size_bytes=file.stat().st_size,
        rows=seen.counts,
        media=tuple(photo for photo in seen.photos if photo[0] not in gone),
        lacking=tuple(lacking),
    )
    manifest.write(draft)
    _ask_again(Folder(config.media_dir), lacking, at)
    return Made(_placed(draft, into, manifest.name), manifest, copied)


def _refuse_own_folders(into: Path, config: Config) -> None:
    for name, own in (("LANTOA_DATA", config.data_dir), ("LANTOA_KEYS", config.keys_dir)):
        if into.is_relative_to(own):
            raise BackupFault(f"{into} lies inside {name}: a backup there is lost together with what it is for.")


def _copy(engine: Engine, kind: str, file: Path) -> Seen:
    """The copy, and what is in it as of the same instant."""
    if kind == SQLITE:
        rows.copy_sqlite(engine, file)
        with opened_file(file) as copy:
            return _seen(copy)
    with Session(engine) as session:
        snapshot = rows.share_snapshot(session)
        seen = _seen(session)
        postgres.dump(engine.url, snapshot, file)
        return seen


def _seen(session: Session) -> Seen:
    life, migration = rows.life(session), rows.migration(session)
    if life is None or migration is None:
        raise BackupFault("There is nothing to back up: the service was never started.")
    return Seen(life, migration, rows.row_counts(session), rows.photos(session))


def _copy_photos(into: Path, folder: Folder, photos: Sequence[tuple[str, int]]) -> tuple[int, list[str]]:
    """How many were new here, and those whose bytes the service has not whole any more."""
    copied, lacking = 0, []
    for sha256, size in photos:
        place = photo_path(into, sha256)
        if place.is_file() and place.stat().st_size == size:
            continue
        try:
            copy_photo(folder.original(sha256), place, sha256)
            copied += 1
        except (Damaged, FileNotFoundError):
            lacking.append(sha256)
    return copied, lacking


def _ask_again(folder: Folder, lacking: Sequence[str], at: datetime) -> None:
    """Phones that still hold such a photo are asked for it; damaged bytes make way for what they send."""
    if not lacking:
        return
    with transaction() as session:
        rows.expect_again(session, lacking)
        for sha256 in lacking:
            audit.note(session, "media.damaged", f"media:{sha256}", None, None, None, at)
    for original in (folder.original(sha256) for sha256 in lacking):
        if original.exists():
            original.replace(original.with_name(f"{original.name}.damaged"))


def _placed(draft: Path, into: Path, name: str) -> Path:
    """Two backups between which no number was taken bear one name: the later gets a figure."""
    for number in range(1, 1000):
        place = into / (name if number == 1 else f"{name}-{number}")
        with suppress(OSError):
            if not place.exists():
                draft.rename(place)
                fsync_directory(into)
                return place
    raise BackupFault(f"There are too many backups named {name} in {into}.")
