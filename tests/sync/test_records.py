"""POST /sync/records: the contract of every store."""

import hashlib
import json
import threading
from dataclasses import replace
from typing import Any

import pytest

from tests.phone import Phone, receipt_holds
from tests.sync.make import World, outreach, phone, receipt_of, wire


def test_stored_record_gets_a_receipt_that_verifies(world: World) -> None:
    sender = phone(world)
    record = outreach(sender)
    receipt = receipt_of(sender.send(record))
    assert receipt["status"] == "stored"
    assert receipt["record_id"] == record.record_id
    assert receipt_holds(receipt, sender.enrolled["receipt_keys"][0]["spki"])
    assert world.stored(record.record_id) == record.payload.encode()


def test_changed_receipt_does_not_verify(world: World) -> None:
    sender = phone(world)
    receipt = receipt_of(sender.send(outreach(sender)))
    assert not receipt_holds(receipt | {"status": "held"}, sender.enrolled["receipt_keys"][0]["spki"])


def test_same_record_sent_twice_is_stored_once_and_gets_the_first_receipt_again(world: World) -> None:
    sender = phone(world)
    record = outreach(sender)
    first = sender.send(record)
    world.clock.advance(hours=3)
    assert sender.send(record).body == first.body
    assert world.count() == 1


def test_same_record_twice_in_one_batch_is_stored_once(world: World) -> None:
    sender = phone(world)
    record = outreach(sender)
    answer = sender.send(record, record)
    assert receipt_of(answer, 0) == receipt_of(answer, 1)
    assert world.count() == 1


def test_lost_answer_is_made_good_by_sending_again_in_another_batch(world: World) -> None:
    sender = phone(world)
    records = [outreach(sender) for _ in range(3)]
    lost = sender.send(*records[:2])
    again = sender.send(*reversed(records))
    assert receipt_of(again, 2) == receipt_of(lost, 0)
    assert receipt_of(again, 1) == receipt_of(lost, 1)
    assert world.count() == 3


def test_other_bytes_under_a_known_id_are_kept_aside(world: World) -> None:
    sender = phone(world)
    record = outreach(sender)
    other = outreach(sender, answers={"attendance": {"attendees_total": "7"}}, record_id=record.record_id)
    sender.send(record)
    receipt = receipt_of(sender.send(other))
    assert receipt["status"] == "conflict_kept"
    assert world.stored(record.record_id) == record.payload.encode()
    assert world.copies(record.record_id) == [other.payload.encode()]
    assert receipt_of(sender.send(other)) == receipt


def test_conflict_inside_one_batch_keeps_both(world: World) -> None:
    sender = phone(world)
    record = outreach(sender)
    other = outreach(sender, answers={"attendance": {"attendees_total": "7"}}, record_id=record.record_id)
    answer = sender.send(record, other)
    assert [receipt_of(answer, i)["status"] for i in range(2)] == ["stored", "conflict_kept"]
    assert world.copies(record.record_id) == [other.payload.encode()]


def test_same_answers_in_another_envelope_are_a_duplicate(world: World) -> None:
    sender = phone(world)
    record = outreach(sender)
    again = outreach(sender, record_id=record.record_id)
    sender.send(record)
    assert again.payload == record.payload
    assert receipt_of(sender.send(again))["status"] == "duplicate"


def test_a_record_signed_again_by_a_phone_that_enrolled_anew_gets_the_first_receipt_again(world: World) -> None:
    sender = phone(world)
    record = outreach(sender)
    first = receipt_of(sender.send(record))
    anew = phone(world)
    again = resealed(anew, record, members={"device_id": anew.enrolled["device_id"], "device_seq": 9})
    assert receipt_of(anew.send(again)) == first
    assert (world.count(), world.copies(record.record_id)) == (1, [])
    assert json.loads(anew.have([again], []).json()["statement"])["missing"] == []


