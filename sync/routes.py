"""The blueprint of `/sync`: enrolment, records, `have`, changes, files; photos are mounted from `media_routes`.

Each view loads, calls one function, names the status. What a sender may do is said by `door`.
"""

from datetime import datetime

from flask import Blueprint, Response, request

from sync import reconcile
from sync.changes import RENEW_AFTER, Changes
from sync.door import Parts, active, anyone_enrolled, json_answer, json_body, packed, reader, refusal
from sync.encoding import SHA256, sha256_hex
from sync.intake import take_in
from sync.media_routes import add_media_routes
from sync.messages import FORMAT_MAX, read_batch, read_enrolment, read_have, read_trial
from sync.problems import Problem
from sync.receipts import Issuer
from sync.signatures import usable_key
from sync.store import Device, NewDevice, StoredFile
from sync.tokens import new_token

# What each endpoint asks of its sender; whoever mounts the blueprint declares it (R1).
POLICIES = {"enrol": "public", "upload_options": "public"}
DEFAULT_POLICY = "device"
IMMUTABLE = "private, max-age=31536000, immutable"
SINCE_MAX = 2**62


def sync_blueprint(parts: Parts) -> Blueprint:
    """A blueprint over one store; the caller mounts it and declares its policies."""
    blueprint = Blueprint("sync", __name__, url_prefix="/sync")
    blueprint.register_error_handler(Problem, refusal)
    blueprint.after_request(_no_store)
    _add_enrol(blueprint, parts)
    _add_records(blueprint, parts)
    _add_have(blueprint, parts)
    _add_changes(blueprint, parts)
    _add_trials(blueprint, parts)
    _add_files(blueprint, parts)
    add_media_routes(blueprint, parts)
    return blueprint


def _no_store(response: Response) -> Response:
    """P-01: nothing may answer in the server's place later; only immutable files say otherwise themselves."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _add_enrol(blueprint: Blueprint, parts: Parts) -> None:
    @blueprint.post("/enrol")
    def enrol() -> Response:
        enrolment = read_enrolment(json_body(request))
        usable_key(enrolment.public_key)
        at = parts.clock()
        new = parts.store.enrol(enrolment, parts.network(), at)
        return packed(request, json_answer(_enrolled(parts, new, enrolment.model_format, at), 201))


def _enrolled(parts: Parts, new: NewDevice, model_format: int, at: datetime) -> dict[str, object]:
    here = parts.store.installation()
    changes = parts.store.changes(new.device, 0, at, model_format)
    return {
        "account": new.device.account_uid,
        "device_id": new.device.uid,
        "token": new.token,
        "server_id": here.server_id,
        "epoch": here.epoch,
        "zone": parts.zone,
        "receipt_keys": [{"key_id": parts.keyring.key_id, "spki": parts.keyring.spki}],
        "seal_keys": [],
        "changes": changes.to_json(),
        "files": _files(parts, new.device, changes),
    }


def _files(parts: Parts, device: Device, changes: Changes) -> dict[str, str]:
    """P-43: what the phone would ask for next, by hash, as text: on a slow line round trips cost more than bytes."""
    named = [form.sha256 for form in changes.forms if form.current] + [kept.sha256 for kept in changes.sets]
    found = {sha256: parts.store.file(device, sha256) for sha256 in named}
    return {sha256: file.body.decode() for sha256, file in found.items() if file}


def _add_records(blueprint: Blueprint, parts: Parts) -> None:
    @blueprint.post("/records")
    def records() -> Response:
        device = anyone_enrolled(parts, request)
        batch = read_batch(json_body(request))
        here, at = parts.store.installation(), parts.clock()
        issuer = Issuer(here.server_id, here.epoch, parts.keyring)
        results = take_in(parts.store, device, batch, issuer, at)
        document: dict[str, object] = {
            "server_id": here.server_id,
            "epoch": here.epoch,
            "results": [result.to_json() for result in results],
        }
        if not device.active:
            document["wipe"] = reconcile.wipe_order(parts.store, parts.keyring, device, at)
        return json_answer(document)


def _add_have(blueprint: Blueprint, parts: Parts) -> None:
    @blueprint.post("/have")
    def have() -> Response:
        device = active(parts, request)
        question, at = read_have(json_body(request)), parts.clock()
        parts.store.contact(device, question.report, at)
        return json_answer(reconcile.answer(parts.store, parts.keyring, device, question, at))


def _add_changes(blueprint: Blueprint, parts: Parts) -> None:
    @blueprint.get("/changes")
    def changes() -> Response:
        device, at = reader(parts, request), parts.clock()
        since = _number(request.args.get("since", "0"), "since", SINCE_MAX)
        # P-44: an app that says nothing reads the first format.
        model_format = _number(request.args.get("format", "1"), "format", FORMAT_MAX)
        found: Changes = parts.store.changes(device, since, at, model_format)
        parts.store.contact(device, None, at)
        return packed(request, json_answer(found.to_json(_next_token(parts, device, at))))


def _number(text: str, name: str, most: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 19 or int(text) > most:
        raise Problem("request-invalid", 400, errors=[{"pointer": name, "detail": f"must be from 0 to {most}"}])
    return int(text)


def _next_token(parts: Parts, device: Device, at: datetime) -> str | None:
    """P-04: a token older than 30 days gets a successor; it stays good until the successor is used."""
    if at - device.token_issued_at < RENEW_AFTER:
        return None
    token = new_token()
    parts.store.renew_token(device, sha256_hex(token.encode()))
    return token


def _add_trials(blueprint: Blueprint, parts: Parts) -> None:
    @blueprint.post("/trials")
    def trials() -> Response:
        """P-45: the sender's officer tries a draft from here on."""
        device = reader(parts, request)
        return json_answer(parts.store.try_form(device, read_trial(json_body(request)), parts.clock()).to_json())


def _add_files(blueprint: Blueprint, parts: Parts) -> None:
    @blueprint.get("/files/<sha256>")
    def file(sha256: str) -> Response:
        device = reader(parts, request)
        found = parts.store.file(device, sha256) if SHA256.fullmatch(sha256) else None
        if found is None:
            raise Problem("not-found")
        return _immutable(found, sha256)


def _immutable(found: StoredFile, sha256: str) -> Response:
    # P-42: the bytes of a hash never change, so a phone never asks twice.
    brotli = request.accept_encodings["br"] > 0 and bool(found.body_br)
    response = Response(found.body_br if brotli else found.body, mimetype=found.media_type)
    # P-48: what an author put beside a form is never a page of this origin.
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = IMMUTABLE
    response.headers["Vary"] = "Accept-Encoding, Authorization"
    response.headers["ETag"] = f'"{sha256}"'
    if brotli:
        response.headers["Content-Encoding"] = "br"
    return response


__all__ = ["DEFAULT_POLICY", "POLICIES", "Parts", "sync_blueprint"]
