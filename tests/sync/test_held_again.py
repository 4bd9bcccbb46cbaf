"""What could not be opened when it came: who sees it, and that it is opened again when its form or unit is known."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from server.db import db, transaction
from server.jobs.kinds import KINDS
from server.models.plan import FormVersion
from server.models.records import Chain, Record
from server.models.system import Audit, Installation
from server.models.units import Unit, UnitPath
from server.queries.scope import within
from server.stores import STORE, reread
from server.stores.reread import Reread
from tests.sync.make import OUTREACH, SqlWorld, outreach, phone, photo, receipt_of
from tests.sync.test_records import resealed

NEW_UNIT = "N@2024-01-01"


def read_again(sql: SqlWorld) -> Reread:
    with sql.app.app_context():
        found = reread.all_held(sql.app.extensions[STORE], sql.app.extensions["lantoa_keys"], sql.clock())
        db.session.remove()
        return found


def publish(sql: SqlWorld, version: str) -> None:
    """The form's next version, as the present one."""
    with sql.app.app_context(), transaction() as session:
        now = session.scalars(select(FormVersion).where(FormVersion.form_id == "outreach_session")).first()
        assert now
        columns = {c.name: getattr(now, c.name) for c in FormVersion.__table__.columns if c.name != "id"}
        session.add(FormVersion(**columns | {"version": version}))
        session.execute(update(Installation).values(register_stamp=Installation.register_stamp + 1))


def found_unit(sql: SqlWorld) -> int:
    """A commune that becomes known after records named it."""
    with sql.app.app_context(), transaction() as session:
        parent = sql.made.units["D1"]
        names: dict[str, Any] = {"label": {"vi": "N"}, "search_key": "n", "sort_key": "n", "t2_mode": "declared"}
        unit = Unit(
            key=NEW_UNIT, code="N", level="commune", kind="xã", parent_id=parent, valid_from=date(2024, 1, 1), **names
        )
        session.add(unit)
        session.flush()
        above = session.scalars(select(UnitPath.ancestor_id).where(UnitPath.unit_id == parent)).all()
        session.add(UnitPath(unit_id=unit.id, ancestor_id=unit.id, why="self"))
        session.add_all(UnitPath(unit_id=unit.id, ancestor_id=ancestor, why="parent") for ancestor in above)
        session.execute(update(Installation).values(register_stamp=Installation.register_stamp + 1))
        return unit.id


def standing(sql: SqlWorld, record_id: str) -> tuple[Any, ...]:
    """(record's status, its unit, chain's state, chain's unit)."""
    wanted = select(Record.status, Record.unit_id, Chain.state, Chain.unit_id).join(Chain, Chain.id == Record.chain_id)
    with sql.app.app_context():
        return tuple(db.session.execute(wanted.where(Record.record_id == record_id)).one())


def test_a_record_of_an_unknown_unit_is_seen_at_the_root_only(sql: SqlWorld) -> None:
    sender = phone(sql)
    record = outreach(sender, unit=NEW_UNIT)
    assert receipt_of(sender.send(record))["status"] == "held"
    with sql.app.app_context():
        seen = {
            name: db.session.scalar(select(Record.id).where(Record.unit_id.in_(within(unit_id)))) is not None
            for name, unit_id in sql.made.units.items()
        }
    assert {name for name, sees in seen.items() if sees} == {"P"}


def test_a_record_of_a_form_that_came_later_is_opened_and_waits(sql: SqlWorld) -> None:
    sender, picture = phone(sql), photo()
    record = outreach(sender, version="3", photos=(picture,))
    receipt = receipt_of(sender.send(record))
    assert (receipt["status"], sql.findings(record.record_id)) == ("held", {"form-unknown"})
    assert read_again(sql).opened == ()
    publish(sql, "3")
    assert read_again(sql).opened == (record.record_id,)
    unit = sql.made.units["A"]
    assert standing(sql, record.record_id) == ("stored", unit, "waiting", unit)
    assert "form-unknown" not in sql.findings(record.record_id)
    assert sql.stored(record.record_id) == record.payload.encode()
    assert receipt_of(sender.send(record)) == receipt
    assert sql.all(select(Audit.detail).where(Audit.action == "record.read-again")) == [{"held_for": "form-unknown"}]
    assert read_again(sql) == Reread(0, ())


