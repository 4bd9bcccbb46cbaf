"""Enrolment, tokens, `have`, changes and files: the contract of every store."""

import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from tests.phone import Phone, b64url, signature_holds
from tests.sync.make import FOREIGN_FILE, OWN_FILE, SHARED_FILE, World, outreach, phone, wire
from tests.sync.test_records import refusal


def test_enrolment_gives_a_token_that_works_and_the_first_changes(world: World) -> None:
    made = phone(world)
    assert len(made.enrolled["token"]) == 43
    assert made.enrolled["changes"]["me"]["unit"] == world.unit
    assert made.changes().status == 200


def test_code_may_be_typed_with_dashes_small_letters_and_lookalikes(world: World) -> None:
    made = Phone(wire(world.app), world.clock)
    code = world.code().replace("-", "")
    typed = "-".join(code[i : i + 4] for i in range(0, 26, 4)).lower().replace("0", "o").replace("1", "l")
    assert made.enrol(typed).status == 201


def test_code_works_once(world: World) -> None:
    code = world.code()
    first, second = (Phone(wire(world.app), world.clock) for _ in range(2))
    assert first.enrol(code).status == 201
    assert refusal(second.enrol(code)) == ("enrolment-code-used", 409)


def test_code_ends_after_ten_minutes(world: World) -> None:
    code = world.code()
    world.clock.advance(minutes=11)
    assert refusal(Phone(wire(world.app), world.clock).enrol(code)) == ("enrolment-code-expired", 410)


def test_unknown_code_is_refused(world: World) -> None:
    assert refusal(Phone(wire(world.app), world.clock).enrol("0" * 26)) == ("enrolment-code-unknown", 404)


@pytest.mark.parametrize("key", ["ed25519", "AAAA", "no base64!"])
def test_key_that_is_not_p256_is_refused_and_the_code_stays_good(world: World, key: str) -> None:
    code = world.code()
    if key == "ed25519":
        public = ed25519.Ed25519PrivateKey.generate().public_key()
        der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        key = b64url(der)
    body = {"code": code, "public_key": key, "device_name": "", "app_version": "1", "storage_persisted": True}
    made = Phone(wire(world.app), world.clock)
    assert refusal(made.post("/sync/enrol", body)) == ("enrolment-key-unusable", 422)
    assert made.enrol(code).status == 201


def test_all_faults_of_an_enrolment_are_told_at_once(world: World) -> None:
    answer = Phone(wire(world.app), world.clock).post("/sync/enrol", {"code": 7, "storage_persisted": "yes"})
    assert refusal(answer) == ("request-invalid", 422)
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/code", "/public_key", "/device_name", "/app_version", "/storage_persisted"}


def test_young_token_is_not_renewed(world: World) -> None:
    made = phone(world)
    world.clock.advance(days=29)
    assert "next_token" not in made.changes().json()["device"]


def test_renewed_token_retires_the_old_one_when_it_is_first_used(world: World) -> None:
    made = phone(world)
    old = made.enrolled["token"]
    world.clock.advance(days=31)
    following = made.changes().json()["device"]["next_token"]
    assert made.changes().status == 200
    following = made.changes().json()["device"]["next_token"]
    made.enrolled["token"] = following
    assert made.changes().json()["device"] == {"state": "active"}
    made.enrolled["token"] = old
    assert refusal(made.changes()) == ("token-unknown", 401)


def statement(world: World, made: Phone, records: list[Any], media: list[str]) -> Any:
    """A verified statement."""
    answer = made.have(records, media).json()
    assert signature_holds(answer["statement"].encode(), answer["signature"], made.enrolled["receipt_keys"][0]["spki"])
    return json.loads(answer["statement"])


def test_have_names_what_is_missing_and_repeats_the_nonce(world: World) -> None:
    made = phone(world)
    here, missing = outreach(made), outreach(made)
    made.send(here)
    nonce = "ab" * 16
    report = {"app_version": "1", "waiting": 3, "storage_persisted": False, "storage_free": None}
    pairs = [[record.record_id, sha256(record)] for record in (missing, here)]
    body = {"nonce": nonce, "records": pairs, "media": ["cd" * 16], "report": report}
    told = json.loads(made.post("/sync/have", body).json()["statement"])
    assert (told["nonce"], told["missing"], told["epoch"]) == (nonce, [missing.record_id], 1)
    assert told["media"] == [{"id": "cd" * 16, "state": "unknown", "offset": 0}]


