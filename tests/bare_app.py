"""Fixtures for tests of one part: tables, a session and a small province on a bare app, no pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server import engine
from server.config import Config
from server.db import db
from tests import make, tables
from tests.settable_clock import SettableClock

__all__ = ["app", "session", "world"]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    bare = Flask("bare")
    bare.extensions["lantoa_clock"] = SettableClock()
    engine.connect(bare, Config.for_tests(tmp_path))
    with bare.app_context():
        tables.create()
        yield bare
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture
def world(session: Session) -> make.World:
    """Made before anything was read: `session` is empty."""
    return tables.create_world()
