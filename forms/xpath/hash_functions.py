"""Digests, base64 and the shuffle of randomize(); see functions.py."""

import base64
import hashlib
import math
import re

from forms.xpath.arguments import amount
from forms.xpath.scope import Scope
from forms.xpath.values import Value, string

ALGORITHMS = ("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512")
ENCODINGS = ("base64", "hex")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?")
_MOST_SEED = 2**31 - 1  # the modulus of the generator
_MOST_LONG = 2**63


def digest(_: Scope, source: Value, algorithm: Value, encoding: Value | None = None) -> str:
    """The hash of the text in UTF-8; '' for an algorithm or an encoding that the specification does not name."""
    name, written = string(algorithm), "base64" if encoding is None else string(encoding)
    if name not in ALGORITHMS or written not in ENCODINGS:
        return ""
    found = hashlib.new(name.replace("-", "").lower(), _bytes_of(string(source)), usedforsecurity=False)
    return found.hexdigest() if written == "hex" else base64.b64encode(found.digest()).decode()


def _bytes_of(text: str) -> bytes:
    """In UTF-8; half of a letter, which JSON can carry, is U+FFFD as in browsers."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def base64_decode(_: Scope, value: Value) -> str:
    """UTF-8 inside base64, with or without padding; '' if it is no base64."""
    text = re.sub(r"[ \t\r\n]", "", string(value))
    if not _BASE64.fullmatch(text):
        return ""
    bare = text.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4)).decode("utf-8", errors="replace")


def randomize(scope: Scope, nodes: Value, seed: Value | None = None) -> Value:
    """The nodes in a chance order, the same one for the same seed; without a seed the phone's order is unknown here."""
    if not isinstance(nodes, list) or seed is None:
        return nodes if isinstance(nodes, list) else []
    state, shuffled = _first_state(seed_of(scope, seed)), list(nodes)
    for at, node in enumerate(nodes):
        state = state * 16807 % _MOST_SEED
        into = math.floor((state - 1) / (_MOST_SEED - 1) * (at + 1))
        shuffled[at] = shuffled[into]
        shuffled[into] = node
    return shuffled


def seed_of(scope: Scope, seed: Value) -> int:
    """As Collect: whole part of a number, 0 for nothing, the first eight bytes of SHA-256 for other text."""
    number = amount(scope, seed)
    if number == number:
        return max(min(math.trunc(number), _MOST_LONG - 1), -_MOST_LONG) if math.isfinite(number) else _far(number)
    text = string(seed)
    known = isinstance(seed, float) or not text
    return 0 if known else int.from_bytes(hashlib.sha256(_bytes_of(text)).digest()[:8], "big", signed=True)


def _far(number: float) -> int:
    return _MOST_LONG - 1 if number > 0 else -_MOST_LONG


def _first_state(seed: int) -> int:
    """Park and Miller's generator starts above 0; the remainder takes the sign of the seed, as in Java."""
    rest = abs(seed) % _MOST_SEED * (-1 if seed < 0 else 1)
    return rest if rest > 0 else rest + _MOST_SEED - 1
