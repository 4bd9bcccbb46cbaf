"""Installations and browsers for the end-to-end tests; each test has its own, all on loopback.

An installation is filled once and copied: filling takes seconds, copying none.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as Process
from playwright.sync_api import Playwright

from tests.conftest import MadeOnce
from tests.e2e import every_type as every_type_form
from tests.e2e import forms, world
from tests.e2e.browser import DESK, FLAGS, Browser, chromium
from tests.e2e.running import ROOT, Running


@pytest.fixture(scope="session")
def filled(made_once: MadeOnce) -> Path:
    """The folders of a filled installation that never ran (tests/e2e/world.py)."""
    return made_once("filled", _fill)


def _fill(folder: Path) -> None:
    one = Running(folder)
    one.flask("start", "ready")
    with one.app() as app, app.app_context():
        world.make()


@pytest.fixture
def running(filled: Path, tmp_path: Path) -> Iterator[Running]:
    """A filled installation that runs; ended after the test."""
    yield from _run(filled, tmp_path)


@pytest.fixture(scope="module")
def shared(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The same for all tests of a file that leave each other's figures alone."""
    yield from _run(filled, tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="module")
def with_forms(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One with the forms of tests/e2e/sources beside the plan's own, for all tests of a file."""
    one = copied(filled, tmp_path_factory.mktemp("forms"))
    with one.app() as app, app.app_context():
        for source in sorted((ROOT / "tests/e2e/sources").glob("*.md")):
            forms.publish(source.read_text(encoding="utf-8"))
    one.start()
    yield one
    one.stop()


@pytest.fixture
def every_type(filled: Path, tmp_path: Path) -> Iterator[Running]:
    """An installation with the form of every type."""
    one = copied(filled, tmp_path / "every-type")
    with one.app() as app, app.app_context():
        every_type_form.publish()
    one.start()
    yield one
    one.stop()


def copied(filled: Path, folder: Path) -> Running:
    """An installation of its own with the same people and rolls; not started."""
    one = Running(folder / "installation")
    fill(one, filled)
    return one


def fill(running: Running, filled: Path) -> None:
    """Gives an installation that is not there yet the same people and rolls."""
    shutil.copytree(filled, running.folder)


def _run(filled: Path, folder: Path) -> Iterator[Running]:
    one = copied(filled, folder)
    one.start()
    yield one
    one.stop()


@pytest.fixture(scope="session")
def desks(playwright: Playwright) -> Iterator[Process]:
    """The Chromium whose private windows are the desks' browsers."""
    process = playwright.chromium.launch(executable_path=chromium(), headless=True, args=list(FLAGS))
    yield process
    process.close()


@pytest.fixture
def open_browser(playwright: Playwright, desks: Process, tmp_path: Path) -> Iterator[Callable[..., Browser]]:
    """Makes browsers with a profile of their own; closed after the test. At a desk a private window is enough."""
    made: list[Browser] = []

    def make(name: str, apart: bool = False, **changes: Any) -> Browser:
        if changes == {"viewport": DESK} and not apart:
            changes["process"] = desks
        browser = Browser(playwright, tmp_path / f"profile-{name}", **changes)
        made.append(browser)
        return browser

    yield make
    for browser in made:
        browser.close()


def enrolment_link(running: Running, login: str) -> str:
    """A fresh enrolment link for this person."""
    found = re.search(r"Link: (\S+)", running.flask("enrol", login))
    assert found
    return found.group(1)