def test_what_opened_later_is_projected_as_what_opened_at_once(sql: SqlWorld) -> None:
    sender = phone(sql)
    late, prompt = outreach(sender, version="3"), outreach(sender)
    sender.send(late, prompt)
    publish(sql, "3")
    read_again(sql)
    assert sql.items(late.record_id) == sql.items(prompt.record_id) != set()
    summaries = [sql.all(select(Record.summary).where(Record.record_id == r.record_id))[0] for r in (late, prompt)]
    assert summaries[0] == summaries[1]


def test_a_record_of_a_unit_that_came_later_moves_into_it(sql: SqlWorld) -> None:
    sender = phone(sql)
    record = outreach(sender, unit=NEW_UNIT)
    sender.send(record)
    unit = found_unit(sql)
    with sql.app.app_context():
        KINDS["read-again"].run({}, sql.clock())
        db.session.remove()
    assert standing(sql, record.record_id) == ("stored", unit, "waiting", unit)


@pytest.mark.parametrize("correction_held", [True, False])
def test_a_correction_meets_what_it_corrects_when_either_was_held(sql: SqlWorld, correction_held: bool) -> None:
    sender = phone(sql)
    root = outreach(sender, version="2" if correction_held else "3")
    again = outreach(sender, version="3" if correction_held else "2", intent="correct", replaces=root)
    sender.send(root)
    sender.send(again)
    publish(sql, "3")
    read_again(sql)
    assert len(set(sql.all(select(Record.chain_id)))) == 1
    assert sql.all(select(Record.status)) == ["stored", "stored"]


def test_a_withdrawal_that_was_held_closes_the_chain_when_it_is_read(sql: SqlWorld) -> None:
    sender = phone(sql)
    root = outreach(sender)
    sender.send(root)
    sender.send(outreach(sender, version="3", intent="withdraw", replaces=root, answers={}))
    assert sql.all(select(Chain.state)) == ["waiting"]
    publish(sql, "3")
    read_again(sql)
    assert sql.all(select(Chain.state)) == ["withdrawn"]


@pytest.mark.parametrize("members", [{"v": 2}, {"payload_type": "answers/2"}, {"v": 2, "new_member": {"a": [1]}}])
def test_what_a_newer_app_wrote_is_held_as_it_came(sql: SqlWorld, members: dict[str, Any]) -> None:
    sender = phone(sql)
    record = resealed(sender, outreach(sender), members=members)
    item = record.wire() | {"payload_type": members.get("payload_type", "answers/1")}
    answer = sender.post("/sync/records", {"records": [item]})
    assert receipt_of(answer)["status"] == "held"
    assert sql.all(select(Record.held_reason)) == ["app-newer"]
    assert sql.all(select(Record.envelope)) == [record.envelope.encode()]
    assert sql.stored(record.record_id) == record.payload.encode()
    assert receipt_of(sender.post("/sync/records", {"records": [item]})) == receipt_of(answer)
    assert read_again(sql) == Reread(1, ())  # this program has not learnt it
    assert sql.all(select(Record.status)) == ["held"]


def test_what_a_revoked_phone_handed_over_is_not_let_out_by_reading(sql: SqlWorld) -> None:
    sender = phone(sql)
    sql.revoke(sender)
    sender.send(outreach(sender, version="3"))
    publish(sql, "3")
    assert read_again(sql) == Reread(0, ())
    assert sql.all(select(Record.held_reason)) == ["after-revocation"]


def test_one_that_still_cannot_be_read_stops_no_other(sql: SqlWorld) -> None:
    sender = phone(sql)
    bad, good = outreach(sender, version="3", answers=OUTREACH), outreach(sender, version="3")
    bad = resealed(sender, bad, payload="[]")
    sender.send(bad, good)
    publish(sql, "3")
    assert read_again(sql) == Reread(2, (good.record_id,))