@pytest.mark.parametrize("changed", [{"held_on": "2024-06-01"}, {"unit": "C@2023-01-01"}])
def test_a_record_that_says_something_else_when_signed_again_is_kept_aside(
    world: World, changed: dict[str, str]
) -> None:
    sender = phone(world)
    record = outreach(sender)
    sender.send(record)
    anew = phone(world)
    again = resealed(anew, record, members={"device_id": anew.enrolled["device_id"], **changed})
    assert receipt_of(anew.send(again))["status"] == "duplicate"


def test_the_same_id_from_eight_threads_becomes_one_row(world: World) -> None:
    sender = phone(world)
    record = outreach(sender)
    start = threading.Barrier(8)
    receipts: list[dict[str, Any]] = []

    def send() -> None:
        own = Phone(wire(world.app), world.clock, sender.key, sender.enrolled)
        start.wait()
        receipts.append(receipt_of(own.send(record)))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 8
    assert all(receipt == receipts[0] for receipt in receipts)
    assert world.count() == 1


def test_seq_rises_in_the_order_of_the_batch(world: World) -> None:
    sender = phone(world)
    answer = sender.send(*[outreach(sender) for _ in range(5)])
    numbers = [receipt_of(answer, i)["seq"] for i in range(5)]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_correction_is_stored_in_whatever_order_it_comes_within_a_batch(world: World, order: tuple[int, int]) -> None:
    sender = phone(world)
    first = outreach(sender)
    pair = (first, outreach(sender, intent="correct", replaces=first))
    answer = sender.send(*[pair[i] for i in order])
    assert [receipt_of(answer, i)["status"] for i in range(2)] == ["stored", "stored"]


def test_correction_of_a_record_that_is_not_here_is_incomplete(world: World) -> None:
    sender = phone(world)
    first = outreach(sender)
    later = outreach(sender, intent="correct", replaces=first)
    assert receipt_of(sender.send(later))["status"] == "incomplete"
    assert receipt_of(sender.send(first))["status"] == "stored"


def test_correction_of_somebody_elses_record_looks_as_if_it_were_not_here(world: World) -> None:
    owner, stranger = phone(world), phone(world, "officer_c")
    record = outreach(owner)
    owner.send(record)
    foreign = outreach(stranger, intent="correct", replaces=record, unit=world.unit)
    missing = outreach(stranger, intent="correct", replaces="ab" * 16, unit=world.unit)
    answer = stranger.send(foreign, missing)
    assert [receipt_of(answer, i)["status"] for i in range(2)] == ["incomplete", "incomplete"]


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "99"},
        {"form": "nothing_we_know"},
        {"unit": "99999@2024-01-01"},
    ],
)
def test_what_cannot_be_placed_is_held_and_not_lost(world: World, changes: dict[str, str]) -> None:
    sender = phone(world)
    record = outreach(sender, **changes)
    assert receipt_of(sender.send(record))["status"] == "held"
    assert world.stored(record.record_id) == record.payload.encode()


@pytest.mark.parametrize("text", ["[]", "null", "", "{", '"text"', "[" * 100_000])
def test_payload_that_is_no_object_is_held_and_not_lost(world: World, text: str) -> None:
    sender = phone(world)
    record = resealed(sender, outreach(sender), payload=text)
    assert receipt_of(sender.send(record))["status"] == "held"
    assert world.stored(record.record_id) == text.encode()


