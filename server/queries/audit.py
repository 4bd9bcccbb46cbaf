"""Rows of the audit: who did what to what, when. Written only through `server.audit`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.models.system import Audit


def add(
    session: Session,
    action: str,
    subject: str,
    account_id: int | None,
    device_id: int | None,
    detail: Mapping[str, Any],
    at: datetime,
) -> None:
    session.add(
        Audit(action=action, subject=subject, account_id=account_id, device_id=device_id, detail=dict(detail), at=at)
    )
