"""Drafts on phones: who is told of them, what their records are, and that nothing else moves by them."""

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import func, select, update

from forms.model import Form, Options, Question
from forms.xpath.parse import parse
from server.coverage import proof
from server.db import db, transaction
from server.models.plan import FormFile, FormVersion, SyncFile
from server.models.records import Chain, Media, Record, RecordItem
from server.models.registers import Item
from server.plan import form_trials
from server.queries import queue
from server.queries.queue import Wanted
from server.queries.scope import within
from server.queries.slices import Slice
from tests import drafts, make
from tests.phone import Phone, new_id
from tests.sync.make import OUTREACH, SqlWorld, outreach, phone, photo, receipt_of

FORM = "outreach_session"


def code_for_draft(sql: SqlWorld, version: str = "9") -> str:
    with sql.app.app_context(), transaction() as session:
        version_id = drafts.draft(session, FORM, version)
        return form_trials.issue(session, version_id, sql.made.accounts["staff"], sql.clock())


def listed(sender: Phone, **asked: int) -> list[tuple[str, bool, bool]]:
    refs = [ref for ref in sender.changes(**asked).json()["forms"] if ref["form_id"] == FORM]
    return sorted((ref["version"], ref["current"], ref.get("trial", False)) for ref in refs)


def set_form(sql: SqlWorld, version: str, **values: Any) -> None:
    with sql.app.app_context(), transaction() as session:
        session.execute(
            update(FormVersion).where(FormVersion.form_id == FORM, FormVersion.version == version).values(**values)
        )


def test_a_draft_is_told_only_to_the_officer_who_tries_it(sql: SqlWorld) -> None:
    code = code_for_draft(sql)
    mine, other = phone(sql), phone(sql, "officer_c")
    assert listed(mine) == [("2", True, False)]
    assert mine.try_form(code).status == 200
    assert listed(mine) == [("2", True, False), ("9", False, True)]
    assert listed(other) == [("2", True, False)]


def test_a_code_is_for_one_officer_and_seven_days(sql: SqlWorld) -> None:
    code = code_for_draft(sql)
    mine, other = phone(sql), phone(sql, "officer_c")
    assert mine.try_form(code).status == 200
    assert other.try_form(code).json()["type"] == "trial-code-used"
    sql.clock.advance(days=8)
    assert mine.try_form(code).status == 200
    unused = code_for_draft(sql, "8")
    sql.clock.advance(days=8)
    assert other.try_form(unused).json()["type"] == "trial-code-expired"


def test_forms_that_the_app_cannot_read_are_left_out_and_asked_for(sql: SqlWorld) -> None:
    sender = phone(sql)
    set_form(sql, "2", model_format=3)
    told = sender.changes().json()
    assert (listed(sender), told["newer_format"]) == ([], 3)
    assert listed(sender, model_format=3) == [("2", True, False)]
    assert "newer_format" not in sender.changes(model_format=3).json()


def test_a_form_that_cannot_be_opened_holds_its_own_records_and_no_others(sql: SqlWorld) -> None:
    code_for_draft(sql)
    set_form(sql, "9", model='{"model_format": 2}')
    sender = phone(sql)
    broken, good = outreach(sender, version="9"), outreach(sender)
    receipts = sender.send(broken, good).json()["results"]
    assert [one["receipt"]["status"] for one in receipts] == ["held", "stored"]


def test_a_closed_version_is_told_but_not_current_and_its_records_count(sql: SqlWorld) -> None:
    sender = phone(sql)
    set_form(sql, "2", state="closed")
    assert listed(sender) == [("2", False, False)]
    record = outreach(sender)
    assert receipt_of(sender.send(record))["status"] == "stored"
    assert trial_of(sql, record.record_id) == (False, "waiting")


def test_a_record_of_a_draft_is_stored_with_a_receipt_and_stands_in_no_list(sql: SqlWorld) -> None:
    code_for_draft(sql)
    sender, picture = phone(sql), photo()
    answers = {**OUTREACH, "managed": {"members_count": "1", "members": f"new:{new_id()}:X-9"}}
    record = outreach(sender, version="9", answers=answers, photos=(picture,))
    assert receipt_of(sender.send(record))["status"] == "stored"
    assert trial_of(sql, record.record_id) == (True, "trial")
    with sql.app.app_context():
        session, everywhere = db.session(), within(sql.made.units["P"])
        for state in ("waiting", "all", "held"):
            assert queue.lines(session, everywhere, Wanted(state), Slice(0, 50)) == []
        assert queue.tallies(session, everywhere, Wanted("all"))["all"] == 0
        assert session.scalar(select(func.count()).select_from(RecordItem)) == 0
        assert session.scalar(select(func.count()).where(Item.state == "pending")) == 0
        assert session.scalar(select(Media.state).where(Media.media_id == picture.media_id)) == "expected"
        assert proof.verify(session) == []


