"""Rows of chains: where an arriving record belongs, what a chain's standing is computed from, and storing it."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, aliased

from server.models.records import Chain, Record, Review
from server.queries.review import CHUNK, NewReview, add_reviews, chunks


@dataclass(frozen=True, slots=True)
class Arrived:
    """What placing needs to know of a record that is about to be stored."""

    record_id: str
    intent: str  # new | correct | withdraw
    replaces: str | None
    form_id: str
    unit_id: int
    account_id: int
    held_on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """A stored (or just placed) record: its chain and whose it is."""

    chain_id: int
    account_id: int


@dataclass(frozen=True, slots=True)
class Link:
    """One record of a chain. `pk` rises with arrival."""

    pk: int
    record_id: str
    replaces: str | None
    intent: str
    finished_at: datetime
    form_id: str
    unit_id: int
    held_on: date
    held: bool = False  # in quarantine
    trial: bool = False  # of a draft of a form


@dataclass(frozen=True, slots=True)
class Verdict:
    """One review row of a chain."""

    seq: int
    record_pk: int
    outcome: str


@dataclass(frozen=True, slots=True)
class ChainRows:
    """A chain as stored, with the rows that its standing follows from."""

    chain_id: int
    state: str
    latest_id: int | None
    counted_id: int | None
    linked_to_id: int | None
    links: tuple[Link, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """Chains that were emptied because their missing predecessor arrived, and the chains that took their links."""

    emptied: frozenset[int]
    targets: frozenset[int]


@dataclass(frozen=True, slots=True)
class NewStanding:
    """What `store_standings` writes."""

    chain_id: int
    state: str
    latest: Link
    counted_id: int | None


def in_chunks(session: Session, wanted: Any, key: Any, ids: Collection[int] | None) -> Iterable[Any]:
    if ids is None:
        yield from session.execute(wanted)
        return
    for part in chunks(ids):
        yield from session.execute(wanted.where(key.in_(part)))


def known_records(session: Session, record_ids: Collection[str]) -> dict[str, Known]:
    names = sorted(record_ids)
    found: dict[str, Known] = {}
    for start in range(0, len(names), CHUNK):
        wanted = select(Record.record_id, Record.chain_id, Record.account_id).where(
            Record.record_id.in_(names[start : start + CHUNK])
        )
        found |= {row.record_id: Known(row.chain_id, row.account_id) for row in session.execute(wanted)}
    return found


def add_chain(session: Session, record: Arrived) -> int:
    """A new chain with `record` as its root; one left by a record that was not stored after all is used again."""
    left = session.scalar(select(Chain.id).where(Chain.root_record_id == record.record_id))
    if left is not None:
        return left
    new = insert(Chain).values(
        root_record_id=record.record_id,
        form_id=record.form_id,
        unit_id=record.unit_id,
        held_on=record.held_on,
        state="waiting",
        arrived_at=record.at,
    )
    chain_id = session.scalar(new.returning(Chain.id))
    assert isinstance(chain_id, int)
    return chain_id


def load(session: Session, chain_ids: Collection[int]) -> list[ChainRows]:
    """Chains with links and verdicts; a chain without any link is left out."""
    found: list[ChainRows] = []
    for ids in chunks(chain_ids):
        links, verdicts = _links(session, ids), _verdicts(session, ids)
        chains = select(Chain.id, Chain.state, Chain.latest_id, Chain.counted_id, Chain.linked_to_id)
        found += [
            ChainRows(*row, tuple(links[row.id]), tuple(verdicts[row.id]))
            for row in session.execute(chains.where(Chain.id.in_(ids)).order_by(Chain.id))
            if row.id in links
        ]
    return found


def lock(session: Session, chain_id: int) -> ChainRows | None:
    """The chain, its row locked to the end of the transaction, so that two reviewers cannot both be first."""
    session.execute(select(Chain.id).where(Chain.id == chain_id).with_for_update())
    return next(iter(load(session, [chain_id])), None)


def counting(session: Session, chain_ids: Collection[int]) -> frozenset[int]:
    """Those of the chains that have a link that counts by itself."""
    found: set[int] = set()
    for ids in chunks(chain_ids):
        wanted = select(Chain.id).where(Chain.id.in_(ids), Chain.counted_id.is_not(None), Chain.linked_to_id.is_(None))
        found.update(session.scalars(wanted))
    return frozenset(found)


def linked_to(session: Session, chain_ids: Collection[int]) -> list[int]:
    """Chains that were decided to be the same session as one of these."""
    found: list[int] = []
    for ids in chunks(chain_ids):
        found += session.scalars(select(Chain.id).where(Chain.linked_to_id.in_(ids)))
    return found


def replaced_by(session: Session, record_pk: int) -> ChainRows | None:
    """The chain of the record that this one replaces, if it is another chain and the same officer's."""
    later = aliased(Record)
    wanted = (
        select(Record.chain_id)
        .join(later, later.replaces == Record.record_id)
        .where(later.id == record_pk, later.intent != "new")
        .where(later.account_id == Record.account_id, later.chain_id != Record.chain_id)
    )
    chain_id = session.scalar(wanted)
    return None if chain_id is None else lock(session, chain_id)


def release(session: Session, record_pk: int) -> None:
    """Ends a record's quarantine; its receipt and the reason for which it was held stay as they were."""
    session.execute(update(Record).where(Record.id == record_pk).values(status="stored"))


