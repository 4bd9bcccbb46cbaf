"""Trying a draft on a phone: a code of 130 random bits, seven days, for one account; its QR leads to the phone app.

Stored hashed. Redeeming opens its own transaction.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server import audit
from server.db import transaction
from server.plan import form_life
from server.queries import form_trials as rows
from server.queries import forms
from server.queries.forms import DRAFT
from sync.messages import normal_code
from sync.problems import Problem

LIFE = timedelta(days=7)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32
LENGTH = 26


def issue(session: Session, version_id: int, account_id: int, at: datetime) -> str:
    """A fresh code for a draft; told once. Problem form-state-differs where it is none any more."""
    form_life.alone(session)
    if forms.state(session, version_id) != DRAFT:
        raise Problem("form-state-differs")
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    rows.add(session, version_id, _hash(code), account_id, at, at + LIFE)
    audit.note(session, "form.trial-issued", f"form-version:{version_id}", account_id, None, None, at)
    return code


def link(public_url: str, code: str) -> str:
    """What the QR holds; the code stands after `#` and reaches no log."""
    return f"{public_url}/#trial={code}"


def redeem(code: str, account_id: int, device_id: int, at: datetime) -> tuple[str, str]:
    """(form, version) that the account tries from now on. Problems trial-code-unknown, -expired, -used."""
    # P-45: seven days, one account; used again by the same one it is still good.
    with transaction() as session:
        form_life.alone(session)  # a draft that is tried from now on is neither replaced nor deleted meanwhile
        found = rows.by_code(session, _hash(code))
        if found is None:
            raise Problem("trial-code-unknown")
        mine = found.account_id == account_id
        if found.state != DRAFT or (found.expires_at <= at and not mine):
            raise Problem("trial-code-expired")
        if not rows.use(session, found.id, account_id, at):
            raise Problem("trial-code-used")
        audit.note(session, "form.trial-begun", f"form:{found.form_id}", account_id, device_id, None, at)
        return found.form_id, found.version


def _hash(code: str) -> str:
    return hashlib.sha256(normal_code(code).encode()).hexdigest()
