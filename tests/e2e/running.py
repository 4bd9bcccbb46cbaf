"""The program as a process: starts and stops `script/server` on loopback, as a person would."""

import os
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from server.app import create_app
from server.config import Config
from server.db import db

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_S = 60
STOP_LIMIT_S = 20


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Running:
    """One installation: its folders, its port and, while it runs, its process."""

    folder: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    root: Path = ROOT  # another build or version of the program, for what comes after an update
    process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        """Where the program itself listens."""
        scheme = "https" if "TLS_CERT" in self.settings else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of this installation over the environment of the tests."""
        own = {
            "PORT": str(self.port),
            "LANTOA_DATA": str(self.folder / "data"),
            "LANTOA_KEYS": str(self.folder / "keys"),
            "FLASK_APP": "wsgi",
        }
        return {**os.environ, **own, **self.settings}

    @property
    def log(self) -> str:
        """What the program printed."""
        path = self.folder / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def flask(self, *arguments: str, stdin: str = "") -> str:
        """Runs one command of the program; its output. In this process where it can: loading it anew takes a second."""
        if self.root != ROOT:
            return self._flask_there(*arguments, stdin=stdin)
        with self.app() as app:
            done = app.test_cli_runner().invoke(args=arguments, input=stdin)
        assert done.exit_code == 0, f"flask {' '.join(arguments)}: {done.output}\n{done.exception!r}"
        return done.stdout

    @contextmanager
    def app(self) -> Iterator[Flask]:
        """The program in this process, with this installation's settings and the real clock; nothing stays open."""
        config = Config.from_env(self.environment)
        config.make_folders()
        made = create_app(config)
        try:
            yield made
        finally:
            with made.app_context():
                db.session.remove()
                db.engine.dispose()

    def _flask_there(self, *arguments: str, stdin: str) -> str:
        command = [str(self.root / ".venv/bin/flask"), "--app", "wsgi", *arguments]
        done = subprocess.run(
            command, cwd=self.root, env=self.environment, input=stdin, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"flask {' '.join(arguments)}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, look_every_s: float = 0.1, limit_s: float = START_LIMIT_S) -> None:
        """Starts the program and waits until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.root / "script/server"), *self.arguments],
                cwd=self.root,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        deadline = time.monotonic() + limit_s
        while not self.answers():
            assert self.process.poll() is None, f"the server ended:\n{self.log}"
            assert time.monotonic() < deadline, f"the server did not answer:\n{self.log}"
            time.sleep(look_every_s)

    def answers(self) -> bool:
        """True when /healthz says ok."""
        try:
            with urllib.request.urlopen(f"{self.origin}/healthz", timeout=2, context=self._trusting()) as reply:
                return bool(reply.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _trusting(self) -> ssl.SSLContext:
        """Trusts the authority in the program's own chain; its name is asked for in tests/e2e/outside.py."""
        context = ssl.create_default_context(cafile=self.settings.get("TLS_CERT"))
        context.check_hostname = False
        return context

    def stop(self) -> None:
        """Ends the program and everything it started."""
        if self.process is None:
            return
        group = os.getpgid(self.process.pid) if self.process.poll() is None else None
        if group is not None:
            os.killpg(group, signal.SIGTERM)
            try:
                self.process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                os.killpg(group, signal.SIGKILL)
                self.process.wait()
        self.process = None
