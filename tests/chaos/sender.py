"""A phone that keeps trying, and tells its history. An attempt may end in CutOff at any moment; then it tries again."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.history import Operation
from tests.chaos.line import CutOff
from tests.phone import Answer, Phone, Photo, Sealed, receipt_holds
from tests.sync.make import jpeg, outreach

PATIENCE_S = 60.0
PAUSE_S = 0.02


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Sender:
    """One phone and what happened to it. `answers`: how often each status came."""

    phone: Phone
    history: list[Operation] = field(default_factory=list)
    attempts: int = 0
    cut_off: int = 0
    refused: list[str] = field(default_factory=list)

    def record(self, *photos: Photo) -> Sealed:
        """Finished and saved on the phone."""
        made: Sealed = outreach(self.phone, photos=photos)
        self._tell("save", "invoke", made)
        self._tell("save", "ok", made)
        self.history += [Operation("photo", photo.media_id, "ok", sha256(photo.data)) for photo in photos]
        return made

    def photo(self, side: int = 8) -> Photo:
        return Photo("photo", jpeg(side))

    def send(self, *records: Sealed) -> bool:
        """One attempt at one batch; True when every record got a receipt that holds."""
        for record in records:
            self._tell("acknowledge", "invoke", record)
        answer = self.phone.send(*records)
        if answer.status != 200:
            self.refused.append(f"{answer.status} {answer.body[:120]!r}")
            return False
        key = self.phone.enrolled["receipt_keys"][0]["spki"]
        receipts = [result.get("receipt") for result in answer.json()["results"]]
        for record, receipt in zip(records, receipts, strict=True):
            if receipt and receipt_holds(receipt, key) and receipt["content_sha256"] == sha256(record.payload.encode()):
                self._tell("acknowledge", "ok", record)
        return all(receipts)

    def upload(self, record: Sealed, photo: Photo) -> bool:
        """One attempt at one photo, from where the server stands; True when it is whole there."""
        self.history.append(Operation("photo-there", photo.media_id, "invoke", sha256(photo.data)))
        offset = self.offset(photo)
        if offset is None:
            return self.phone.create_upload(record, photo).status == 201 and False
        if offset < len(photo.data):
            answer = self.phone.patch(photo, offset, photo.data[offset:])
            if answer.status != 204:
                self.refused.append(f"{answer.status} {answer.body[:120]!r}")
                return False
            offset = int(answer.headers["upload-offset"])
        if offset == len(photo.data):
            self.history.append(Operation("photo-there", photo.media_id, "ok", sha256(photo.data)))
            return True
        return False

    def offset(self, photo: Photo) -> int | None:
        """Where the upload stands; None where there is none yet."""
        answer = self.ask("HEAD", f"/sync/media/{photo.media_id}")
        return int(answer.headers["upload-offset"]) if answer.status == 200 else None

    def ask(self, method: str, path: str, **headers: str) -> Answer:
        own = {"Tus-Resumable": "1.0.0", **self.phone.credentials(), **headers}
        return self.phone.wire(method, path, own, b"")

    def until(self, attempt: Callable[[], bool]) -> None:
        """Again and again, as the phone does, in quicker succession."""
        deadline = time.monotonic() + PATIENCE_S
        while not self.tried(attempt):
            assert time.monotonic() < deadline, f"it never came through: {self.refused[-3:]}"
            time.sleep(PAUSE_S)

    def tried(self, attempt: Callable[[], bool]) -> bool:
        """One attempt; one that was cut off is none that was answered."""
        self.attempts += 1
        try:
            return attempt()
        except CutOff:
            self.cut_off += 1
            return False

    def _tell(self, act: Any, outcome: Any, record: Sealed) -> None:
        self.history.append(Operation(act, record.record_id, outcome, sha256(record.payload.encode())))
