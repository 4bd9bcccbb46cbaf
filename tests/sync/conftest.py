"""The worlds in which the contract suite runs: in memory, on SQLite, and on PostgreSQL where it is asked for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.make import MemoryWorld, SqlWorld, World

STORES = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=STORES)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The server under test, whichever its store."""
    if request.param == "memory":
        yield MemoryWorld(tmp_path)
        return
    made = SqlWorld(tmp_path, _postgres(request) if request.param == "postgres" else None)
    yield made
    made.close()


@pytest.fixture
def sql(tmp_path: Path) -> Iterator[SqlWorld]:
    """The service's own store on SQLite, for what only it does."""
    made = SqlWorld(tmp_path)
    yield made
    made.close()


def _postgres(request: pytest.FixtureRequest) -> str:
    """The database that LANTOA_TEST_PG names (it is emptied), else one of the PostgreSQL that pip brings."""
    given = os.environ.get("LANTOA_TEST_PG")
    return given.replace("postgresql://", "postgresql+psycopg://") if given else request.getfixturevalue("postgres_url")
