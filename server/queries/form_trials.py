"""Rows of trials: codes of drafts (kept as hashes), and the accounts whose phones have used them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from server.models.people import Account
from server.models.plan import FormTrial, FormVersion
from server.queries.scope import Scope


@dataclass(frozen=True, slots=True)
class CodeRow:
    """`state` is the version's."""

    id: int
    form_id: str
    version: str
    state: str
    expires_at: datetime
    account_id: int | None


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody whose phone has the draft."""

    name: str
    used_at: datetime


def add(
    session: Session, version_id: int, code_hash: str, made_by_id: int, made_at: datetime, expires_at: datetime
) -> None:
    row = FormTrial(
        form_version_id=version_id,
        code_hash=code_hash,
        made_by_id=made_by_id,
        made_at=made_at,
        expires_at=expires_at,
    )
    session.add(row)


def by_code(session: Session, code_hash: str) -> CodeRow | None:
    V, T = FormVersion, FormTrial
    wanted = select(T.id, V.form_id, V.version, V.state, T.expires_at, T.account_id)
    row = session.execute(wanted.join(V, V.id == T.form_version_id).where(T.code_hash == code_hash)).one_or_none()
    return CodeRow(*row) if row else None


def use(session: Session, code_id: int, account_id: int, at: datetime) -> bool:
    """False where another account was first; the same one may use it again."""
    free = or_(FormTrial.account_id.is_(None), FormTrial.account_id == account_id)
    used = update(FormTrial).where(FormTrial.id == code_id, free).values(account_id=account_id, used_at=at)
    return session.scalar(used.returning(FormTrial.id).execution_options(synchronize_session=False)) is not None


def takers(session: Session, scope: Scope, version_id: int) -> list[Taker]:
    """Those of the units that somebody is responsible for."""
    T = FormTrial
    wanted = select(Account.name, T.used_at).join(Account, Account.id == T.account_id)
    here = wanted.where(T.form_version_id == version_id, Account.unit_id.in_(scope))
    rows = session.execute(here.order_by(T.used_at))
    return [Taker(name, used_at) for name, used_at in rows if used_at]
