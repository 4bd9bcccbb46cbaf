"""Photos on the local disk: `partial/<media id>` grows by appends, `original/<ab>/<sha256>` is whole and checked.

Write order of a whole photo: temp → fsync → link → fsync directory; the database comes after, so that a row that says
`there` never names bytes that a power cut can take. Originals are never served.
"""

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sync.problems import Problem

CHUNK_BYTES = 64 * 1024
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DURABLE: set[Path] = set()  # folders whose names this process has brought to the disk


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
    def writing(self, media_id: str) -> Iterator[int]:
        """The partial file's descriptor, for one writer at a time; Problem `media-busy` for a second one."""
        path = self.partial(media_id)
        with _disk():
            _make_durable(path.parent, self.root.parent)
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
        try:
            _lock(file)
            yield file
        finally:
            os.close(file)

    def finish(self, media_id: str, sha256: str) -> bool:
        """Puts the partial file in its final place when its bytes have this hash; drops them when not."""
        partial = self.partial(media_id)
        with _disk():
            if digest_of(partial) != sha256:
                partial.unlink()
                return False
            final = self.original(sha256)
            _make_durable(final.parent, self.root.parent)
            # P-35: the bytes are on the disk (append fsynced them) before the name, and the name before the database.
            with suppress(FileExistsError):  # the same bytes are there already
                os.link(partial, final)
            fsync_directory(final.parent)
            partial.unlink()
        return True

    def drop_partial(self, media_id: str) -> None:
        self.partial(media_id).unlink(missing_ok=True)


def append(file: int, offset: int, room: int, source: Source, checksum: Checksum | None) -> int:
    """Writes what `source` gives at `offset` and fsyncs it; the new offset. Problem `checksum-mismatch` keeps nothing.

    A source that is cut short is no error: the bytes that came are kept (P-33), unless a checksum was given.
    """
    digest = hashlib.new(checksum.algorithm) if checksum else None
    with _disk():
        os.ftruncate(file, offset)
    try:
        reached = _copy(source, file, offset, room, digest)
        if checksum and digest and digest.digest() != checksum.digest:
            raise Problem("checksum-mismatch", headers={"Upload-Offset": str(offset)})
        with _disk():
            os.fsync(file)
    except Problem:
        with suppress(OSError):  # what is not acknowledged takes no room; the next writer cuts it off in any case
            os.ftruncate(file, offset)
        raise
    return reached


def _copy(source: Source, file: int, offset: int, room: int, digest: "hashlib._Hash | None") -> int:
    """Where the bytes end that came."""
    end, at = offset + room, offset
    while chunk := source.read(min(CHUNK_BYTES, end - at + 1)):
        if at + len(chunk) > end:
            raise Problem("body-too-large", detail="more bytes than the upload's length")
        with _disk():
            _write(file, chunk, at)
        if digest:
            digest.update(chunk)
        at += len(chunk)
    return at


def _write(file: int, data: bytes, offset: int) -> None:
    """All of it: a disk that is nearly full takes a part first."""
    left = memoryview(data)
    while left:
        written = os.pwrite(file, left, offset)
        left, offset = left[written:], offset + written


def _lock(file: int) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Problem("media-busy", headers={"Retry-After": "5"}) from error


@contextmanager
def _disk() -> Iterator[None]:
    """P-39: a disk that is full or fails is told as such; nothing that it did not take is acknowledged."""
    try:
        yield
    except OSError as error:
        full = error.errno in NO_ROOM
        raise Problem("storage-full" if full else "storage-failing", headers={"Retry-After": "60"}) from error


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as they are on the disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_durable(folder: Path, top: Path) -> None:
    """Makes the folder and all above it up to `top`; each name is on the disk before anything lies under it.

    That a folder is there does not say so: whoever made it may have been killed before its name was on the disk.
    """
    if folder == top or (folder in _DURABLE and folder.is_dir()):
        folder.mkdir(parents=True, exist_ok=True)
        return
    _make_durable(folder.parent, top)
    folder.mkdir(exist_ok=True)
    fsync_directory(folder.parent)
    _DURABLE.add(folder)


def fsync_directory(folder: Path) -> None:
    """Makes the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
