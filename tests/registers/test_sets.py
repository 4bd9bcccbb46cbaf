"""The sets that phones fetch: what they hold, what they may not hold, when they change, how small they are."""

import json
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.known_registers import REGISTER_COLUMNS
from server import registers
from server.db import transaction
from server.models.plan import SyncFile
from server.queries import registers as rows
from server.queries import units
from server.queries.registers import NewItem
from server.registers import items, sets, tables
from tests.plan.make import OCTOBER

DAY = date(2024, 10, 10)
MOST_BYTES = 12_000  # of all sets of a commune, Brotli


def cut(session: Session, unit_id: int, day: date = DAY) -> dict[str, dict[str, object]]:
    """register → the set's document, as a phone would fetch it."""
    with transaction() as writing:
        refs = sets.ensure(writing, unit_id, day)
    return {ref.register: json.loads(session.get_one(SyncFile, ref.sha256).body) for ref in refs}


def names(document: dict[str, object]) -> list[str]:
    found = document["rows"]
    assert isinstance(found, list)
    return [row[0] for row in found]


def add_member(unit: str, uid: str, code: str, register: str = "members") -> None:
    with transaction() as session:
        member = NewItem(register, uid, {"vi": code}, {}, unit, code, date(2024, 1, 1), synthetic=True)
        rows.put_items(session, [member], OCTOBER)
        rows.put_categories(session, [(uid, "SG03", date(2024, 1, 1), None)])
        rows.move_stamp(session)


def test_a_commune_gets_seven_sets_with_the_columns_of_the_wire(session: Session, keeping: int) -> None:
    assert {name: document["columns"] for name, document in cut(session, keeping).items()} == {
        "units": ["name", "label", "level", "parent", "kind", "from", "to"],
        "hamlets": ["name", "label", "unit"],
        "provisions": ["name", "label", "field", "law", "t2", "from", "to"],
        "organisations": ["name", "label", "kind", "unit"],
        "rapporteurs": ["name", "label", "unit"],
        "members": ["name", "label", "unit", "from", "to"],
        "materials": ["name", "label"],
    }


def test_all_sets_of_a_commune_are_small(session: Session, keeping: int) -> None:
    for number in range(40):
        add_member("31673@2023-01-01", f"{number:032x}", f"31673-{number:04d}")
    with transaction() as writing:
        refs = sets.ensure(writing, keeping, DAY)
    assert sum(len(session.get_one(SyncFile, ref.sha256).body_br) for ref in refs) <= MOST_BYTES


def test_units_are_those_of_the_own_tree_that_stood_in_the_plan_until_today(session: Session, keeping: int) -> None:
    found = names(cut(session, keeping)["units"])
    assert len(found) == 122
    assert {"31513@2023-01-01", "31522@2024-09-01", "94@2023-01-01"} <= set(found)
    assert "92@2025-07-01" not in found
    august = names(cut(session, keeping, date(2024, 8, 31))["units"])
    assert "31522@2024-09-01" not in august


def test_members_go_to_their_own_unit_only_by_code_and_without_group(
    session: Session, keeping: int, neighbour: int
) -> None:
    add_member("31673@2023-01-01", "a" * 32, "31673-0042")
    assert cut(session, keeping)["members"]["rows"] == [["a" * 32, "31673-0042", "31673@2023-01-01", "2024-01-01", ""]]
    assert cut(session, neighbour)["members"]["rows"] == []
    text = json.dumps(cut(session, keeping), ensure_ascii=False)
    assert "SG03" not in text
    assert "án treo" not in json.dumps(cut(session, keeping)["members"], ensure_ascii=False)


def test_the_file_of_members_is_bound_to_its_unit_and_no_other_is(session: Session, keeping: int) -> None:
    with transaction() as writing:
        refs = sets.ensure(writing, keeping, DAY)
    bound = {ref.register: session.get_one(SyncFile, ref.sha256).sensitive_unit_id for ref in refs}
    assert {register for register, unit_id in bound.items() if unit_id is not None} == {"members"}
    assert bound["members"] == keeping
    assert [ref.register for ref in refs if ref.sensitive] == ["members"]


def test_a_unit_that_declares_totals_has_no_code_on_its_phones(session: Session, neighbour: int) -> None:
    add_member("31675@2023-01-01", "b" * 32, "31675-0001")
    assert cut(session, neighbour)["members"]["rows"] == []


