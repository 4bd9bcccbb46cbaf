"""SQLite's own way to the disk, with everything noted that goes over it: a power cut can be played at any moment.

Written is not kept: until a file is synced, any part of what was written to it since may be missing, torn at 512 bytes.
"""

import errno
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Literal

import apsw

SECTOR = 512
Kind = Literal["write", "truncate", "sync", "delete", "told"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done to a file; `told`: a receipt for the record `name` left the server."""

    kind: Kind
    name: str
    offset: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """The files of one folder as they were, and all that was done to them since.

    `fail_from`: how many writes and syncs go well before all fail with `error`; None: all go well.
    """

    before: dict[str, bytes] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    fail_from: int | None = None
    error: str = "ENOSPC"
    passes: int = 0

    def note(self, step: Step) -> None:
        """Files without a name are SQLite's scratch paper: nobody reads them after a cut."""
        if step.name:
            self.steps.append(step)

    def told(self, record_id: str) -> None:
        self.steps.append(Step("told", record_id))

    def reach(self) -> None:
        """A write or a sync begins."""
        self.passes += 1
        if self.fail_from is not None and self.passes > self.fail_from:
            raise apsw.FullError() if self.error == "ENOSPC" else apsw.IOError(errno.EIO)


class File(apsw.VFSFile):
    """One open file."""

    def __init__(self, disk: Disk, inherit: str, name: Any, flags: list[int]) -> None:
        super().__init__(inherit, name, flags)
        self._disk = disk
        self._name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "").name

    def xWrite(self, data: Any, offset: int) -> None:
        self._disk.reach()
        super().xWrite(data, offset)
        self._disk.note(Step("write", self._name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self._disk.note(Step("truncate", self._name, newsize))

    def xSync(self, flags: int) -> None:
        self._disk.reach()
        self._disk.note(Step("sync", self._name))


class Vfs(apsw.VFS):
    """Opens files of this kind. Nothing is truly synced: the machine that tests run on keeps its power."""

    def __init__(self, name: str, disk: Disk) -> None:
        super().__init__(name, "")
        self._disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> File:
        return File(self._disk, "", name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        self._disk.note(Step("delete", Path(filename).name))


@dataclass
class _Content:
    """One file: what is sure, and what may or may not be there."""

    sure: bytearray
    unsure: list[Step] = field(default_factory=list)

    def sync(self) -> None:
        for step in self.unsure:
            _apply(self.sure, step)
        self.unsure = []

    def after_cut(self, chance: Random, kept: float) -> bytes:
        content = bytearray(self.sure)
        for step in self.unsure:
            if chance.random() < kept:
                _apply(content, _torn(step, chance))
        return bytes(content)


def _apply(content: bytearray, step: Step) -> None:
    if step.kind == "truncate":
        del content[step.offset :]
        return
    if len(content) < step.offset:
        content.extend(bytes(step.offset - len(content)))
    content[step.offset : step.offset + len(step.data)] = step.data


def _torn(step: Step, chance: Random) -> Step:
    if step.kind != "write" or chance.random() < 0.5:
        return step
    return Step("write", step.name, step.offset, step.data[: SECTOR * chance.randint(0, len(step.data) // SECTOR)])


@dataclass(frozen=True, slots=True)
class AfterCut:
    """What is on the disk when the power comes back, and whose receipts had left before."""

    at: int
    files: dict[str, bytes]
    told: frozenset[str]


def cuts(disk: Disk, moments: Sequence[int], chance: Random) -> Iterator[AfterCut]:
    """The disk after a power cut before each of these steps."""
    contents = {name: _Content(bytearray(data)) for name, data in disk.before.items()}
    told: set[str] = set()
    wanted = sorted(set(moments))
    for number, step in enumerate([*disk.steps, Step("told", "")]):
        while wanted and wanted[0] == number:
            kept = chance.choice((0.0, 0.5, 0.9))
            files = {name: content.after_cut(chance, kept) for name, content in contents.items()}
            yield AfterCut(wanted.pop(0), files, frozenset(told))
        _play(contents, told, step)


def _play(contents: dict[str, _Content], told: set[str], step: Step) -> None:
    if step.kind == "told":
        told.add(step.name)
    elif step.kind == "delete":
        contents.pop(step.name, None)
    elif step.kind == "sync":
        contents.setdefault(step.name, _Content(bytearray())).sync()
    else:
        contents.setdefault(step.name, _Content(bytearray())).unsure.append(step)
