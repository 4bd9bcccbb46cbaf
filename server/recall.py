"""Versions of the phone app that an administrator has recalled, and the worker that phones then get (rescue.ts).

A file in the data folder, so that a recall holds for every worker process at once and outlives a restart. What the
rescue does on a phone is its own matter; IndexedDB is left alone there.
"""

import json
import os
from pathlib import Path

NAME = "recalled-apps.json"
RESCUE = "rescue.js"
VERSIONS, ALONE = "__RECALLED__", "__ALONE__"


def recalled(data_dir: Path) -> tuple[str, ...]:
    """The recalled versions, sorted; none where nothing was ever recalled."""
    try:
        return tuple(json.loads((data_dir / NAME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ()


def recall(data_dir: Path, version: str) -> None:
    _write(data_dir, {*recalled(data_dir), version})


def lift(data_dir: Path, version: str) -> None:
    """Ends the recall of a version; of one that is not recalled nothing changes."""
    _write(data_dir, {*recalled(data_dir)} - {version})


def served_version(dist: Path) -> str | None:
    """The version of the build in this folder; None where nothing was built."""
    try:
        version: str = json.loads((dist / "assets.json").read_text(encoding="utf-8"))["version"]
    except FileNotFoundError:
        return None
    return version


def worker(dist: Path, name: str, versions: tuple[str, ...]) -> bytes:
    """The rescue before the worker `name`; alone where the build itself is recalled."""
    alone = served_version(dist) in versions
    rescue = (dist / RESCUE).read_text(encoding="utf-8")
    rescue = rescue.replace(VERSIONS, json.dumps(versions)).replace(ALONE, json.dumps(alone))
    rest = "" if alone else (dist / name).read_text(encoding="utf-8")
    return f"{rescue}\n{rest}".encode()


def _write(data_dir: Path, versions: set[str]) -> None:
    """Whole or not at all: phones ask at any moment."""
    fresh = data_dir / f".{NAME}-{os.getpid()}"
    fresh.write_text(json.dumps(sorted(versions)), encoding="utf-8")
    fresh.replace(data_dir / NAME)
