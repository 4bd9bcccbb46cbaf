"""Records with a photo of 200 kB each, over 16 connections: text in batches, photos as the phone sends them.

Each photo is created and then sent in one piece, as by a phone whose line is good. What is measured ends when every
photo is whole on the disk: synced, checked against its hash and looked at.
"""

import io
import os
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from PIL import Image

from bench.connection import Connection
from bench.installation import enrolment_code, installed
from bench.line import say
from bench.ordinary import Shelf, answers_of, calculated_of, shelf_of
from tests.e2e.running import Running
from tests.phone import Phone, Photo, Sealed

CONNECTIONS = 16
EACH = 25
PHOTO_BYTES = 200_000


@dataclass
class Sender:
    """One phone with its records and photos."""

    phone: Phone
    records: list[tuple[Sealed, Photo]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def send(self) -> None:
        sent = self.phone.send(*(record for record, _ in self.records), compress=True)
        if sent.status != 200:
            self.faults.append(f"records: {sent.status}")
        for record, photo in self.records:
            answer = self.phone.upload(record, photo)
            if (answer.status, answer.headers.get("upload-offset")) != (204, str(len(photo.data))):
                self.faults.append(f"photo: {answer.status}")


def main() -> None:
    """Measures and prints one figure."""
    with installed() as running:
        running.start()
        picture = _jpeg()
        senders = [_sender(running, number, picture) for number in range(CONNECTIONS)]
        threads = [threading.Thread(target=sender.send) for sender in senders]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took_s = time.perf_counter() - began
        assert not any(sender.faults for sender in senders), [sender.faults[:1] for sender in senders]
        found = sum(len(files) for _, _, files in os.walk(running.folder / "data/media/original"))
    count = CONNECTIONS * EACH
    assert found == count
    say(
        "records_with_photo_per_s",
        count / took_s,
        "records/s",
        ">= 400",
        records=count,
        photo_bytes=len(picture),
        connections=CONNECTIONS,
    )


def _sender(running: Running, number: int, picture: bytes) -> Sender:
    phone = Phone(Connection(running.port), lambda: datetime.now(UTC))
    assert phone.enrol(enrolment_code(running)).status == 201
    chance, shelf, today = Random(number), shelf_of(phone), phone.clock().date().isoformat()
    return Sender(phone, [_record(phone, shelf, chance, today, picture) for _ in range(EACH)])


def _record(phone: Phone, shelf: Shelf, chance: Random, today: str, picture: bytes) -> tuple[Sealed, Photo]:
    photo = Photo("photo", picture + chance.randbytes(16))  # other bytes, and still the same picture
    calculated = calculated_of(shelf, today)
    return phone.seal(answers_of(shelf, chance, today), calculated=calculated, photos=(photo,)), photo


def _jpeg() -> bytes:
    """A picture as the phone's camera leaves it: 1600 pixels wide, 200 kB."""
    for noise in range(8, 80, 2):
        buffer = io.BytesIO()
        Image.effect_noise((1600, 1200), noise).convert("RGB").save(buffer, "JPEG", quality=70)
        if buffer.tell() >= PHOTO_BYTES:
            break
    return buffer.getvalue()
