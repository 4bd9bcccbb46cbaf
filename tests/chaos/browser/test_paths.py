"""The service worker answers only its own list of paths (D22); everything else of the origin goes its own way."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Response

from tests.chaos.browser import watching
from tests.e2e import officer
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import Running

pytestmark = pytest.mark.browser
OWN = {"/", "/static/dist/parts.json", "/static/dist/icons/mark.svg"}
BESIDE = {"/index.htm", "/static/", "/static/dist", "/nothing", "/deskx", "/sw.js.map", "/robots.txt"}
FETCH = "(paths) => Promise.all(paths.map((path) => fetch(path, { redirect: 'manual' }).catch(() => undefined)))"


def paths_of(running: Running) -> set[str]:
    """An address of every route that can be read, with a made-up word for what it asks."""
    with running.app() as app:
        rules = [rule for rule in app.url_map.iter_rules() if rule.methods and "GET" in rule.methods]
    return {re.sub(r"<[^>]+>", "1", rule.rule) for rule in rules}


def test_the_worker_answers_the_page_and_the_built_files_and_nothing_else(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    page = open_browser("paths").open(enrolment_link(running, "lan"))
    officer.enrol(page)
    officer.installed(page)
    page.reload()
    watching.home(page)
    paths = paths_of(running) | OWN | BESIDE
    assert {"/desk/sign-in", "/sw.js", "/sw-sending.js", "/sync/changes", "/healthz"} <= paths
    answers: dict[str, bool] = {}

    def heard(response: Response) -> None:
        path = response.url.removeprefix(running.origin)
        if path in paths:
            answers[path] = response.from_service_worker

    page.on("response", heard)
    page.evaluate(FETCH, sorted(paths))
    page.wait_for_timeout(500)
    assert paths - answers.keys() == set()
    by_worker = {path for path, answered in answers.items() if answered}
    assert (
        {"/", "/static/dist/icons/mark.svg"} <= by_worker <= OWN
    )  # what it does not hold, the browser may ask for itself
