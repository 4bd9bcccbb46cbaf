"""The database handle and the one way to write: `transaction()`.

SQLite discipline (D30): writing transactions begin IMMEDIATE, reading ones DEFERRED;
WAL + synchronous=FULL, because a receipt promises that the bytes survive a power cut.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_TIMEOUT_MS = 10_000
PAGE_CACHE_KIB = 512  # for each connection; the system's own cache holds the file anyway

_writing: ContextVar[bool] = ContextVar("lantoa_writing", default=False)


class Base(DeclarativeBase):
    """Base of every model; one naming convention, so that migrations can name what they drop."""

    metadata = MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC instant; stored without zone (SQLite has none), given back aware."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


db = SQLAlchemy(model_class=Base)


@contextmanager
def transaction() -> Iterator[Session]:
    """One writing transaction: commits at the end, rolls back on any exception.

    A reading transaction that is open in this context is ended first: SQLite cannot
    upgrade it to a writing one without the risk of SQLITE_BUSY_SNAPSHOT.
    """
    session: Session = db.session()
    session.rollback()
    token = _writing.set(True)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(token)


@contextmanager
def reading() -> Iterator[Session]:
    """A look that keeps nothing open: for whoever waits afterwards, for bytes or for work. Part of an open transaction.

    A reading transaction that stays open holds a connection, and SQLite's WAL grows for as long as it does.
    """
    session: Session = db.session()
    try:
        yield session
    finally:
        if not writing():
            session.rollback()


def writing() -> bool:
    """Whether a writing transaction is open in this context: all other writers of SQLite wait for its end."""
    return _writing.get()


def prepare_sqlite(engine: Engine, safe_wal: bool = True) -> None:
    """Sets pragmas and explicit BEGIN on a SQLite engine; does nothing for another database.

    Without `safe_wal` (SQLite below 3.51.3, where two checkpointers can corrupt a WAL database) the rollback
    journal is used, with synchronous=EXTRA, so that the journal's removal survives a power cut too.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute(f"PRAGMA journal_mode={'WAL' if safe_wal else 'DELETE'}")
        cursor.execute(f"PRAGMA synchronous={'FULL' if safe_wal else 'EXTRA'}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA cache_size=-{PAGE_CACHE_KIB}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing() else "BEGIN")
