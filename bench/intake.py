"""Records per second taken in batches over HTTP with FULL durability, and the memory of all processes meanwhile.

The batches are made and packed before the clock runs (phones do that with their own processors); sending them and
reading the answers is this program's work, on the same machine. Afterwards every receipt is verified.
"""

import gzip
import json
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from bench.connection import Connection
from bench.installation import enrolment_code, installed
from bench.line import say
from bench.memory import Watch
from bench.ordinary import answers_of, calculated_of, shelf_of
from tests.e2e.running import Running
from tests.phone import Phone, receipt_holds

PHONES = 4
BATCHES_PER_PHONE = 50
BATCH = 50


@dataclass
class Sender:
    """One phone, what it will send, and what came back."""

    phone: Phone
    bodies: list[bytes] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def pack(self, chance: Random) -> None:
        """Makes everything that will be sent."""
        shelf, today = shelf_of(self.phone), self.phone.clock().date().isoformat()
        for _ in range(BATCHES_PER_PHONE):
            records = [
                self.phone.seal(answers_of(shelf, chance, today), calculated=calculated_of(shelf, today)).wire()
                for _ in range(BATCH)
            ]
            self.bodies.append(gzip.compress(json.dumps({"records": records}, ensure_ascii=False).encode(), 6))

    def send(self) -> None:
        """One batch after the other."""
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip", **self.phone.credentials()}
        for body in self.bodies:
            answer = self.phone.wire("POST", "/sync/records", headers, body)
            if answer.status != 200:
                self.faults.append(f"{answer.status} {answer.body[:200]!r}")
                return
            self.answers.append(answer.body)

    def verified(self) -> int:
        """How many receipts hold; anything else is a fault."""
        key = self.phone.enrolled["receipt_keys"][0]["spki"]
        results = [result for body in self.answers for result in json.loads(body)["results"]]
        receipts = [result["receipt"] for result in results]
        assert all(receipt["status"] == "stored" and receipt_holds(receipt, key) for receipt in receipts)
        return len(receipts)


def main() -> None:
    """Measures and prints two figures."""
    with installed() as running:
        running.start()
        assert running.process is not None
        senders = [_sender(running, number) for number in range(PHONES)]
        with Watch(running.process.pid) as watch:
            took_s = _all_at_once(senders)
        count = sum(sender.verified() for sender in senders)
        detail = {"records": count, "connections": PHONES, "findings": _findings(running)}
        say("intake_records_per_s", count / took_s, "records/s", ">= 1000", **detail)
        say("memory_all_processes", watch.highest / 2**20, "MiB PSS", "<= 150")


def _sender(running: Running, number: int) -> Sender:
    phone = Phone(Connection(running.port), lambda: datetime.now(UTC))
    assert phone.enrol(enrolment_code(running)).status == 201
    sender = Sender(phone)
    sender.pack(Random(number))
    return sender


def _all_at_once(senders: list[Sender]) -> float:
    threads = [threading.Thread(target=sender.send) for sender in senders]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took_s = time.perf_counter() - began
    assert not any(sender.faults for sender in senders), [sender.faults[:1] for sender in senders]
    return took_s


def _findings(running: Running) -> int:
    with closing(sqlite3.connect(running.folder / "data/lantoa.db")) as database:
        count: int = database.execute("SELECT count(*) FROM finding").fetchone()[0]
        return count
