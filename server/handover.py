"""A phone's hand-over file (sync/PROTOCOL.md, 8): read line by line, and taken in as if the phone itself had sent it.

Every rule of the wire holds: signatures, receipts, `held` after revocation, digests of photos. A file is never in
memory as a whole, and may be brought as often as one likes.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from sync.encoding import ID, SHA256
from sync.envelope import MEDIA_MAX_BYTES
from sync.intake import Result, take_in
from sync.messages import BATCH_MAX_BYTES, BATCH_MAX_RECORDS, read_batch
from sync.problems import Problem
from sync.receipts import Issuer
from sync.signatures import Keyring
from sync.store import Device, Store, Upload
from sync.uploads import COMPLETE, Uploads

FORMAT = "lantoa-handover/1"
LINE_MAX_BYTES = 2 * BATCH_MAX_BYTES  # a record's own strings are escaped once more


class BrokenFile(Exception):
    """This is no hand-over file, or it ends in the middle; what came before was taken in."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says of itself. Nothing of it is believed without the records' signatures."""

    server_id: str
    device_uid: str
    made_at: str
    records: int
    media: int


@dataclass(frozen=True, slots=True)
class Photo:
    """What became of a photo; `state` as `have` tells it, or the slug of its problem."""

    media_id: str
    state: str


class _Bytes:
    """The next `left` bytes of a file, as a source of an upload."""

    def __init__(self, file: BinaryIO, left: int) -> None:
        self._file, self.left = file, left

    def read(self, size: int, /) -> bytes:
        part = self._file.read(min(size, self.left))
        self.left -= len(part)
        return part

    def skip(self, most: int) -> None:
        while most > 0 and (part := self.read(min(most, 1 << 16))):
            most -= len(part)


def read_head(file: BinaryIO) -> Head:
    """The first line; BrokenFile when this is something else."""
    said = _line(file)
    server_id, device_uid, made_at = (said.get(name) for name in ("server_id", "device_id", "made_at"))
    if said.get("format") != FORMAT or not all(isinstance(text, str) for text in (server_id, device_uid, made_at)):
        raise BrokenFile("this is not a hand-over file of Lan Tỏa")
    return Head(str(server_id), str(device_uid), str(made_at), _count(said, "records"), _count(said, "media"))


def _count(said: dict[str, Any], name: str) -> int:
    count = said.get(name)
    if not isinstance(count, int) or count < 0:
        raise BrokenFile("the first line does not say how much follows")
    return count


def bring_records(
    file: BinaryIO, head: Head, store: Store, keyring: Keyring, device: Device, at: datetime
) -> Iterator[tuple[str, Result]]:
    """(record id as its envelope says, result) of each record, in the file's order."""
    # P-60: as if the phone had sent it, so that every rule of a batch holds.
    here = store.installation()
    issuer = Issuer(here.server_id, here.epoch, keyring)
    for rows in _batches(file, head.records):
        parts = read_batch(json.dumps({"records": rows}, ensure_ascii=False).encode())
        results = take_in(store, device, parts, issuer, at)
        yield from zip((_name(row) for row in rows), results, strict=True)


def bring_photos(file: BinaryIO, head: Head, uploads: Uploads, device: Device, at: datetime) -> Iterator[Photo]:
    """What became of each photo; the fault of one is that one's alone."""
    for _ in range(head.media):
        upload = _promise(_line(file))
        source = _Bytes(file, upload.size_bytes)
        state = _receive(uploads, device, upload, source, at)
        source.skip(source.left)
        if source.left or file.read(1) != b"\n":
            raise BrokenFile(f"the file ends in the middle of the photo {upload.media_id}")
        yield Photo(upload.media_id, state)


def _receive(uploads: Uploads, device: Device, upload: Upload, source: _Bytes, at: datetime) -> str:
    if not device.active:
        return "device-revoked"  # P-16: it hands over records, nothing else
    try:
        media = uploads.create(device, upload, at)
        if media.state in COMPLETE:
            return media.state
        source.skip(media.offset_bytes)
        return uploads.receive(device, upload.media_id, media.offset_bytes, source, None, at).state
    except Problem as problem:
        return problem.type


def _batches(file: BinaryIO, records: int) -> Iterator[list[dict[str, Any]]]:
    """As many as the wire takes at once."""
    rows: list[dict[str, Any]] = []
    size = 0
    for _ in range(records):
        try:
            row = _line(file)
        except BrokenFile:
            if rows:
                yield rows  # a file that was cut still brings what it holds
            raise
        length = len(json.dumps(row, ensure_ascii=False).encode(errors="surrogatepass")) + 2
        if rows and (len(rows) == BATCH_MAX_RECORDS or size + length > BATCH_MAX_BYTES - 100):
            yield rows
            rows, size = [], 0
        rows.append(row)
        size += length
    if rows:
        yield rows


def _line(file: BinaryIO) -> dict[str, Any]:
    text = file.readline(LINE_MAX_BYTES)
    with suppress(ValueError, RecursionError):
        row = json.loads(text) if text.endswith(b"\n") else None
        if isinstance(row, dict):
            return row
    raise BrokenFile("the file ends in the middle, or was changed")


def _promise(row: dict[str, Any]) -> Upload:
    found = [row.get(name) for name in ("id", "sha256", "record_id", "question")]
    media_id, sha256, record_id, question = (one if isinstance(one, str) else "" for one in found)
    size = row.get("size")
    if not (ID.fullmatch(media_id) and SHA256.fullmatch(sha256) and ID.fullmatch(record_id)):
        raise BrokenFile("a photo's line was changed")
    if not isinstance(size, int) or not 0 < size <= MEDIA_MAX_BYTES:
        raise BrokenFile("a photo's line names no size")
    return Upload(media_id, sha256, size, record_id, question[:200] or None)


def _name(row: dict[str, Any]) -> str:
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        return str(json.loads(row["envelope"])["record_id"])[:32]
    return "?"
