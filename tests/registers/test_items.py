"""Codes from the field: pending until the keeper decides; one item per code of a book, the rest its aliases."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.db import transaction
from server.models.registers import Item, ItemCategory
from server.models.units import Unit
from server.queries import registers as rows
from server.registers import items
from tests.plan.make import OCTOBER

ALL = select(Unit.id)
FIRST, SECOND, THIRD = "1" * 32, "2" * 32, "3" * 32


def add(uid: str, code: str, unit_id: int) -> str:
    with transaction() as session:
        return items.add_pending(session, uid, code, unit_id, OCTOBER)


def item(session: Session, uid: str) -> Item:
    return session.scalars(select(Item).where(Item.uid == uid)).one()


def test_a_code_from_the_field_waits_for_its_keeper(session: Session, keeping: int) -> None:
    assert add(FIRST, "31673-0113", keeping) == FIRST
    waiting = [(code.uid, code.code, code.unit_id, code.records) for code in items.pending(session, ALL)]
    assert waiting == [(FIRST, "31673-0113", keeping, 0)]


def test_the_same_code_typed_again_becomes_an_alias_of_the_first(session: Session, keeping: int) -> None:
    add(FIRST, "31673-0113", keeping)
    assert add(SECOND, " 31673 - 0113", keeping) == FIRST
    assert (item(session, SECOND).state, item(session, SECOND).alias_of_id) == ("alias", item(session, FIRST).id)
    assert len(items.pending(session, ALL)) == 1


def test_the_same_item_sent_again_stays_one(session: Session, keeping: int) -> None:
    add(FIRST, "31673-0113", keeping)
    add(SECOND, "31673-0113", keeping)
    assert add(SECOND, "31673-0113", keeping) == FIRST
    assert add(FIRST, "31673-0113", keeping) == FIRST
    assert len(session.scalars(select(Item).where(Item.register == "members")).all()) == 2


def test_two_books_may_use_one_code(session: Session, keeping: int, neighbour: int) -> None:
    assert add(FIRST, "0007", keeping) == FIRST
    assert add(SECOND, "0007", neighbour) == SECOND
    assert len(items.pending(session, ALL)) == 2


def test_pending_codes_are_shown_inside_the_scope_only(session: Session, keeping: int, neighbour: int) -> None:
    add(FIRST, "0007", keeping)
    add(SECOND, "0008", neighbour)
    own = select(Unit.id).where(Unit.id == neighbour)
    assert [code.uid for code in items.pending(session, own)] == [SECOND]


def test_a_confirmed_code_has_its_group_and_first_day(session: Session, keeping: int) -> None:
    add(FIRST, "31673-0113", keeping)
    with transaction() as writing:
        items.confirm(writing, item(writing, FIRST).id, "SG03", date(2024, 3, 1), 1, OCTOBER)
    found = item(session, FIRST)
    assert (found.state, found.valid_from) == ("confirmed", date(2024, 3, 1))
    assert (found.decided_by_id, found.decided_at) == (1, OCTOBER)
    group = session.scalars(select(ItemCategory).where(ItemCategory.item_id == found.id)).one()
    assert (group.category, group.valid_from) == ("SG03", date(2024, 3, 1))
    assert items.pending(session, ALL) == []


@pytest.mark.parametrize("category", ["SG77", "SG14"])
def test_a_group_that_is_unknown_or_not_yet_in_force_is_refused(session: Session, keeping: int, category: str) -> None:
    add(FIRST, "31673-0113", keeping)
    with pytest.raises(items.ItemRefused, match="unknown-category"), transaction() as writing:
        items.confirm(writing, item(writing, FIRST).id, category, date(2024, 3, 1), 1, OCTOBER)
    assert item(session, FIRST).state == "pending"


def test_a_code_is_decided_once(session: Session, keeping: int) -> None:
    add(FIRST, "31673-0113", keeping)
    with transaction() as writing:
        items.confirm(writing, item(writing, FIRST).id, "SG03", date(2024, 3, 1), 1, OCTOBER)
    with pytest.raises(items.ItemRefused, match="not-pending"), transaction() as writing:
        items.confirm(writing, item(writing, FIRST).id, "SG04", date(2024, 3, 1), 1, OCTOBER)


def test_a_mistyped_code_is_merged_and_its_aliases_go_along(session: Session, keeping: int) -> None:
    for uid, code in ((FIRST, "31673-0113"), (SECOND, "31673-O113"), (THIRD, "31673-O113")):
        add(uid, code, keeping)
    with transaction() as writing:
        items.merge(writing, item(writing, SECOND).id, item(writing, FIRST).id, 1, OCTOBER)
    assert [rows.alias_target(session, uid) for uid in (FIRST, SECOND, THIRD)] == [FIRST] * 3
    assert add("4" * 32, "31673-O113", keeping) == "4" * 32


def test_a_code_is_not_merged_into_another_book(session: Session, keeping: int, neighbour: int) -> None:
    add(FIRST, "0007", keeping)
    add(SECOND, "0007", neighbour)
    with pytest.raises(items.ItemRefused, match="not-the-same-book"), transaction() as writing:
        items.merge(writing, item(writing, FIRST).id, item(writing, SECOND).id, 1, OCTOBER)


@pytest.mark.parametrize(("words", "found"), [("xe may", 0), ("phao", 1), ("Đăng ký", 3), ("cuoc can", 2)])
def test_a_register_is_searched_without_marks(session: Session, words: str, found: int) -> None:
    assert len(items.search(session, "provisions", words, ALL)) == found
