"""Bytes on the line: for a record without a photo, amortised in full batches, and what a bad line wastes."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from random import Random

import brotli

from bench.connection import Connection
from bench.installation import enrolment_code, installed
from bench.line import say
from bench.link import Link
from bench.ordinary import answers_of, calculated_of, shelf_of
from tests.chaos.line import Cut, CutLine, CutOff, Wire
from tests.e2e.running import Running
from tests.phone import Phone, Photo, Sealed

BATCH, BATCHES = 50, 10
RESETS = 0.1
PHOTOS, PHOTO_BYTES = 30, 200_000
FIRST_PIECE, SMALLEST_PIECE, LARGEST_PIECE = 64 * 1024, 8 * 1024, 256 * 1024  # static/src/upload.ts
CHROMIUM = {  # what a phone's browser adds to each request
    "User-Agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile",
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "vi-VN,vi;q=0.9",
    "Origin": "https://lantoa.example.vn",
    "Referer": "https://lantoa.example.vn/",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Dest": "empty",
}


def bytes_per_record() -> None:
    """HTTP in both directions, headers and all; TLS and TCP are not in it."""
    with installed() as running:
        running.start()
        phone = _phone(running, running.port)
        bodies = [_packed(_records(phone, Random(number))) for number in range(BATCHES)]
        with Link(running.port) as link:
            phone.wire = Connection(link.port)
            for body in bodies:
                headers = {"Content-Type": "application/json", "Content-Encoding": "gzip", **CHROMIUM}
                answer = phone.wire("POST", "/sync/records", headers | phone.credentials(), body)
                results = json.loads(brotli.decompress(answer.body))["results"]
                assert all("receipt" in result for result in results)
            up, down = link.up.bytes_moved, link.down.bytes_moved
        count = BATCH * BATCHES
        detail = {"up": round(up / count, 1), "down": round(down / count, 1), "batch": BATCH}
        say("wire_bytes_per_record", (up + down) / count, "bytes", "<= 300", **detail)


def waste() -> None:
    """Bytes on a line that resets one request of ten at a byte drawn by chance, over those on a good line."""
    with installed() as running:
        running.start()
        good, bad = _moved(running, 0.0, 1), _moved(running, RESETS, 1)
        detail = {"bytes": bad, "without": good, "resets": RESETS, "photos": PHOTOS, "seed": 1}
        say("waste_under_resets", bad / good, "times", "<= 1.3", **detail)


def _moved(running: Running, resets: float, seed: int) -> int:
    line, chance = CutLine(running.port), Random(seed)
    phone = _phone(running, running.port)
    phone.wire = Wire(line.port)
    photos = [Photo("photo", chance.randbytes(PHOTO_BYTES)) for _ in range(PHOTOS)]
    records = _records(phone, chance, photos)
    line.moved = 0
    hurried = _Hurried(phone, line, chance, resets)
    for start in range(0, len(records), BATCH):
        batch = records[start : start + BATCH]
        hurried.until(partial(_accepted, phone, batch), len(batch) * 450)
    for record, photo in zip(records, photos, strict=False):
        hurried.photo(record, photo)
    line.close()
    return line.moved


class _Hurried:
    """A phone that goes on at once, as static/src/upload.ts does: asks where it stands, sends the next piece."""

    def __init__(self, phone: Phone, line: CutLine, chance: Random, resets: float) -> None:
        self._phone, self._line, self._chance, self._resets = phone, line, chance, resets
        self._piece = FIRST_PIECE

    def until(self, attempt: Callable[[], bool], length: int) -> None:
        while not self._tried(attempt, length):
            pass

    def _tried(self, attempt: Callable[[], bool], length: int) -> bool:
        if self._chance.random() < self._resets:
            self._line.cut = Cut(self._chance.choice(("up", "up", "down")), self._chance.randint(0, length))
        try:
            return attempt()
        except CutOff:
            self._piece = max(SMALLEST_PIECE, self._piece // 2)
            return False

    def photo(self, record: Sealed, photo: Photo) -> None:
        self.until(lambda: self._phone.create_upload(record, photo).status == 201, 500)
        while (offset := self._offset(photo)) < len(photo.data):
            while offset < len(photo.data):
                piece = photo.data[offset : offset + self._piece]
                if not self._tried(partial(self._sent, photo, offset, piece), len(piece)):
                    break
                offset += len(piece)
                self._piece = min(LARGEST_PIECE, self._piece * 2)

    def _sent(self, photo: Photo, offset: int, piece: bytes) -> bool:
        return self._phone.patch(photo, offset, piece).status == 204

    def _offset(self, photo: Photo) -> int:
        found = [-1]

        def ask() -> bool:
            headers = {"Tus-Resumable": "1.0.0", **self._phone.credentials()}
            answer = self._phone.wire("HEAD", f"/sync/media/{photo.media_id}", headers, b"")
            found[0] = int(answer.headers.get("upload-offset", "-1"))
            return found[0] >= 0

        self.until(ask, 300)
        return found[0]


def _accepted(phone: Phone, batch: list[Sealed]) -> bool:
    return phone.send(*batch, compress=True).status == 200


def _phone(running: Running, port: int) -> Phone:
    phone = Phone(Connection(port), lambda: datetime.now(UTC))
    assert phone.enrol(enrolment_code(running)).status == 201
    return phone


def _records(phone: Phone, chance: Random, photos: list[Photo] | None = None) -> list[Sealed]:
    shelf, today = shelf_of(phone), phone.clock().date().isoformat()
    kept = photos or []
    own = [(photo,) for photo in kept] + [()] * (BATCH - len(kept))
    calculated = calculated_of(shelf, today)
    return [phone.seal(answers_of(shelf, chance, today), calculated=calculated, photos=named) for named in own]


def _packed(records: list[Sealed]) -> bytes:
    return gzip.compress(json.dumps({"records": [one.wire() for one in records]}, ensure_ascii=False).encode(), 6)
