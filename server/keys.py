"""The installation's private keys: files of mode 0600 in LANTOA_KEYS, never in the data folder or a backup (D8).

Now: one receipt key (ECDSA P-256) that signs, and the public halves of all that ever did. Losing the key means that
every phone enrols again.
"""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from flask import current_app

from sync.signatures import announcement

RECEIPT_FILE = "receipt.pem"
ANNOUNCED_FILE = "receipt-keys.json"  # there since the first rotation
SCALAR_BYTES = 32


class KeyRing:
    """Loads the receipt key or makes it. Signatures are raw r‖s (IEEE P1363), base64url without padding."""

    def __init__(self, folder: Path) -> None:
        self._key = _load_or_make(folder)
        self.key_id, self.spki = _public(self._key)
        self.announced: Sequence[dict[str, str]] = _announced(folder) or [{"key_id": self.key_id, "spki": self.spki}]

    def sign(self, data: bytes) -> str:
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(hashes.SHA256())))
        return base64url(r.to_bytes(SCALAR_BYTES, "big") + s.to_bytes(SCALAR_BYTES, "big"))

    def spki_of(self, key_id: str) -> str | None:
        """The public half of a key that signs now or once did."""
        return next((key["spki"] for key in self.announced if key["key_id"] == key_id), None)


def rotate(folder: Path, server_id: str) -> KeyRing:
    """A new key in the place of the old one, which signs its announcement; the old public half stays.

    First the announcement, then the key: cut in between, the old key goes on, and a key that nobody has is announced.
    """
    old = KeyRing(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    key_id, spki = _public(key)
    # P-52: the key in force vouches for the one that follows it.
    signature = old.sign(announcement(server_id, key_id, spki))
    row = {"key_id": key_id, "spki": spki, "signed_by": old.key_id, "signature": signature}
    _replace(folder, ANNOUNCED_FILE, json.dumps([*old.announced, row], indent=1).encode())
    _replace(folder, RECEIPT_FILE, _pem(key))
    return KeyRing(folder)


def current() -> KeyRing:
    """The keys of the running app."""
    ring: KeyRing = current_app.extensions["lantoa_keys"]
    return ring


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _public(key: ec.EllipticCurvePrivateKey) -> tuple[str, str]:
    """(key id, SPKI in base64url)."""
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()[:16], base64url(der)


def _announced(folder: Path) -> list[dict[str, str]]:
    path = folder / ANNOUNCED_FILE
    if not path.exists():
        return []
    rows: list[dict[str, str]] = json.loads(path.read_bytes())
    return rows


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _draft(folder: Path, name: str, body: bytes) -> Path:
    """The whole file under another name, on the disk."""
    draft = folder / f".{name}.{secrets.token_hex(8)}"
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _replace(folder: Path, name: str, body: bytes) -> None:
    os.replace(_draft(folder, name, body), folder / name)
    _sync_folder(folder)


def _load_or_make(folder: Path) -> ec.EllipticCurvePrivateKey:
    path = folder / RECEIPT_FILE
    if not path.exists():
        _make(folder, path)
    folder.chmod(0o700)
    path.chmod(0o600)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(f"{path} holds no P-256 key")
    return key


def _make(folder: Path, path: Path) -> None:
    """Server and worker may start at one instant: the whole file is linked into place, and the first one stays."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _draft(folder, RECEIPT_FILE, _pem(ec.generate_private_key(ec.SECP256R1())))
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
