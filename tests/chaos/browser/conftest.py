"""Installations and browsers as the end-to-end tests have them, and a line that serves other releases."""

from collections.abc import Iterator

import pytest

from tests.chaos.browser.served import Line
from tests.e2e.conftest import desks, filled, open_browser, running, shared
from tests.e2e.running import Running

__all__ = ["desks", "filled", "open_browser", "running", "shared"]


@pytest.fixture
def line(shared: Running) -> Iterator[Line]:
    """A line of its own for each test, to the server that the tests of a file share. No recall outlives its test."""
    one = Line(shared)
    yield one
    one.close()
    (shared.folder / "data/recalled-apps.json").unlink(missing_ok=True)
