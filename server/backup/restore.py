"""Brings a backup back into an empty place, as a new life of the server: a later epoch, and marked.

The epoch is raised before anybody can serve the database: phones then offer again all that they hold (P-23).
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from server.backup import postgres
from server.backup.faults import BackupFault
from server.backup.files import copy_file, copy_photo, photo_path, sync_file
from server.backup.manifest import Manifest
from server.backup.opened import SQLITE
from server.backup.verify import Verified
from server.config import Config
from server.db import db
from server.engine import sqlite
from server.keys import KeyRing
from server.queries import backup as rows
from server.queries import restoration
from server.queries.restoration import NewLife
from sync.media import Folder, fsync_directory

ROOM_FOR_NUMBERS = 1_000_000_000  # more than the lost days can have taken: no number is given twice


@dataclass(frozen=True, slots=True)
class Restored:
    """`photos`: brought back; `asked`: rows of photos that phones are asked for again."""

    manifest: Manifest
    epoch: int
    photos: int
    asked: int


def restore(folder: Path, found: Verified, config: Config, keys: KeyRing, at: datetime) -> Restored:
    """`found`: what verifying this folder just said; photos that lack are asked from phones. Raises BackupFault."""
    url, manifest = make_url(config.database_url), found.manifest
    if faults := [*found.faults, *_against(url, manifest, config, keys)]:
        raise BackupFault(faults)
    lacking = set(found.lacking)
    hashes = [sha256 for sha256, _ in manifest.media if sha256 not in lacking]
    for sha256 in hashes:
        copy_photo(photo_path(folder.resolve().parent, sha256), Folder(config.media_dir).original(sha256), sha256)
    epoch = max(manifest.epoch + 1, int(at.timestamp()))
    life = NewLife(at, epoch, manifest.seq + ROOM_FOR_NUMBERS, manifest.name, manifest.made_at, tuple(sorted(lacking)))
    place = _place_file if manifest.kind == SQLITE else _place_dump
    return Restored(manifest, epoch, len(hashes), place(folder / manifest.database, url, life))


def _against(url: URL, manifest: Manifest, config: Config, keys: KeyRing) -> list[str]:
    """What speaks against restoring here."""
    faults = []
    if url.get_backend_name() != manifest.kind:
        faults.append(f"The backup is of {manifest.kind}, DATABASE_URL names {url.get_backend_name()}.")
    elif _holds_tables(url):
        faults.append("The database is not empty: a backup is restored into an empty place only.")
    if (config.media_dir / "original").is_dir() and any((config.media_dir / "original").iterdir()):
        faults.append(f"{config.media_dir} holds photos: a backup is restored into an empty place only.")
    if keys.spki_of(manifest.receipt_key) is None:
        faults.append(
            f"LANTOA_KEYS ({config.keys_dir}) does not hold the receipt key {manifest.receipt_key} of this server. "
            "Put the folder of keys back first (docs/backup.md): without it every phone has to enrol again."
        )
    return faults


def _holds_tables(url: URL) -> bool:
    if url.get_backend_name() == SQLITE and not Path(url.database or "").exists():
        return False
    with db.engine.connect() as connection, Session(connection) as session:
        return bool(rows.tables(session))


def _place_file(file: Path, url: URL, life: NewLife) -> int:
    """The file gets its name only when it is a new life already."""
    target = Path(url.database or "")
    draft = target.with_name(f".{target.name}.restoring")
    target.parent.mkdir(parents=True, exist_ok=True)
    copy_file(file, draft)
    asked = _begin(URL.create(SQLITE, database=str(draft)), life)
    sync_file(draft)
    db.engine.dispose()
    for leftover in target.parent.glob(f"{target.name}-*"):  # journals of an empty database that somebody opened
        leftover.unlink()
    os.replace(draft, target)
    fsync_directory(target.parent)
    return asked


def _place_dump(file: Path, url: URL, life: NewLife) -> int:
    postgres.load(url, file)
    return _begin(url, life)


def _begin(url: URL, life: NewLife) -> int:
    options = {"module": sqlite} if url.get_backend_name() == SQLITE else {}
    engine = create_engine(url, hide_parameters=True, **options)
    try:
        with Session(engine) as session, session.begin():
            return restoration.begin(session, life)
    finally:
        engine.dispose()
