"""The audit: one function, called beside the act and in its transaction. Never holds content (D32)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.queries import audit as rows


def note(
    session: Session,
    action: str,
    subject: str,
    account_id: int | None,
    device_id: int | None,
    detail: Mapping[str, Any] | None,
    at: datetime,
) -> None:
    """`action` is a verb with its noun (`sign-in.refused`), `subject` names a thing by kind and id (`device:9f…`)."""
    rows.add(session, action, subject, account_id, device_id, detail or {}, at)
