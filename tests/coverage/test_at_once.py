"""Two reviewers at the same moment, on both kinds of database."""

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from server import coverage, engine
from server.config import Config
from server.db import db, transaction
from sync.problems import Problem
from tests import make, tables
from tests.coverage import expected
from tests.coverage.ask import cells, decide, numerators
from tests.coverage.test_histories import ACTS, OFTEN, History
from tests.settable_clock import SettableClock

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A bare app on a database of this kind; each thread opens its own context."""
    config = Config.for_tests(tmp_path)
    if request.param == "postgresql":
        config = Config.for_tests(tmp_path, database_url=request.getfixturevalue("postgres_url"))
    bare = Flask("at once")
    bare.extensions["lantoa_clock"] = SettableClock()
    engine.connect(bare, config)
    with bare.app_context():
        tables.create()
        yield bare
        db.session.remove()
        db.engine.dispose()


def decide_at_once(app: Flask, world: make.World, decisions: list[tuple[str, str]]) -> list[str]:
    """Each (record, reviewer) in a thread of its own, started together; the slug of the problem, or "done"."""
    ready = threading.Barrier(len(decisions))
    said: list[str] = []

    def run(record_id: str, by: str) -> None:
        with app.app_context():
            ready.wait(timeout=30)
            try:
                with transaction() as session:
                    decide(session, world, record_id, "accepted", by=by)
                said.append("done")
            except Problem as problem:
                said.append(problem.type)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=decision) for decision in decisions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(said)


def test_one_of_two_reviewers_of_a_record_comes_second(shared: Flask) -> None:
    with transaction() as session:
        world = make.world(session)
        sent = make.record(session, world, members=["a1"])
    assert decide_at_once(shared, world, [(sent, "province"), (sent, "district2")]) == ["already-decided", "done"]
    assert numerators(db.session(), world, "sessions")["P"] == 1


def test_records_accepted_at_once_count_their_common_items_once(shared: Flask) -> None:
    with transaction() as session:
        world = make.world(session)
        sent = [make.record(session, world, rules=["rule1"], members=["a1"]) for _ in range(4)]
    assert decide_at_once(shared, world, [(record_id, "province") for record_id in sent]) == ["done"] * 4
    assert numerators(db.session(), world, "T1")["P"] == numerators(db.session(), world, "T2")["P"] == 1
    assert numerators(db.session(), world, "sessions")["P"] == 4
    assert coverage.verify(db.session()) == []


def test_a_long_history_is_told_alike_on_this_database(shared: Flask) -> None:
    session, chance = db.session(), random.Random(5)
    history = History(session, make.world(session))
    for _ in range(60):
        name = chance.choice(OFTEN)
        ACTS[name](history, *(chance.randint(0, 20) for _ in range(3)))
    assert coverage.verify(session) == []
    assert cells(session) == expected.figures(session)
    assert any(numerator for numerator, _ in cells(session).values())
