"""What one acceptance costs on a full ledger: a record with 5 rules and 5 members, 100,000 facts already there."""

import random
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bench.line import say
from server import coverage, engine
from server.clock import system_clock
from server.config import Config
from server.coverage import figures
from server.db import Base, db, transaction
from server.models.coverage import Fact
from server.models.plan import Indicator, Period
from server.models.records import Chain
from server.models.registers import Item
from server.models.system import Installation
from server.models.units import Unit
from server.plan import presets
from server.queries.slices import Slice
from server.review import Wanted, queue
from tests import make
from tests.coverage.ask import decide

PRESET = Path("presets/soc_trang_2024")
CHAINS = 10_000
MEMBERS_PER_UNIT = 30
ROUNDS = 40
AT = datetime(2024, 12, 20, tzinfo=UTC)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lantoa-bench-") as folder:
        app = Flask("bench")
        app.extensions["lantoa_clock"] = system_clock
        engine.connect(app, Config.for_tests(Path(folder)))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            _measure()
            db.session.remove()
            db.engine.dispose()


def _measure() -> None:
    with transaction() as session:
        session.add(Installation(id=1, server_id="5e" * 16, epoch=1, seq=0, backup_seq=0, created_at=AT))
    presets.load(PRESET)
    with transaction() as session:
        world = _fill(session)
    spent = [_accept(world, number) for number in range(ROUNDS)]
    wall, own = [w * 1000 for w, _ in spent], [o * 1000 for _, o in spent]
    detail = {"facts": CHAINS * 10, "most_ms": round(max(wall), 1), "process_ms": round(statistics.median(own), 1)}
    say("accept-one-record", statistics.median(wall), "ms", "<= 20", **detail)
    session = db.session()
    province = world.units["94"]
    _say_read("figures-of-the-province", lambda: figures.of_unit(province, world.periods["year"]))
    _say_read("figures-by-district", lambda: figures.by_child(province, world.periods["year"], "T1"))
    who = make.principal(world, "chief", "94")
    _say_read("review-queue", lambda: queue(session, who, Wanted("waiting"), Slice(0, 50)))


def _say_read(name: str, ask: Any) -> None:
    times = []
    for _ in range(10):
        db.session.rollback()
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    say(name, statistics.median(times) * 1000, "ms", "<= 100")


def _fill(session: Session) -> make.World:
    """Members in every commune, and facts of 10,000 chains as if they had been accepted one by one."""
    chance = random.Random(8)
    world = make.World()
    world.units = {u.code: u.id for u in session.scalars(select(Unit).order_by(Unit.valid_from.desc()))}
    world.indicators = {i.key: i.id for i in session.scalars(select(Indicator))}
    world.periods = {p.key: p.id for p in session.scalars(select(Period))}
    communes = session.scalars(select(Unit).where(Unit.level == "commune", Unit.valid_from < date(2024, 1, 1))).all()
    for unit in communes:
        unit.t2_mode = "register"
        world.units[unit.key] = unit.id
    members = {
        u.id: [make.member(session, world, f"{u.key}-{n}", u.key) for n in range(MEMBERS_PER_UNIT)] for u in communes
    }
    rules = session.scalars(select(Item.id).where(Item.register == "provisions")).all()
    make.account(session, world, "officer", communes[0].key)
    make.account(session, world, "chief", "94", ["reviewer"])
    days = [date(2024, 1, 1) + timedelta(days=chance.randrange(366)) for _ in range(CHAINS)]
    where = [chance.choice(communes).id for _ in range(CHAINS)]
    session.execute(insert(Chain), [_chain(n, where[n], days[n]) for n in range(CHAINS)])
    chain_ids = session.scalars(select(Chain.id).order_by(Chain.id)).all()
    told = world.indicators["T1"], world.indicators["T2"]
    for n, chain_id in enumerate(chain_ids):
        drawn = [(told[0], i) for i in chance.sample(list(rules), 5)] + [
            (told[1], i) for i in chance.sample(members[where[n]], 5)
        ]
        session.execute(insert(Fact), [_fact(*pair, chain_id, where[n], days[n]) for pair in drawn])
    coverage.rebase(session, anew=True)
    return world


def _chain(number: int, unit_id: int, day: date) -> dict[str, Any]:
    name = f"f{number:031x}"
    columns = {"root_record_id": name, "form_id": "outreach_session", "unit_id": unit_id, "held_on": day}
    return columns | {"state": "accepted", "arrived_at": AT}


def _fact(indicator_id: int, item_id: int, chain_id: int, unit_id: int, day: date) -> dict[str, Any]:
    columns = {"indicator_id": indicator_id, "item_id": item_id, "chain_id": chain_id}
    return columns | {"unit_id": unit_id, "held_on": day, "value": 1}


def _accept(world: make.World, number: int) -> tuple[float, float]:
    """Seconds from the decision to its commit: by the wall, and of this process alone."""
    unit = next(key for key in world.units if key.startswith("31") and "@" in key)
    rules = db.session.scalars(select(Item.uid).where(Item.register == "provisions")).all()
    chosen = [rules[(number * 7 + n * 11) % len(rules)] for n in range(4)] + ["L15-01"]
    with transaction() as session:
        members = [f"{unit}-{(number * 5 + n) % MEMBERS_PER_UNIT}" for n in range(5)]
        sent = make.record(
            session, world, unit=unit, held_on=date(2024, 1 + number % 12, 9), rules=chosen, members=members
        )
    start, own = time.perf_counter(), time.process_time()
    with transaction() as session:
        decide(session, world, sent, "accepted", by="chief", unit="94")
    return time.perf_counter() - start, time.process_time() - own
