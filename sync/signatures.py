"""ECDSA P-256 with SHA-256: raw r‖s on the wire (IEEE P1363, what WebCrypto gives), keys as SPKI DER."""

from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sync.encoding import base64url, from_base64url, sha256_hex
from sync.problems import Problem

ALGORITHM = ec.ECDSA(hashes.SHA256())


class Keyring(Protocol):
    """The server's receipt key: signs bytes, says its id and its public half."""

    @property
    def key_id(self) -> str: ...
    @property
    def spki(self) -> str: ...
    def sign(self, data: bytes) -> str:
        """Raw r‖s in base64url."""
        ...


def key_id_of(spki: bytes) -> str:
    """The first 16 hex digits of the SHA-256 of the SPKI DER."""
    return sha256_hex(spki)[:16]


@lru_cache(maxsize=4096)
def _public_key(spki: str) -> ec.EllipticCurvePublicKey:
    key = load_der_public_key(from_base64url(spki))
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a P-256 key")
    return key


def usable_key(spki: str) -> str:
    """The same key when it is a P-256 key as SPKI DER; Problem `enrolment-key-unusable` otherwise."""
    try:
        _public_key(spki)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Problem("enrolment-key-unusable", errors=[{"pointer": "/public_key", "detail": str(error)}]) from error
    return spki


def fits(data: bytes, signature: str, spki: str) -> bool:
    """True when `signature` over `data` is by the key `spki`."""
    try:
        raw = from_base64url(signature)
        if len(raw) != 64:
            return False
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        _public_key(spki).verify(der, data, ALGORITHM)
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        return False
    return True


def statement_signature(keyring: Keyring, statement: str) -> dict[str, str]:
    """A signed statement as it travels: its text, the key's id and the signature over the text's bytes."""
    return {"statement": statement, "key_id": keyring.key_id, "signature": keyring.sign(statement.encode())}


def raw_signature(r: int, s: int) -> str:
    """r‖s as 64 bytes in base64url."""
    return base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
