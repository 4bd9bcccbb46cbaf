"""Which database engine an installation gets: SQLite from the pysqlite3 wheel where it exists, or PostgreSQL.

Before 3.51.3 two checkpointers can corrupt a WAL database; the system's SQLite is often older. Then the rollback
journal is used, and `/healthz` says so (D30).
"""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.engine import make_url

from server.config import Config
from server.db import db, prepare_sqlite

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # no wheel for this machine, e.g. Linux on arm64
    import sqlite3 as sqlite

SAFE_WAL = (3, 51, 3)
CONNECTIONS = 20  # gunicorn's threads, and a few


def connect(app: Flask, config: Config) -> None:
    """Binds the database to the app. Parameters never show in errors: they would carry answers into the log (R35)."""
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _options(config)
    db.init_app(app)
    with app.app_context():
        prepare_sqlite(db.engine, safe_wal=has_safe_wal())


def has_safe_wal() -> bool:
    return tuple(sqlite.sqlite_version_info) >= SAFE_WAL


def _options(config: Config) -> dict[str, Any]:
    shared: dict[str, Any] = {"hide_parameters": True, "pool_size": CONNECTIONS, "max_overflow": 0}
    url = make_url(config.database_url)
    if url.get_backend_name() != "sqlite":
        return {**shared, "pool_pre_ping": True}
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    return {**shared, "module": sqlite}
