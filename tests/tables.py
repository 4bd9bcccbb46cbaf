"""Databases of tests as they begin: with every table, or with the small province of tests/make in it.

SQLite files are made once in each process and copied, which takes a tenth of making them.
"""

import copy
import shutil
import tempfile
from functools import cache
from pathlib import Path

from flask import Flask

from server import engine
from server.config import Config
from server.db import Base, db, transaction
from tests import make


def create() -> None:
    """Every table, in the database of the current app, which nobody has opened yet."""
    if db.engine.dialect.name == "sqlite":
        place(_tables())
    else:
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)


def create_world() -> make.World:
    """Every table and `make.world`, in the database of the current app; what was in it before is gone."""
    if db.engine.dialect.name == "sqlite":
        body, made = _province()
        place(body)
        return copy.deepcopy(made)
    create()
    with transaction() as session:
        return make.world(session)


def place(body: bytes) -> None:
    """Makes a whole SQLite file the current app's database. Nobody may hold the old one: what is open is closed."""
    db.session().close()
    db.engine.dispose()
    file = Path(str(db.engine.url.database))
    for old in file.parent.glob(f"{file.name}*"):
        old.unlink()
    file.write_bytes(body)


@cache
def _tables() -> bytes:
    bare = _bare()
    with bare.app_context():
        Base.metadata.create_all(db.engine)
    return _taken_from(bare)


@cache
def _province() -> tuple[bytes, make.World]:
    bare = _bare()
    with bare.app_context():
        create()
        with transaction() as session:
            made = make.world(session)
    return _taken_from(bare), made


def _bare() -> Flask:
    app = Flask("template")
    app.extensions["lantoa_config"] = Config.for_tests(Path(tempfile.mkdtemp(prefix="lantoa-tables-")))
    engine.connect(app, app.extensions["lantoa_config"])
    return app


def _taken_from(app: Flask) -> bytes:
    """The whole database in one file: closing the last connection empties the journal. Its folder goes."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        body = Path(str(db.engine.url.database)).read_bytes()
    shutil.rmtree(app.extensions["lantoa_config"].data_dir.parent)
    return body
