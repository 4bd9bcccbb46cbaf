"""The browser killed around "finish": what was called saved is there, what was not is a draft, nothing is there twice.

`script/chaos` plays more seeds (tests/chaos/browser/kills.py).
"""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.chaos.browser.kills import enrolled, play
from tests.e2e.running import Running

pytestmark = pytest.mark.browser
SEED, KILLS = 1739, 20


def test_twenty_kills_around_finish_lose_and_double_nothing(
    running: Running, playwright: Playwright, tmp_path: Path
) -> None:
    tale = play(playwright, enrolled(playwright, running, tmp_path), tmp_path, SEED, KILLS)
    assert (tale.gone, tale.both) == ([], [])
    assert tale.verdict
    assert tale.verdict.word == "pass", tale.verdict.details
    assert 0 < tale.verdict.acknowledged == tale.kept < KILLS, "kills on both sides of the moment"
