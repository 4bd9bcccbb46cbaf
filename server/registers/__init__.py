"""Registers as a unit sees them. `items` decides on items, `sets` is what phones fetch, `rolls` brings whole rolls."""

from server import clock
from server.db import db
from server.queries.devices_sync import Officer
from server.registers import tables

__all__ = ["me", "rows"]


def rows(register: str, unit_id: int) -> list[dict[str, str]]:
    """The rows against which a record of the unit is checked; none for an unknown register or unit."""
    found = tables.table(db.session(), register, unit_id, clock.today())
    if found is None:
        return []
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def me(officer: Officer) -> dict[str, str]:
    """The one row of the register `me`, as the officer's phone has it."""
    return {
        "name": "me",
        "label": officer.name,
        "unit": officer.unit_key,
        "organisation": officer.organisation_uid,
        "rapporteur": officer.rapporteur_uid,
        "t2_mode": officer.t2_mode,
    }
