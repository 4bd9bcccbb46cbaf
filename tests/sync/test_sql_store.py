"""What only the service's own store does: projections, findings, pending codes, poisoned records, the bulk path."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from server.db import db
from server.models.records import Chain, Media, Record, RecordMedia
from server.models.registers import Item
from server.stores import STORE, Sent, put_many
from sync.messages import Sealed
from sync.receipts import Receipt
from tests.sync.make import CALCULATED, OUTREACH, SqlWorld, outreach, phone, photo, receipt_of
from tests.sync.test_records import resealed

NEW = "9f" * 16


def test_answers_are_projected_to_items_findings_and_a_summary(sql: SqlWorld) -> None:
    sender = phone(sql)
    record = outreach(sender)
    sender.send(record)
    assert sql.items(record.record_id) == {("provisions", "rule1"), ("provisions", "rule2"), ("members", "a1")}
    assert sql.findings(record.record_id) == set()
    summary = sql.all(select(Record.summary).where(Record.record_id == record.record_id))[0]
    assert (summary["attendance"], summary["provisions"], summary["members"]) == (42, 2, 1)
    assert "a1" not in json.dumps(summary)


def test_faulty_answers_are_stored_with_findings(sql: SqlWorld) -> None:
    sender = phone(sql)
    answers = OUTREACH | {"attendance": {"attendees_total": "nhiều"}}
    record = outreach(sender, answers=answers)
    assert receipt_of(sender.send(record))["status"] == "stored"
    assert "type" in sql.findings(record.record_id)


def test_member_of_the_field_becomes_a_pending_item(sql: SqlWorld) -> None:
    sender = phone(sql)
    answers = OUTREACH | {"managed": {"members_count": "2", "members": f"a1 new:{NEW}:31522-0113"}}
    record = outreach(sender, answers=answers)
    sender.send(record)
    assert ("members", NEW) in sql.items(record.record_id)
    assert sql.all(select(Item.state).where(Item.uid == NEW)) == ["pending"]


def test_code_typed_twice_is_one_item(sql: SqlWorld) -> None:
    sender = phone(sql)
    for uid in (NEW, "8e" * 16):
        members = {"members_count": "1", "members": f"new:{uid}:31522-0113"}
        record = outreach(sender, answers=OUTREACH | {"managed": members})
        sender.send(record)
    assert ("members", NEW) in sql.items(record.record_id)


def test_record_after_its_units_end_goes_to_the_successor_with_a_note(sql: SqlWorld) -> None:
    sender = phone(sql)
    record = outreach(sender, held_on=date(2024, 9, 2))
    assert receipt_of(sender.send(record))["status"] == "stored"
    assert {"filed-under-successor", "held-in-the-future"} <= sql.findings(record.record_id)
    assert sql.all(select(Record.unit_id).where(Record.record_id == record.record_id)) == [sql.made.units["AB"]]


def test_record_of_an_unknown_unit_waits_at_the_root(sql: SqlWorld) -> None:
    sender = phone(sql)
    record = outreach(sender, unit="99999@1999-01-01")
    sender.send(record)
    assert sql.all(select(Record.unit_id)) == [sql.made.units["P"]]
    assert sql.all(select(Record.held_reason)) == ["unit-unknown"]


def test_record_of_a_unit_without_a_grant_is_stored_with_a_note(sql: SqlWorld) -> None:
    sender = phone(sql)
    record = outreach(sender, unit="C@2023-01-01")
    assert receipt_of(sender.send(record))["status"] == "stored"
    assert sql.findings(record.record_id) == {"unit-outside-grant"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": "7"}, "form-unknown"),
        ({"payload": "[]"}, "payload-unreadable"),
        ({"payload": '{"form":"individual_contact","version":"2","answers":{}}'}, "form-differs"),
    ],
)
def test_held_record_says_why(sql: SqlWorld, changes: dict[str, str], reason: str) -> None:
    sender = phone(sql)
    text = changes.pop("payload", None)
    record = outreach(sender, **changes)
    record = resealed(sender, record, payload=text) if text else record
    sender.send(record)
    assert sql.all(select(Record.held_reason)) == [reason]
    assert reason in sql.findings(record.record_id)


def test_poisoned_record_is_held_and_the_others_arrive(sql: SqlWorld) -> None:
    """A row that the database itself refuses: nothing that a payload can hold does this any more."""
    with sql.app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER poison BEFORE INSERT ON record_item WHEN NEW.item_uid = 'poison' "
            "BEGIN SELECT RAISE(ABORT, 'poison'); END"
        )
    sender = phone(sql)
    before, after = outreach(sender), outreach(sender)
    poisoned = outreach(sender, answers=OUTREACH | {"content": {"provisions": "poison"}})
    answer = sender.send(before, poisoned, after)
    assert [receipt_of(answer, i)["status"] for i in range(3)] == ["stored", "held", "stored"]
    assert sql.stored(poisoned.record_id) == poisoned.payload.encode()
    assert sql.findings(poisoned.record_id) == {"intake-failed"}
    again = sender.send(poisoned)
    assert receipt_of(again) == receipt_of(answer, 1)


def test_half_a_surrogate_pair_is_stored_as_it_came(sql: SqlWorld) -> None:
    """JSON can write it and no database takes it as text: the bytes are kept, the reading shows U+FFFD."""
    sender = phone(sql)
    payload = json.dumps(
        {
            "form": "outreach_session",
            "version": "2",
            "answers": OUTREACH | {"content": {"provisions": "\ud800"}},
            "calculated": CALCULATED,
        }
    )
    record = resealed(sender, outreach(sender), payload=payload)
    assert receipt_of(sender.send(record))["status"] == "stored"
    assert sql.stored(record.record_id) == payload.encode()


def test_withdrawal_from_quarantine_withdraws_nothing(sql: SqlWorld) -> None:
    sender = phone(sql)
    record = outreach(sender)
    sender.send(record)
    sql.revoke(sender)
    sender.send(outreach(sender, intent="withdraw", replaces=record, answers={}))
    wanted = select(Chain.state).where(Chain.root_record_id == record.record_id)
    assert sql.all(wanted) == ["waiting"]


def test_own_withdrawal_closes_the_chain(sql: SqlWorld) -> None:
    sender = phone(sql)
    record = outreach(sender)
    sender.send(record)
    sender.send(outreach(sender, intent="withdraw", replaces=record, answers={}, reason="Ghi nhầm"))
    assert sql.all(select(Chain.state)) == ["withdrawn"]


def test_counter_of_a_revoked_device_stands_still(sql: SqlWorld) -> None:
    sender = phone(sql)
    sender.send(outreach(sender))
    sql.revoke(sender)
    sender.send(outreach(sender))
    assert sql.device(sender).max_device_seq == 1


def test_photos_are_tied_to_their_questions(sql: SqlWorld) -> None:
    sender, picture = phone(sql), photo()
    sender.send(outreach(sender, photos=(picture,)))
    assert sql.all(select(RecordMedia.question)) == ["photo"]
    assert sql.all(select(Media.state)) == ["expected"]


@pytest.mark.parametrize("photo_first", [True, False])
def test_unreadable_photo_is_a_finding_whichever_comes_first(sql: SqlWorld, photo_first: bool) -> None:
    sender, picture = phone(sql), photo(b"not a picture")
    record = outreach(sender, photos=(picture,))
    steps = [lambda: sender.upload(record, picture), lambda: sender.send(record)]
    for step in steps if photo_first else reversed(steps):
        assert step().status in (200, 204)
    assert sql.findings(record.record_id) == {"media-unreadable"}


def test_foreign_photo_is_not_tied_to_a_record(sql: SqlWorld) -> None:
    owner, stranger, picture = phone(sql), phone(sql, "officer_c"), photo()
    owner.send(outreach(owner, photos=(picture,)))
    record = outreach(stranger, photos=(picture,))
    stranger.send(record)
    assert "media-differs" in sql.findings(record.record_id)
    assert len(sql.all(select(RecordMedia.media_id))) == 1


def test_what_the_phone_reports_is_kept(sql: SqlWorld) -> None:
    sender = phone(sql)
    sender.have([], [])
    report = sql.device(sender).report
    assert (report["waiting"], report["storage_persisted"], report["name"]) == (0, True, "Điện thoại thử")


def test_filled_rows_equal_sent_rows(sql: SqlWorld) -> None:
    filler, sender = phone(sql), phone(sql)
    sent = [outreach(sender) for _ in range(40)]
    for start in range(0, 40, 20):
        sender.send(*sent[start : start + 20])
    made = [outreach(filler) for _ in range(40)]
    with sql.app.app_context():
        store, keys = sql.app.extensions[STORE], sql.app.extensions["lantoa_keys"]
        parts = (Sealed(r.envelope, r.signature, r.payload_type, r.payload) for r in made)
        uid = filler.enrolled["device_id"]
        receipts = list(put_many(store, keys, (Sent(uid, part, sql.clock()) for part in parts), synthetic=False))
    assert all(isinstance(receipt, Receipt) and receipt.status == "stored" for receipt in receipts)
    assert [row_of(sql, r.record_id) for r in made] == [row_of(sql, r.record_id) for r in sent]


def row_of(sql: SqlWorld, record_id: str) -> dict[str, Any]:
    """A record's row and what hangs on it, without what is each record's own."""
    own = {"id", "record_id", "chain_id", "device_id", "device_seq", "seq", "receipt", "envelope", "signature"}
    with sql.app.app_context():
        record = db.session.scalars(select(Record).where(Record.record_id == record_id)).one()
        columns = {c.name: getattr(record, c.name) for c in Record.__table__.columns if c.name not in own}
        chain = db.session.get_one(Chain, record.chain_id)
        state = (chain.state, chain.unit_id, chain.held_on, chain.latest_id == record.id)
    return columns | {"items": sql.items(record_id), "findings": sql.findings(record_id), "chain": state}


def test_seq_has_no_gap_and_no_double(sql: SqlWorld) -> None:
    sender = phone(sql)
    for _ in range(3):
        sender.send(*[outreach(sender) for _ in range(7)])
    assert sorted(sql.all(select(Record.seq))) == list(range(1, 22))