def test_what_corrects_a_trial_stays_one_after_publishing(sql: SqlWorld) -> None:
    code_for_draft(sql)
    sender = phone(sql)
    first = outreach(sender, version="9")
    sender.send(first)
    set_form(sql, "9", state="published", published_at=sql.clock())
    second = outreach(sender, version="9", intent="correct", replaces=first.record_id)
    sender.send(second)
    assert trial_of(sql, second.record_id) == (True, "trial")


def test_a_trial_that_waited_on_the_phone_stays_one_when_its_version_is_published_first(sql: SqlWorld) -> None:
    code_for_draft(sql)
    sender = phone(sql)
    begun = outreach(sender, version="9", trial=True)
    set_form(sql, "9", state="published", published_at=sql.clock())
    assert receipt_of(sender.send(begun))["status"] == "stored"
    real = outreach(sender, version="9")
    sender.send(real)
    assert trial_of(sql, begun.record_id) == (True, "trial")
    assert trial_of(sql, real.record_id) == (False, "waiting")


def test_a_trial_that_is_sent_twice_gets_its_first_receipt(sql: SqlWorld) -> None:
    code_for_draft(sql)
    sender = phone(sql)
    begun = outreach(sender, version="9", trial=True)
    first = receipt_of(sender.send(begun))
    set_form(sql, "9", state="published", published_at=sql.clock())
    assert receipt_of(sender.send(begun)) == first
    assert trial_of(sql, begun.record_id) == (True, "trial")


def test_a_trial_that_was_taken_back_is_counted_nowhere_either(sql: SqlWorld) -> None:
    code_for_draft(sql)
    sender = phone(sql)
    first = outreach(sender, version="9")
    sender.send(first)
    sender.send(outreach(sender, version="9", intent="withdraw", replaces=first.record_id))
    with sql.app.app_context():
        everywhere = within(sql.made.units["P"])
        assert queue.states(db.session(), everywhere, make.YEAR_FIRST, make.YEAR_LAST) == {}


@pytest.mark.parametrize("intent", ["correct", "withdraw"])
def test_a_trial_touches_no_real_record(sql: SqlWorld, intent: str) -> None:
    code_for_draft(sql)
    sender = phone(sql)
    real = outreach(sender)
    sender.send(real)
    sender.send(outreach(sender, version="9", intent=intent, replaces=real.record_id))
    assert trial_of(sql, real.record_id) == (False, "waiting")


def trial_of(sql: SqlWorld, record_id: str) -> tuple[bool, str]:
    wanted = select(Record.trial, Chain.state).join(Chain, Chain.id == Record.chain_id)
    with sql.app.app_context():
        row = db.session.execute(wanted.where(Record.record_id == record_id)).one()
    return row.trial, row.state


def with_file(sql: SqlWorld, version: str) -> None:
    """A draft that asks for a stall of its own file, and looks up who keeps it."""
    stall = Question(
        name="stall", path="/x/stall", type="select_one", label={"vi": "Quầy"}, options=Options(register="stalls")
    )
    look = parse("instance('stalls')/root/item[name = /x/stall]/owner")
    owner = Question(name="owner", path="/x/owner", type="calculate", label={}, calculate=look)
    form = Form("x", version, {"vi": "x"}, ("vi",), (stall, owner), {}, ("stalls",))
    rows = {"register": "stalls", "unit": None, "columns": ["name", "label", "owner"], "rows": [["s1", "Một", "Ba Út"]]}
    body = json.dumps(rows).encode()
    sha256 = hashlib.sha256(body).hexdigest()
    with sql.app.app_context(), transaction() as session:
        version_id = drafts.draft(session, "x", version, form)
        session.add(SyncFile(sha256=sha256, kind="attachment", media_type="application/json", body=body, body_br=b""))
        file = {"kind": "csv", "body": body, "sha256": sha256, "size_bytes": len(body)}
        session.add(FormFile(form_version_id=version_id, name="stalls.csv", **file))


@pytest.mark.parametrize(
    ("stall", "owner", "findings"),
    [("s1", "Ba Út", set()), ("s9", "", {"unknown_choice"}), ("s1", "Cô Tư", {"calculated"})],
)
def test_a_record_is_checked_with_the_rows_of_its_forms_own_file(
    sql: SqlWorld, stall: str, owner: str, findings: set[str]
) -> None:
    with_file(sql, "9")
    sender = phone(sql)
    calculated = {"/x/owner": owner} if owner else {}
    record = sender.seal({"stall": stall}, form="x", version="9", calculated=calculated)
    assert receipt_of(sender.send(record))["status"] == "stored"
    assert sql.findings(record.record_id) == findings
