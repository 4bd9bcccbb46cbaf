"""A receipt key for tests, made anew for every world."""

import base64
import hashlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from sync.signatures import raw_signature


class TestKeys:
    """A receipt key that lives as long as the test."""

    __test__ = False

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        der = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.spki = base64.urlsafe_b64encode(der).rstrip(b"=").decode()
        self.key_id = hashlib.sha256(der).hexdigest()[:16]

    def sign(self, data: bytes) -> str:
        return raw_signature(*decode_dss_signature(self._key.sign(data, ec.ECDSA(hashes.SHA256()))))
