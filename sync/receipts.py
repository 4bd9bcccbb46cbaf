"""A receipt: the server's signed word that it holds the bytes of one record.

Signed are the fields joined by newlines, in FIELDS' order; nothing is canonicalised.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sync.encoding import instant
from sync.signatures import Keyring, fits

Status = Literal["stored", "duplicate", "conflict_kept", "held", "incomplete"]
FIELDS = ("server_id", "epoch", "seq", "record_id", "content_sha256", "status", "received_at", "key_id")


@dataclass(frozen=True, slots=True)
class Receipt:
    """As it travels; `received_at` is RFC 3339 UTC."""

    server_id: str
    epoch: int
    seq: int
    record_id: str
    content_sha256: str
    status: str
    received_at: str
    key_id: str
    signature: str

    def to_json(self) -> dict[str, Any]:
        """The JSON object, members in the order of signing, the signature last."""
        return {name: getattr(self, name) for name in (*FIELDS, "signature")}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Receipt":
        """The receipt that `to_json` gave: its JSON is the same, byte for byte."""
        return cls(**stored)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Signs receipts in the name of one installation and epoch."""

    server_id: str
    epoch: int
    keyring: Keyring

    def issue(self, seq: int, record_id: str, content_sha256: str, status: Status, received_at: datetime) -> Receipt:
        """The signed receipt of one record."""
        values = (
            self.server_id,
            self.epoch,
            seq,
            record_id,
            content_sha256,
            status,
            instant(received_at),
            self.keyring.key_id,
        )
        # P-13: the signature is over the eight fields joined by a newline.
        return Receipt(*values, signature=self.keyring.sign(_text(values)))


def _text(values: tuple[object, ...]) -> bytes:
    return "\n".join(str(value) for value in values).encode()


def holds(receipt: Receipt, spki: str) -> bool:
    """True when the receipt was signed by the key `spki`."""
    return fits(_text(tuple(getattr(receipt, name) for name in FIELDS)), receipt.signature, spki)