@pytest.mark.parametrize(
    ("fault", "problem", "status"),
    [
        ({"payload": '{"other":1}'}, "digest-mismatch", 422),
        ({"signature": "AAAA"}, "signature-invalid", 422),
        ({"signature": "A" * 86}, "signature-invalid", 422),
        ({"signature": "kein base64!"}, "signature-invalid", 422),
        ({"envelope": "{"}, "envelope-unreadable", 422),
        ({"envelope": "[]"}, "envelope-unreadable", 422),
        ({"envelope": "{}"}, "envelope-invalid", 422),
        ({"envelope": None}, "record-invalid", 422),
        ({"payload": "\ud800"}, "record-invalid", 422),
        ({"payload_type": "sealed/1"}, "envelope-invalid", 422),
    ],
)
def test_fault_of_one_record_is_its_own_and_the_others_arrive(
    world: World, fault: dict[str, Any], problem: str, status: int
) -> None:
    sender = phone(world)
    good, bad, last = (outreach(sender) for _ in range(3))
    batch = [good.wire(), bad.wire() | fault, last.wire()]
    answer = sender.wire(
        "POST",
        "/sync/records",
        {"Content-Type": "application/json", **sender.credentials()},
        json.dumps({"records": batch}).encode(),
    )
    assert receipt_of(answer, 0)["status"] == "stored"
    refused = answer.json()["results"][1]["problem"]
    assert (refused["type"], refused["status"]) == (problem, status)
    assert receipt_of(answer, 2)["status"] == "stored"
    assert world.stored(bad.record_id) is None


def test_record_of_another_device_is_refused(world: World) -> None:
    sender, other = phone(world), phone(world)
    record = outreach(other)
    refused = sender.send(record).json()["results"][0]["problem"]
    assert refused["type"] == "device-foreign"


@pytest.mark.parametrize(
    ("member", "value", "pointer"),
    [
        ("v", 2, "/v"),
        ("v", True, "/v"),
        ("record_id", "AB" * 16, "/record_id"),
        ("intent", "delete", "/intent"),
        ("held_on", "2024-02-30", "/held_on"),
        ("held_on", "2024-W01-1", "/held_on"),
        ("device_seq", 1.0, "/device_seq"),
        ("device_seq", 0, "/device_seq"),
        ("finished_at", "2024-06-15T01:00:00Z", "/finished_at"),
        ("app_version", "a\u0000b", "/app_version"),
        ("reason", "a\u0000b", "/reason"),
        ("zone", 7, "/zone"),
        ("media", [{}], "/media/0/id"),
        ("media", {}, "/media"),
        ("content_sha256", None, "/content_sha256"),
        ("root_id", "ab" * 16, "/root_id"),
        ("replaces", "ab" * 16, "/replaces"),
    ],
)
def test_envelope_fault_names_its_place(world: World, member: str, value: Any, pointer: str) -> None:
    sender = phone(world)
    record = resealed(sender, outreach(sender), members={member: value})
    refused = sender.send(record).json()["results"][0]["problem"]
    assert refused["type"] == "envelope-invalid"
    assert f"/records/0/envelope{pointer}" in [error["pointer"] for error in refused["errors"]]


def test_all_faults_of_an_envelope_are_told_at_once(world: World) -> None:
    sender = phone(world)
    record = resealed(sender, outreach(sender), members={"v": 9, "unit": 1, "held_on": ""})
    refused = sender.send(record).json()["results"][0]["problem"]
    assert len(refused["errors"]) == 3


def test_members_that_a_newer_phone_adds_are_kept_and_do_no_harm(world: World) -> None:
    sender = phone(world)
    record = resealed(sender, outreach(sender), members={"from_the_future": {"a": 1}})
    assert receipt_of(sender.send(record))["status"] == "stored"


def test_more_than_fifty_records_are_refused_as_a_batch(world: World) -> None:
    sender = phone(world)
    record = outreach(sender)
    assert refusal(sender.send(*[record] * 51)) == ("batch-too-large", 413)
    assert world.count() == 0


def test_more_than_256_kilobytes_are_refused_as_a_batch_however_well_packed(world: World) -> None:
    sender = phone(world)
    record = outreach(sender, answers={"more": {"note": "a" * 257 * 1024}})
    assert refusal(sender.send(record)) == ("batch-too-large", 413)
    assert refusal(sender.send(record, compress=True)) == ("batch-too-large", 413)


