"""Records per second taken in batches over HTTP with FULL durability, and the memory of all processes meanwhile."""

import threading
import time
from datetime import UTC, datetime

from bench.connection import Connection
from bench.installation import enrolment_code, installed
from bench.line import say
from bench.memory import Watch
from tests.phone import Phone, Sealed

PHONES = 4
BATCHES_PER_PHONE = 50
BATCH = 50


def session_answers(number: int, today: str) -> dict[str, object]:
    """An ordinary session: six answers and what is preset."""
    return {
        "place": {
            "session_date": today,
            "session_part": "am",
            "commune": "",
            "hamlet": "",
            "place_name": "dữ liệu mẫu",
        },
        "content": {"method": "F03", "audience": "people", "provisions": "", "language": "vi"},
        "attendance": {"attendees_total": str(20 + number % 60), "count_method": "counted"},
        "photos": {"no_photo": "camera"},
    }


def sealed_batches(phone: Phone) -> list[list[Sealed]]:
    """Everything that one phone will send, made before the clock runs."""
    today = phone.clock().date().isoformat()
    return [
        [phone.seal(session_answers(batch * BATCH + number, today)) for number in range(BATCH)]
        for batch in range(BATCHES_PER_PHONE)
    ]


def send_all(phone: Phone, batches: list[list[Sealed]], faults: list[str]) -> None:
    """Sends the batches one after the other; what did not get a receipt is told."""
    for batch in batches:
        answer = phone.send(*batch, compress=True)
        if answer.status != 200:
            faults.append(f"{answer.status} {answer.body[:200]!r}")
            return
        faults.extend(str(result["problem"]) for result in answer.json()["results"] if "receipt" not in result)


def main() -> None:
    """Measures and prints two figures."""
    with installed() as running:
        running.start()
        assert running.process is not None
        phones = [Phone(Connection(running.port), lambda: datetime.now(UTC)) for _ in range(PHONES)]
        for phone in phones:
            assert phone.enrol(enrolment_code(running)).status == 201
        batches = [sealed_batches(phone) for phone in phones]
        faults: list[str] = []
        threads = [
            threading.Thread(target=send_all, args=(phone, own, faults))
            for phone, own in zip(phones, batches, strict=True)
        ]
        with Watch(running.process.pid) as watch:
            began = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            took_s = time.perf_counter() - began
        assert not faults, faults[:3]
        count = PHONES * BATCHES_PER_PHONE * BATCH
        say("intake_records_per_s", count / took_s, "records/s", ">= 1000", records=count, connections=PHONES)
        say("memory_all_processes", watch.highest / 2**20, "MiB PSS", "<= 150")


if __name__ == "__main__":
    main()
