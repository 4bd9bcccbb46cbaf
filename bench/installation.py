"""A fresh installation with the shipped plan moved to this year, an officer and a code to enrol with."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.running import Running

OFFICER_UNIT = "31672@2023-01-01"


@contextmanager
def installed() -> Iterator[Running]:
    """An installation under the temporary folder, not started; removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="lantoa-bench-") as folder:
        running = Running(Path(folder))
        year = datetime.now(UTC).year
        running.flask("start", "ready")
        running.flask("preset", "load", "presets/soc_trang_2024", "--year", str(year))
        unit = OFFICER_UNIT.replace("2023", str(year - 1))
        running.flask("people", "add", "--login", "bench", "--name", "Đo thử", "--role", "officer", "--unit", unit)
        try:
            yield running
        finally:
            running.stop()


def enrolment_code(running: Running) -> str:
    """A code for the officer, read from what `flask enrol` prints."""
    printed = running.flask("enrol", "bench")
    found = re.search(r"#enrol=([0-9A-Z-]+)", printed)
    assert found, printed
    return found.group(1)
