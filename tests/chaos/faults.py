"""Named places in the service at which something goes wrong once, by a plan that lies in a file.

Wraps the functions of a running child from outside; nothing of this is in the service. The plan names a place, how many
passes go well first, and an act: `kill-worker`, `kill-master`, `kill-both`, `kill-pid-N` (somebody else), `terminate`
(this connection's PostgreSQL backend) or the name of an errno.
"""

import errno
import json
import os
import signal
import stat
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

import server.queries.records
import sync.routes
from server import config
from server.db import db

RECORD_PLACES = ("body-read", "rows", "before-commit", "after-commit", "before-reply")
MEDIA_PLACES = (
    "bytes-written",
    "file-synced",
    "linked",
    "folder-synced",
    "before-commit",
    "after-commit",
    "before-reply",
)
CALL = "call"  # any of these, on the media folder
CALLS = ("open", "pwrite", "ftruncate", "fsync", "link", "mkdir", "unlink")


@dataclass(frozen=True, slots=True)
class Plan:
    place: str
    act: str
    skip: int = 0

    def write(self, path: Path) -> None:
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(self)))
        draft.rename(path)


@dataclass(frozen=True, slots=True)
class _Watch:
    """What a child looks at whenever it passes a place."""

    path: Path

    def reach(self, place: str, connection: Any = None) -> None:
        plan = self._plan()
        if plan is None or plan.place != place:
            return
        if plan.skip:
            Plan(plan.place, plan.act, plan.skip - 1).write(self.path)
            return
        self.path.unlink()
        _do(plan.act, connection)

    def _plan(self) -> Plan | None:
        try:
            return Plan(**json.loads(self.path.read_text()))
        except FileNotFoundError:
            return None


def _do(act: str, connection: Any) -> None:
    if act == "terminate":
        with psycopg.connect(_libpq(config.current().database_url), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
    elif act.startswith("kill-pid-"):
        os.kill(int(act.removeprefix("kill-pid-")), signal.SIGKILL)
    elif act.startswith("kill"):
        _kill(act)
    else:
        raise OSError(getattr(errno, act), os.strerror(getattr(errno, act)))


def _kill(act: str) -> None:
    if act == "kill-worker":
        os.kill(os.getpid(), signal.SIGKILL)
    elif act == "kill-master":
        os.kill(os.getppid(), signal.SIGKILL)
    else:
        os.killpg(os.getpgid(0), signal.SIGKILL)


def _libpq(url: str) -> str:
    return url.replace("+psycopg", "")


def install(app: Flask, path: Path) -> None:
    """Puts every place into a child."""
    watch = _Watch(path)
    sync.routes.read_batch = _after(sync.routes.read_batch, lambda: watch.reach("body-read"))
    server.queries.records.project = _after(server.queries.records.project, lambda: watch.reach("rows"))
    _around_commit(app, watch)
    _around_disk(str(config_of(app).media_dir), watch)
    inner = app.wsgi_app

    def answered(environ: Any, start_response: Any) -> Any:
        answer = inner(environ, start_response)
        watch.reach("before-reply")
        return answer

    app.wsgi_app = answered  # type: ignore[method-assign]


def config_of(app: Flask) -> config.Config:
    found: config.Config = app.extensions["lantoa_config"]
    return found


def _after(work: Callable[..., Any], then: Callable[[], None]) -> Callable[..., Any]:
    def wrapped(*arguments: Any, **named: Any) -> Any:
        result = work(*arguments, **named)
        then()
        return result

    return wrapped


def _around_commit(app: Flask, watch: _Watch) -> None:
    with app.app_context():
        dialect = db.engine.dialect
    commit = dialect.do_commit

    def wrapped(connection: Any) -> None:
        watch.reach("before-commit", getattr(connection, "driver_connection", connection))
        commit(connection)
        watch.reach("after-commit")

    dialect.do_commit = wrapped


def _around_disk(folder: str, watch: _Watch) -> None:
    """The system calls by which photos come to the disk."""
    for name in CALLS:
        setattr(os, name, _call(name, getattr(os, name), folder, watch))


def _call(name: str, work: Callable[..., Any], folder: str, watch: _Watch) -> Callable[..., Any]:
    def wrapped(target: Any, *arguments: Any, **named: Any) -> Any:
        path = _path_of(target)
        if not path.startswith(folder):
            return work(target, *arguments, **named)
        watch.reach(CALL)
        is_file = name == "fsync" and stat.S_ISREG(os.fstat(target).st_mode)
        if is_file:
            watch.reach("bytes-written")
        result = work(target, *arguments, **named)
        if name == "link":
            watch.reach("linked")
        if name == "fsync":
            watch.reach("file-synced" if is_file else "folder-synced")
        return result

    return wrapped


def _path_of(target: Any) -> str:
    return os.readlink(f"/proc/self/fd/{target}") if isinstance(target, int) else os.fsdecode(target)
