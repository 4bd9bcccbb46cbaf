"""A real Chromium with a profile of its own that can be killed and opened again."""

import contextlib
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser as Process
from playwright.sync_api import BrowserContext, Page, Playwright

FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
)
PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}


def chromium() -> str:
    """The path of an installed Chromium or Chrome; a clear failure where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for name in names if (path := shutil.which(name))), None)
    assert found, "no Chromium or Chrome is installed (apt install chromium)"
    return found


@dataclass
class Browser:
    """One person's browser: a profile folder, and a process while it is open.

    With `process` it is a private window of that one: as apart from others, and opened ten times as fast.
    """

    playwright: Playwright
    profile: Path
    viewport: dict[str, int] = field(default_factory=lambda: dict(PHONE))
    flags: tuple[str, ...] = ()
    home: Path | None = None
    user_agent: str | None = None
    dark: bool = False
    process: Process | None = None
    context: BrowserContext | None = None

    def open(self, address: str) -> Page:
        """Starts Chromium on this profile and opens `address`."""
        self.context = self.process.new_context(**self._looks()) if self.process else self._started()
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        page.goto(address)
        return page

    def _started(self) -> BrowserContext:
        environment = {**os.environ, **({"HOME": str(self.home)} if self.home else {})}
        return self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=chromium(),
            headless=True,
            args=[*FLAGS, *self.flags],
            env={name: str(value) for name, value in environment.items()},
            **self._looks(),
        )

    def _looks(self) -> dict[str, Any]:
        return {
            "viewport": self.viewport,
            "device_scale_factor": 2 if self.viewport["width"] < 600 else 1,
            "locale": "vi-VN",
            "user_agent": self.user_agent,
            "color_scheme": "dark" if self.dark else "light",
            "timezone_id": "Asia/Ho_Chi_Minh",
        }

    def kill(self) -> None:
        """SIGKILL to the browser's processes: nothing is said goodbye to."""
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        with contextlib.suppress(Exception):
            if self.context:
                self.context.close()
        self.context = None
        (self.profile / "SingletonLock").unlink(missing_ok=True)

    def _processes(self) -> list[psutil.Process]:
        mark = f"--user-data-dir={self.profile}"
        return [process for process in psutil.process_iter(["cmdline"]) if mark in (process.info["cmdline"] or [])]

    def close(self) -> None:
        """Closes the browser as a person would."""
        if self.context:
            self.context.close()
            self.context = None


def trust(home: Path, authority: Path) -> None:
    """Makes Chromium with this HOME trust the authority (its NSS store)."""
    store = home / ".pki/nssdb"
    store.mkdir(parents=True, exist_ok=True)
    program = shutil.which("certutil")
    assert program, "certutil is not installed (apt install libnss3-tools)"
    subprocess.run([program, "-d", f"sql:{store}", "-N", "--empty-password"], check=True)
    subprocess.run(
        [program, "-d", f"sql:{store}", "-A", "-t", "C,,", "-n", "lantoa-test", "-i", str(authority)], check=True
    )