def test_packed_batch_is_the_same_batch(world: World) -> None:
    sender = phone(world)
    record = outreach(sender)
    assert receipt_of(sender.send(record, compress=True)) == receipt_of(sender.send(record))


def test_empty_batch_is_answered(world: World) -> None:
    assert phone(world).send().json()["results"] == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"{", ("json-invalid", 400)),
        (b"", ("json-invalid", 400)),
        (b'{"records": NaN}', ("json-invalid", 400)),
        (b"\xff\xfe", ("json-invalid", 400)),
        (b"[" * 60_000, ("json-invalid", 400)),
        (b"[]", ("request-invalid", 422)),
        (b"{}", ("request-invalid", 422)),
        (b'{"records": {}}', ("request-invalid", 422)),
    ],
)
def test_body_that_is_no_batch_is_refused(world: World, body: bytes, problem: tuple[str, int]) -> None:
    sender = phone(world)
    headers = {"Content-Type": "application/json", **sender.credentials()}
    assert refusal(sender.wire("POST", "/sync/records", headers, body)) == problem


@pytest.mark.parametrize("mimetype", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_body_that_does_not_call_itself_json_is_refused(world: World, mimetype: str) -> None:
    sender = phone(world)
    headers = {"Content-Type": mimetype, **sender.credentials()}
    assert refusal(sender.wire("POST", "/sync/records", headers, b"{}")) == ("media-type-unsupported", 415)


@pytest.mark.parametrize("credentials", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}])
def test_unknown_token_is_refused(world: World, credentials: dict[str, str]) -> None:
    sender = phone(world)
    headers = {"Content-Type": "application/json", **credentials}
    assert refusal(sender.wire("POST", "/sync/records", headers, b'{"records":[]}')) == ("token-unknown", 401)


def test_cookies_are_no_credentials(world: World) -> None:
    sender = phone(world)
    headers = {"Content-Type": "application/json", "Cookie": f"token={sender.enrolled['token']}"}
    answer = sender.wire("POST", "/sync/records", headers, b'{"records":[]}')
    assert refusal(answer) == ("token-unknown", 401)
    assert "set-cookie" not in answer.headers


def test_answers_are_never_stored_by_caches(world: World) -> None:
    sender = phone(world)
    for answer in (sender.send(outreach(sender)), sender.changes(), sender.send(*[outreach(sender)] * 51)):
        assert answer.headers["cache-control"] == "no-store"


def test_revoked_device_may_hand_over_and_nothing_else(world: World) -> None:
    sender = phone(world)
    record = outreach(sender)
    world.revoke(sender)
    answer = sender.send(record)
    assert receipt_of(answer)["status"] == "held"
    assert json.loads(answer.json()["wipe"]["statement"])["order"] == "wipe"
    assert refusal(sender.changes()) == ("device-revoked", 403)
    assert refusal(sender.have([record], [])) == ("device-revoked", 403)


def test_disabled_officers_records_are_held(world: World) -> None:
    sender = phone(world)
    world.disable()
    assert receipt_of(sender.send(outreach(sender)))["status"] == "held"
    assert refusal(sender.changes()) == ("account-disabled", 403)
    assert sender.have([], []).status == 200


def refusal(answer: Any) -> tuple[str, int]:
    """(type, status) of a refused request, which is a problem in its own media type."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.body
    problem = answer.json()
    assert problem["status"] == answer.status
    return problem["type"], answer.status


def resealed(sender: Phone, record: Any, *, members: dict[str, Any] | None = None, payload: str | None = None) -> Any:
    """The same record with other envelope members or another payload, signed anew."""
    envelope = json.loads(record.envelope) | (members or {})
    if payload is not None:
        envelope["content_sha256"] = hashlib.sha256(payload.encode()).hexdigest()
    text = json.dumps(envelope)
    return replace(
        record,
        envelope=text,
        signature=sender.sign(text.encode()),
        payload=record.payload if payload is None else payload,
    )
