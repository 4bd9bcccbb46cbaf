"""Proof 2, short: every byte of a small record's request and reply, and a part of the bytes of every other route.

All bytes of all routes: `script/chaos cuts`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.cuts.more import every_act
from tests.chaos.cuts.run import EVERY, cuts_of, lanes, run, verdict
from tests.chaos.history import Operation, judge
from tests.chaos.served import Served, serving
from tests.chaos.standing import end_of

SOME = 12
EVERY_BYTE = "POST records"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as made:
        yield made


def test_no_cut_line_loses_or_doubles_anything(served: Served) -> None:
    actings = lanes(served)
    acts = [(act, EVERY if act.name == EVERY_BYTE else SOME) for act in every_act(served)]
    tally = run(acts, actings)
    judged = verdict(served, tally, actings)
    assert tally.wrong == []
    assert judged.word == "pass", judged.details[:10]
    assert tally.cuts[EVERY_BYTE] > 2000, tally.cuts


def test_a_phone_that_believed_in_cut_answers_would_be_seen(served: Served) -> None:
    """So the check can fail: a record whose request was cut is called sent, and nobody tries again."""
    acting = lanes(served)[0]
    act = next(act for act in every_act(served) if act.name == EVERY_BYTE)
    for cut in [cut for cut in cuts_of(acting, act, 5) if cut.direction == "up"][:5]:
        record = act.prepare(acting)
        acting.line.cut = cut
        assert not acting.sender.tried(lambda record=record: act.attempt(acting, record))
        acting.sender.history.append(Operation("acknowledge", record.record_id, "ok"))
    judged = judge(acting.sender.history, end_of(served.database, served.media))
    assert judged.found["lost"] >= 5
