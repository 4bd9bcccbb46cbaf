"""Arms a fault, lets a phone act through it, brings back what was killed, and lets the phone go on until it is done."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.chaos.faults import CALL, Plan
from tests.chaos.history import Verdict, judge
from tests.chaos.sender import Sender
from tests.chaos.served import Served
from tests.chaos.standing import end_of, unsound

REVIVE_S = 60.0


@dataclass(frozen=True, slots=True)
class Case:
    """What the phone does (`records` or `photo`) while the plan strikes."""

    doing: str
    plan: Plan


def strike(served: Served, sender: Sender, case: Case, revive: Callable[[], None] | None = None) -> bool:
    """One act under one fault; whether it struck. `revive`: brings back a database. Fails when the phone never came
    through."""
    attempt = _prepared(served, sender, case.doing)
    case.plan.write(served.plan)
    sender.tried(attempt)
    struck = not served.plan.exists()
    served.plan.unlink(missing_ok=True)
    sender.until(lambda: revived(served, revive) and attempt())
    return struck


def _prepared(served: Served, sender: Sender, doing: str) -> Callable[[], bool]:
    if doing == "records":
        records = [sender.record() for _ in range(3)]
        return lambda: sender.send(*records)
    photo = sender.photo(40)
    record = sender.record(photo)
    # the worker of a killed master may end only now
    sender.until(lambda: revived(served) and sender.send(record))
    sender.until(lambda: revived(served) and sender.phone.create_upload(record, photo).status == 201)
    return lambda: sender.upload(record, photo)


def revived(served: Served, revive: Callable[[], None] | None = None) -> bool:
    """A master that is dead is started anew, by whoever watches over the service; a worker by its master."""
    if revive:
        revive()
    if served.process is not None and served.process.poll() is not None:
        served.stop()
        served.start()
    deadline = time.monotonic() + REVIVE_S
    while not served.answers():
        assert time.monotonic() < deadline, served.log
        if served.process is not None and served.process.poll() is not None:
            return revived(served)
        time.sleep(0.02)
    return True


def strike_all(served: Served, cases: Iterable[Case]) -> Verdict:
    """All of them with one phone; the verdict over its history."""
    sender = Sender(served.phone())
    for case in cases:
        assert strike(served, sender, case), f"{case} was never reached"
    return verdict(served, sender)


def strike_every_call(served: Served, error: str) -> tuple[Verdict, Sender, int]:
    """The first call on the media folder fails, then the second …, until an act has fewer calls; how many that were."""
    sender, number = Sender(served.phone()), 0
    while strike(served, sender, Case("photo", Plan(CALL, error, number))):
        number += 1
    return verdict(served, sender), sender, number


def verdict(served: Served, sender: Sender) -> Verdict:
    """Over the phone's history and what the server holds."""
    found = unsound(served.database)
    assert found == [], found
    return judge(sender.history, end_of(served.database, served.media))
