"""From the press of the last button to "saved on this phone" on the screen: one record, one photo, a slow phone."""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from bench.chrome import HOME, driven, opened, seen
from bench.installation import enrolment_code, installed
from bench.line import say
from tests.e2e import officer
from tests.e2e.pictures import big_jpeg

SLOWER = 6.0
ROUNDS = 9
SAVED = [*HOME, ("saved", "[data-screen=saved] h1, [data-screen=sent] h1", False)]


def main() -> None:
    """Prints the median, and each round."""
    with installed() as running, driven() as driver, tempfile.TemporaryDirectory() as folder:
        running.start()
        photo = big_jpeg(Path(folder) / "hall.jpg")
        browser, page = opened(driver, Path(folder) / "profile", 1.0, SAVED)
        assert browser.context is not None
        processor = browser.context.new_cdp_session(page)
        page.goto(f"{running.origin}/#enrol={enrolment_code(running)}")
        officer.enrol(page)
        officer.installed(page)
        runs = []
        for _ in range(ROUNDS):
            _fill(page, photo)
            processor.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.evaluate("() => { delete benchSeen.saved; delete benchSeen.pressed; }")
            page.get_by_role("button", name="Lưu và gửi").click()
            runs.append(seen(page, "saved") - seen(page, "pressed"))
            processor.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            page.get_by_role("button", name="Xong").click()
        browser.close()
        say("finish_saved_ms", statistics.median(runs), "ms", "<= 150", runs=sorted(round(one) for one in runs))


def _fill(page: Page, photo: Path) -> None:
    """Six answers and a photo, up to the last button."""
    page.get_by_role("button", name=officer.HOME).click()
    page.get_by_text("Toàn xã", exact=True).last.click()
    officer.onward(page)
    page.get_by_text("Họp tổ dân phố").click()
    officer.choose(page, "provisions", "an tich", "ma tuy")
    officer.onward(page)
    officer.type_number(page, 46)
    officer.onward(page)
    officer.onward(page)
    officer.add_photo(page, photo)
    officer.onward(page)
    expect(page.get_by_role("button", name="Lưu và gửi")).to_be_visible()
