"""Bearer tokens: 256 random bits in base64url (43 characters); a store keeps only their SHA-256."""

import secrets

from sync.encoding import base64url

TOKEN_BYTES = 32


def new_token() -> str:
    """A fresh token."""
    return base64url(secrets.token_bytes(TOKEN_BYTES))
