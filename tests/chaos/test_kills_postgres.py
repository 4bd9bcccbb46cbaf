"""Proof 3 on PostgreSQL, short: killed at some places, terminated at COMMIT, its word lost, its postmaster killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.faults import Plan
from tests.chaos.kills.postgres import ForgetfulLine, Killable, killable
from tests.chaos.kills.run import Case, strike, verdict
from tests.chaos.sender import Sender
from tests.chaos.served import Served

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def database() -> Iterator[Killable]:
    with killable() as made:
        yield made


@pytest.fixture
def line(database: Killable, tmp_path: Path) -> Iterator[ForgetfulLine]:
    made = ForgetfulLine(tmp_path / "line", database.database(f"of_{tmp_path.name.replace('-', '_').lower()}"))
    yield made
    made.close()


@pytest.fixture
def served(database: Killable, line: ForgetfulLine, tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "served", line.target, through=line.url)
    made.start()
    yield made
    made.stop()
    made.world.close()


def test_nothing_that_befalls_the_database_loses_or_doubles_anything(
    database: Killable, line: ForgetfulLine, served: Served
) -> None:
    cases = [
        Case("records", Plan(place, way))
        for place, way in (
            ("rows", "kill-worker"),
            ("before-commit", "kill-worker"),
            ("after-commit", "kill-both"),
            ("before-commit", "terminate"),
        )
    ]
    cases += [Case("photo", Plan("before-commit", "terminate"))]
    sender = Sender(served.phone())
    for case in cases:
        assert strike(served, sender, case), f"{case} was never reached"
    for doing in ("records", "photo"):
        line.armed = True
        strike(served, sender, Case(doing, Plan("nowhere", "EIO")))
    assert line.lost == 2
    for place in ("rows", "before-commit", "after-commit"):
        plan = Plan(place, f"kill-pid-{database.postmaster}")
        assert strike(served, sender, Case("records", plan), database.revive)
    judged = verdict(served, sender)
    assert judged.word == "pass", judged.details
