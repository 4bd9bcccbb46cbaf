"""As much of the DB-API over apsw as SQLAlchemy asks for: so that the service's own store runs over a VFS of ours."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import apsw

apilevel, threadsafety, paramstyle = "2.0", 1, "qmark"
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))
VFS = "power"
Binary = bytes


class Error(Exception):
    """As PEP 249 has them."""


class Warning(Exception):
    """Never raised."""


class InterfaceError(Error):
    """Never raised."""


class DatabaseError(Error):
    """Anything else."""


class DataError(DatabaseError):
    """Never raised."""


class OperationalError(DatabaseError):
    """Busy, full, failing."""


class IntegrityError(DatabaseError):
    """A constraint."""


class InternalError(DatabaseError):
    """Never raised."""


class ProgrammingError(DatabaseError):
    """SQL that is none."""


class NotSupportedError(DatabaseError):
    """Never raised."""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except apsw.ConstraintError as error:
        raise IntegrityError(str(error)) from error
    except apsw.SQLError as error:
        raise ProgrammingError(str(error)) from error
    except apsw.FullError as error:
        raise OperationalError("database or disk is full") from error
    except apsw.Error as error:
        raise OperationalError(str(error)) from error


class Cursor:
    """Rows are fetched at once: none of ours is long."""

    arraysize = 1

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._cursor.exec_trace = self._note
        self._rows: list[Any] = []
        self._next = 0
        self.description: Any = None
        self.rowcount = -1

    @property
    def lastrowid(self) -> int:
        return self._connection.last_insert_rowid()

    def _note(self, cursor: apsw.Cursor, _sql: str, _bindings: Any) -> bool:
        columns = cursor.get_description()
        self.description = tuple((name, kind, None, None, None, None, None) for name, kind in columns) or None
        return True

    def execute(self, sql: str, bindings: Any = ()) -> "Cursor":
        self.description, self._next = None, 0
        before = self._connection.total_changes()
        with _translated():
            self._rows = list(self._cursor.execute(sql, tuple(bindings)))
        self.rowcount = self._connection.total_changes() - before
        return self

    def executemany(self, sql: str, rows: Iterable[Any]) -> "Cursor":
        before = self._connection.total_changes()
        for bindings in rows:
            self.execute(sql, bindings)
        self.rowcount = self._connection.total_changes() - before
        return self

    def fetchone(self) -> Any:
        self._next += 1
        return self._rows[self._next - 1] if self._next <= len(self._rows) else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        found = self._rows[self._next : self._next + size]
        self._next += len(found)
        return found

    def fetchall(self) -> list[Any]:
        return self.fetchmany(len(self._rows))

    def close(self) -> None:
        self._cursor.close(True)


class Connection:
    """Like pysqlite's with `isolation_level=None`: BEGIN is said by whoever wants it."""

    isolation_level: Any = None

    def __init__(self, filename: str) -> None:
        with _translated():
            self.inner = apsw.Connection(filename, vfs=VFS)

    def cursor(self) -> Cursor:
        return Cursor(self.inner)

    def execute(self, sql: str, bindings: Any = ()) -> Cursor:
        return self.cursor().execute(sql, bindings)

    def commit(self) -> None:
        if self.inner.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.inner.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        self.inner.close(True)

    def create_function(self, name: str, arguments: int, work: Callable[..., Any], **named: bool) -> None:
        self.inner.create_scalar_function(name, work, arguments, **named)


def connect(filename: str, **_named: Any) -> Connection:
    return Connection(filename)
