"""tus 1.0.0 between request and disk: what a creation, a PATCH, a HEAD and a termination mean for one photo.

Knows headers as text and bytes as a source; routes are left to `media_routes`, bytes on disk to `media`.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sync.encoding import ID, SHA256
from sync.envelope import MEDIA_MAX_BYTES
from sync.media import Checksum, Folder, Source, append
from sync.problems import Fault, Problem
from sync.store import Device, Media, MediaState, Store, Upload

TUS_VERSION = "1.0.0"
ALGORITHMS = ("sha1", "sha256")
EXPIRES_AFTER = timedelta(days=30)
COMPLETE = ("there", "unreadable")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Uploads:
    """The photos of one installation. `readable` says whether a file can be decoded as a photo."""

    store: Store
    folder: Folder
    readable: Callable[[Path], bool]

    def create(self, device: Device, upload: Upload, at: datetime) -> Media:
        """P-31: the same promise again finds the same upload; another promise under the same id is refused."""
        media = self.store.promise(device, upload, at + EXPIRES_AFTER, at)
        if media.account_id != device.account_id or (media.sha256, media.size_bytes) != (
            upload.sha256,
            upload.size_bytes,
        ):
            raise Problem("media-promise-differs")
        return self._standing(media)

    def find(self, device: Device, media_id: str) -> Media:
        """The upload as it stands; Problem `media-unknown` also for one of somebody else, `media-erased`."""
        media = self.store.media(device, media_id)
        if media is None:
            raise Problem("media-unknown")
        return self._standing(media)

    def receive(
        self, device: Device, media_id: str, offset: int, source: Source, checksum: Checksum | None, at: datetime
    ) -> Media:
        """Appends what the source gives; the upload as it stands afterwards."""
        self.find(device, media_id)
        with self.folder.writing(media_id) as file:
            media = self.find(device, media_id)  # again: another writer may have finished in between
            if media.state in COMPLETE and offset == media.size_bytes:
                self.folder.drop_partial(media_id)
                return media
            if offset != media.offset_bytes:  # P-32
                raise Problem("media-offset-differs", headers={"Upload-Offset": str(media.offset_bytes)})
            reached = append(file, offset, media.size_bytes - offset, source, checksum)
            if reached < media.size_bytes:
                return self._note(replace(media, state="partial", offset_bytes=reached), at)
            return self._complete(media, at)

    def terminate(self, device: Device, media_id: str, at: datetime) -> None:
        """P-37: an upload under way can be given up; a whole photo is evidence and stays."""
        media = self.find(device, media_id)
        if media.state in COMPLETE:
            raise Problem("media-complete")
        with self.folder.writing(media_id):
            self.folder.drop_partial(media_id)
            self.store.drop_media(media_id, at)

    def _complete(self, media: Media, at: datetime) -> Media:
        # P-34: believe a digest, never a parse. Other bytes than promised: none of them is kept.
        if not self.folder.finish(media.media_id, media.sha256):
            self._note(replace(media, state="expected", offset_bytes=0), at)
            raise Problem("media-digest-mismatch", headers={"Upload-Offset": "0"})
        # P-36: the promised bytes are always taken; whether a photo can be opened is a finding. Others are not opened.
        opens = not media.kind.startswith("image/") or self.readable(self.folder.original(media.sha256))
        state: MediaState = "there" if opens else "unreadable"
        return self._note(replace(media, state=state, offset_bytes=media.size_bytes), at)

    def _note(self, media: Media, at: datetime) -> Media:
        self.store.move_media(media.media_id, media.state, media.offset_bytes, at)
        return media

    def _standing(self, media: Media) -> Media:
        """Of a partial upload counts what both the row and the disk have: either may be behind after a power cut."""
        if media.state == "erased":
            raise Problem("media-erased")
        if media.state in COMPLETE:
            return replace(media, offset_bytes=media.size_bytes)
        return replace(media, offset_bytes=min(media.offset_bytes, self.folder.size_of_partial(media.media_id)))


def read_number(name: str, value: str | None) -> int:
    """A header's plain decimal number; Problem `request-invalid`."""
    if value is None or not _NUMBER.fullmatch(value):
        raise Problem("request-invalid", 400, errors=[Fault(name, "must be a decimal number")])
    return int(value)


def read_promise(length: str | None, metadata: str | None) -> Upload:
    """The promise in `Upload-Length` and `Upload-Metadata`; Problem `request-invalid` with all faults."""
    size = read_number("Upload-Length", length)
    if size > MEDIA_MAX_BYTES:
        raise Problem("body-too-large", headers={"Tus-Max-Size": str(MEDIA_MAX_BYTES)})
    values = _metadata(metadata or "")
    faults = [Fault("Upload-Length", "must be at least 1")] if size == 0 else []
    for name, pattern in (("media_id", ID), ("sha256", SHA256)):
        if not pattern.fullmatch(values.get(name, "")):
            faults.append(Fault(f"Upload-Metadata {name}", "must be lower-case hex digits of the right number"))
    if values.get("record_id") and not ID.fullmatch(values["record_id"]):
        faults.append(Fault("Upload-Metadata record_id", "must be 32 lower-case hex digits"))
    if faults:
        raise Problem("request-invalid", 400, errors=faults)
    question = values.get("question", "")[:200] or None
    return Upload(values["media_id"], values["sha256"], size, values.get("record_id") or None, question)


def _metadata(header: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, encoded = pair.partition(" ")
        try:
            values[name] = base64.b64decode(encoded.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            fault = Fault(f"Upload-Metadata {name[:40]}", "must be base64 of UTF-8 text")
            raise Problem("request-invalid", 400, errors=[fault]) from error
    return values


def read_checksum(header: str | None) -> Checksum | None:
    """What `Upload-Checksum` promises, or None where there is none."""
    if header is None:
        return None
    algorithm, _, encoded = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise Problem("checksum-unsupported", headers={"Tus-Checksum-Algorithm": ",".join(ALGORITHMS)})
    try:
        return Checksum(algorithm, base64.b64decode(encoded.strip(), validate=True))
    except binascii.Error as error:
        raise Problem("request-invalid", 400, errors=[Fault("Upload-Checksum", "must be base64")]) from error
