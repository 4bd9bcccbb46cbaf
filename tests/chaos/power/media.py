"""The media folder under a power cut: system calls are noted as they pass, then disks are played that they leave.

A name is sure when its folder was synced, bytes are sure when their file was; whatever was not synced may be missing,
in any combination. That is stricter than the file systems in use.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Literal

CALLS = ("open", "pwrite", "ftruncate", "fsync", "link", "mkdir", "unlink")
Kind = Literal["name", "unname", "write", "truncate", "sync-file", "sync-folder", "told"]


@dataclass(frozen=True, slots=True)
class Step:
    """One call. `inode`: bytes or a folder; `path`: a name in a folder; `told`: the photo `path` was called there."""

    kind: Kind
    path: str = ""
    inode: int = 0
    offset: int = 0
    data: bytes = b""


@contextmanager
def noted(top: Path, steps: list[Step]) -> Iterator[None]:
    """Notes the calls below `top` while the block runs."""
    before = {name: getattr(os, name) for name in CALLS}
    for name, work in before.items():
        setattr(os, name, _noting(name, work, str(top), steps))
    try:
        yield
    finally:
        for name, work in before.items():
            setattr(os, name, work)


def _noting(name: str, work: Callable[..., Any], top: str, steps: list[Step]) -> Callable[..., Any]:
    def wrapped(*arguments: Any, **named: Any) -> Any:
        path = _path_of(arguments[-1] if name == "link" else arguments[0])
        if not path.startswith(top):
            return work(*arguments, **named)
        new = not os.path.exists(path)
        result = work(*arguments, **named)
        steps.extend(_steps(name, path, new, result, arguments))
        return result

    return wrapped


def _steps(name: str, path: str, new: bool, result: Any, arguments: Sequence[Any]) -> Iterator[Step]:
    if name == "unlink":
        yield Step("unname", path)
    elif name in ("open", "link", "mkdir"):
        if new:
            yield Step("name", path, os.stat(path).st_ino)
    else:
        told = os.fstat(arguments[0])
        if name == "pwrite":
            yield Step("write", inode=told.st_ino, offset=arguments[2], data=bytes(arguments[1])[:result])
        elif name == "ftruncate":
            yield Step("truncate", inode=told.st_ino, offset=arguments[1])
        else:
            yield Step("sync-folder" if stat.S_ISDIR(told.st_mode) else "sync-file", path, told.st_ino)


def _path_of(target: Any) -> str:
    return os.readlink(f"/proc/self/fd/{target}") if isinstance(target, int) else os.fsdecode(target)


@dataclass
class _Disk:
    """Names and bytes: what is sure, and what was done since."""

    names: dict[str, int] = field(default_factory=dict)
    contents: dict[int, bytearray] = field(default_factory=dict)
    unsure: list[Step] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def play(self, step: Step) -> None:
        if step.kind == "told":
            self.told.add(step.path)
        elif step.kind == "sync-file":
            self._settle(lambda one: one.kind in ("write", "truncate") and one.inode == step.inode)
        elif step.kind == "sync-folder":
            self._settle(lambda one: one.kind in ("name", "unname") and os.path.dirname(one.path) == step.path)
        else:
            self.unsure.append(step)

    def _settle(self, now: Callable[[Step], bool]) -> None:
        for one in self.unsure:
            if now(one):
                self.apply(one)
        self.unsure = [one for one in self.unsure if not now(one)]

    def apply(self, step: Step) -> None:
        if step.kind == "name":
            self.names[step.path] = step.inode
        elif step.kind == "unname":
            self.names.pop(step.path, None)
        else:
            content = self.contents.setdefault(step.inode, bytearray())
            if step.kind == "truncate":
                del content[step.offset :]
            content.extend(bytes(max(0, step.offset - len(content))))
            content[step.offset : step.offset + len(step.data)] = step.data

    def read(self, path: str, top: str) -> bytes | None:
        """The bytes under a name, if it and every folder above it are there."""
        above = path
        while above != top:
            if above not in self.names:
                return None
            above = os.path.dirname(above)
        return bytes(self.contents.get(self.names[path], b""))


def after_cut(steps: Sequence[Step], at: int, chance: Random) -> "_Disk":
    """The disk when the power went before step `at`."""
    disk = _Disk()
    for step in steps[:at]:
        disk.play(step)
    kept = chance.choice((0.0, 0.5, 0.9))
    for step in disk.unsure:
        if chance.random() < kept:
            disk.apply(step)
    return disk
