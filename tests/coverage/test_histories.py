"""Whatever happens in whatever order, the ledger equals its recomputation, cell by cell, told two ways."""

import copy
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import coverage
from server.models.records import Chain, Record
from server.models.registers import Item
from server.models.units import Unit
from sync.problems import Problem
from tests import make
from tests.coverage import expected
from tests.coverage.ask import cells, chain_of, decide
from tests.make import World

FORMS = ("outreach_session", "outreach_session", "individual_contact")
COMMUNES = ("A", "B", "AB", "C", "D")
RULES = ("rule1", "rule2", "rule3", "rule4")
OFFICERS = ("officer", "colleague", "officer_c")
Step = tuple[str, int, int, int]


@dataclass
class History:
    """What has happened so far. Every act takes three numbers and finds something to do with them."""

    session: Session
    world: World
    sent: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=lambda: ["a1", "a2", "b1", "c1"])

    def send(self, i: int, j: int, k: int) -> None:
        self.sent.append(
            make.record(
                self.session,
                self.world,
                by=OFFICERS[i % 3],
                unit=COMMUNES[j % 5],
                held_on=date(2024, 1, 1) + timedelta(days=(k * 37) % 366),
                form=FORMS[(i + k) % 3],
                rules=_some(RULES, i + j),
                members=_some(self.people, j + k),
                attendees=10 + i,
            )
        )

    def correct(self, i: int, j: int, k: int) -> None:
        if not self.sent:
            return
        before = self._record(self.sent[i % len(self.sent)])
        by = next(name for name, pk in self.world.accounts.items() if pk == before.account_id)
        self.sent.append(
            make.record(
                self.session,
                self.world,
                by=by,
                unit=COMMUNES[k % 5],
                held_on=before.held_on + timedelta(days=j % 40),
                form=before.form_id,
                rules=_some(RULES, j),
                members=_some(self.people, k),
                attendees=20 + k,
                intent="withdraw" if k % 5 == 0 else "correct",
                replaces=before.record_id,
            )
        )

    def decide(self, i: int, j: int, k: int) -> None:
        if not self.sent:
            return
        record_id = self.sent[i % len(self.sent)]
        outcome = ("accepted", "accepted", "accepted", "returned", "rejected", "reversed", "same_as")[j % 7]
        target = self.sent[k % len(self.sent)] if outcome == "same_as" else None
        with suppress(Problem):  # somebody was first, or there is nothing to do it to
            decide(self.session, self.world, record_id, outcome, reason="vì", same_as=target)

    def add_code(self, i: int, j: int, k: int) -> None:
        name = f"new{len(self.people)}"
        group = (("SG03", None, None),) if k % 3 else (("SG01", None, None),)
        make.member(self.session, self.world, name, COMMUNES[i % 5], None, state="pending", categories=group)
        self.people.append(name)

    def confirm(self, i: int, j: int, k: int) -> None:
        if item := self._pending(i):
            item.state, item.valid_from = "confirmed", date(2024, 1, 1) + timedelta(days=(j * 29) % 200)
            self._changed(item)

    def merge_item(self, i: int, j: int, k: int) -> None:
        target = self._item(self.people[j % 4])
        item = self._pending(i)
        if item and target.state == "confirmed":
            item.state, item.alias_of_id, item.norm_code = "alias", target.id, None
            self._changed(item, target)

    def redate(self, i: int, j: int, k: int) -> None:
        item = self._item(self.people[i % 4])
        item.valid_to = date(2024, 1, 1) + timedelta(days=(j * 31) % 366) if k % 2 else None
        self._changed(item)

    def move(self, i: int, j: int, k: int) -> None:
        item = self._item(self.people[i % 4])
        item.unit_id = self.world.units[COMMUNES[j % 5]]
        self._changed(item)

    def switch(self, i: int, j: int, k: int) -> None:
        unit = self.session.get_one(Unit, self.world.units[COMMUNES[i % 5]])
        unit.t2_mode = "register" if unit.t2_mode == "declared" else "declared"
        self.session.flush()
        coverage.mode_changed(self.session, unit.id)

    def merge_units(self, i: int, j: int, k: int) -> None:
        if "CD" in self.world.units:
            return
        make.unit(self.session, self.world, "CD", parent="D1", first=date(2024, 10, 1))  # across the old district line
        make.merger(self.session, self.world, ["C", "D"], "CD", date(2024, 10, 1))
        coverage.recount_all(self.session)

    def _record(self, record_id: str) -> Record:
        return self.session.execute(select(Record).where(Record.record_id == record_id)).scalar_one()

    def _item(self, name: str) -> Item:
        return self.session.get_one(Item, self.world.items[name])

    def _pending(self, i: int) -> Item | None:
        found = [item for name in self.people if (item := self._item(name)).state == "pending"]
        return found[i % len(found)] if found else None

    def _changed(self, *items: Item) -> None:
        self.session.flush()
        coverage.items_changed(self.session, [item.id for item in items])


