"""Opening the app without a server: from the start of the navigation to a home that can be used, on a slow phone.

Every round is a browser that was just started, on the profile of a phone that was enrolled and used before.
"""

import statistics
import tempfile
from pathlib import Path

from bench.chrome import HOME, TO_FIRST_QUESTION, driven, opened, seen
from bench.installation import enrolment_code, installed
from bench.line import say
from tests.e2e import officer

SLOWER = 4.0
ROUNDS = 9


def main() -> None:
    """Prints the median, and each round."""
    with installed() as running, driven() as driver, tempfile.TemporaryDirectory() as folder:
        running.start()
        profile = Path(folder)
        browser, page = opened(driver, profile, 1.0, TO_FIRST_QUESTION)
        page.goto(f"{running.origin}/#enrol={enrolment_code(running)}")
        seen(page, "question")
        officer.installed(page)
        browser.close()
        browser, page = opened(driver, profile, 1.0, HOME)
        page.goto(running.origin)
        seen(page, "home")
        browser.close()
        running.stop()
        runs = []
        for _ in range(ROUNDS):
            browser, page = opened(driver, profile, SLOWER, HOME)
            page.goto(running.origin, wait_until="commit")
            runs.append(seen(page, "home") / 1000)
            browser.close()
        say("offline_start_s", statistics.median(runs), "s", "<= 0.4", runs=sorted(round(one, 3) for one in runs))
