"""Proof 1: the phone's own program against the server's own `sync/`, history after history; and that it finds faults.

`script/chaos` plays as many as it is given minutes for. Seeds are fixed here: the same histories in every run.
"""

from pathlib import Path

import pytest

from tests.chaos.simulation.planted import PLANTED, Planted, planted
from tests.chaos.simulation.runner import many, run

HISTORIES = 2_000
ENOUGH = 400  # histories in which each planted fault is found, most within a hundred


def test_two_thousand_histories_lose_and_double_nothing() -> None:
    outcome = many(1, HISTORIES)
    assert outcome.faults == []
    assert outcome.sums["histories"] == HISTORIES
    assert outcome.sums["unknown"] < HISTORIES // 100
    assert outcome.sums["acknowledged"] > HISTORIES


def test_the_same_seeds_tell_the_same_tale() -> None:
    first, again = run(1, 60), run(1, 60)
    assert first.sums == again.sums
    assert first.sums["fingerprint"] != run(61, 60).sums["fingerprint"]


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.says)
def test_a_planted_fault_is_found(fault: Planted, tmp_path: Path) -> None:
    outcome = run(1, ENOUGH, tree=planted(fault, tmp_path), stop=True)
    assert outcome.faults, f"{outcome.sums['histories']} histories passed over: {fault.says}"
