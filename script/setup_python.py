"""Brings the virtual environment up to what the requirement files say; does nothing when they did not change."""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
SERVICE = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
NODE = "requirements-node.txt"


class SetupFault(Exception):
    """Why it cannot go on: one clear sentence."""


@contextmanager
def alone() -> Iterator[None]:
    """One setup at a time in this folder: the server and the tests may be started together."""
    handle = os.open(ROOT / "script", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def refuse_old_python() -> None:
    """Pythons that this cannot run on."""
    if sys.version_info < OLDEST:
        raise SetupFault(f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is {sys.version.split()[0]}.")


def install(*files: str) -> None:
    """Installs these requirement files, pinned by constraints.txt."""
    _make_venv()
    for name in (name for name in files if not _is_installed(name)):
        print(f"Installing {name} …", flush=True)
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--prefer-binary"]
        if subprocess.call([*command, "-c", "constraints.txt", "-r", name], cwd=ROOT) != 0:
            raise SetupFault(f"pip could not install {name}; what it says stands above.")
        _stamp(name).write_text(_wanted(name))


def _make_venv() -> None:
    if PYTHON.exists():
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetupFault("Python's venv module is missing: install it (on Debian: apt install python3-venv).")
    print("Making .venv …", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        last = (made.stdout + made.stderr).strip().splitlines()
        raise SetupFault(f"The virtual environment {VENV} cannot be made: {last[-1] if last else 'no reason given'}.")


def _is_installed(name: str) -> bool:
    return _stamp(name).is_file() and _stamp(name).read_text() == _wanted(name)


def _stamp(name: str) -> Path:
    return VENV / f".{name}.installed"


def _wanted(name: str) -> str:
    """What the installed packages depend on: the file, the pins and the Python they are for."""
    digest = hashlib.sha256(str(sys.version_info[:2]).encode())
    for file in (name, "constraints.txt"):
        digest.update((ROOT / file).read_bytes())
    return digest.hexdigest()
