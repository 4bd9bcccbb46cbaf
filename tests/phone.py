"""A phone in Python: makes real keys, seals real records and speaks the wire of sync/PROTOCOL.md.

For tests and benchmarks that need a sender without a browser. It answers what a phone would send;
what the server makes of it is for the test to say.
"""

import base64
import gzip
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature


def b64url(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64url(text: str) -> bytes:
    """The bytes of unpadded base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_id() -> str:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


def wire_time(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers in lower case, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)


class Wire(Protocol):
    """Sends one request; a Flask test client or a real connection stands behind it."""

    def __call__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer: ...


@dataclass
class Photo:
    """Bytes that a record promises."""

    question: str
    data: bytes
    media_id: str = field(default_factory=new_id)

    def promise(self, taken_at: datetime) -> dict[str, Any]:
        """The envelope's row about it."""
        return {
            "id": self.media_id,
            "question": self.question,
            "sha256": hashlib.sha256(self.data).hexdigest(),
            "size": len(self.data),
            "kind": "image/jpeg",
            "taken_at": wire_time(taken_at),
            "source": "camera",
        }


@dataclass(frozen=True, slots=True)
class Sealed:
    """A record as it travels: four strings that never change."""

    record_id: str
    envelope: str
    signature: str
    payload: str
    payload_type: str = "answers/1"

    def wire(self) -> dict[str, str]:
        """The item of a batch."""
        return {
            "envelope": self.envelope,
            "signature": self.signature,
            "payload_type": self.payload_type,
            "payload": self.payload,
        }


@dataclass
class Phone:
    """One enrolled device and what it knows."""

    wire: Wire
    clock: Callable[[], datetime]
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    enrolled: dict[str, Any] = field(default_factory=dict)
    device_seq: int = 0

    @property
    def spki(self) -> str:
        """The public half, SPKI DER in base64url."""
        der = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return b64url(der)

    def sign(self, data: bytes) -> str:
        """ECDSA P-256, raw r‖s, base64url."""
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return b64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def post(self, path: str, document: Any, *, compress: bool = False) -> Answer:
        """Sends JSON, with the token once there is one."""
        body = json.dumps(document, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **self.credentials()}
        if compress:
            body, headers["Content-Encoding"] = gzip.compress(body, 6), "gzip"
        return self.wire("POST", path, headers, body)

    def credentials(self) -> dict[str, str]:
        """The Authorization header, or nothing before enrolment."""
        token = self.enrolled.get("token")
        return {"Authorization": f"Bearer {token}"} if token else {}

    def enrol(self, code: str) -> Answer:
        """Redeems a code; keeps what the server returned when it worked."""
        answer = self.post(
            "/sync/enrol",
            {
                "code": code,
                "public_key": self.spki,
                "device_name": "Điện thoại thử",
                "app_version": "0.1.0-test",
                "storage_persisted": True,
                "format": 2,
            },
        )
        if answer.status == 201:
            self.enrolled = answer.json()
        return answer

    def seal(
        self,
        answers: dict[str, Any],
        *,
        form: str = "outreach_session",
        version: str = "2",
        held_on: date | None = None,
        unit: str | None = None,
        intent: str = "new",
        replaces: Sealed | str | None = None,
        root_id: str | None = None,
        reason: str | None = None,
        photos: tuple[Photo, ...] = (),
        record_id: str | None = None,
        calculated: dict[str, str] | None = None,
        trial: bool = False,
    ) -> Sealed:
        """Makes and signs a record as the app would at finish."""
        self.device_seq += 1
        now = self.clock()
        record_id = record_id or new_id()
        named = replaces.record_id if isinstance(replaces, Sealed) else replaces
        payload = json.dumps(
            {"form": form, "version": version, "answers": answers, "calculated": calculated or {}},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        envelope = json.dumps(
            {
                "v": 1,
                "record_id": record_id,
                "intent": intent,
                "replaces": named,
                "root_id": root_id or named or record_id,
                "reason": reason,
                "form_id": form,
                "form_version": version,
                "unit": unit or self.enrolled["changes"]["me"]["unit"],
                "held_on": (held_on or now.date()).isoformat(),
                "device_id": self.enrolled["device_id"],
                "device_seq": self.device_seq,
                "finished_at": wire_time(now),
                "clock_offset_ms": 0,
                "zone": "Asia/Ho_Chi_Minh",
                "language": "vi",
                "app_version": "0.1.0-test",
                "payload_type": "answers/1",
                "content_sha256": hashlib.sha256(payload.encode()).hexdigest(),
                "media": [photo.promise(now) for photo in photos],
                **({"trial": True} if trial else {}),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return Sealed(record_id, envelope, self.sign(envelope.encode()), payload)

    def send(self, *records: Sealed, compress: bool = False) -> Answer:
        """POST /sync/records with these records."""
        return self.post("/sync/records", {"records": [record.wire() for record in records]}, compress=compress)

    def have(self, records: list[Sealed], media: list[str]) -> Answer:
        """POST /sync/have: what of this does the server lack?"""
        pairs = [[record.record_id, hashlib.sha256(record.payload.encode()).hexdigest()] for record in records]
        report = {"app_version": "0.1.0-test", "waiting": 0, "storage_persisted": True, "storage_free": 10**9}
        return self.post("/sync/have", {"nonce": new_id(), "records": pairs, "media": media, "report": report})

    def changes(self, since: int = 0, model_format: int = 2) -> Answer:
        """GET /sync/changes."""
        path = f"/sync/changes?since={since}&format={model_format}"
        return self.wire("GET", path, self.credentials(), b"")

    def try_form(self, code: str) -> Answer:
        """POST /sync/trials."""
        return self.post("/sync/trials", {"code": code})

    def create_upload(self, record: Sealed, photo: Photo) -> Answer:
        """tus creation for a photo."""
        meta = {
            "media_id": photo.media_id,
            "sha256": hashlib.sha256(photo.data).hexdigest(),
            "record_id": record.record_id,
            "question": photo.question,
        }
        encoded = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in meta.items())
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(photo.data)), "Upload-Metadata": encoded}
        return self.wire("POST", "/sync/media", {**headers, **self.credentials()}, b"")

    def patch(self, photo: Photo, offset: int, data: bytes) -> Answer:
        """tus PATCH of `data` at `offset`."""
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            **self.credentials(),
        }
        return self.wire("PATCH", f"/sync/media/{photo.media_id}", headers, data)

    def upload(self, record: Sealed, photo: Photo) -> Answer:
        """Creates the upload and sends all bytes."""
        created = self.create_upload(record, photo)
        return self.patch(photo, 0, photo.data) if created.status == 201 else created


def receipt_holds(receipt: dict[str, Any], spki: str) -> bool:
    """True when the receipt's signature is by the key `spki` over its fields joined by newlines."""
    names = ("server_id", "epoch", "seq", "record_id", "content_sha256", "status", "received_at", "key_id")
    data = "\n".join(str(receipt[name]) for name in names).encode()
    return signature_holds(data, receipt["signature"], spki)


def signature_holds(data: bytes, signature: str, spki: str) -> bool:
    """True when `signature` (raw r‖s, base64url) over `data` is by the key `spki`."""
    raw = from_b64url(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = serialization.load_der_public_key(from_b64url(spki))
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(der, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
