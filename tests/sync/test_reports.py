"""What a phone tells of itself and what it is told of its counter (P-55), in every store."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from server.db import transaction
from server.models.records import Record
from server.queries import people
from tests.phone import Answer, Phone
from tests.sync.make import MemoryWorld, SqlWorld, World, at, outreach, phone, receipt_of
from tests.sync.test_records import refusal

WHOLE = {
    "oldest_waiting_at": "2024-06-14T02:00:00.000Z",
    "needs_help": 2,
    "drafts": 1,
    "storage_used": 52428800,
    "clock_offset_ms": -86_400_000,
    "device_seq": 7,
    "photos_waiting": 4,
}


def statement(answer: Answer) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(answer.json()["statement"])
    return said


def test_all_that_a_phone_tells_is_kept(sql: SqlWorld) -> None:
    sender = phone(sql)
    assert sender.have([], [], **WHOLE).status == 200
    report = sql.device(sender).report
    assert {name: report[name] for name in WHOLE} == WHOLE


def test_an_older_app_may_tell_less(sql: SqlWorld) -> None:
    sender = phone(sql)
    assert sender.have([], []).status == 200
    assert sql.device(sender).report["device_seq"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("oldest_waiting_at", "+012024-06-14"), ("drafts", -1), ("clock_offset_ms", "fast"), ("device_seq", 1.5)],
)
def test_nonsense_in_what_may_be_missing_stops_nothing(world: World, name: str, value: Any) -> None:
    assert phone(world).have([], [], **{name: value}).status == 200


def test_nonsense_in_what_must_be_there_is_refused(world: World) -> None:
    assert refusal(phone(world).have([], [], waiting=-1)) == ("request-invalid", 422)


def test_the_statement_tells_the_highest_number_seen_of_this_device(world: World) -> None:
    sender, other = phone(world), phone(world)
    assert statement(sender.have([], []))["device_seq"] == 0
    sender.send(*[outreach(sender) for _ in range(3)])
    other.send(outreach(other))
    assert statement(sender.have([], []))["device_seq"] == 3


@pytest.mark.parametrize(("number", "back"), [(2, True), (3, False), (9, False), (None, False)])
def test_a_counter_behind_ours_is_noted(world: World, number: int | None, back: bool) -> None:
    sender = phone(world)
    sender.send(*[outreach(sender) for _ in range(3)])
    sender.have([], [], device_seq=number)
    assert world.counter_went_back(sender) is back


def test_a_number_that_two_records_bear_is_noted_too(sql: SqlWorld) -> None:
    sender = phone(sql)
    sender.send(outreach(sender), outreach(sender))
    sender.device_seq = 0
    assert receipt_of(sender.send(outreach(sender)))["status"] == "stored"
    assert sql.counter_went_back(sender)


def test_records_in_another_order_than_made_are_no_counter_that_went_back(sql: SqlWorld) -> None:
    sender = phone(sql)
    made = [outreach(sender) for _ in range(3)]
    for record in reversed(made):
        sender.send(record)
    assert not sql.counter_went_back(sender)


def test_a_record_signed_again_is_no_gap_in_the_numbers(sql: SqlWorld) -> None:
    first, again = phone(sql), phone(sql)
    record = outreach(first)
    first.send(record)
    moved = again.seal(json.loads(record.payload)["answers"], record_id=record.record_id)
    for _ in range(2):
        again.send(replace(moved, payload=moved.payload))
    assert sql.device(again).seen_elsewhere == 1


def test_a_restored_server_says_so_until_all_were_heard(tmp_path: Any) -> None:
    world = MemoryWorld(tmp_path)
    sender = phone(world)
    assert "restored_at" not in statement(sender.have([], []))
    world.store.server = replace(world.store.server, epoch=2, restored_at=at("2024-06-15T00:30:00+00:00"))
    assert statement(sender.have([], []))["restored_at"] == "2024-06-15T00:30:00.000Z"


@pytest.mark.parametrize(
    ("held_on", "status"), [(date(2024, 5, 31), "stored"), (date(2024, 6, 1), "held"), (date(2024, 6, 10), "held")]
)
def test_a_record_after_the_end_of_its_officers_time_waits_for_a_look(world: World, held_on: date, status: str) -> None:
    sender = phone(world)
    world.end_grant(date(2024, 5, 31))
    record = outreach(sender, held_on=held_on)
    assert receipt_of(sender.send(record))["status"] == status
    assert world.stored(record.record_id) == record.payload.encode()


def test_after_the_end_no_set_of_members_is_read(world: World) -> None:
    sender: Phone = phone(world)
    world.put_file("ab" * 32, "A")
    assert sender.get(f"/sync/files/{'ab' * 32}").status == 200
    world.end_grant(date(2024, 5, 31))
    assert refusal(sender.get(f"/sync/files/{'ab' * 32}")) == ("not-found", 404)


def test_after_the_end_no_set_of_members_is_told(sql: SqlWorld) -> None:
    sender = phone(sql)
    told = [[kept["register"] for kept in sender.changes().json()["sets"] if kept["sensitive"]]]
    sql.end_grant(date(2024, 5, 31))
    told.append([kept["register"] for kept in sender.changes().json()["sets"] if kept["sensitive"]])
    assert told == [["members"], []]


def test_another_grant_that_fits_the_record_lets_it_in(sql: SqlWorld) -> None:
    """Moved from A to C: what is recorded in C with the old phone is no matter for quarantine."""
    sender, officer = phone(sql), sql.made.accounts["officer"]
    sql.end_grant(date(2024, 5, 31))
    with sql.app.app_context(), transaction() as session:
        people.add_grant(session, officer, "officer", sql.made.units["C"], date(2024, 6, 1))
    old, new = (outreach(sender, held_on=date(2024, 6, 3), unit=unit) for unit in ("A@2023-01-01", "C@2023-01-01"))
    answer = sender.send(old, new)
    assert [receipt_of(answer, i)["status"] for i in range(2)] == ["held", "stored"]
    assert sql.all(select(Record.held_reason).where(Record.record_id == old.record_id)) == ["officer-moved"]
