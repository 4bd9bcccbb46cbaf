"""`GET /healthz`: is the service well, that is: can the database be written? Nothing is written to find out."""

from dataclasses import asdict, dataclass
from http import HTTPStatus

from flask import Blueprint, Flask, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from server import engine
from server.db import db, transaction
from server.people.policy import cover
from server.queries import system
from server.version import VERSION

OLD_SQLITE = "SQLite is older than 3.51.3: rollback journal instead of WAL"

blueprint = Blueprint("health", __name__)


@dataclass(frozen=True, slots=True)
class Database:
    """`journal` and `note` only for SQLite."""

    kind: str
    version: str
    journal: str | None = None
    note: str | None = None


class _Enough(Exception):
    """Rolls the trial back."""


def mount(app: Flask) -> None:
    app.register_blueprint(blueprint)
    cover(app, "health", "public")


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    try:
        database = _written()
    except SQLAlchemyError as error:
        return _unwell(error), HTTPStatus.SERVICE_UNAVAILABLE
    told = {name: value for name, value in asdict(database).items() if value is not None}
    return jsonify({"status": "ok", "version": VERSION, "database": told})


def _written() -> Database:
    """Takes the write lock, asks, and rolls back."""
    found: list[Database] = []
    try:
        with transaction() as session:
            system.try_write(session)
            kind = session.get_bind().dialect.name
            note = OLD_SQLITE if kind == "sqlite" and not engine.has_safe_wal() else None
            found.append(Database(kind, system.database_version(session), system.journal(session), note))
            raise _Enough
    except _Enough:
        return found[0]


def _unwell(error: SQLAlchemyError) -> Response:
    reason = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
    kind = db.engine.dialect.name
    return jsonify(
        {
            "status": "unwell",
            "version": VERSION,
            "reason": f"the database cannot be written: {reason}",
            "database": {"kind": kind},
        }
    )
