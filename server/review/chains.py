"""Places arriving records into chains and keeps each chain's standing true to its rows (D14).

Intake calls `receive` before it inserts the records (a record needs its chain) and `settle` after.
Deciding is left to `server.review.decisions`, counting to `server.coverage`.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from server.coverage import recount
from server.queries import chains as rows
from server.queries.chains import Arrived, ChainRows
from server.review.standing import Standing, standing

__all__ = ["Arrived", "receive", "release", "restand", "settle"]


def receive(session: Session, arrived: Sequence[Arrived]) -> list[int]:
    """The chain of each record, in order; chains are made where needed. To be called before the records are inserted.

    A correction or withdrawal joins the chain of the record it names if that record is known and of the same
    officer; else it gets a chain of its own. A record that is stored already keeps its chain.
    """
    known = rows.known_records(session, {name for a in arrived for name in (a.record_id, a.replaces) if name})
    chain_ids: list[int] = []
    for record in arrived:
        chain_id = _existing(record, known) or rows.add_chain(session, record)
        known.setdefault(record.record_id, rows.Known(chain_id, record.account_id))
        chain_ids.append(chain_id)
    return chain_ids


def settle(session: Session, chain_ids: Collection[int], at: datetime) -> None:
    """Brings chains up to date after their records were inserted: late predecessors, withdrawals, state, figures."""
    moved = rows.join_successors(session, chain_ids)
    touched = (set(chain_ids) | moved.targets) - moved.emptied
    rows.note_withdrawals(session, touched, at)
    restand(session, touched, moved.emptied)
    rows.drop_chains(session, moved.emptied)


def release(session: Session, record_pk: int, chain_ids: Collection[int], at: datetime) -> None:
    """Lets a record out of quarantine into the chain of what it replaces. `chain_ids`: its own chain and that one."""
    rows.release(session, record_pk)
    settle(session, chain_ids, at)


def restand(session: Session, chain_ids: Collection[int], emptied: Collection[int] = ()) -> None:
    """Recomputes the standing of chains, then of those linked to them, and moves the figures where it changed."""
    rows.uncount(session, emptied)
    changed = set(emptied)
    changed |= _restand(session, chain_ids)
    changed |= _restand(session, rows.linked_to(session, chain_ids))
    if changed:
        recount(session, changed)


def _existing(record: Arrived, known: dict[str, rows.Known]) -> int | None:
    if same := known.get(record.record_id):
        return same.chain_id
    before = known.get(record.replaces) if record.replaces and record.intent != "new" else None
    return before.chain_id if before and before.account_id == record.account_id else None


def _restand(session: Session, chain_ids: Collection[int]) -> set[int]:
    """Stores the standings that are not as they should be; the ids of chains whose counted link has changed."""
    chains = rows.load(session, chain_ids)
    alive = rows.counting(session, {c.linked_to_id for c in chains if c.linked_to_id is not None})
    now = {c.chain_id: standing(c.links, c.verdicts, c.linked_to_id in alive) for c in chains}
    rows.store_standings(session, [_row(c.chain_id, now[c.chain_id]) for c in chains if _moved(c, now[c.chain_id])])
    return {c.chain_id for c in chains if c.counted_id != now[c.chain_id].counted}


def _row(chain_id: int, now: Standing) -> rows.NewStanding:
    return rows.NewStanding(chain_id, now.state, now.latest, now.counted)


def _moved(chain: ChainRows, now: Standing) -> bool:
    return (chain.state, chain.latest_id, chain.counted_id) != (now.state, now.latest.pk, now.counted)
