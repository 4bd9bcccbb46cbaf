"""script/server as a person meets it: what it says when it cannot start, and how it ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.e2e.running import Running

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 120
WITH_A_HANDLE = """
import sys, runpy, sqlite3
handle = sqlite3.connect(sys.argv[1])
handle.execute("create table x (y)")
sys.argv = ["script/supervise.py", "{}"]
runpy.run_path("script/supervise.py", run_name="__main__")
"""
WITHOUT_VENV = """
import sys, runpy
sys.modules["ensurepip"] = None
sys.path.insert(0, "script")
runpy.run_path("script/server", run_name="__main__")
"""


def server(folder: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Runs it to its end, on folders of its own."""
    own = {"LANTOA_DATA": str(folder / "data"), "LANTOA_KEYS": str(folder / "keys"), "PORT": "8000"}
    environ = {**os.environ, **own, **settings}
    command = [str(ROOT / "script" / "server")]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=LIMIT_S)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"PORT": "eighty"}, "PORT is 'eighty'"),
        ({"LANTOA_DATA": "/dev/null/data"}, "LANTOA_DATA (/dev/null/data) cannot be written"),
        ({"TLS_CERT": "/nowhere/cert.pem"}, "TLS_KEY is not"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin with"),
    ],
)
def test_a_broken_setting_is_one_sentence_and_status_2(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    done = server(tmp_path, **settings)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = server(tmp_path, PORT=str(port))
    assert done.returncode == 2
    assert f"Port {port} on 127.0.0.1 cannot be used" in done.stderr


def test_a_python_without_venv_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "script", tmp_path / "script")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_VENV], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=LIMIT_S
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr == "Python's venv module is missing: install it (on Debian: apt install python3-venv).\n"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """The program, started for the first time."""
    program = Running(tmp_path)
    try:
        program.start()
        yield program
    finally:
        program.stop()


def children(program: Running) -> dict[str, psutil.Process]:
    assert program.process is not None
    return {child.name(): child for child in psutil.Process(program.process.pid).children()}


def test_a_first_start_tells_how_to_get_in_and_a_signal_ends_everything(running: Running) -> None:
    for said in ("One-time password: ", "Code: ", f"{running.origin}/#enrol=", "▀", f"Serving {running.origin}"):
        assert said in running.log
    both = children(running)
    assert sorted(both) == ["lantoa-jobs", "lantoa-web"]
    process = running.process
    assert process is not None
    process.send_signal(signal.SIGTERM)
    assert process.wait(LIMIT_S) == 0
    assert [child.pid for child in both.values() if psutil.pid_exists(child.pid)] == []


def test_no_process_that_forks_has_the_database_open(running: Running) -> None:
    assert running.process is not None
    first = psutil.Process(running.process.pid)
    everybody = [first, *first.children(recursive=True)]
    data = str(running.folder / "data")
    holding = {each.pid for each in everybody if any(file.path.startswith(data) for file in each.open_files())}
    assert holding, "the web has answered: its worker has it open"
    assert holding.isdisjoint(each.ppid() for each in everybody)


def test_a_program_with_an_open_database_does_not_fork(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITH_A_HANDLE, str(tmp_path / "x.db")],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=LIMIT_S,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "Opened before the fork: descriptor" in done.stderr


def test_when_the_program_is_killed_its_children_do_not_stay(running: Running) -> None:
    both = children(running)
    process = running.process
    assert process is not None
    process.kill()
    process.wait(LIMIT_S)
    _, alive = psutil.wait_procs(list(both.values()), timeout=LIMIT_S)
    assert alive == []


@pytest.mark.parametrize(("victim", "said"), [("lantoa-web", "gunicorn"), ("lantoa-jobs", "jobs")])
def test_when_one_child_dies_the_whole_program_ends(running: Running, victim: str, said: str) -> None:
    both = children(running)
    process = running.process
    assert process is not None
    both[victim].kill()
    assert process.wait(LIMIT_S) == 1
    assert f"{said} ended by itself" in running.log
    assert [child.pid for child in both.values() if psutil.pid_exists(child.pid)] == []
