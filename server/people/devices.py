"""Devices at the desk's side: revoking one. What a revoked device may still do is left to `sync` (D27)."""

from datetime import datetime

from sqlalchemy.orm import Session

from server import audit
from server.queries import enrolment as rows
from sync.problems import Problem


def revoke(session: Session, device_uid: str, by_id: int | None, at: datetime) -> None:
    """Raises Problem `not-found` when no active device has this id."""
    device_id = rows.revoke(session, device_uid, at)
    if device_id is None:
        raise Problem("not-found")
    audit.note(session, "device.revoked", f"device:{device_uid}", by_id, None, None, at)