def test_a_merged_unit_reads_the_old_book_by_its_name(session: Session) -> None:
    add_member("31522@2023-01-01", "c" * 32, "31522-0009")
    merged = units.unit(session, "31522@2024-09-01")
    assert merged is not None
    with transaction() as writing:
        units.set_t2_mode(writing, merged.id, "register", "12/CV")
        rows.move_stamp(writing)
    found = cut(session, merged.id)["members"]["rows"]
    assert found == [["c" * 32, "31522-0009 (sổ Phường 9 cũ)", "31522@2024-09-01", "2024-01-01", ""]]


def test_hamlets_of_other_communes_are_the_whole_commune_only(session: Session, keeping: int, neighbour: int) -> None:
    with transaction() as writing:
        for unit, uid in (("31673@2023-01-01", "ap-1"), ("31675@2023-01-01", "ap-2")):
            rows.put_items(writing, [NewItem("hamlets", uid, {"vi": "Ấp Chợ"}, {"kind": "ấp"}, unit)], OCTOBER)
        rows.move_stamp(writing)
    own, other = names(cut(session, keeping)["hamlets"]), names(cut(session, neighbour)["hamlets"])
    assert ("ap-1" in own, "ap-2" in own, "toan-31675@2023-01-01" in own) == (True, False, True)
    assert ("ap-1" in other, "ap-2" in other) == (False, True)


def test_a_secret_topic_never_leaves_the_server(session: Session, keeping: int) -> None:
    with transaction() as writing:
        secret = NewItem("provisions", "X-01", {"vi": "Loại trừ"}, {"secret": "yes", "t2": "no"})
        rows.put_items(writing, [secret], OCTOBER)
        rows.move_stamp(writing)
    assert "X-01" not in names(cut(session, keeping)["provisions"])


def test_neighbours_share_what_is_not_their_own(session: Session, keeping: int, neighbour: int) -> None:
    first = {ref.register: ref.sha256 for ref in sets.refs(session, keeping, DAY)}
    second = {ref.register: ref.sha256 for ref in sets.refs(session, neighbour, DAY)}
    shared = {register for register in first if first[register] == second[register]}
    assert shared == {"units", "provisions", "organisations", "materials"}


def test_sets_stay_until_a_register_changes(session: Session, keeping: int) -> None:
    before = sets.refs(session, keeping, DAY)
    assert sets.refs(session, keeping, DAY) == before
    add_member("31673@2023-01-01", "a" * 32, "31673-0042")
    after = sets.refs(session, keeping, DAY)
    assert {ref.register for ref in set(after) - set(before)} == {"members"}


def test_a_transaction_that_is_taken_back_leaves_no_stale_set(session: Session, keeping: int) -> None:
    def cancelled() -> None:
        with transaction() as writing:
            items.add_pending(writing, "d" * 32, "31673-0500", keeping, OCTOBER)
            sets.refs(writing, keeping, DAY)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        cancelled()
    with transaction() as writing:
        items.add_pending(writing, "e" * 32, "31673-0600", keeping, OCTOBER)
    assert names(cut(session, keeping)["members"]) == ["e" * 32]


def test_ensure_writes_once(session: Session, keeping: int) -> None:
    assert sets.missing(session, keeping, DAY)
    cut(session, keeping)
    assert not sets.missing(session, keeping, DAY)
    count = len(session.scalars(select(SyncFile.sha256)).all())
    cut(session, keeping)
    assert len(session.scalars(select(SyncFile.sha256)).all()) == count


def test_a_record_is_checked_against_the_rows_that_its_phone_has(session: Session, keeping: int) -> None:
    document = cut(session, keeping)
    for register in document:
        assert [row["name"] for row in registers.rows(register, keeping)] == names(document[register])


def test_every_register_is_known_to_forms_by_its_name_and_columns(session: Session, keeping: int) -> None:
    known = {name: columns for name, columns in REGISTER_COLUMNS.items() if name != "me"}
    made = {name: tables.table(session, name, keeping, DAY) for name in tables.REGISTERS}
    assert {name: table.columns for name, table in made.items() if table} == known


def test_rare_registers_travel_only_with_rows(session: Session, keeping: int) -> None:
    assert {"facilities", "pilots"} & set(cut(session, keeping)) == set()
    assert tables.table(session, "facilities", keeping, DAY) is not None


@pytest.mark.parametrize(("register", "unit_id"), [("me", 1), ("provisions", 999_999)])
def test_an_unknown_register_or_unit_has_no_rows(session: Session, register: str, unit_id: int) -> None:
    assert registers.rows(register, unit_id) == []
