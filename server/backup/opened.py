"""The database inside a backup, opened to be read: SQLite's file as it lies there, a dump in a database of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from server.backup import postgres
from server.backup.manifest import Manifest
from server.engine import sqlite

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@contextmanager
def opened(folder: Path, manifest: Manifest, url: URL) -> Iterator[Session]:
    """`url`: the service's own database, beside which a dump is loaded. Raises BackupFault."""
    file = folder / manifest.database
    if manifest.kind == SQLITE:
        with opened_file(file) as session:
            yield session
        return
    with postgres.scratch(url) as beside:
        postgres.load(beside, file)
        with _session(beside) as session:
            yield session


@contextmanager
def opened_file(file: Path) -> Iterator[Session]:
    """Not one byte of it may change, not even a journal beside it: its hash is in the manifest."""
    query = {"mode": "ro", "immutable": "1", "uri": "true"}
    with _session(URL.create(SQLITE, database=f"file:{quote(str(file))}", query=query), module=sqlite) as session:
        yield session


@contextmanager
def _session(url: URL, **options: Any) -> Iterator[Session]:
    engine = create_engine(url, hide_parameters=True, **options)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()
