"""The receipt key: made once, kept private, its signatures verify."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from server.keys import KeyRing


def verify(ring: KeyRing, signature: str, data: bytes) -> None:
    raw = base64.urlsafe_b64decode(signature + "==")
    key = serialization.load_der_public_key(base64.urlsafe_b64decode(ring.spki + "=="))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.verify(der, data, ec.ECDSA(hashes.SHA256()))


def test_a_signature_verifies_with_the_public_half_and_no_other_bytes(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    signature = ring.sign(b"receipt")
    verify(ring, signature, b"receipt")
    with pytest.raises(InvalidSignature):
        verify(ring, signature, b"Receipt")


def test_the_key_is_the_same_after_a_restart(tmp_path: Path) -> None:
    assert KeyRing(tmp_path).key_id == KeyRing(tmp_path).key_id


def test_two_starts_at_one_instant_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = {ring.key_id for ring in pool.map(KeyRing, [tmp_path] * 8)}
    assert len(ids) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["receipt.pem"]


def test_nobody_else_may_read_the_key(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    KeyRing(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "receipt.pem").stat().st_mode) == 0o600
