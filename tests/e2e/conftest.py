"""Installations and browsers for the end-to-end tests; each test has its own, all on loopback.

An installation is filled once and copied: filling takes seconds, copying none.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.e2e.browser import Browser
from tests.e2e.running import ROOT, Running


@pytest.fixture
def make_world() -> Callable[[Running], None]:
    """Fills an installation that does not run yet (tests/e2e/world.py)."""
    return fill


def fill(running: Running) -> None:
    running.folder.mkdir(parents=True, exist_ok=True)
    running.flask("start", "ready")
    python = str(ROOT / ".venv/bin/python")
    done = subprocess.run(
        [python, "-m", "tests.e2e.world"],
        cwd=ROOT,
        env={**os.environ, **running.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of a filled installation that never ran."""
    one = Running(tmp_path_factory.mktemp("filled") / "installation")
    fill(one)
    return one.folder


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
    sources = sorted(str(path) for path in (ROOT / "tests/e2e/sources").glob("*.md"))
    program = [str(ROOT / ".venv/bin/python"), "-m", "tests.e2e.forms", *sources]
    subprocess.run(program, cwd=ROOT, env={**os.environ, **one.environment}, check=True)
    one.start()
    yield one
    one.stop()


@pytest.fixture
def every_type(filled: Path, tmp_path: Path) -> Iterator[Running]:
    """An installation with the form of every type."""
    one = copied(filled, tmp_path / "every-type")
    done = subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-m", "tests.e2e.every_type"],
        cwd=ROOT,
        env={**os.environ, **one.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    one.start()
    yield one
    one.stop()


def copied(filled: Path, folder: Path) -> Running:
    """An installation of its own with the same people and rolls; not started."""
    one = Running(folder / "installation")
    shutil.copytree(filled, one.folder)
    return one


def _run(filled: Path, folder: Path) -> Iterator[Running]:
    one = copied(filled, folder)
    one.start()
    yield one
    one.stop()


@pytest.fixture
def open_browser(playwright: Playwright, tmp_path: Path) -> Iterator[Callable[..., Browser]]:
    """Makes browsers with a profile of their own; closed after the test."""
    made: list[Browser] = []

    def make(name: str, **changes: object) -> Browser:
        browser = Browser(playwright, tmp_path / f"profile-{name}", **changes)  # type: ignore[arg-type]
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
