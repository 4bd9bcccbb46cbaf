"""Proof 3, short: every named place of the intake once on SQLite, some on PostgreSQL. All ways: `script/chaos`."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from tests.chaos.faults import MEDIA_PLACES, RECORD_PLACES, Plan
from tests.chaos.kills.run import Case, strike_all, strike_every_call
from tests.chaos.served import Served, serving

WAYS = ("kill-worker", "kill-master", "kill-worker", "kill-both")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as made:
        yield made


def test_no_kill_loses_or_doubles_anything(served: Served) -> None:
    places = [("records", place) for place in RECORD_PLACES] + [("photo", place) for place in MEDIA_PLACES]
    cases = [Case(doing, Plan(place, way)) for (doing, place), way in zip(places, cycle(WAYS), strict=False)]
    judged = strike_all(served, cases)
    assert judged.word == "pass", judged.details


@pytest.mark.parametrize("errno", ["ENOSPC", "EIO"])
def test_no_failing_call_of_the_disk_loses_a_photo(served: Served, errno: str) -> None:
    judged, sender, calls = strike_every_call(served, errno)
    assert judged.word == "pass", judged.details
    assert calls >= 8
    told = {answer.split(" ")[0] for answer in sender.refused}
    assert told == {"507" if errno == "ENOSPC" else "503"}
