"""Switches how a unit counts its managed persons: declared totals, or a roll by code (U3).

Keeping a roll needs a written permission; its number and date stand here, in the audit and under T2.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from server import audit, coverage
from server.queries import registers as register_rows
from server.queries import units as rows

DECLARED = "declared"
REGISTER = "register"
MODES = (DECLARED, REGISTER)


class ModeRefused(Exception):
    """Why the mode stays as it was: unknown-unit, not-a-commune, unknown-mode or permission-missing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def switch(session: Session, unit_key: str, mode: str, permission: str, account_id: int, at: datetime) -> int:
    """Sets the mode, moves the figures and gives the unit's id. Call inside a transaction.

    Going back to `declared` keeps the roll but counts it no more.
    """
    unit = rows.unit(session, unit_key)
    if unit is None:
        raise ModeRefused("unknown-unit")
    if unit.level != "commune":
        raise ModeRefused("not-a-commune")
    if mode not in MODES:
        raise ModeRefused("unknown-mode")
    if mode == REGISTER and not permission.strip():
        raise ModeRefused("permission-missing")
    rows.set_t2_mode(session, unit.id, mode, permission.strip() or None)
    register_rows.move_stamp(session)
    coverage.mode_changed(session, unit.id)
    detail = {"mode": mode, "permission": permission.strip()}
    audit.note(session, "unit.t2-mode", f"unit:{unit.key}", account_id, None, detail, at)
    return unit.id
