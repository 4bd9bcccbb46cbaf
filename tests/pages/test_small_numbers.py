"""Fewer than five managed persons: seen by who is responsible for them, audited, never on paper (U14, D33)."""

from flask import Flask

from tests.make import World
from tests.pages import make as desks
from tests.pages.conftest import OpenDesk


def test_a_small_number_is_on_the_screen_and_covered_on_paper(waiting: str, at_desk: OpenDesk) -> None:
    browser = at_desk("district1")
    browser.post(f"/desk/records/{waiting}/decision", {"outcome": "accepted"})
    page = browser.get("/desk/plan?unit=A@2023-01-01&period=m03").text
    shown = page.partition('<span class="t-name__id">T2</span>')[2].partition("</tr>")[0]
    assert '<span class="no-print"><a class="rec"' in shown
    assert '<span class="only-print">&lt;5 / 2</span>' in shown


def test_each_view_of_a_small_number_is_audited(app: Flask, world: World, waiting: str, at_desk: OpenDesk) -> None:
    browser = at_desk("district1")
    browser.post(f"/desk/records/{waiting}/decision", {"outcome": "accepted"})
    for path in ("/desk/plan?unit=A@2023-01-01", "/desk/units?unit=D1@2023-01-01&period=m03"):
        browser.get(path)
    assert desks.audited(app, "figure.small-seen") == 2


def test_a_view_without_managed_persons_is_not_audited(app: Flask, world: World, at_desk: OpenDesk) -> None:
    at_desk("district2").get("/desk/plan?unit=D@2023-01-01")
    assert desks.audited(app, "figure.small-seen") == 0
