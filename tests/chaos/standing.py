"""How a server stands at the end, read from its database and its disk: for `tests.chaos.history.judge`."""

import hashlib
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from server.engine import sqlite
from tests.chaos.history import End, Held

RECORDS = "SELECT record_id, payload FROM record UNION ALL SELECT record_id, payload FROM record_copy"
PHOTOS = "SELECT media_id, sha256 FROM media WHERE state IN ('there', 'unreadable')"
TWICE = "SELECT count(*) - count(DISTINCT public_key) FROM device WHERE public_key <> ''"
PROMISED = "SELECT DISTINCT m.media_id, m.sha256 FROM record_media r JOIN media m ON m.media_id = r.media_id"


def end_of(database_url: str, media: Path) -> End:
    """Everything that the server holds, by the bytes themselves and not by what a column says of them."""
    return End(
        records=[Held(name, _sha256(bytes(payload))) for name, payload in rows(database_url, RECORDS)],
        photos=[held for name, sha256 in rows(database_url, PHOTOS) if (held := _photo(media, name, sha256))],
        promised_photos=[Held(name, sha256) for name, sha256 in rows(database_url, PROMISED)],
    )


def rows(database_url: str, query: str) -> list[Any]:
    module = {"module": sqlite} if database_url.startswith("sqlite") else {}
    engine = create_engine(database_url, **module)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def unsound(database_url: str) -> list[str]:
    """What does not fit together: chains without a record, records without a number or with a wrong receipt."""
    counts = {
        "chains without a record": "SELECT count(*) FROM chain WHERE id NOT IN (SELECT chain_id FROM record)",
        "records without a number": "SELECT count(*) FROM record WHERE seq < 1",
        "phones that became two devices": TWICE,
        "numbers above the counter": "SELECT count(*) FROM record WHERE seq > (SELECT max(seq) FROM installation)",
    }
    return [what for what, query in counts.items() if rows(database_url, query)[0][0]]


def _photo(media: Path, name: str, sha256: str) -> Held | None:
    path = media / "original" / sha256[:2] / sha256
    return Held(name, _sha256(path.read_bytes())) if path.exists() else None


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
