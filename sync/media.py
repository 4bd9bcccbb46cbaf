"""Photos on the local disk: `partial/<media id>` grows by appends, `original/<ab>/<sha256>` is whole and checked.

Write order of a whole photo: temp → fsync → link → fsync directory; the database comes after, so that a row that says
`there` never names bytes that a power cut can take. Originals are never served.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from sync.problems import Problem

CHUNK_BYTES = 16 * 1024


class Source(Protocol):
    """Where bytes come from. An empty read means: no more, whether finished or cut."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Checksum:
    """What `Upload-Checksum` promised of one request's bytes."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Folder:
    """The media folder of one installation."""

    root: Path

    def partial(self, media_id: str) -> Path:
        return self.root / "partial" / media_id

    def original(self, sha256: str) -> Path:
        return self.root / "original" / sha256[:2] / sha256

    def size_of_partial(self, media_id: str) -> int:
        """How many bytes of an upload lie on the disk."""
        try:
            return self.partial(media_id).stat().st_size
        except FileNotFoundError:
            return 0

    @contextmanager
    def writing(self, media_id: str) -> Iterator[BinaryIO]:
        """The partial file, for one writer at a time; Problem `media-busy` for a second one."""
        path = self.partial(media_id)
        _make_durable(path.parent)
        with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o640), "r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Problem("media-busy", headers={"Retry-After": "5"}) from error
            yield file

    def finish(self, media_id: str, sha256: str) -> bool:
        """Puts the partial file in its final place when its bytes have this hash; drops them when not."""
        partial = self.partial(media_id)
        if digest_of(partial) != sha256:
            partial.unlink()
            return False
        final = self.original(sha256)
        _make_durable(final.parent)
        # P-35: the bytes are on the disk (append fsynced them) before the name is, and the name before the database.
        with suppress(FileExistsError):  # the same bytes are there already
            os.link(partial, final)
        fsync_directory(final.parent)
        partial.unlink()
        return True

    def drop_partial(self, media_id: str) -> None:
        self.partial(media_id).unlink(missing_ok=True)


def append(file: BinaryIO, offset: int, room: int, source: Source, checksum: Checksum | None) -> int:
    """Writes what `source` gives at `offset` and fsyncs it; the new offset. Problem `checksum-mismatch` keeps nothing.

    A source that is cut short is no error: the bytes that came are kept (P-33), unless a checksum was given.
    """
    file.truncate(offset)
    file.seek(offset)
    digest = hashlib.new(checksum.algorithm) if checksum else None
    written = _copy(source, file, room, digest)
    if checksum and digest and digest.digest() != checksum.digest:
        file.truncate(offset)
        raise Problem("checksum-mismatch", headers={"Upload-Offset": str(offset)})
    file.flush()
    os.fsync(file.fileno())
    return offset + written


def _copy(source: Source, file: BinaryIO, room: int, digest: "hashlib._Hash | None") -> int:
    written = 0
    while chunk := source.read(min(CHUNK_BYTES, room - written + 1)):
        if written + len(chunk) > room:
            raise Problem("body-too-large", detail="more bytes than the upload's length")
        try:
            file.write(chunk)
        except OSError as error:
            raise Problem("storage-full", headers={"Retry-After": "60"}) from error
        if digest:
            digest.update(chunk)
        written += len(chunk)
    return written


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as they are on the disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_durable(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    fsync_directory(folder.parent)


def fsync_directory(folder: Path) -> None:
    """Makes the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
