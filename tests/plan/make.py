"""Builders for presets: the shipped folder, copies of it with a cell changed, and bare apps on their own database."""

import csv
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from flask import Flask

from server import engine
from server.config import Config
from server.db import db, transaction
from server.plan import presets
from server.queries import system
from tests import tables
from tests.settable_clock import SettableClock

SHIPPED = Path(__file__).parent.parent.parent / "presets" / "soc_trang_2024"
OCTOBER = datetime(2024, 10, 10, 5, 0, tzinfo=UTC)  # after the merger of the two wards


@contextmanager
def bare_app(folder: Path, at: datetime = OCTOBER, database_url: str = "") -> Iterator[Flask]:
    """Tables, an installation row and a clock: no pages. Inside, its app context is open."""
    bare = Flask("plans")
    bare.extensions["lantoa_clock"] = SettableClock(at)
    elsewhere = {"database_url": database_url} if database_url else {}
    engine.connect(bare, Config.for_tests(folder, **elsewhere))
    with bare.app_context():
        tables.create()
        with transaction() as session:
            system.ensure_installation(session, "5e" * 16, at)
        yield bare
        db.session.remove()
        db.engine.dispose()


def load_shipped() -> None:
    """What `presets.load(SHIPPED)` leaves in an empty SQLite database of `bare_app`: loaded once, then copied."""
    tables.place(_loaded())


@cache
def _loaded() -> bytes:
    with tempfile.TemporaryDirectory(prefix="lantoa-preset-") as folder:
        with bare_app(Path(folder)):
            presets.load(SHIPPED)
            file = Path(str(db.engine.url.database))
        return file.read_bytes()


def preset_copy(folder: Path) -> Path:
    """The shipped preset in a folder that a test may spoil."""
    return Path(shutil.copytree(SHIPPED, folder / "preset"))


def set_cell(preset: Path, file: str, row: int, column: str, value: str) -> None:
    """Writes one cell; rows count as in faults, the header is row 1."""
    path = preset / file
    with path.open(encoding="utf-8", newline="") as source:
        table = list(csv.reader(source))
    table[row - 1][table[0].index(column)] = value
    write_table(path, table)


def write_table(path: Path, table: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, lineterminator="\n").writerows(table)


def row_of(file: str, column: str, value: str) -> int:
    """The number of the row in which the shipped file has this value."""
    with (SHIPPED / file).open(encoding="utf-8", newline="") as source:
        for number, line in enumerate(csv.DictReader(source), start=2):
            if line[column] == value:
                return number
    raise LookupError(f"{file} has no {column} {value}")
