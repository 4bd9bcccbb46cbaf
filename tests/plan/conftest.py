"""Fixtures of a loaded preset. `loaded` is made once per file: tests that write take `app` and load for themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.db import db
from server.plan import presets
from tests.plan import make


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with make.bare_app(tmp_path) as bare:
        yield bare


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The shipped preset in its own year, to be read only."""
    with make.bare_app(tmp_path_factory.mktemp("loaded")):
        presets.load(make.SHIPPED)
        yield db.session()
