"""/healthz tells whether the database can be written, and writes nothing to find out."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.app import create_app
from server.config import Config
from server.db import db
from server.queries import system
from server.version import VERSION
from tests import tables


def test_a_well_service_says_so_with_its_database(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["status"], told["version"]) == ("ok", VERSION)
    assert told["database"]["kind"] == "sqlite"
    assert (told["database"]["journal"] == "wal") == ("note" not in told["database"])


def test_asking_changes_nothing(client: FlaskClient, session: Session) -> None:
    before = system.installation(session)
    client.get("/healthz")
    session.expire_all()
    assert system.installation(session) == before


def test_a_database_that_cannot_be_written_is_503_with_the_reason(app: Flask, config: Config) -> None:
    path = config.data_dir / "lantoa.db"
    for file in config.data_dir.glob("lantoa.db*"):
        file.unlink()
    path.write_bytes(b"this is no database at all, only some text" * 100)
    with app.app_context():
        from_pool_again(app)
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    assert "file is not a database" in answer.get_json()["reason"]


def test_asking_waits_for_no_writer(app: Flask, config: Config) -> None:
    """Whoever watches gets an answer at once while somebody writes, and stands in nobody's way."""
    with closing(sqlite3.connect(config.data_dir / "lantoa.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        answers = [app.test_client().get("/healthz").status_code for _ in range(3)]
        writer.execute("ROLLBACK")
    assert answers == [200, 200, 200]


def test_a_folder_that_is_gone_is_told(app: Flask, config: Config) -> None:
    """The open connection still reads; nothing could be written beside the file any more."""
    with app.app_context():
        db.session.execute(text("select 1"))
        config.data_dir.rename(config.data_dir.with_name("elsewhere"))
        answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "unwell")


@pytest.mark.postgres
def test_a_database_that_takes_no_writes_is_told(tmp_path: Path, postgres_url: str) -> None:
    made = create_app(Config.for_tests(tmp_path, database_url=postgres_url))
    with made.app_context():
        tables.create()
        well = made.test_client().get("/healthz").status_code
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            name = connection.scalar(text("select current_database()"))
            connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
        db.engine.dispose()
        answer = made.test_client().get("/healthz")
        db.engine.dispose()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET default_transaction_read_only = off"))
            connection.execute(text(f'ALTER DATABASE "{name}" RESET default_transaction_read_only'))
        db.engine.dispose()
    assert (well, answer.status_code) == (200, 503)
    assert "read-only" in answer.get_json()["reason"]


def from_pool_again(app: Flask) -> None:
    """Drops the open connections, as a restart would."""
    app.extensions["sqlalchemy"].engine.dispose()
