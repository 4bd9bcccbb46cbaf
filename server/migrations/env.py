"""Runs migrations on the database of the running app.

Until tag v0.1 they are squashed at will, afterwards never edited (D31).
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from server.db import Base, UTCDateTime, db


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration names no class of ours: it must run when the class has long changed."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UTCDateTime) else False


def run() -> None:
    settings = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, render_item=render, **settings)
        with context.begin_transaction():
            context.run_migrations()


run()
