"""The migrations make the tables that the models describe, on a database of either kind."""

import json
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, text

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


FILLED = """
INSERT INTO form_version (form_id, version, title, source, xform, model, model_sha256, created_at)
VALUES ('f', '3', '{"vi": "F"}', '| survey |', '', '{"model_format": 2}', 'ab', '2024-06-12 07:05:00')
"""
LIFE = "SELECT state, model_format, source_kind, warnings, published_at = created_at FROM form_version"


def filled_and_moved_on() -> tuple[object, ...]:
    """A form version of the first release, as the newest migration leaves it."""
    database.attach()
    flask_migrate.upgrade(revision="0001")
    with db.engine.begin() as connection:
        connection.execute(text(FILLED))
    database.upgrade()
    with db.engine.connect() as connection:
        state, model_format, kind, warnings, same = connection.execute(text(LIFE)).one()
    return state, model_format, kind, warnings if isinstance(warnings, list) else json.loads(warnings), bool(same)


PUBLISHED = ("published", 2, "md", [], True)


def test_a_form_that_was_in_use_is_published_with_the_format_of_its_model(service: Flask) -> None:
    assert filled_and_moved_on() == PUBLISHED


@pytest.mark.postgres
def test_so_it_is_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    made = create_app(Config.for_tests(tmp_path, database_url=postgres_url))
    with made.app_context():
        found = filled_and_moved_on()
        db.engine.dispose()
    assert found == PUBLISHED


@pytest.mark.postgres
def test_migrations_make_what_the_models_describe_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    made = create_app(Config.for_tests(tmp_path, database_url=postgres_url))
    with made.app_context():
        database.upgrade()
        found = differences()
        db.engine.dispose()
    assert found == []
