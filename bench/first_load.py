"""The first load on an empty phone: from opening the enrolment link to the first question that takes an answer.

Counted are all bytes of all requests in both directions, headers too, until nothing more comes: the page, its
style and program, enrolling, both forms, every unit and rule, and what the service worker brings for offline use.
"""

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, Playwright

from bench.chrome import TO_FIRST_QUESTION as STEPS
from bench.chrome import driven, opened, seen
from bench.installation import enrolment_code, installed
from bench.line import say
from bench.link import Link
from tests.e2e.officer import installed as worker_installed
from tests.e2e.running import Running

BITS_PER_S = 400_000
ROUND_TRIP_S = 0.4
SLOWER = 4.0
ROUNDS = 5
QUIET_S = 4.0


def size() -> None:
    """Prints the bytes of a first load; an even line, so that nothing is fetched twice for slowness."""
    with installed() as running, driven() as driver:
        running.start()
        with tempfile.TemporaryDirectory() as profile, Link(running.port) as link:
            _first_question(driver, running, link, Path(profile), 1.0, settle=True)
            detail = {"up": link.up.bytes_moved, "down": link.down.bytes_moved, "connections": link.connections}
            say("first_load_bytes", link.bytes_moved, "bytes", "<= 120000", **detail)


def time_to_question() -> None:
    """Prints the seconds of a first load on a slow line and a slow phone."""
    with installed() as running, driven() as driver:
        running.start()
        taken: list[dict[str, float]] = []
        for _ in range(ROUNDS):
            with (
                tempfile.TemporaryDirectory() as profile,
                Link(running.port, bits_per_s=BITS_PER_S, round_trip_s=ROUND_TRIP_S) as link,
            ):
                taken.append(_first_question(driver, running, link, Path(profile), SLOWER, settle=False))
        seconds = {name: sorted(round(one[name] / 1000, 3) for one in taken) for name in taken[0]}
        middle = {name: statistics.median(all_of_it) for name, all_of_it in seconds.items()}
        steps = {"enrol_screen_s": middle["enrol"], "home_s": middle["home"]}
        say("first_load_s", middle["question"], "s", "<= 4", **steps, runs=seconds["question"])


def _first_question(
    driver: Playwright, running: Running, link: Link, profile: Path, slower: float, settle: bool
) -> dict[str, float]:
    """Milliseconds until each step was on the screen."""
    browser, page = opened(driver, profile, slower, STEPS)
    code = enrolment_code(running)
    page.goto(f"http://127.0.0.1:{link.port}/#enrol={code}", wait_until="commit")
    times = {name: seen(page, name) for name, _, _ in STEPS}
    _takes_an_answer(page)
    if settle:
        worker_installed(page)
        _quiet(link)
    browser.close()
    return times


def _takes_an_answer(page: Page) -> None:
    page.get_by_text("Toàn xã").click()
    assert page.get_by_label("Toàn xã").is_checked()


def _quiet(link: Link) -> None:
    """Until nothing has passed for a while."""
    before, since = -1, time.monotonic()
    while time.monotonic() - since < QUIET_S:
        if link.bytes_moved != before:
            before, since = link.bytes_moved, time.monotonic()
        time.sleep(0.1)
