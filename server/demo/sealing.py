"""Seals a record as a phone does: payload bytes, envelope, signature by the device's key. Same seed, same bytes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from server.clock import PLAN_ZONE
from server.keys import SCALAR_BYTES, base64url
from sync.messages import Sealed

ALGORITHM = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
APP_VERSION = "demo"


@dataclass(frozen=True, slots=True)
class Promise:
    """A photo that the record names."""

    media_id: str
    question: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Filled:
    """What an officer finished: the answers and the facts of the envelope."""

    record_id: str
    form_id: str
    answers: Mapping[str, Any]
    calculated: Mapping[str, str]
    held_on: date
    finished_at: datetime
    photos: Sequence[Promise] = ()
    intent: str = "new"
    replaces: str | None = None
    root_id: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class DemoPhone:
    """A device without a phone. Counts its records as every device does."""

    uid: str
    unit_key: str
    key: ec.EllipticCurvePrivateKey
    seq: int = 0

    def seal(self, filled: Filled, form_version: str) -> Sealed:
        self.seq += 1
        named = {"form": filled.form_id, "version": form_version}
        payload = _text({**named, "answers": filled.answers, "calculated": filled.calculated})
        envelope = _text(self._envelope(filled, form_version, payload))
        return Sealed(envelope, self._sign(envelope.encode()), "answers/1", payload)

    def _envelope(self, filled: Filled, form_version: str, payload: str) -> dict[str, Any]:
        return {
            "v": 1,
            "record_id": filled.record_id,
            "intent": filled.intent,
            "replaces": filled.replaces,
            "root_id": filled.root_id or filled.record_id,
            "reason": filled.reason,
            "form_id": filled.form_id,
            "form_version": form_version,
            "unit": self.unit_key,
            "held_on": filled.held_on.isoformat(),
            "device_id": self.uid,
            "device_seq": self.seq,
            "finished_at": wire_time(filled.finished_at),
            "clock_offset_ms": 0,
            "zone": PLAN_ZONE,
            "language": "vi",
            "app_version": APP_VERSION,
            "payload_type": "answers/1",
            "content_sha256": hashlib.sha256(payload.encode()).hexdigest(),
            "media": [_promised(photo, filled.finished_at) for photo in filled.photos],
        }

    def _sign(self, data: bytes) -> str:
        r, s = decode_dss_signature(self.key.sign(data, ALGORITHM))
        return base64url(r.to_bytes(SCALAR_BYTES, "big") + s.to_bytes(SCALAR_BYTES, "big"))


def wire_time(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _promised(photo: Promise, at: datetime) -> dict[str, Any]:
    return {
        "id": photo.media_id,
        "question": photo.question,
        "sha256": hashlib.sha256(photo.data).hexdigest(),
        "size": len(photo.data),
        "kind": "image/jpeg",
        "taken_at": wire_time(at),
        "source": "camera",
    }


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
