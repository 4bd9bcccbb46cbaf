"""The whole service on a small province, as gunicorn serves it under a plan of faults: started, killed and revived."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.line import CutOff, Wire
from tests.e2e.running import ROOT, free_port
from tests.phone import Phone
from tests.sync.make import SqlWorld, wire

START_LIMIT_S = 60.0
STOP_LIMIT_S = 30.0


@dataclass
class Served:
    """One installation. `plan`: the file that tells the children what goes wrong next (`tests.chaos.faults`)."""

    folder: Path
    database_url: str | None = None
    through: str | None = None  # another way to the same database, for a line that is cut
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.world = SqlWorld(self.folder, self.database_url)

    @property
    def plan(self) -> Path:
        return self.folder / "plan"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.folder / 'data' / 'lantoa.db'}"

    @property
    def media(self) -> Path:
        return self.world.media_dir

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def phone(self, officer: str = "officer") -> Phone:
        """A phone that was enrolled on a good line, and speaks to the server that listens."""
        made = Phone(wire(self.world.app), self.world.clock)
        answer = made.enrol(self.world.code(officer))
        assert answer.status == 201, answer.body
        made.wire = Wire(self.port)
        return made

    def start(self) -> None:
        """gunicorn as `script/supervise.py` starts it, with the wsgi entry of these tests."""
        command = [sys.executable, "-m", "tests.chaos.web", "--no-control-socket", "-b", f"127.0.0.1:{self.port}"]
        command += ["-k", "server.web_worker.WebWorker", "--workers", "1", "--threads", "16", "--log-level", "warning"]
        own = {"CHAOS_FOLDER": str(self.folder), "CHAOS_DATABASE": self.through or self.database_url or ""}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "tests.chaos.child:app"],
                cwd=ROOT,
                env={**os.environ, **own},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait()

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + START_LIMIT_S
        while not self.answers():
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def answers(self) -> bool:
        with contextlib.suppress(CutOff):
            return Wire(self.port)("GET", "/sync/changes", {}, b"").status == 401
        return False

    def stop(self) -> None:
        """Ends gunicorn and what it started; also what a killed master left behind."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM if self.process.poll() is None else signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_LIMIT_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        self._until_nobody_listens()

    def _until_nobody_listens(self) -> None:
        deadline = time.monotonic() + STOP_LIMIT_S
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                return
            time.sleep(0.05)
        raise AssertionError("somebody listens still")


@contextmanager
def serving(folder: Path, database_url: str | None = None) -> Iterator[Served]:
    """A server that listens, ended afterwards."""
    served = Served(folder, database_url)
    served.start()
    try:
        yield served
    finally:
        served.stop()
        served.world.close()
