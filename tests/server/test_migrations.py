"""The migrations make the tables that the models describe, on a database of either kind."""

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from server.app import create_app
from server.commands import database
from server.config import Config
from server.db import Base, db


@pytest.fixture
def service(config: Config) -> Iterator[Flask]:
    """A service whose database has nothing in it."""
    made = create_app(config)
    with made.app_context():
        yield made
        db.engine.dispose()


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def test_migrations_make_what_the_models_describe(service: Flask) -> None:
    database.upgrade()
    assert differences() == []


def test_the_command_that_people_type_migrates(config: Config) -> None:
    made = create_app(config)
    answer = made.test_cli_runner().invoke(args=["db", "upgrade"])
    with made.app_context():
        found = differences()
        db.engine.dispose()
    assert (answer.exit_code, answer.exception, found) == (0, None, [])


def test_migrating_twice_changes_nothing(service: Flask) -> None:
    database.upgrade()
    database.upgrade()
    assert differences() == []


def test_migrations_can_be_taken_back(service: Flask) -> None:
    database.upgrade()
    flask_migrate.downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]


@pytest.mark.postgres
def test_migrations_make_what_the_models_describe_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    made = create_app(Config.for_tests(tmp_path, database_url=postgres_url))
    with made.app_context():
        database.upgrade()
        found = differences()
        db.engine.dispose()
    assert found == []
