"""pg_dump and pg_restore, and a database of its own to look into a dump. No password stands on a command line."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from server.backup.faults import BackupFault

SETTINGS = {
    "host": "PGHOST",
    "port": "PGPORT",
    "username": "PGUSER",
    "password": "PGPASSWORD",
    "database": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


def dump(url: URL, snapshot: str, into: Path) -> None:
    """Everything as the transaction sees it that shares this snapshot."""
    _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={into}")


def load(url: URL, dumped: Path) -> None:
    """All of a dump, or nothing."""
    name = url.database or ""
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={name}")
    _run(url, "pg_restore", *options, str(dumped))


@contextmanager
def scratch(url: URL) -> Iterator[URL]:
    """An empty database beside this one, gone at the end."""
    name = f"lantoa_verify_{secrets.token_hex(4)}"
    beside = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with beside.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
        yield url.set(database=name)
        with beside.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise BackupFault(f"A database to look into the dump cannot be made: {reason}") from error
    finally:
        beside.dispose()


def _run(url: URL, program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupFault(f"{program} is not on the PATH: install the client programs of PostgreSQL.")
    done = subprocess.run([found, *arguments], env=_environment(url), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFault(f"{program} failed: {done.stderr.strip()}")


def _environment(url: URL) -> dict[str, str]:
    given: dict[str, object] = {"host": url.host, "port": url.port, "username": url.username, "password": url.password}
    given |= {"database": url.database} | dict(url.query)
    named = {SETTINGS[name]: str(value) for name, value in given.items() if value and name in SETTINGS}
    return {**os.environ, **named}