def _some(names: Sequence[str], seed: int) -> list[str]:
    """A part of the names; different seeds give different parts."""
    return [name for at, name in enumerate(names) if (seed + 1) >> (at % 5) & 1]


ACTS: dict[str, Callable[[History, int, int, int], None]] = {
    "send": History.send,
    "decide": History.decide,
    "correct": History.correct,
    "add_code": History.add_code,
    "confirm": History.confirm,
    "merge_item": History.merge_item,
    "redate": History.redate,
    "move": History.move,
    "switch": History.switch,
    "merge_units": History.merge_units,
}
OFTEN = ["send", "decide", "decide", "correct", *ACTS]
numbers = st.integers(0, 20)
histories = st.lists(st.tuples(st.sampled_from(OFTEN), numbers, numbers, numbers), min_size=3, max_size=16)
SENT_AND_ACCEPTED: list[Step] = [("send", 0, 0, 2), ("decide", 0, 0, 0)]


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=histories)
@example(steps=[*SENT_AND_ACCEPTED, ("merge_units", 0, 0, 0), ("switch", 2, 0, 0)])
@example(steps=[*SENT_AND_ACCEPTED, ("send", 1, 3, 2), ("decide", 1, 6, 0), ("decide", 0, 5, 0), ("decide", 1, 0, 0)])
@example(steps=[("add_code", 0, 0, 1), *SENT_AND_ACCEPTED, ("merge_item", 0, 0, 0), ("redate", 0, 1, 1)])
def test_every_step_leaves_the_ledger_equal_to_its_recomputation(
    session: Session, world: World, steps: list[Step]
) -> None:
    history = History(session, copy.deepcopy(world))
    try:
        for name, i, j, k in steps:
            ACTS[name](history, i, j, k)
            assert coverage.verify(session) == [], name
            assert cells(session) == expected.figures(session), name
    finally:
        session.rollback()


def test_the_second_telling_sees_what_moves(session: Session, world: World) -> None:
    sent = make.record(session, world, members=["a1"], attendees=33)
    before = expected.figures(session)
    decide(session, world, sent, "accepted")
    moved = {key for key, value in expected.figures(session).items() if value != before[key]}
    assert moved == {
        (key, period, unit)
        for key in ("T1", "T2", "sessions", "attendance")
        for period in ("year", "report-6m", "q1", "m03")
        for unit in ("P", "D1", "A", "AB")
    }


def test_withdrawing_everything_that_was_sent_empties_the_ledger(session: Session, world: World) -> None:
    empty = cells(session)
    history = History(session, world)
    for step in ((0, 0, 2), (1, 3, 9), (2, 4, 5)):
        history.send(*step)
    for record_id in history.sent:
        decide(session, world, record_id, "accepted")
    for record_id in list(history.sent):
        before = session.execute(select(Record).where(Record.record_id == record_id)).scalar_one()
        by = next(name for name, pk in world.accounts.items() if pk == before.account_id)
        make.record(session, world, by=by, intent="withdraw", replaces=record_id, form=before.form_id)
    assert cells(session) == empty
    assert {c.state for c in session.scalars(select(Chain))} == {"withdrawn"}
    assert chain_of(session, history.sent[0]) != chain_of(session, history.sent[1])
