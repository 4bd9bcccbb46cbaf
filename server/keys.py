"""The installation's private keys: files of mode 0600 in LANTOA_KEYS, never in the data folder or a backup (D8).

Now: one receipt key (ECDSA P-256). Losing it means that every phone enrols again.
"""

import base64
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from flask import current_app

RECEIPT_FILE = "receipt.pem"
SCALAR_BYTES = 32


class KeyRing:
    """Loads the receipt key or makes it. Signatures are raw r‖s (IEEE P1363), base64url without padding."""

    def __init__(self, folder: Path) -> None:
        self._key = _load_or_make(folder)
        der = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.spki: str = base64url(der)
        self.key_id: str = hashlib.sha256(der).hexdigest()[:16]

    def sign(self, data: bytes) -> str:
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(hashes.SHA256())))
        return base64url(r.to_bytes(SCALAR_BYTES, "big") + s.to_bytes(SCALAR_BYTES, "big"))


def current() -> KeyRing:
    """The keys of the running app."""
    ring: KeyRing = current_app.extensions["lantoa_keys"]
    return ring


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


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
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = folder / f".{RECEIPT_FILE}.{secrets.token_hex(8)}"
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
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
