"""A new receipt key: announced by the old one, receipts of every key verify for ever, by command too (P-52)."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server import keys
from server.app import create_app
from server.config import Config
from server.db import db, transaction
from server.keys import KeyRing
from server.people import enrolment
from sync.signatures import announcement, fits
from tests import tables
from tests.phone import Answer, Phone, receipt_holds, signature_holds
from tests.settable_clock import SettableClock
from tests.sync.make import outreach, receipt_of, wire

SERVER_ID = "5e" * 16


def pinned(known: dict[str, str], rows: list[dict[str, str]], server_id: str) -> dict[str, str]:
    """What a phone trusts after it was told: what it knew, and whatever a key that it trusts has signed."""
    for row in rows:
        signer = known.get(row.get("signed_by", ""))
        text = announcement(server_id, row["key_id"], row["spki"])
        if signer and fits(text, row["signature"], signer):
            known = known | {row["key_id"]: row["spki"]}
    return known


class House:
    """An installation that is started again and again over one folder."""

    def __init__(self, folder: Path) -> None:
        self.config, self.clock = Config.for_tests(folder), SettableClock()
        self.app = create_app(self.config, self.clock)
        with self.app.app_context():
            self.made = tables.create_world()

    def restart(self) -> Flask:
        self.close()
        self.app = create_app(self.config, self.clock)
        return self.app

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def run(self, *args: str, text: str | None = None) -> Any:
        return self.app.test_cli_runner().invoke(args=list(args), input=text)

    def phone(self) -> Phone:
        with self.app.app_context(), transaction() as session:
            code = enrolment.issue(session, self.made.accounts["officer"], self.made.units["A"], self.clock())
        made = Phone(wire(self.app), self.clock)
        assert made.enrol(code).status == 201
        return made

    def again(self, phone: Phone) -> Phone:
        """The same phone, speaking to the server that was started again."""
        phone.wire = wire(self.app)
        return phone


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = House(tmp_path)
    yield made
    made.close()


def test_a_phone_that_knew_the_first_key_comes_to_trust_the_third(house: House) -> None:
    old = house.phone()
    known = {key["key_id"]: key["spki"] for key in old.enrolled["receipt_keys"]}
    assert "receipt_keys" not in old.changes().json()
    first = receipt_of(old.send(outreach(old)))
    for _ in range(2):
        assert house.run("keys", "rotate").exit_code == 0
    house.restart()
    told = house.again(old).changes().json()
    known = pinned(known, told["receipt_keys"], told["server_id"])
    later = receipt_of(old.send(outreach(old)))
    assert len(known) == 3
    assert later["key_id"] != first["key_id"]
    assert receipt_holds(later, known[later["key_id"]])
    assert receipt_holds(first, known[first["key_id"]])
    answer: Answer = old.have([], [])
    assert answer.json()["receipt_keys"] == told["receipt_keys"]
    said = answer.json()
    assert signature_holds(said["statement"].encode(), said["signature"], known[said["key_id"]])


def test_a_new_phone_is_told_every_key_the_newest_first(house: House) -> None:
    before = house.phone().enrolled["receipt_keys"]
    house.run("keys", "rotate")
    house.restart()
    told = house.phone().enrolled["receipt_keys"]
    assert told[1:] == before
    assert [sorted(key) for key in told] == [["key_id", "spki"]] * 2


def test_a_key_that_a_stranger_announced_is_not_trusted(tmp_path: Path) -> None:
    ours, theirs = keys.KeyRing(tmp_path / "ours"), keys.rotate(tmp_path / "theirs", SERVER_ID)
    forged = [dict(row) for row in theirs.announced]
    forged[1]["signed_by"] = ours.key_id
    assert pinned({ours.key_id: ours.spki}, forged, SERVER_ID) == {ours.key_id: ours.spki}


def test_an_announcement_is_for_one_server(tmp_path: Path) -> None:
    old = KeyRing(tmp_path)
    rows = list(keys.rotate(tmp_path, SERVER_ID).announced)
    known = {old.key_id: old.spki}
    assert (len(pinned(known, rows, SERVER_ID)), len(pinned(known, rows, "6f" * 16))) == (2, 1)


def test_a_rotation_that_was_cut_goes_on_with_the_old_key(tmp_path: Path) -> None:
    old = KeyRing(tmp_path)
    pem = (tmp_path / keys.RECEIPT_FILE).read_bytes()
    keys.rotate(tmp_path, SERVER_ID)
    (tmp_path / keys.RECEIPT_FILE).write_bytes(pem)  # as it is when the last step never came
    assert KeyRing(tmp_path).key_id == old.key_id
    after = keys.rotate(tmp_path, SERVER_ID)
    known = pinned({old.key_id: old.spki}, list(after.announced), SERVER_ID)
    assert known[after.key_id] == after.spki


def test_the_private_half_of_the_old_key_is_gone_and_nobody_else_reads_the_new_one(tmp_path: Path) -> None:
    KeyRing(tmp_path)
    pem = (tmp_path / keys.RECEIPT_FILE).read_bytes()
    keys.rotate(tmp_path, SERVER_ID)
    assert all(path.read_bytes() != pem for path in tmp_path.iterdir())
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        keys.RECEIPT_FILE: 0o600,
        keys.ANNOUNCED_FILE: 0o600,
    }


def receipt_file(folder: Path, text: str) -> str:
    path = folder / "receipt.txt"
    path.write_text(text)
    return str(path)


def test_old_and_new_receipts_are_verified_by_command(house: House, tmp_path: Path) -> None:
    sender = house.phone()
    old = receipt_of(sender.send(outreach(sender)))
    house.run("keys", "rotate")
    house.restart()
    new = receipt_of(house.again(sender).send(outreach(sender)))
    for text in (json.dumps(old), json.dumps({"receipt": new}), f"Biên nhận của bản ghi:\n{json.dumps(new)}\nHết."):
        ran = house.run("receipt", "verify", receipt_file(tmp_path, text))
        assert (ran.exit_code, "The record is here with these bytes." in ran.output) == (0, True)
    ran = house.run("receipt", "verify", "-", text=json.dumps(old))
    assert f"key {old['key_id']}" in ran.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": "duplicate"}, "The signature does not hold"),
        ({"seq": 2}, "The signature does not hold"),
        ({"key_id": "0" * 16}, "was never this server's"),
        ({"signature": None}, "There is no receipt in this file."),
    ],
)
def test_a_receipt_that_was_changed_is_told_with_status_2(
    house: House, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    sender = house.phone()
    receipt = receipt_of(sender.send(outreach(sender)))
    ran = house.run("receipt", "verify", receipt_file(tmp_path, json.dumps(receipt | change)))
    assert ran.exit_code == 2
    assert said in ran.output


def test_a_receipt_of_a_record_that_the_database_lost_is_genuine_and_says_so(house: House, tmp_path: Path) -> None:
    sender = house.phone()
    receipt = receipt_of(sender.send(outreach(sender)))
    with house.app.app_context():
        house.made = tables.create_world()
    ran = house.run("receipt", "verify", receipt_file(tmp_path, json.dumps(receipt)))
    assert ran.exit_code == 0
    assert "The record is not here" in ran.output
