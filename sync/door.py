"""Who sends: the device behind the bearer token, and what it may still do. Cookies mean nothing here (D22)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import brotli
from flask import Request, Response

from sync.encoding import sha256_hex
from sync.media import Folder
from sync.problems import MEDIA_TYPE, Problem
from sync.signatures import Keyring
from sync.store import Device, Media, Store

PACK_FROM_BYTES = 1024
PACK_QUALITY, PACK_WINDOW = 6, 18  # a few milliseconds, a quarter of a megabyte


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes stand on.

    `readable(path)`: can these bytes be decoded as a photo? `display(media)`: the path of a copy fit to be shown,
    without metadata; Problem `media-not-there`. `network()`: where the present request comes from, for throttling.
    """

    store: Store
    keyring: Keyring
    clock: Callable[[], datetime]
    folder: Folder
    readable: Callable[[Path], bool]
    display: Callable[[Media], Path]
    network: Callable[[], str]
    zone: str


def anyone_enrolled(parts: Parts, request: Request) -> Device:
    """The sender, also one that was revoked (it may hand over records, nothing else)."""
    # P-05: who sends is said by the token alone; no cookie is read or set here.
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    # P-02: the token is opaque, looked up by its hash.
    token = token.strip()
    device = (
        parts.store.device(sha256_hex(token.encode()), parts.clock()) if scheme.lower() == "bearer" and token else None
    )
    if device is None:
        raise Problem("token-unknown", headers={"WWW-Authenticate": "Bearer"})
    return device


def active(parts: Parts, request: Request) -> Device:
    """The sender, if its device was not revoked; its officer may be disabled (handing over goes on)."""
    device = anyone_enrolled(parts, request)
    if not device.active:
        raise Problem("device-revoked")
    return device


def reader(parts: Parts, request: Request) -> Device:
    """The sender, if it may read: neither device nor officer was put out."""
    device = active(parts, request)
    if not device.account_active:
        raise Problem("account-disabled")
    return device


def json_body(request: Request) -> bytes:
    """The body's bytes; Problem `media-type-unsupported` when it does not call itself JSON (R9)."""
    if request.mimetype != "application/json":
        raise Problem("media-type-unsupported", detail="application/json is needed")
    return request.get_data()


def refusal(problem: Problem) -> Response:
    """A problem as `application/problem+json` (RFC 9457)."""
    response = json_answer(problem.to_json(), problem.status)
    response.mimetype = MEDIA_TYPE
    response.headers.update(dict(problem.headers))
    return response


def json_answer(document: object, status: int = 200) -> Response:
    """A document as JSON in UTF-8; members keep their order."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, mimetype="application/json")


def packed(request: Request, response: Response) -> Response:
    """The same answer in Brotli where the asker takes it and it is worth it.

    Nothing that a stranger chose stands beside a secret in it: whoever asks sent the token along, no cookie.
    """
    body = response.get_data()
    response.vary.add("Accept-Encoding")
    if len(body) < PACK_FROM_BYTES or request.accept_encodings["br"] <= 0:
        return response
    response.set_data(brotli.compress(body, quality=PACK_QUALITY, lgwin=PACK_WINDOW))
    response.headers["Content-Encoding"] = "br"
    return response
