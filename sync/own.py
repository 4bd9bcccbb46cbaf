"""Own records for another device of the same officer (U27): what `GET /sync/own` tells of each.

A summary, the envelope's own words, the receipt and the last decision; the answers come only for the record asked for.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sync.changes import ReviewNews
from sync.signatures import Keyring

KEPT_FOR = timedelta(days=60)
MOST_OWN = 500
FROM_ENVELOPE = (
    "record_id", "root_id", "replaces", "intent", "reason", "form_id", "form_version",
    "unit", "held_on", "finished_at", "device_id", "device_seq", "content_sha256",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A stored record as its officer may see it on any of their devices. `envelope`: its text, as it came."""

    envelope: str
    summary: Mapping[str, Any]
    receipt: Mapping[str, Any]
    review: ReviewNews | None
    trial: bool = False

    def to_json(self, server_id: str, epoch: int, keyring: Keyring) -> dict[str, Any]:
        """P-50: members of the envelope as they are there, and what the server knows beside them."""
        said = json.loads(self.envelope)
        return {
            **{name: said.get(name) for name in FROM_ENVELOPE},
            "summary": _shown(self.summary),
            "media": said.get("media", []),
            "receipt": dict(self.receipt),
            "review": self.review.to_json(server_id, epoch, keyring) if self.review else None,
            **({"trial": True} if self.trial else {}),
        }


def _shown(summary: Mapping[str, Any]) -> dict[str, Any]:
    heads = summary.get("attendance")
    shown = {
        "place": str(summary.get("place") or ""),
        "method": str(summary.get("method") or ""),
        "heads": "" if heads is None else str(heads),
    }
    return shown | ({"name": summary["name"]} if summary.get("name") else {})
