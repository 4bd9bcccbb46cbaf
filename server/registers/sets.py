"""The register sets that phones fetch: an immutable file per register and unit, named by its hash (D25, D26).

Cut anew only when the installation's register stamp or the day has moved; a phone that has the hash fetches nothing.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

import brotli
from sqlalchemy.orm import Session

from server import clock
from server.queries import registers as items
from server.queries.registers import FileRow
from server.registers import tables
from server.registers.kept import Kept
from server.registers.tables import Table

MOST_CACHED = 256  # units; a province has about 120
LONG_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class SetRef:
    """What `changes` tells of a set (shapes.ts). `size` counts the bytes before compression."""

    register: str
    unit: str | None
    sensitive: bool
    rows: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class _Cut:
    ref: SetRef
    sensitive_unit_id: int | None
    body: bytes


_cuts: Kept[tuple[str, int, int, date], tuple[_Cut, ...]] = Kept(MOST_CACHED)


def refs(session: Session, unit_id: int, day: date | None = None) -> list[SetRef]:
    """The sets that a phone of this unit holds; none for an unknown unit."""
    return [cut.ref for cut in _of_unit(session, unit_id, day or clock.today())]


def ensure(session: Session, unit_id: int, day: date | None = None) -> list[SetRef]:
    """The same, and sees to it that each can be fetched. Call inside a transaction."""
    cuts = _of_unit(session, unit_id, day or clock.today())
    there = items.has_files(session, [cut.ref.sha256 for cut in cuts])
    for cut in cuts:
        if cut.ref.sha256 not in there:
            items.add_file(session, _file(cut))
    return [cut.ref for cut in cuts]


def missing(session: Session, unit_id: int, day: date | None = None) -> bool:
    """Whether `ensure` would have to write."""
    wanted = {ref.sha256 for ref in refs(session, unit_id, day)}
    return bool(wanted - items.has_files(session, wanted))


def _of_unit(session: Session, unit_id: int, day: date) -> tuple[_Cut, ...]:
    state = items.settled_state(session)
    return _cuts.get(state and (*state, unit_id, day), lambda: tuple(map(_cut, tables.all_of(session, unit_id, day))))


def _cut(table: Table) -> _Cut:
    body = text(table).encode()
    sensitive = table.sensitive_unit_id is not None
    sha256 = hashlib.sha256(body).hexdigest()
    ref = SetRef(table.register, table.unit, sensitive, len(table.rows), sha256, len(body))
    return _Cut(ref, table.sensitive_unit_id, body)


def text(table: Table) -> str:
    """RegisterSet as JSON; the same rows give the same bytes."""
    shape = {"register": table.register, "unit": table.unit, "columns": table.columns, "rows": table.rows}
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


def _file(cut: _Cut) -> FileRow:
    quality = 11 if len(cut.body) < LONG_BYTES else 6  # 8 MB at 11 take half a minute, of everybody's time
    return FileRow(cut.ref.sha256, "set", cut.sensitive_unit_id, cut.body, brotli.compress(cut.body, quality=quality))
