"""Files of a backup on the disk: written whole and fsynced, copied by hash, never changed afterwards."""

import hashlib
import os
import secrets
from pathlib import Path

from sync.media import fsync_directory

CHUNK_BYTES = 256 * 1024


class Damaged(Exception):
    """The bytes are not those that their name promises."""


def write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fsync_directory(path.parent)


def sync_file(path: Path) -> None:
    """SQLite and pg_dump do not fsync what they write for us."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fsync_directory(path.parent)


def photo_path(root: Path, sha256: str) -> Path:
    """Where the photos of all backups in a folder lie."""
    return root / "media" / sha256[:2] / sha256


def copy_photo(source: Path, into: Path, sha256: str) -> None:
    """Temp → fsync → link → fsync of the directory. Raises Damaged, or OSError when the source cannot be read."""
    into.parent.mkdir(parents=True, exist_ok=True)
    draft = into.with_name(f".{into.name}.{secrets.token_hex(4)}")
    try:
        if _copied(source, draft) != sha256:
            raise Damaged(sha256)
        os.replace(draft, into)
    finally:
        draft.unlink(missing_ok=True)
    fsync_directory(into.parent)


def copy_file(source: Path, into: Path) -> None:
    """A copy that survives a power cut."""
    _copied(source, into)
    fsync_directory(into.parent)


def _copied(source: Path, into: Path) -> str:
    """The SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as read, into.open("wb") as written:
        while chunk := read.read(CHUNK_BYTES):
            digest.update(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    return digest.hexdigest()
