"""The protocol over the service's own SQLite store, whose every write passes the noted disk; phones send through it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from server.api import sync as api
from server.config import Config
from server.db import db, prepare_sqlite, transaction
from server.keys import KeyRing
from server.people import enrolment
from tests import tables
from tests.chaos.power import dbapi
from tests.chaos.power.disk import Disk, Vfs
from tests.chaos.sender import Sender
from tests.phone import Phone
from tests.settable_clock import SettableClock
from tests.sync.make import wire


class PowerWorld:
    """One officer's server on a watched disk. `synchronous`: as shipped, or less, to see that it matters."""

    def __init__(self, folder: Path, synchronous: str | None = None) -> None:
        self.disk, self.clock = Disk(), SettableClock()
        self._vfs = Vfs(dbapi.VFS, self.disk)
        config = Config.for_tests(folder)
        self.database = Path(config.database_url.removeprefix("sqlite:///"))
        self.database.parent.mkdir(parents=True)
        self.app = Flask("power")
        self.app.extensions.update(lantoa_config=config, lantoa_clock=self.clock, lantoa_keys=KeyRing(config.keys_dir))
        self._connect(config, synchronous)
        api.mount(self.app)
        with self.app.app_context():
            self.made = tables.create_world()
            with transaction() as session:
                code = enrolment.issue(session, self.made.accounts["officer"], self.made.units["A"], self.clock())
        self.sender = Sender(Phone(wire(self.app), self.clock))
        assert self.sender.phone.enrol(code).status == 201
        self._begin()

    def _connect(self, config: Config, synchronous: str | None) -> None:
        """As `server.engine` does it, but for the module that opens the file."""
        options = {"module": dbapi, "hide_parameters": True, "pool_size": 1, "max_overflow": 0}
        self.app.config.update(SQLALCHEMY_DATABASE_URI=config.database_url, SQLALCHEMY_ENGINE_OPTIONS=options)
        db.init_app(self.app)
        with self.app.app_context():
            prepare_sqlite(db.engine)
            if synchronous:
                event.listen(db.engine, "connect", lambda connection, _: _set(connection, synchronous))

    def _begin(self) -> None:
        """From here on it counts: what is on the disk now is sure."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.disk.before = {self.database.name: self.database.read_bytes()}
        self.disk.steps.clear()
        self.disk.passes = 0

    def send(self, *records: Any) -> bool:
        """One batch; what the phone was told is noted between the writes."""
        before = len(self.sender.history)
        done = self.sender.send(*records)
        for operation in self.sender.history[before:]:
            if operation.act == "acknowledge" and operation.outcome == "ok":
                self.disk.told(operation.id)
        return done

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self._vfs.unregister()


def _set(connection: Any, synchronous: str) -> None:
    connection.execute(f"PRAGMA synchronous={synchronous}")


@contextmanager
def powered(folder: Path, synchronous: str | None = None) -> Iterator[PowerWorld]:
    world = PowerWorld(folder, synchronous)
    try:
        yield world
    finally:
        world.close()
