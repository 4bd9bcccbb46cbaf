"""`GET /healthz`: is the service well, that is: can the database be read, and could it be written?

Nothing is written and no lock is taken to find out: whoever watches every second must not stand in the way of phones.
"""

import os
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Flask, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from server import engine
from server.db import db, reading
from server.people.policy import cover
from server.queries import system
from server.version import VERSION

LEAST_ROOM_BYTES = 4 * 1024 * 1024
OLD_SQLITE = "SQLite is older than 3.51.3: rollback journal instead of WAL"

blueprint = Blueprint("health", __name__)


@dataclass(frozen=True, slots=True)
class Database:
    """`journal` and `note` only for SQLite."""

    kind: str
    version: str
    journal: str | None = None
    note: str | None = None


def mount(app: Flask) -> None:
    app.register_blueprint(blueprint)
    cover(app, "health", "public")


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    try:
        database, obstacle = _looked_at()
    except SQLAlchemyError as error:
        obstacle = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
    if obstacle:
        return _unwell(obstacle), HTTPStatus.SERVICE_UNAVAILABLE
    told = {name: value for name, value in asdict(database).items() if value is not None}
    return jsonify({"status": "ok", "version": VERSION, "database": told})


def _looked_at() -> tuple[Database, str | None]:
    """The database, and what would keep it from being written."""
    with reading() as session:
        kind = session.get_bind().dialect.name
        note = OLD_SQLITE if kind == "sqlite" and not engine.has_safe_wal() else None
        database = Database(kind, system.database_version(session), system.journal(session), note)
        shut = "it is read-only" if system.read_only(session) else None
    return database, shut or (_file_obstacle(Path(db.engine.url.database or "")) if kind == "sqlite" else None)


def _file_obstacle(path: Path) -> str | None:
    """SQLite writes beside its file too, so the folder counts as well; a full disk is told before it is met."""
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        return "its file or folder cannot be written"
    room = os.statvfs(path.parent)
    if room.f_flag & os.ST_RDONLY:
        return "its file system is read-only"
    return "the disk is full" if room.f_bavail * room.f_frsize < LEAST_ROOM_BYTES else None


def _unwell(reason: str) -> Response:
    kind = db.engine.dialect.name
    return jsonify(
        {
            "status": "unwell",
            "version": VERSION,
            "reason": f"the database cannot be written: {reason}",
            "database": {"kind": kind},
        }
    )
