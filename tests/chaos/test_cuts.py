"""Proof 2, short: every byte of a small record's request and reply, and a part of the bytes of every other route.

All bytes of all routes: `script/chaos`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.db import transaction
from server.plan import form_trials
from tests import drafts
from tests.chaos.cuts.routes import ACTS, Act, trials
from tests.chaos.cuts.run import lanes, run, verdict
from tests.chaos.served import Served, serving

STRIDE = 67


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as made:
        yield made


def trial(served: Served) -> Act:
    """Trying a draft of a form."""
    with served.world.app.app_context(), transaction() as session:
        version_id = drafts.draft(session, "facility_check", "1")
        return trials(form_trials.issue(session, version_id, served.world.made.accounts["staff"], served.world.clock()))


def test_no_cut_line_loses_or_doubles_anything(served: Served) -> None:
    acts = [(act, 1 if act.name == "POST records" else STRIDE) for act in (*ACTS, trial(served))]
    actings = lanes(served)
    tally = run(served, acts, actings)
    judged = verdict(served, tally, actings)
    assert tally.wrong == []
    assert judged.word == "pass", judged.details[:10]
    assert sum(tally.cuts.values()) > 2000, tally.cuts
