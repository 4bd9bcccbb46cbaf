"""sync/PROTOCOL.md is true: every rule is cited where it is obeyed, every example is what the service answers."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import brotli
import pytest

from server.db import transaction
from server.plan import form_trials
from tests import drafts
from tests.phone import Answer, Phone, new_id
from tests.sync.make import SqlWorld, outreach, photo, upload_metadata, wire

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "sync/PROTOCOL.md").read_text()
RULES = re.findall(r"^- \*\*(P-\d\d)\*\*", TEXT, re.MULTILINE)
EXAMPLES = re.findall(r"```http request (\S+)\n(.*?)\n```\n\n```http response\n(.*?)\n```", TEXT, re.DOTALL)
SLOT = re.compile(r"‹([^›]+)›")


def test_every_rule_has_its_own_number() -> None:
    assert len(RULES) > 25
    assert len(RULES) == len(set(RULES))


@pytest.mark.parametrize("rule", RULES)
def test_rule_is_cited_in_the_code_that_obeys_it(rule: str) -> None:
    code = [*(ROOT / "sync").glob("*.py"), *(ROOT / "server").rglob("*.py")]
    assert any(re.search(rf"\b{rule}\b", path.read_text()) for path in code)


def test_every_example_has_a_request_and_a_response() -> None:
    assert len(EXAMPLES) == TEXT.count("```http request") == TEXT.count("```http response")


def test_examples_are_what_the_service_answers(sql: SqlWorld) -> None:
    phone = Phone(wire(sql.app), sql.clock)
    values: dict[str, Any] = {"trial code": draft_to_try(sql)}
    values |= {"code": sql.code(), "public key": phone.spki, "nonce": new_id(), "other record": new_id()}
    for name, request, response in EXAMPLES:
        if name == "records":
            values |= prepared(phone, values)
        answer = sent(phone, request, values)
        fits(name, response, answer, values)
        if name == "have":
            assert json.loads(answer.json()["statement"])["missing"] == [values["other record"]]
        if name == "changes":
            values["set file"] = answer.json()["sets"][0]["sha256"]


def draft_to_try(sql: SqlWorld) -> str:
    """The code of a draft with one picture beside it."""
    with sql.app.app_context(), transaction() as session:
        version_id = drafts.draft(session, "facility_check", "1")
        drafts.attach(session, version_id, "cho.png", "image/png", b"\x89PNG")
        return form_trials.issue(session, version_id, sql.made.accounts["staff"], sql.clock())


def prepared(phone: Phone, values: dict[str, Any]) -> dict[str, Any]:
    """A record and a photo of the device that the first example enrolled."""
    phone.enrolled = {"device_id": values["device"], "token": values["token"], "changes": {"me": values["me"]}}
    picture = photo()
    record = outreach(phone, photos=(picture,))
    middle = len(picture.data) // 2
    metadata = {"media_id": picture.media_id, "sha256": hashlib.sha256(picture.data).hexdigest(), "question": "photo"}
    return {
        "envelope": record.envelope,
        "signature": record.signature,
        "payload": record.payload,
        "record": record.record_id,
        "digest": hashlib.sha256(record.payload.encode()).hexdigest(),
        "photo": picture.media_id,
        "photo size": len(picture.data),
        "photo metadata": upload_metadata(metadata | {"record_id": record.record_id}),
        "half": middle,
        "first half of the photo": picture.data[:middle],
        "second half of the photo": picture.data[middle:],
    }


def sent(phone: Phone, request: str, values: dict[str, Any]) -> Answer:
    """Sends an example with its slots filled."""
    head, _, body = request.partition("\n\n")
    first, *lines = SLOT.sub(lambda slot: str(values[slot[1]]), head.strip()).split("\n")
    method, path, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    return phone.wire(method, path, headers, filled(body, values))


def filled(body: str, values: dict[str, Any]) -> bytes:
    whole = SLOT.fullmatch(body)
    if whole and isinstance(values[whole[1]], bytes):
        return bytes(values[whole[1]])
    return SLOT.sub(lambda slot: json.dumps(str(values[slot[1]]))[1:-1], body).encode()


def fits(name: str, response: str, answer: Answer, values: dict[str, Any]) -> None:
    """The answer has the status, the headers and the body of the example; new slots are learnt."""
    head, _, body = response.partition("\n\n")
    status, *lines = head.strip().split("\n")
    assert answer.status == int(status.split(" ")[1]), (name, answer.body)
    for line in lines:
        header, _, wanted = line.partition(": ")
        given = answer.headers[header.lower()]
        assert re.fullmatch(pattern(wanted, values), given), (name, header, given)
    if body.startswith("{"):
        same(name, json.loads(body), answer.json(), values)


def pattern(wanted: str, values: dict[str, Any]) -> str:
    parts = SLOT.split(wanted)
    known = [re.escape(str(values[p])) if p in values else ".+" for p in parts[1::2]]
    return "".join(a + b for a, b in zip(map(re.escape, parts[::2]), [*known, ""], strict=True))


def same(place: str, wanted: Any, given: Any, values: dict[str, Any]) -> None:
    if isinstance(wanted, str) and (slot := SLOT.fullmatch(wanted)):
        unsure = slot[1] in ("now", "label", "where")
        assert unsure or values.setdefault(slot[1], given) == given, place
    elif isinstance(wanted, dict):
        assert list(given) == list(wanted), place
        for name, value in wanted.items():
            same(f"{place}.{name}", value, given[name], values)
            if isinstance(given[name], dict):
                values.setdefault(name, given[name])
    elif isinstance(wanted, list):
        assert len(given) == len(wanted), place
        for i, value in enumerate(wanted):
            same(f"{place}[{i}]", value, given[i], values)
    else:
        assert wanted == given, place


def test_enrolment_brings_the_files_that_the_phone_would_ask_for(sql: SqlWorld) -> None:
    phone = Phone(wire(sql.app), sql.clock)
    told = phone.enrol(sql.code()).json()
    named = {ref["sha256"] for ref in [*told["changes"]["forms"], *told["changes"]["sets"]]}
    assert named
    assert set(told["files"]) == named
    for sha256 in (ref["sha256"] for ref in told["changes"]["sets"]):
        assert hashlib.sha256(told["files"][sha256].encode()).hexdigest() == sha256


@pytest.mark.parametrize(("accepted", "encoding"), [("br, gzip", "br"), ("gzip", None), ("", None), ("br;q=0", None)])
def test_news_is_packed_for_who_takes_it(sql: SqlWorld, accepted: str, encoding: str | None) -> None:
    phone = Phone(wire(sql.app), sql.clock)
    assert phone.enrol(sql.code()).status == 201
    plain = phone.changes()
    answer = phone.wire(
        "GET", "/sync/changes?since=0&format=2", {"Accept-Encoding": accepted, **phone.credentials()}, b""
    )
    assert answer.headers.get("content-encoding") == encoding
    body = brotli.decompress(answer.body) if encoding else answer.body
    assert {**json.loads(body), "at": ""} == {**plain.json(), "at": ""}
