"""A real gunicorn with the app of an installation, on a free port of loopback, started as script/server starts it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_S = 60


@contextmanager
def gunicorn(folder: Path, threads: int = 16) -> Iterator[str]:
    """The origin it answers at."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    workers = ["--worker-class", "server.web_worker.WebWorker", "--workers", "1", "--threads", str(threads)]
    process = subprocess.Popen([*command, *workers, "--log-level", "warning"], cwd=ROOT, env=environ(folder, port))
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def environ(folder: Path, port: int) -> dict[str, str]:
    own = {"PORT": str(port), "LANTOA_DATA": str(folder / "data"), "LANTOA_KEYS": str(folder / "keys")}
    return {**os.environ, **own}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "gunicorn ended"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"{address} does not answer")
