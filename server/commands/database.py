"""`db …`: Flask-Migrate's own commands on our migrations, e.g. `db upgrade`.

Attached when a command asks for it, so that neither the web process nor the worker loads alembic (11 MB).
"""

import logging
from pathlib import Path
from typing import cast

import flask_migrate
import flask_migrate.cli
from flask import Flask, current_app, g
from flask.cli import AppGroup, with_appcontext

from server.db import db as database

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def attach() -> None:
    """Makes the running app known to Flask-Migrate; alembic only speaks when something is wrong."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    flask_migrate.Migrate(app, database, directory=str(MIGRATIONS), render_as_batch=True)


def upgrade() -> None:
    """Brings the tables to the newest migration."""
    attach()
    flask_migrate.upgrade()


@with_appcontext
def _begin() -> None:
    """What Flask-Migrate's own group leaves for its commands: no other folder, no arguments of env.py."""
    attach()
    g.directory, g.x_arg = None, ()


db = AppGroup("db", help="Schema migrations.", callback=_begin, commands=dict(flask_migrate.cli.db.commands))
