"""A bare app on an empty database, for reviewing."""

from tests.bare_app import app, session, world

__all__ = ["app", "session", "world"]