def test_have_knows_bytes_not_only_ids(world: World) -> None:
    made = phone(world)
    record = outreach(made)
    other = outreach(made, answers={"attendance": {"attendees_total": "3"}}, record_id=record.record_id)
    made.send(record)
    assert statement(world, made, [other], [])["missing"] == [record.record_id]
    made.send(other)
    assert statement(world, made, [record, other], [])["missing"] == []


def test_have_tells_nothing_of_other_officers_records(world: World) -> None:
    owner, stranger = phone(world), phone(world, "officer_c")
    record = outreach(owner)
    owner.send(record)
    assert statement(world, stranger, [record], [])["missing"] == [record.record_id]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("nonce", "short"),
        ("records", [["x", "y"]]),
        ("records", [["ab" * 16]]),
        ("media", [1]),
        ("report", None),
        ("report", {"app_version": "1", "waiting": -1, "storage_persisted": True, "storage_free": 1}),
    ],
)
def test_have_that_makes_no_sense_is_refused(world: World, member: str, value: Any) -> None:
    report = {"app_version": "1", "waiting": 0, "storage_persisted": True, "storage_free": 1.5e9}
    good = {"nonce": "ab" * 16, "records": [], "media": [], "report": report}
    made = phone(world)
    assert made.post("/sync/have", good).status == 200
    assert refusal(made.post("/sync/have", good | {member: value})) == ("request-invalid", 422)


def test_review_reaches_the_phone_once_by_cursor(world: World) -> None:
    made = phone(world)
    record = outreach(made)
    made.send(record)
    seq = world.returned(record.record_id, "Thiếu ảnh")
    told = made.changes().json()
    assert (told["cursor"], told["reviews"][0]["reason"]) == (seq, "Thiếu ảnh")
    assert told["reviews"][0]["record_id"] == record.record_id
    later = made.changes(since=seq).json()
    assert (later["cursor"], later["reviews"]) == (seq, [])


def test_reviews_of_others_are_not_told(world: World) -> None:
    owner, stranger = phone(world), phone(world, "officer_c")
    record = outreach(owner)
    owner.send(record)
    world.returned(record.record_id, "nghe")
    assert stranger.changes().json()["reviews"] == []


@pytest.mark.parametrize("since", ["-1", "x", "1.5", "9" * 30, "٣"])
def test_cursor_that_is_none_is_refused(world: World, since: str) -> None:
    made = phone(world)
    answer = made.wire("GET", f"/sync/changes?since={since}", made.credentials(), b"")
    assert refusal(answer) == ("request-invalid", 400)


def test_file_is_immutable_and_brotli_where_accepted(world: World) -> None:
    made = phone(world)
    world.put_file(SHARED_FILE, None)
    plain, packed = (fetch(made, SHARED_FILE, encoding) for encoding in ("identity", "gzip, br"))
    assert (plain.body, packed.body, packed.headers["content-encoding"]) == (b'{"a":1}', b"brotli", "br")
    assert "content-encoding" not in plain.headers
    assert plain.headers["cache-control"] == "private, max-age=31536000, immutable"


def test_sensitive_file_is_there_for_its_unit_only(world: World) -> None:
    made = phone(world)
    world.put_file(OWN_FILE, "A")
    world.put_file(FOREIGN_FILE, "C")
    assert fetch(made, OWN_FILE).status == 200
    foreign, missing = fetch(made, FOREIGN_FILE), fetch(made, "0" * 64)
    assert (foreign.status, foreign.body) == (missing.status, missing.body) == (404, missing.body)


@pytest.mark.parametrize("name", ["..%2f..%2fetc", "x", "A" * 64])
def test_name_that_is_no_hash_is_not_found(world: World, name: str) -> None:
    assert fetch(phone(world), name).status == 404


def fetch(made: Phone, sha256: str, encoding: str = "identity") -> Any:
    headers = {"Accept-Encoding": encoding, **made.credentials()}
    return made.wire("GET", f"/sync/files/{sha256}", headers, b"")


def sha256(record: Any) -> str:
    return hashlib.sha256(record.payload.encode()).hexdigest()
