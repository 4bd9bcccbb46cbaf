"""The long form of the kills: one enrolled phone, copied for each seed, as many seeds as the time gives."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.chaos.browser.kills import Tale, enrolled, play
from tests.e2e import world
from tests.e2e.running import Running

EACH = 10  # kills of one seed


def kills_until(until: float, seed: int, at_least: int, tell: Callable[[str], None]) -> list[Tale]:
    """Plays seeds until time.monotonic() says `until`, but at least so many kills; stops at a fault."""
    with tempfile.TemporaryDirectory(prefix="lantoa-kills-") as name, sync_playwright() as playwright:
        folder = Path(name)
        running = _filled(folder)
        try:
            phone, tales = enrolled(playwright, running, folder), list[Tale]()
            while len(tales) * EACH < at_least or time.monotonic() < until:
                tales.append(play(playwright, phone, folder, seed + len(tales), EACH))
                kept = sum(tale.kept for tale in tales)
                tell(f"{len(tales) * EACH} kills of Chromium around finish, {kept} records kept, the others drafts")
                if not tales[-1].clean:
                    break
            return tales
        finally:
            running.stop()


def _filled(folder: Path) -> Running:
    running = Running(folder / "installation")
    running.flask("start", "ready")
    with running.app() as app, app.app_context():
        world.make()
    running.start()
    return running
