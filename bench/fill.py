"""`script/bench --fill N`: N ordinary sessions of this year into the installation named by the environment.

They go through the stores' bulk path, marked synthetic, from officers of communes all over the plan (logins `bench.…`).
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from flask import Flask

from bench.connection import through
from bench.line import say
from bench.ordinary import answers_of, calculated_of, shelf_of
from server.app import create_app
from server.clock import Clock, day_of
from server.db import db, transaction
from server.keys import KeyRing
from server.people import accounts, enrolment
from server.people.accounts import Person
from server.people.principal import OFFICER
from server.queries import people, units
from server.queries.units import UnitLine
from server.stores import STORE, Sent, SqlStore, put_many
from sync.messages import Sealed
from sync.problems import Problem
from tests.phone import Phone

COMMUNES = 20
SPREAD_DAYS = 200
SEED = 31


@dataclass(frozen=True, slots=True)
class Made:
    """A record and the phone that made it."""

    phone: Phone
    sealed: Sealed


def main(count: int) -> None:
    """Fills; prints how many a second."""
    app = create_app()
    with app.app_context():
        made = list(records(phones(app), count, SEED))
        began = time.perf_counter()
        stored = put(app, made)
        say("fill_records_per_s", stored / (time.perf_counter() - began), "records/s", None, records=stored)


def phones(app: Flask, communes: int = COMMUNES) -> list[Phone]:
    """A newly enrolled phone in each of the first communes that stand today."""
    clock: Clock = app.extensions["lantoa_clock"]
    found = units.standing(db.session(), day_of(clock()), "commune")[:communes]
    if not found:
        sys.exit("No commune stands today: load a plan first (flask --app wsgi preset load … --year …).")
    return [_enrolled(app, clock, unit) for unit in found]


def _enrolled(app: Flask, clock: Clock, unit: UnitLine) -> Phone:
    login, at = f"bench.{unit.code}", clock()
    newcomer = accounts.prepare(Person(login, "Đo thử (dữ liệu mẫu)", OFFICER, unit.key))
    with transaction() as session:
        known = people.account_by_login(session, login)
        since = day_of(at) - timedelta(days=SPREAD_DAYS)
        account_id = known.id if known else accounts.add(session, newcomer, at, since).account_id
        code = enrolment.issue(session, account_id, unit.id, at)
    phone = Phone(through(app), clock)
    answer = phone.enrol(code)
    assert answer.status == 201, answer.body
    return phone


def records(senders: list[Phone], count: int, seed: int) -> Iterator[Made]:
    """`count` sessions, phone by phone; the same seed gives the same answers and ids."""
    chance = Random(seed)
    for number, phone in enumerate(senders):
        shelf, now = shelf_of(phone), phone.clock()
        for _ in range(count * number // len(senders), count * (number + 1) // len(senders)):
            finished_at = _evening(now, chance)
            phone.clock = lambda at=finished_at: at  # type: ignore[misc]
            today = finished_at.date()
            sealed = phone.seal(
                answers_of(shelf, chance, today.isoformat()),
                calculated=calculated_of(shelf, today.isoformat()),
                record_id=f"{chance.getrandbits(128):032x}",
                held_on=today,
            )
            yield Made(phone, Sealed(sealed.envelope, sealed.signature, sealed.payload_type, sealed.payload))


def put(app: Flask, made: list[Made]) -> int:
    """Stores them all at once; how many there were. Needs an app context."""
    store, keyring, at = app.extensions[STORE], app.extensions["lantoa_keys"], app.extensions["lantoa_clock"]()
    assert isinstance(store, SqlStore)
    assert isinstance(keyring, KeyRing)
    sent = (Sent(one.phone.enrolled["device_id"], one.sealed, at) for one in made)
    receipts = list(put_many(store, keyring, sent))
    assert not any(isinstance(receipt, Problem) for receipt in receipts)
    return len(receipts)


def _evening(now: datetime, chance: Random) -> datetime:
    """A moment of one of the last days, at which it is the same day here and in UTC."""
    day = now.astimezone(UTC) - timedelta(days=chance.randint(1, SPREAD_DAYS))
    return day.replace(hour=chance.randint(3, 14), minute=chance.randrange(60), second=0, microsecond=0)
