"""The figures of the test world told a second time, straight from the rows and as slowly as can be.

Knows the four indicators of tests/make.py by name and shares nothing with server.coverage: no facts, no differences.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models.plan import Period
from server.models.records import Chain, Record, RecordItem, Review
from server.models.registers import Item, ItemCategory
from server.models.units import Unit, UnitLink

Cells = dict[tuple[str, str, str], tuple[int, int | None]]


@dataclass(frozen=True)
class Rows:
    """What every cell is told from, read once."""

    counted: list[tuple[Chain, Record]]
    named: dict[tuple[int, str], set[str]]
    rules: list[Item]
    community: list[Item]
    aliases: dict[int, set[str]]


def figures(session: Session) -> Cells:
    session.flush()
    rows = _read(session)
    periods = session.scalars(select(Period)).all()
    return {
        (key, period.key, unit.code): _figure(rows, key, period, within)
        for unit in session.scalars(select(Unit)).all()
        for within in [_within(session, unit.id)]
        for key in ("T1", "T2", "sessions", "attendance")
        for period in periods
    }


def _read(session: Session) -> Rows:
    named: dict[tuple[int, str], set[str]] = defaultdict(set)
    for row in session.scalars(select(RecordItem)):
        named[row.record_pk, row.question.rpartition("/")[2]].add(row.item_uid)
    aliases: dict[int, set[str]] = defaultdict(set)
    for item in session.scalars(select(Item).where(Item.alias_of_id.is_not(None))):
        aliases[item.alias_of_id or 0].add(item.uid)
    rules = list(session.scalars(select(Item).where(Item.register == "provisions")))
    return Rows(list(_counted(session)), named, rules, _community(session), aliases)


def _figure(rows: Rows, key: str, period: Period, within: set[int]) -> tuple[int, int | None]:
    counted = [(c, r) for c, r in rows.counted if period.first_day <= r.held_on <= period.last_day]
    talks = [(c, r) for c, r in counted if r.unit_id in within and r.form_id == "outreach_session"]
    if key == "sessions":
        return sum(c.linked_to_id is None for c, _ in talks), None
    if key == "attendance":
        return sum(_attendees(r) for c, r in talks if c.linked_to_id is None), None
    if key == "T1":
        told = {uid for _, r in talks for uid in rows.named[r.id, "provisions"]}
        return len(told), sum(_lasts(rule, period.first_day, period.last_day) for rule in rows.rules) or None
    members = [m for m in rows.community if m.unit_id in within]
    base = [m for m in members if _lasts(m, period.first_day, period.last_day)]
    return sum(_is_reached(rows, m, [r for _, r in counted]) for m in members), len(base) or None


def _counted(session: Session) -> Iterator[tuple[Chain, Record]]:
    for chain in session.scalars(select(Chain)):
        pk = _counted_pk(session, chain)
        if pk is not None:
            yield chain, session.get_one(Record, pk)


def _counted_pk(session: Session, chain: Chain) -> int | None:
    last: int | None = None
    for review in session.scalars(select(Review).where(Review.chain_id == chain.id).order_by(Review.seq)):
        if review.outcome in ("accepted", "same_as"):
            last = review.record_pk
        if review.outcome in ("reversed", "withdrawn"):
            last = None
    if last is not None and chain.linked_to_id is not None:
        target = session.get_one(Chain, chain.linked_to_id)
        return last if _counted_pk(session, target) is not None else None
    return last


def _community(session: Session) -> list[Item]:
    """Confirmed members of units that keep a roll, who are in some group outside detention."""
    found = session.scalars(select(Item).where(Item.register == "members", Item.state == "confirmed"))
    return [m for m in found if _keeps_roll(session, m) and _is_in_community(session, m)]


def _keeps_roll(session: Session, member: Item) -> bool:
    return session.get_one(Unit, member.unit_id).t2_mode == "register"


def _is_in_community(session: Session, member: Item) -> bool:
    groups = session.scalars(select(ItemCategory.category).where(ItemCategory.item_id == member.id)).all()
    return not groups or "SG03" in groups


def _is_reached(rows: Rows, member: Item, records: list[Record]) -> bool:
    uids = {member.uid} | rows.aliases[member.id]
    return any(
        uids & rows.named[r.id, "members"]
        and "rule1" in rows.named[r.id, "provisions"]  # the only one with t2 = yes
        and _lasts(member, r.held_on, r.held_on)
        for r in records
    )


def _attendees(record: Record) -> int:
    return int(json.loads(record.payload)["answers"]["attendance"]["attendees_total"])


def _lasts(item: Item, first: date, last: date) -> bool:
    return (item.valid_from or date.min) <= last and (item.valid_to or date.max) >= first


def _within(session: Session, unit_id: int) -> set[int]:
    """The unit, everything below it, and what became part of these."""
    found = {unit_id}
    for child in session.scalars(select(Unit.id).where(Unit.parent_id == unit_id)):
        found |= _within(session, child)
    for before in session.scalars(select(UnitLink.predecessor_id).where(UnitLink.successor_id == unit_id)):
        found |= _within(session, before)
    return found
