"""The list of chains that wait: which ones, in which order, part by part, and how many in which state."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import review
from server.models.people import Account
from server.models.records import Chain
from server.queries.queue import ALL, HELD
from server.queries.scope import within
from server.queries.slices import Slice
from server.review import QueuePage, Wanted
from tests import make
from tests.coverage.ask import accept, chain_of
from tests.make import World

ALL_ROWS = Slice(0, 50)


def ids(found: QueuePage) -> list[str]:
    return [row.record_id for row in found.rows]


def test_waiting_chains_of_the_scope_stand_with_the_oldest_first(session: Session, world: World) -> None:
    late = make.record(session, world, at=make.NOON.replace(day=16))
    early = make.record(session, world, at=make.NOON.replace(day=14))
    make.record(session, world, by="officer_c", unit="C")
    accept(session, world, make.record(session, world))
    found = review.queue(session, make.principal(world, "district1", "D1"), Wanted("waiting"), ALL_ROWS)
    assert ids(found) == [early, late]
    assert found.counts == {"waiting": 2, "accepted": 1, HELD: 0, ALL: 3}
    assert found.total == 2


def test_what_waits_no_more_stands_with_the_newest_first(session: Session, world: World) -> None:
    late = make.record(session, world, at=make.NOON.replace(day=16))
    early = make.record(session, world, at=make.NOON.replace(day=14))
    found = review.queue(session, make.principal(world, "district1", "D1"), Wanted(ALL), ALL_ROWS)
    assert ids(found) == [late, early]


def test_the_list_is_read_in_parts_without_gap_or_overlap(session: Session, world: World) -> None:
    sent = [make.record(session, world) for _ in range(5)]
    who = make.principal(world, "staff", "P", ["staff"])
    parts = [review.queue(session, who, Wanted("waiting"), Slice(offset, 2)) for offset in (0, 2, 4)]
    assert [found for part in parts for found in ids(part)] == sent
    assert {part.total for part in parts} == {5}


def test_the_list_is_narrowed_by_unit_officer_form_and_days(session: Session, world: World) -> None:
    first = make.record(session, world, held_on=date(2024, 3, 1))
    other = make.record(session, world, by="officer_c", unit="C", held_on=date(2024, 4, 1))
    who = make.principal(world, "staff", "P", ["staff"])
    uid = session.scalars(select(Account.uid).where(Account.id == world.accounts["officer_c"])).one()
    form = session.scalars(select(Chain.form_id)).first()
    for wanted, told in (
        (Wanted("waiting", units=within(world.units["C"])), [other]),
        (Wanted("waiting", officer_uid=uid), [other]),
        (Wanted("waiting", form_id=form), [first, other]),
        (Wanted("waiting", form_id="another"), []),
        (Wanted("waiting", last_day=date(2024, 3, 31)), [first]),
        (Wanted("waiting", first_day=date(2024, 3, 2)), [other]),
    ):
        found = review.queue(session, who, wanted, ALL_ROWS)
        assert (sorted(ids(found)), found.total) == (sorted(told), len(told))


def test_a_list_behind_a_figure_holds_what_counts_for_it(session: Session, world: World) -> None:
    counted = make.record(session, world, rules=("rule1",))
    accept(session, world, counted)
    make.record(session, world, rules=("rule1",))
    wanted = Wanted(ALL, indicator_id=world.indicators["T1"], units=within(world.units["P"]))
    assert ids(review.queue(session, make.principal(world, "province"), wanted, ALL_ROWS)) == [counted]


@pytest.mark.parametrize(("number", "place", "before", "after"), [(0, 1, None, 1), (1, 2, 0, 2), (2, 3, 1, None)])
def test_a_waiting_record_knows_its_place_and_neighbours(
    session: Session, world: World, number: int, place: int, before: int | None, after: int | None
) -> None:
    sent = [make.record(session, world) for _ in range(3)]
    who = make.principal(world, "district1", "D1")
    found = review.beside(session, who, chain_of(session, sent[number]))
    assert found is not None
    assert (found.place, found.total) == (place, 3)
    assert found.before == (None if before is None else sent[before])
    assert found.after == (None if after is None else sent[after])


def test_a_decided_record_has_no_place(session: Session, world: World) -> None:
    sent = make.record(session, world)
    accept(session, world, sent)
    assert review.beside(session, make.principal(world, "district1", "D1"), chain_of(session, sent)) is None
