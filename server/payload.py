"""A record's payload as an object, read alike by whoever opens one: intake, figures, pages. A leaf.

JSON can write NUL and halves of surrogate pairs, which neither PostgreSQL nor UTF-8 takes. The bytes are kept as they
came; wherever they are read, each such character is U+FFFD.
"""

import json
import re
from typing import Any

_SUSPECT = re.compile(r"\\u(0000|[dD][89a-fA-F])")
_UNFIT = re.compile(r"[\x00\ud800-\udfff]")


def document(payload: str | bytes) -> dict[str, Any] | None:
    """The payload's JSON object; None where it is no such thing."""
    try:
        text = payload if isinstance(payload, str) else payload.decode()
        found = json.loads(text)
        if not isinstance(found, dict):
            return None
        fit: dict[str, Any] = _fit(found) if _SUSPECT.search(text) else found
    except (ValueError, RecursionError):
        return None
    return fit


def answers(payload: str | bytes) -> dict[str, Any] | None:
    """Its answers document; None where there is none."""
    found = (document(payload) or {}).get("answers")
    return found if isinstance(found, dict) else None


def _fit(value: Any) -> Any:
    if isinstance(value, str):
        return _UNFIT.sub("\ufffd", value)
    if isinstance(value, list):
        return [_fit(part) for part in value]
    if isinstance(value, dict):
        return {_fit(name): _fit(part) for name, part in value.items()}
    return value
