"""Rolls from CSV files: previewed, brought whole or not at all, every fault placed; no name, no identity number."""

from datetime import date
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.db import transaction
from server.models.registers import Item, ItemCategory
from server.registers import items, rolls
from server.registers.rolls import Preview, RollFaults
from tests.plan.make import OCTOBER

MEMBERS = "unit,code,category,valid_from,valid_to\n"
HAMLETS = "unit,label_vi,kind,valid_from,valid_to\n"
KEEPING = "31673@2023-01-01"


def preview(session: Session, register: str, text: str) -> Preview:
    numbers = count(1)
    return rolls.preview(session, register, "so.csv", text, lambda: f"{next(numbers):032x}")


def bring(register: str, text: str) -> Preview:
    with transaction() as session:
        made = preview(session, register, text)
        rolls.bring(session, made, 1, OCTOBER)
    return made


def told(made: Preview) -> tuple[int, int, int]:
    return made.new, made.changed, made.same


def test_a_roll_is_previewed_then_brought_and_a_second_time_is_all_the_same(session: Session) -> None:
    text = MEMBERS + f"{KEEPING},31673-0042,SG03,2024-01-01,\n{KEEPING},31673-0043,SG15,2024-02-01,2024-12-31\n"
    assert told(preview(session, "members", text)) == (2, 0, 0)
    assert session.scalars(select(Item).where(Item.register == "members")).all() == []
    bring("members", text)
    stored = session.scalars(select(Item).where(Item.register == "members").order_by(Item.code)).all()
    assert [(m.code, m.state, m.valid_to) for m in stored] == [
        ("31673-0042", "confirmed", None),
        ("31673-0043", "confirmed", date(2024, 12, 31)),
    ]
    assert told(bring("members", text)) == (0, 0, 2)


def test_a_changed_date_changes_the_item_and_its_group_and_adds_nothing(session: Session) -> None:
    bring("members", MEMBERS + f"{KEEPING},31673-0042,SG03,2024-01-01,\n")
    made = bring("members", MEMBERS + f"{KEEPING},31673-0042,SG03,2024-01-05,2024-11-30\n")
    assert told(made) == (0, 1, 0)
    spans = session.scalars(select(ItemCategory)).all()
    assert [(span.category, span.valid_from, span.valid_to) for span in spans] == [
        ("SG03", date(2024, 1, 5), date(2024, 11, 30))
    ]


def test_a_code_that_waited_is_confirmed_by_the_keepers_file(session: Session, keeping: int) -> None:
    with transaction() as writing:
        items.add_pending(writing, "f" * 32, "31673-0042", keeping, OCTOBER)
    made = bring("members", MEMBERS + f"{KEEPING},31673 0042,SG03,2024-01-01,\n")
    assert told(made) == (0, 1, 0)
    found = session.scalars(select(Item).where(Item.register == "members")).one()
    assert (found.uid, found.state, found.decided_by_id) == ("f" * 32, "confirmed", 1)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f"{KEEPING},079123456789,SG03,2024-01-01,", "code"),
        (f"{KEEPING},Nguyễn Văn A,SG03,2024-01-01,", "code"),
        (f"{KEEPING},31673-0042,SG77,2024-01-01,", "category"),
        (f"{KEEPING},31673-0042,SG14,2024-01-01,", "category"),
        (f"{KEEPING},31673-0042,SG03,,", "valid_from"),
        (f"{KEEPING},31673-0042,SG03,2024-05-01,2024-01-01", "valid_to"),
        ("31675@2023-01-01,31675-0001,SG03,2024-01-01,", "unit"),
        ("951@2023-01-01,0001,SG03,2024-01-01,", "unit"),
        (f"{KEEPING},31673-0001,SG03,2024-01-01,", "code"),
    ],
)
def test_a_fault_in_one_line_keeps_the_whole_roll_out(session: Session, line: str, column: str) -> None:
    text = MEMBERS + f"{KEEPING},31673-0001,SG03,2024-01-01,\n{line}\n"
    assert [(fault.row, fault.column) for fault in preview(session, "members", text).faults] == [(3, column)]
    with pytest.raises(RollFaults):
        bring("members", text)
    assert session.scalars(select(Item).where(Item.register == "members")).all() == []


def test_a_fault_does_not_repeat_the_digits_of_a_person(session: Session) -> None:
    text = MEMBERS + f"{KEEPING},079123456789,SG03,2024-01-01,\n"
    assert "079123456789" not in str(preview(session, "members", text).faults[0])


def test_hamlets_are_known_again_by_their_name(session: Session) -> None:
    text = HAMLETS + f"{KEEPING},Ấp Đầu Giồng,ấp,,\n{KEEPING},Ấp Chợ,ấp,,\n"
    bring("hamlets", text)
    assert told(bring("hamlets", text.replace("Ấp Đầu Giồng", "ấp Đầu Giồng"))) == (0, 1, 1)
    found = session.scalars(select(Item).where(Item.register == "hamlets", Item.uid.startswith("ap-"))).all()
    assert sorted(hamlet.uid for hamlet in found) == [f"ap-cho-{KEEPING}", f"ap-dau-giong-{KEEPING}"]


def test_a_hamlet_stands_in_a_file_once(session: Session) -> None:
    text = HAMLETS + f"{KEEPING},Ấp Chợ,ấp,,\n{KEEPING},Ap Cho,ấp,,\n"
    assert [(fault.row, fault.column) for fault in preview(session, "hamlets", text).faults] == [(3, "label_vi")]
