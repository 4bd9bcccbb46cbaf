"""A fresh installation with the shipped plan moved to this year, an officer and a code to enrol with."""

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.running import Running

PRESET = Path("presets/soc_trang_2024")
OFFICER_UNIT = "31672@2023-01-01"


@contextmanager
def installed(forms: Mapping[str, tuple[str, str]] | None = None) -> Iterator[Running]:
    """An installation under the temporary folder, not started; removed afterwards.

    `forms`: made-up forms beside the plan's own, form id → (title, Markdown XLSForm).
    """
    with tempfile.TemporaryDirectory(prefix="lantoa-bench-") as folder:
        running = Running(Path(folder))
        year = datetime.now(UTC).year
        running.flask("start", "ready")
        running.flask("preset", "load", str(_preset_with(forms or {}, Path(folder))), "--year", str(year))
        unit = OFFICER_UNIT.replace("2023", str(year - 1))
        running.flask("people", "add", "--login", "bench", "--name", "Đo thử", "--role", "officer", "--unit", unit)
        try:
            yield running
        finally:
            running.stop()


def _preset_with(forms: Mapping[str, tuple[str, str]], folder: Path) -> Path:
    if not forms:
        return PRESET
    copy = Path(shutil.copytree(PRESET, folder / "preset"))
    with (copy / "forms.csv").open("a", encoding="utf-8") as lines:
        for form_id, (title, source) in forms.items():
            lines.write(f"{form_id},{title},{title},published\n")
            (copy / "forms" / f"{form_id}.md").write_text(source, encoding="utf-8")
    return copy


def enrolment_code(running: Running) -> str:
    """A code for the officer, read from what `flask enrol` prints."""
    printed = running.flask("enrol", "bench")
    found = re.search(r"#enrol=([0-9A-Z-]+)", printed)
    assert found, printed
    return found.group(1)
