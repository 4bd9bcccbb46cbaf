"""`records bring`: a hand-over file is taken in as if its phone had sent it, by every rule of the wire."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select

from server import cli
from server.models.people import Account
from server.models.records import Media
from server.models.system import Audit
from tests.phone import Phone, Photo, Sealed
from tests.sync.make import SqlWorld, outreach, phone, photo, receipt_of


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SqlWorld]:
    one = SqlWorld(tmp_path)
    cli.register(one.app)
    yield one
    one.close()


def line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def file_of(
    phone: Phone, records: list[Sealed], photos: list[tuple[Sealed, Photo]] | None = None, /, **changes: Any
) -> bytes:
    """The file as the phone writes it (static/src/form/widgets/rare/handover.ts)."""
    photos = photos or []
    head = {
        "format": "lantoa-handover/1",
        "server_id": phone.enrolled["server_id"],
        "device_id": phone.enrolled["device_id"],
        "made_at": "2026-11-22T02:00:00.000Z",
        "app_version": "0.1.0-test",
        "records": len(records),
        "media": len(photos),
    }
    parts = [line(head | changes), *(line(record.wire()) for record in records)]
    for record, shot in photos:
        said = {"id": shot.media_id, "record_id": record.record_id, "question": shot.question}
        digest = hashlib.sha256(shot.data).hexdigest()
        parts += [line(said | {"sha256": digest, "size": len(shot.data), "kind": "image/jpeg"}), shot.data, b"\n"]
    return b"".join(parts)


def bring(world: SqlWorld, content: bytes) -> Result:
    file = world.folder / "lan-toa.lantoa"
    file.write_bytes(content)
    with world.app.app_context():
        login = world.all(select(Account.login).where(Account.id == world.made.accounts["chief"]))[0]
    return world.app.test_cli_runner().invoke(args=["records", "bring", str(file), "--by", login])


def seqs(told: Result) -> list[str]:
    return [text.split("seq ")[1] for text in told.output.splitlines() if "seq " in text]


def test_records_and_photos_are_there_with_receipts_and_count_once_however_often_they_come(world: SqlWorld) -> None:
    one, shot = phone(world), photo()
    first, second = outreach(one, photos=(shot,)), outreach(one)
    content = file_of(one, [first, second], [(first, shot)])
    told = bring(world, content)
    assert told.exit_code == 0, told.output
    assert [text.split()[1] for text in told.output.splitlines()] == ["stored", "stored", "photo"]
    assert world.stored(first.record_id) == first.payload.encode()
    assert world.all(select(Media.state)) == ["there"]
    again = bring(world, content)
    assert (again.exit_code, seqs(again), world.count()) == (0, seqs(told), 2)
    # and the phone, back on a line, gets the very receipt that the file got
    assert f"{receipt_of(one.send(first))['seq']}" in seqs(told)[0]


def test_who_brought_it_stands_in_the_audit_and_nothing_of_what_is_in_it(world: SqlWorld) -> None:
    one = phone(world)
    bring(world, file_of(one, [outreach(one)]))
    with world.app.app_context():
        rows = world.all(select(Audit).where(Audit.action == "handover.brought"))
        assert [(row.account_id, row.detail) for row in rows] == [
            (world.made.accounts["chief"], {"records": 1, "media": 0})
        ]


def test_a_record_that_was_changed_on_the_way_is_refused_alone(world: SqlWorld) -> None:
    one = phone(world)
    good, bad = outreach(one), outreach(one)
    changed = Sealed(bad.record_id, bad.envelope, bad.signature, bad.payload.replace("42", "43"))
    told = bring(world, file_of(one, [changed, good]))
    assert told.exit_code == 2
    assert f"{bad.record_id}  refused        digest-mismatch" in told.output
    assert (world.stored(bad.record_id), world.status(good.record_id)) == (None, "stored")


def test_a_photo_that_was_changed_is_refused_and_the_next_one_taken(world: SqlWorld) -> None:
    one, first, second = phone(world), photo(), photo()
    record = outreach(one, photos=(first, second))
    content = file_of(one, [record], [(record, first), (record, second)])
    at = content.index(first.data) + 50
    told = bring(world, content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    assert told.exit_code == 2
    states = dict(text.split("  photo          ") for text in told.output.splitlines() if "  photo  " in text)
    assert states == {first.media_id: "media-digest-mismatch", second.media_id: "there"}


def test_a_photo_that_had_come_half_over_the_line_goes_on_from_there(world: SqlWorld) -> None:
    one, shot = phone(world), photo()
    record = outreach(one, photos=(shot,))
    one.send(record)
    one.create_upload(record, shot)
    one.patch(shot, 0, shot.data[:100])
    told = bring(world, file_of(one, [record], [(record, shot)]))
    assert (told.exit_code, world.all(select(Media.state))) == (0, ["there"])


def test_what_a_revoked_phone_hands_over_is_held(world: SqlWorld) -> None:
    one = phone(world)
    record = outreach(one)
    world.revoke(one)
    told = bring(world, file_of(one, [record]))
    assert (told.exit_code, world.status(record.record_id)) == (0, "held")


def test_more_records_than_a_batch_takes_come_in_batches(world: SqlWorld) -> None:
    one = phone(world)
    told = bring(world, file_of(one, [outreach(one) for _ in range(53)]))
    assert (told.exit_code, len(seqs(told)), world.count()) == (0, 53, 53)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "lantoa-handover/9"}, "not a hand-over file"),
        ({"server_id": "f" * 32}, "another server"),
        ({"device_id": "f" * 32}, "unknown here"),
        ({"records": 3}, "ends in the middle"),
        ({"records": -1}, "how much follows"),
    ],
)
def test_a_file_that_is_none_is_told_in_words(world: SqlWorld, changes: dict[str, Any], words: str) -> None:
    one = phone(world)
    told = bring(world, file_of(one, [outreach(one)], **changes))
    assert told.exit_code == 2
    assert words in told.stderr


@pytest.mark.parametrize("cut", [40, 300, 2600])
def test_of_a_file_that_was_cut_what_came_before_is_taken_in(world: SqlWorld, cut: int) -> None:
    one, shot = phone(world), photo()
    record, last = outreach(one, photos=(shot,)), outreach(one)
    content = file_of(one, [record, last], [(last, shot)])
    told = bring(world, content[:-cut])
    assert told.exit_code == 2
    assert "ends in the middle" in told.stderr
    assert world.status(record.record_id) == "stored"


@pytest.mark.parametrize("content", [b"", b"\n", b"[]\n", b"\xff\xfe\n", b'{"format":' + b"[" * 90_000 + b"\n"])
def test_bytes_of_any_kind_are_no_traceback(world: SqlWorld, content: bytes) -> None:
    told = bring(world, content)
    assert (told.exit_code, "Traceback" in told.output) == (2, False)
