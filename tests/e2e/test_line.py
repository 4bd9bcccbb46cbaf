"""The line, in a real browser: from a phone without a server to the coverage figure, and back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e import officer, reviewer
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.line import ATTENDANCE, Wiretap, record_a_session, send_again, t1, t2, wait_sent, withdraw_the_first
from tests.e2e.outside import Outside
from tests.e2e.pictures import big_jpeg
from tests.e2e.running import Running
from tests.e2e.world import DAI_AN_2, PASSWORD
from tests.phone import receipt_holds

pytestmark = pytest.mark.browser


def test_a_session_recorded_without_a_server_moves_the_coverage_of_commune_district_and_province(
    running: Running, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    desk = open_browser("desk", viewport=dict(DESK)).open(running.origin + "/desk")
    reviewer.sign_in(desk, running.origin, "khanh", PASSWORD)
    staff = open_browser("staff", viewport=dict(DESK)).open(running.origin + "/desk")
    reviewer.sign_in(staff, running.origin, "ha", PASSWORD)
    assert t2(staff, running.origin) == [(0, 5), (0, 10), (0, 10)]
    before_t1 = t1(staff, running.origin)

    phone = open_browser("phone")
    page = phone.open(enrolment_link(running, "lan"))
    first = Wiretap(page)
    officer.enrol(page)
    officer.installed(page)

    running.stop()
    record_a_session(page, big_jpeg(tmp_path / "hall.jpg"))
    phone.kill()
    page = phone.open(running.origin + "/")
    assert officer.count(page, "Chờ gửi") == 1

    tap = Wiretap(page)
    running.start()
    page.reload()
    wait_sent(page)
    assert len(tap.receipts) == 1
    assert receipt_holds(tap.receipts[0], first.receipt_key)
    assert tap.receipts[0]["status"] == "stored"

    assert t2(staff, running.origin) == [(0, 5), (0, 10), (0, 10)], "a record that waits is not counted"
    reviewer.open_first_waiting(desk, running.origin)
    expect(desk.locator("figure.photo img")).to_be_visible()
    reviewer.accept(desk)
    after = t2(staff, running.origin), t1(staff, running.origin)
    assert after == ([(2, 5), (2, 10), (2, 10)], [n + 2 for n in before_t1])
    assert reviewer.total(staff, running.origin, DAI_AN_2, ATTENDANCE) == 46

    again = send_again(Outside(running.port), tap.batches[0])
    assert again["results"][0]["receipt"] == tap.receipts[0]
    assert (t2(staff, running.origin), t1(staff, running.origin)) == after

    withdraw_the_first(page)
    tap.wait_for_receipts(page, 2)
    assert t2(staff, running.origin) == [(0, 5), (0, 10), (0, 10)]
    assert t1(staff, running.origin) == before_t1
    assert reviewer.total(staff, running.origin, DAI_AN_2, ATTENDANCE) == 0
