"""tus 1.0.0 at `/sync/media`, and the photo itself.

Extensions: creation, creation-with-upload, checksum, expiration, termination. The work is in `uploads`.
"""

from email.utils import format_datetime

from flask import Blueprint, Response, request

from sync.door import Parts, active, reader
from sync.envelope import MEDIA_MAX_BYTES
from sync.media import Source
from sync.problems import Problem
from sync.store import Device, Media
from sync.uploads import ALGORITHMS, COMPLETE, TUS_VERSION, Uploads, read_checksum, read_number, read_promise

BYTES = "application/offset+octet-stream"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
PHOTO_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


def add_media_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Mounts the routes of photos."""
    uploads = Uploads(parts.store, parts.folder, parts.readable)
    _add_options(blueprint)
    _add_creation(blueprint, parts, uploads)
    _add_upload(blueprint, parts, uploads)
    _add_photo(blueprint, parts)


def _add_options(blueprint: Blueprint) -> None:
    def upload_options(media_id: str = "") -> Response:
        headers = {
            "Tus-Resumable": TUS_VERSION,
            "Tus-Version": TUS_VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(MEDIA_MAX_BYTES),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }
        return Response(status=204, headers=headers)

    for rule in ("/media", "/media/<media_id>"):
        blueprint.add_url_rule(rule, "upload_options", upload_options, methods=["OPTIONS"])


def _add_creation(blueprint: Blueprint, parts: Parts, uploads: Uploads) -> None:
    @blueprint.post("/media", provide_automatic_options=False)
    def create_upload() -> Response:
        device = _tus_sender(parts)
        promise = read_promise(request.headers.get("Upload-Length"), request.headers.get("Upload-Metadata"))
        media = uploads.create(device, promise, parts.clock())
        if request.mimetype == BYTES and media.offset_bytes == 0 and media.state not in COMPLETE:
            media = _receive(parts, uploads, device, media.media_id, 0)
        response = _answer(201, media)
        response.headers["Location"] = f"/sync/media/{media.media_id}"
        return response


def _add_upload(blueprint: Blueprint, parts: Parts, uploads: Uploads) -> None:
    # HEAD is a route of its own: Flask would otherwise answer it with the photo's GET.
    @blueprint.route("/media/<media_id>", methods=["HEAD"], provide_automatic_options=False)
    def upload_offset(media_id: str) -> Response:
        return _answer(200, uploads.find(_tus_sender(parts), media_id))

    @blueprint.patch("/media/<media_id>", provide_automatic_options=False)
    def upload_bytes(media_id: str) -> Response:
        device = _tus_sender(parts)
        if request.mimetype != BYTES:
            raise Problem("media-type-unsupported", detail=f"{BYTES} is needed")
        offset = read_number("Upload-Offset", request.headers.get("Upload-Offset"))
        return _answer(204, _receive(parts, uploads, device, media_id, offset))

    @blueprint.delete("/media/<media_id>", provide_automatic_options=False)
    def terminate_upload(media_id: str) -> Response:
        uploads.terminate(_tus_sender(parts), media_id, parts.clock())
        return Response(status=204, headers={"Tus-Resumable": TUS_VERSION})


def _add_photo(blueprint: Blueprint, parts: Parts) -> None:
    def photo(media_id: str) -> Response:
        """P-38: the officer's own photo, as a re-encoded copy; the original is never served. Nothing else is."""
        media = parts.store.media(reader(parts, request), media_id)
        if media is None or media.state != "there" or not media.kind.startswith("image/"):
            raise Problem("media-not-there")
        copy = parts.display(media)
        return Response(
            copy.read_bytes(), mimetype=PHOTO_TYPES[copy.suffix], headers={"X-Content-Type-Options": "nosniff"}
        )

    photo.provide_automatic_options = False  # type: ignore[attr-defined]
    blueprint.add_url_rule("/media/<media_id>", "photo", photo, methods=["GET"])


def _tus_sender(parts: Parts) -> Device:
    device = active(parts, request)
    # P-30: another version of tus is refused before anything is read.
    if request.headers.get("Tus-Resumable") != TUS_VERSION:
        raise Problem("tus-version-unsupported", headers={"Tus-Version": TUS_VERSION})
    return device


def _receive(parts: Parts, uploads: Uploads, device: Device, media_id: str, offset: int) -> Media:
    source: Source = request.environ["wsgi.input"]
    checksum = read_checksum(request.headers.get("Upload-Checksum"))
    return uploads.receive(device, media_id, offset, _Declared(source, request.content_length), checksum, parts.clock())


class _Declared:
    """At most the declared number of bytes of a body; all of a chunked one (its end is marked)."""

    def __init__(self, source: Source, declared: int | None) -> None:
        self._source = source
        self._left = declared

    def read(self, size: int, /) -> bytes:
        if self._left is None:
            return self._source.read(size)
        data = self._source.read(min(size, self._left)) if self._left else b""
        self._left -= len(data)
        return data


def _answer(status: int, media: Media) -> Response:
    response = Response(status=status)
    response.headers["Tus-Resumable"] = TUS_VERSION
    response.headers["Upload-Offset"] = str(media.offset_bytes)
    response.headers["Upload-Length"] = str(media.size_bytes)
    if media.expires_at and media.state not in COMPLETE:
        response.headers["Upload-Expires"] = format_datetime(media.expires_at, usegmt=True)
    return response
