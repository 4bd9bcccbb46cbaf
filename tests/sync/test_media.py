"""/sync/media: tus and the life of a photo, the contract of every store."""

import base64
import hashlib
import io
import json
from typing import Any

import pytest
from PIL import Image

from tests.phone import Photo, new_id
from tests.sync.make import World, jpeg, outreach, phone, photo, upload_metadata
from tests.sync.test_records import refusal

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


def sender_with(world: World, picture: Photo) -> Any:
    """A phone whose record, naming the photo, was sent; and the record."""
    sender = phone(world)
    record = outreach(sender, photos=(picture,))
    sender.send(record)
    return sender, record


def head(sender: Any, picture: Photo) -> Any:
    return sender.wire("HEAD", f"/sync/media/{picture.media_id}", {**TUS, **sender.credentials()}, b"")


def patch(sender: Any, picture: Photo, offset: int, data: bytes, **headers: str) -> Any:
    """A PATCH with more headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    base = {**TUS, **BYTES, "Upload-Offset": str(offset), **sender.credentials()}
    return sender.wire("PATCH", f"/sync/media/{picture.media_id}", base | named, data)


def state(sender: Any, picture: Photo) -> Any:
    statement = json.loads(sender.have([], [picture.media_id]).json()["statement"])
    return statement["media"][0]["state"], statement["media"][0]["offset"]


def test_photo_goes_from_expected_over_partial_to_there(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    seen = [state(sender, picture)]
    assert sender.create_upload(record, picture).status == 201
    assert sender.patch(picture, 0, picture.data[:100]).headers["upload-offset"] == "100"
    seen.append(state(sender, picture))
    assert sender.patch(picture, 100, picture.data[100:]).status == 204
    seen.append(state(sender, picture))
    assert seen == [("expected", 0), ("partial", 100), ("there", len(picture.data))]
    assert original(world, picture).read_bytes() == picture.data


def test_photo_may_come_before_its_record(world: World) -> None:
    sender, picture = phone(world), photo()
    record = outreach(sender, photos=(picture,))
    assert sender.upload(record, picture).status == 204
    assert sender.send(record).json()["results"][0]["receipt"]["status"] == "stored"
    assert state(sender, picture)[0] == "there"


def test_creation_is_idempotent_and_says_where_to_go_on(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    first = sender.create_upload(record, picture)
    sender.patch(picture, 0, picture.data[:7])
    again = sender.create_upload(record, picture)
    assert (again.status, again.headers["location"]) == (201, first.headers["location"])
    assert again.headers["upload-offset"] == "7"


def test_creation_with_other_bytes_under_the_same_id_is_refused(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    other = Photo("photo", jpeg(41), picture.media_id)
    assert refusal(sender.create_upload(record, other)) == ("media-promise-differs", 409)


def test_photo_of_somebody_else_does_not_exist(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    sender.upload(record, picture)
    stranger = phone(world, "officer_c")
    assert refusal(patch(stranger, picture, 0, b"x")) == ("media-unknown", 404)
    assert head(stranger, picture).status == 404
    assert state(stranger, picture) == ("unknown", 0)
    assert refusal(stranger.create_upload(record, picture)) == ("media-promise-differs", 409)
    assert shown(stranger, picture).status == 404


def test_creation_may_carry_the_bytes(world: World) -> None:
    sender, picture = phone(world), photo()
    answer = create(sender, picture, picture.data)
    assert (answer.status, answer.headers["upload-offset"]) == (201, str(len(picture.data)))
    assert state(sender, picture)[0] == "there"


def test_upload_without_a_record_expires(world: World) -> None:
    sender, picture = phone(world), photo()
    assert create(sender, picture).headers["upload-expires"] == "Mon, 15 Jul 2024 01:00:00 GMT"


def test_bytes_that_differ_from_their_hash_are_dropped(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    sender.create_upload(record, picture)
    wrong = bytes([picture.data[0] ^ 1]) + picture.data[1:]
    answer = patch(sender, picture, 0, wrong)
    assert refusal(answer) == ("media-digest-mismatch", 460)
    assert answer.headers["upload-offset"] == "0"
    assert state(sender, picture) == ("expected", 0)
    assert sender.patch(picture, 0, picture.data).status == 204


def test_text_named_jpg_with_the_right_hash_is_taken_and_unreadable(world: World) -> None:
    picture = photo(b"this is no picture, whatever its name says")
    sender, record = sender_with(world, picture)
    assert sender.upload(record, picture).status == 204
    assert state(sender, picture)[0] == "unreadable"
    assert world.unreadable(picture.media_id)
    assert refusal(shown(sender, picture)) == ("media-not-there", 404)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_picture_of_another_format_is_unreadable(world: World, kind: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 20)).save(buffer, kind)
    picture = photo(buffer.getvalue())
    sender, record = sender_with(world, picture)
    sender.upload(record, picture)
    assert state(sender, picture)[0] == "unreadable"


def test_picture_of_too_many_pixels_is_unreadable(world: World) -> None:
    buffer = io.BytesIO()
    Image.new("1", (8000, 6000)).save(buffer, "PNG")
    picture = photo(buffer.getvalue())
    sender, record = sender_with(world, picture)
    assert sender.upload(record, picture).status == 204
    assert state(sender, picture)[0] == "unreadable"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_checksum_that_fits_is_taken(world: World, algorithm: str) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    sender.create_upload(record, picture)
    digest = base64.b64encode(hashlib.new(algorithm, picture.data).digest()).decode()
    assert patch(sender, picture, 0, picture.data, Upload_Checksum=f"{algorithm} {digest}").status == 204


def test_checksum_that_does_not_fit_keeps_nothing(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    sender.create_upload(record, picture)
    sender.patch(picture, 0, picture.data[:10])
    digest = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    answer = patch(sender, picture, 10, picture.data[10:50], Upload_Checksum=f"sha256 {digest}")
    assert refusal(answer) == ("checksum-mismatch", 460)
    assert head(sender, picture).headers["upload-offset"] == "10"


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({"Tus-Resumable": "0.2.2"}, ("tus-version-unsupported", 412)),
        ({"Content-Type": "image/jpeg"}, ("media-type-unsupported", 415)),
        ({"Upload-Offset": "5"}, ("media-offset-differs", 409)),
        ({"Upload-Offset": "-1"}, ("request-invalid", 400)),
        ({"Upload-Checksum": "md5 AAAA"}, ("checksum-unsupported", 400)),
        ({"Upload-Checksum": "sha1 ?"}, ("request-invalid", 400)),
        ({"Content-Encoding": "gzip"}, ("body-encoding-unknown", 415)),
    ],
)
def test_patch_with_a_wrong_header_is_refused(world: World, headers: dict[str, str], problem: tuple[str, int]) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    sender.create_upload(record, picture)
    base = {**TUS, **BYTES, "Upload-Offset": "0", **sender.credentials()}
    answer = sender.wire("PATCH", f"/sync/media/{picture.media_id}", base | headers, picture.data)
    assert refusal(answer) == problem
    assert state(sender, picture) == ("expected", 0)


def test_more_bytes_than_promised_are_refused(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    sender.create_upload(record, picture)
    assert refusal(patch(sender, picture, 0, picture.data + b"x")) == ("body-too-large", 413)
    assert state(sender, picture) == ("expected", 0)


@pytest.mark.parametrize(
    ("length", "metadata", "status"),
    [
        (None, {}, 400),
        ("0", {}, 400),
        ("1e3", {}, 400),
        (str(16 * 1024 * 1024 + 1), {}, 413),
        ("10", {"media_id": "../../etc/passwd"}, 400),
        ("10", {"media_id": "AB" * 16}, 400),
        ("10", {"sha256": ""}, 400),
        ("10", {"record_id": "x"}, 400),
    ],
)
def test_creation_that_promises_nonsense_is_refused(
    world: World, length: str | None, metadata: dict[str, str], status: int
) -> None:
    sender = phone(world)
    good = {"media_id": new_id(), "sha256": hashlib.sha256(b"").hexdigest(), "question": "photo"}
    headers = {**TUS, "Upload-Metadata": upload_metadata(good | metadata), **sender.credentials()}
    if length is not None:
        headers["Upload-Length"] = length
    assert sender.wire("POST", "/sync/media", headers, b"").status == status


def test_metadata_that_is_no_base64_is_refused(world: World) -> None:
    sender = phone(world)
    headers = {**TUS, "Upload-Length": "1", "Upload-Metadata": "media_id ?", **sender.credentials()}
    assert refusal(sender.wire("POST", "/sync/media", headers, b"")) == ("request-invalid", 400)


def test_upload_under_way_can_be_given_up_and_begun_again(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    sender.create_upload(record, picture)
    sender.patch(picture, 0, picture.data[:9])
    assert delete(sender, picture).status == 204
    assert state(sender, picture) == ("expected", 0)
    assert sender.upload(record, picture).status == 204


def test_upload_that_no_record_names_is_gone_when_given_up(world: World) -> None:
    sender, picture = phone(world), photo()
    create(sender, picture)
    delete(sender, picture)
    assert head(sender, picture).status == 404


def test_whole_photo_cannot_be_taken_back(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    sender.upload(record, picture)
    assert refusal(delete(sender, picture)) == ("media-complete", 409)


def test_last_patch_whose_answer_was_lost_finds_the_photo_there(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    sender.upload(record, picture)
    assert head(sender, picture).headers["upload-offset"] == str(len(picture.data))
    assert sender.patch(picture, len(picture.data), b"").status == 204


def test_partial_bytes_lost_on_disk_move_the_offset_back(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    sender.create_upload(record, picture)
    sender.patch(picture, 0, picture.data[:50])
    (world.media_dir / "partial" / picture.media_id).write_bytes(picture.data[:20])
    assert head(sender, picture).headers["upload-offset"] == "20"
    assert sender.patch(picture, 20, picture.data[20:]).status == 204


def test_bytes_on_disk_that_no_row_knows_are_written_over(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    sender.create_upload(record, picture)
    sender.patch(picture, 0, picture.data[:50])
    with (world.media_dir / "partial" / picture.media_id).open("ab") as file:
        file.write(b"bytes of a transaction that was lost")
    assert head(sender, picture).headers["upload-offset"] == "50"
    assert sender.patch(picture, 50, picture.data[50:]).status == 204


def test_what_is_shown_is_a_copy_without_metadata(world: World) -> None:
    picture = photo(jpeg(64, exif=True))
    assert b"Canary camera" in picture.data
    sender, record = sender_with(world, picture)
    sender.upload(record, picture)
    answer = shown(sender, picture)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["cache-control"] == "no-store"
    assert b"Canary" not in answer.body
    copy = Image.open(io.BytesIO(answer.body))
    assert (copy.size, dict(copy.getexif())) == ((64, 64), {})


def test_options_tell_what_is_spoken(world: World) -> None:
    answer = phone(world).wire("OPTIONS", "/sync/media", {}, b"")
    assert answer.status == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert "creation-with-upload" in answer.headers["tus-extension"]


def test_two_records_may_name_the_same_photo_and_a_correction_needs_no_new_bytes(world: World) -> None:
    picture = photo()
    sender, record = sender_with(world, picture)
    sender.upload(record, picture)
    correction = outreach(sender, intent="correct", replaces=record, photos=(picture,))
    assert sender.send(correction).json()["results"][0]["receipt"]["status"] == "stored"
    assert state(sender, picture)[0] == "there"


def create(sender: Any, picture: Photo, data: bytes = b"") -> Any:
    """A creation without a record, with its bytes where given."""
    metadata = {"media_id": picture.media_id, "sha256": hashlib.sha256(picture.data).hexdigest()}
    headers = {**TUS, **(BYTES if data else {}), "Upload-Length": str(len(picture.data)), **sender.credentials()}
    return sender.wire("POST", "/sync/media", headers | {"Upload-Metadata": upload_metadata(metadata)}, data)


def delete(sender: Any, picture: Photo) -> Any:
    return sender.wire("DELETE", f"/sync/media/{picture.media_id}", {**TUS, **sender.credentials()}, b"")


def shown(sender: Any, picture: Photo) -> Any:
    return sender.wire("GET", f"/sync/media/{picture.media_id}", sender.credentials(), b"")


def original(world: World, picture: Photo) -> Any:
    digest = hashlib.sha256(picture.data).hexdigest()
    return world.media_dir / "original" / digest[:2] / digest