def store_standings(session: Session, standings: Sequence[NewStanding]) -> None:
    rows = [
        {
            "id": s.chain_id,
            "state": s.state,
            "latest_id": s.latest.pk,
            "counted_id": s.counted_id,
            "form_id": s.latest.form_id,
            "unit_id": s.latest.unit_id,
            "held_on": s.latest.held_on,
        }
        for s in standings
    ]
    if rows:
        session.execute(update(Chain), rows)


def set_target(session: Session, chain_id: int, target_id: int | None) -> None:
    """Links a chain to another one (or to none); what was linked to it follows, so that no link leads to a link."""
    session.execute(update(Chain).where(Chain.id == chain_id).values(linked_to_id=target_id))
    if target_id is not None:
        session.execute(update(Chain).where(Chain.linked_to_id == chain_id).values(linked_to_id=target_id))


def join_successors(session: Session, chain_ids: Collection[int]) -> Moved:
    """Moves records that waited for a predecessor into its chain, with their reviews, until nothing more fits."""
    emptied: set[int] = set()
    targets: set[int] = set()
    search = set(chain_ids) | _awaited_by(session, chain_ids)
    while pairs := _waiting_for(session, search):
        for chain_id, target_id in pairs:
            if chain_id not in emptied and target_id not in emptied:
                _move(session, chain_id, target_id)
                emptied.add(chain_id)
                targets.add(target_id)
        search = {target for _, target in pairs} - emptied
    return Moved(frozenset(emptied), frozenset(targets - emptied))


def drop_chains(session: Session, chain_ids: Collection[int]) -> None:
    """Removes emptied chains. Their links and reviews live on in another chain."""
    for ids in chunks(chain_ids):
        session.execute(delete(Chain).where(Chain.id.in_(ids)))


def uncount(session: Session, chain_ids: Collection[int]) -> None:
    for ids in chunks(chain_ids):
        session.execute(update(Chain).where(Chain.id.in_(ids)).values(counted_id=None, latest_id=None))


def note_withdrawals(session: Session, chain_ids: Collection[int], at: datetime) -> None:
    """Writes the review row of every withdrawal that has none yet; its reason is the owner's own, from the envelope."""
    fresh: list[NewReview] = []
    for ids in chunks(chain_ids):
        noted = select(Review.id).where(Review.record_pk == Record.id, Review.outcome == "withdrawn")
        wanted = select(Record.id, Record.chain_id, Record.account_id, Record.envelope).where(
            Record.chain_id.in_(ids), Record.intent == "withdraw", Record.status != "held", ~noted.exists()
        )
        fresh += [
            NewReview(row.chain_id, row.id, "withdrawn", reason_in(row.envelope), (), row.account_id, at)
            for row in session.execute(wanted.order_by(Record.id))
        ]
    add_reviews(session, fresh)


def reason_in(envelope: bytes) -> str | None:
    """The reason that an envelope carries; None where there is none or it cannot be read."""
    try:
        content = json.loads(envelope)
    except ValueError:
        return None
    reason = content.get("reason") if isinstance(content, dict) else None
    return reason if isinstance(reason, str) else None


def _awaited_by(session: Session, chain_ids: Collection[int]) -> set[int]:
    """Other chains that hold what a record of these replaces: it was stored while the record was on its way."""
    found: set[int] = set()
    for ids in chunks(chain_ids):
        named = select(Record.replaces).where(Record.chain_id.in_(ids), Record.status == "incomplete")
        found.update(session.scalars(select(Record.chain_id).where(Record.record_id.in_(named))))
    return found - set(chain_ids)


def _waiting_for(session: Session, chain_ids: Collection[int]) -> list[tuple[int, int]]:
    """(chain of the later record, chain of the one it names): same officer, different chains, both trials or none."""
    found: list[tuple[int, int]] = []
    later = aliased(Record)
    for ids in chunks(chain_ids):
        wanted = (
            select(later.chain_id, Record.chain_id)
            .join(later, later.replaces == Record.record_id)
            .where(Record.chain_id.in_(ids), later.chain_id != Record.chain_id, later.account_id == Record.account_id)
            .where(later.intent != "new", later.status != "held", later.trial == Record.trial)
        )
        found += [(row[0], row[1]) for row in session.execute(wanted)]
    return found


def _move(session: Session, chain_id: int, target_id: int) -> None:
    for model in (Record, Review):
        session.execute(update(model).where(model.chain_id == chain_id).values(chain_id=target_id))
    session.execute(update(Chain).where(Chain.linked_to_id == chain_id).values(linked_to_id=target_id))
    session.execute(update(Chain).where(Chain.id == Chain.linked_to_id).values(linked_to_id=None))
    session.execute(
        update(Record).where(Record.chain_id == target_id, Record.status == "incomplete").values(status="stored")
    )


def _links(session: Session, ids: list[int]) -> dict[int, list[Link]]:
    columns = select(
        Record.chain_id,
        Record.id,
        Record.record_id,
        Record.replaces,
        Record.intent,
        Record.finished_at,
        Record.form_id,
        Record.unit_id,
        Record.held_on,
        Record.status == "held",
        Record.trial,
    )
    found: dict[int, list[Link]] = defaultdict(list)
    for chain_id, *rest in session.execute(columns.where(Record.chain_id.in_(ids)).order_by(Record.id)):
        found[chain_id].append(Link(*rest))
    return found


def _verdicts(session: Session, ids: list[int]) -> dict[int, list[Verdict]]:
    columns = select(Review.chain_id, Review.seq, Review.record_pk, Review.outcome)
    found: dict[int, list[Verdict]] = defaultdict(list)
    for row in session.execute(columns.where(Review.chain_id.in_(ids)).order_by(Review.seq)):
        found[row.chain_id].append(Verdict(row.seq, row.record_pk, row.outcome))
    return found
