"""The shipped preset, an account to decide, one commune that keeps its roll here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.db import db, transaction
from server.models.people import Account
from server.queries import units
from tests.plan import make

KEEPING = "31673@2023-01-01"
NEIGHBOUR = "31675@2023-01-01"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with make.bare_app(tmp_path) as bare:
        make.load_shipped()
        with transaction() as session:
            commune = units.unit(session, KEEPING)
            assert commune is not None
            units.set_t2_mode(session, commune.id, "register", "12/CV")
            session.add(
                Account(uid="a" * 32, login="giusach", name="Giữ sổ", unit_id=commune.id, created_at=make.OCTOBER)
            )
        yield bare


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture
def keeping(session: Session) -> int:
    """The id of the commune that keeps its roll."""
    return _id(session, KEEPING)


@pytest.fixture
def neighbour(session: Session) -> int:
    return _id(session, NEIGHBOUR)


def _id(session: Session, key: str) -> int:
    unit = units.unit(session, key)
    assert unit is not None
    return unit.id
