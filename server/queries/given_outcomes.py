"""Outcomes of reviews that phones gave back (P-53): kept verbatim, listed for who may confirm them, settled once."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.models.people import Account
from server.models.records import Chain, Record, Review
from server.models.restoration import GivenOutcome
from server.models.units import Unit
from server.queries.records import inserting
from server.queries.scope import Scope

WAITING, CONFIRMED, OVERTAKEN = "waiting", "confirmed", "overtaken"


@dataclass(frozen=True, slots=True)
class NewGiven:
    """What a phone gave back; `seq` as in the life in which it was decided."""

    record_id: str
    seq: int
    outcome: str
    statement: str
    key_id: str
    signature: str
    device_id: int
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """A kept outcome whose record is here. `said`: the statement's members."""

    id: int
    record_id: str
    record_pk: int
    chain_id: int
    held: bool
    own: bool  # of the person who looks: recorded by themselves
    unit: Mapping[str, str]
    summary: Mapping[str, Any]
    seq: int
    outcome: str
    said: Mapping[str, Any]


def known(session: Session, record_id: str, seq: int, outcome: str) -> bool:
    """Whether this very decision is among the rows, or was given back before."""
    decided = select(Review.id).join(Record, Record.id == Review.record_pk)
    here = decided.where(Record.record_id == record_id, Review.seq == seq, Review.outcome == outcome)
    given = select(GivenOutcome.id).where(GivenOutcome.record_id == record_id, GivenOutcome.seq == seq)
    return session.scalar(here) is not None or session.scalar(given) is not None


def keep(session: Session, given: NewGiven) -> None:
    values = {name: getattr(given, name) for name in NewGiven.__slots__} | {"state": WAITING}
    session.execute(inserting(session, GivenOutcome).values(values).on_conflict_do_nothing())


def waiting(session: Session, scope: Scope, account_id: int, ids: Collection[int] | None = None) -> list[Given]:
    """Outcomes to be confirmed whose records are in these units, in the order in which they were decided."""
    G = GivenOutcome
    wanted = (
        select(G, Record, Unit.label)
        .join(Record, Record.record_id == G.record_id)
        .join(Chain, Chain.id == Record.chain_id)
        .join(Unit, Unit.id == Chain.unit_id)
        .where(G.state == WAITING, Chain.unit_id.in_(scope), Record.unit_id.in_(scope))
        .order_by(G.seq, G.id)
    )
    rows = session.execute(wanted if ids is None else wanted.where(G.id.in_(sorted(ids))))
    return [_given(given, record, label, account_id) for given, record, label in rows]


def _given(given: GivenOutcome, record: Record, label: Mapping[str, str], account_id: int) -> Given:
    return Given(
        given.id,
        given.record_id,
        record.id,
        record.chain_id,
        record.status == "held",
        record.account_id == account_id,
        label,
        record.summary,
        given.seq,
        given.outcome,
        json.loads(given.statement),
    )


def count_waiting(session: Session, scope: Scope | None = None) -> int:
    """All that wait, or those in these units; also those whose record has not come yet where no scope is given."""
    wanted = select(func.count()).select_from(GivenOutcome).where(GivenOutcome.state == WAITING)
    if scope is not None:
        wanted = wanted.join(Record, Record.record_id == GivenOutcome.record_id).where(Record.unit_id.in_(scope))
    return session.scalar(wanted) or 0


def decided_anew(session: Session, chain_ids: Collection[int], since: datetime) -> set[int]:
    """Chains that a person has judged since the restore: their word stands before what phones remember."""
    wanted = select(Review.chain_id).where(Review.chain_id.in_(sorted(chain_ids)), Review.at >= since)
    return set(session.scalars(wanted.where(Review.outcome != "withdrawn")))


def last_confirmed(session: Session, chain_ids: Collection[int]) -> dict[int, int]:
    """Chain → the highest number among its outcomes that were confirmed already."""
    rows = session.execute(
        select(Record.chain_id, func.max(GivenOutcome.seq))
        .join(Record, Record.record_id == GivenOutcome.record_id)
        .where(GivenOutcome.state == CONFIRMED, Record.chain_id.in_(sorted(chain_ids)))
        .group_by(Record.chain_id)
    )
    return dict(iter(rows))


def settle(session: Session, ids: Collection[int], state: str, by_id: int, at: datetime) -> None:
    settled = update(GivenOutcome).where(GivenOutcome.id.in_(sorted(ids)), GivenOutcome.state == WAITING)
    session.execute(
        settled.values(state=state, settled_by_id=by_id, settled_at=at).execution_options(synchronize_session=False)
    )


def account_by_uid(session: Session, uid: str) -> int | None:
    return session.scalar(select(Account.id).where(Account.uid == uid))


def chain_of_root(session: Session, root_record_id: str) -> int | None:
    return session.scalar(select(Chain.id).where(Chain.root_record_id == root_record_id))
