"""What a backup says of itself, in `manifest.json`: whose it is, how far it reaches, what must be in it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from server.backup.faults import BackupFault
from server.backup.files import write_durably

FILE = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """`rows`: of every table. `media`: (hash, size) of every photo that must be there. `lacking`: those whose bytes the
    server itself had no longer whole. `receipt_key`: the id of the key that signed, which is not in the backup.
    """

    server_id: str
    epoch: int
    seq: int
    made_at: datetime
    app_version: str
    migration: str
    receipt_key: str
    kind: str  # sqlite | postgresql
    database: str  # the file's name
    sha256: str
    size_bytes: int
    rows: Mapping[str, int]
    media: tuple[tuple[str, int], ...]
    lacking: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.server_id[:8]}-{self.epoch}-{self.seq}"

    def write(self, folder: Path) -> None:
        document = asdict(self) | {"made_at": self.made_at.isoformat()}
        text = json.dumps({"format": FORMAT, **document}, ensure_ascii=False, indent=1)
        write_durably(folder / FILE, text.encode())


def read_manifest(folder: Path) -> Manifest:
    """Raises BackupFault when there is none that can be read."""
    try:
        document = json.loads((folder / FILE).read_bytes())
        if document.pop("format") != FORMAT:
            raise BackupFault(f"{folder / FILE} was written by a newer version of this program.")
        return _manifest(document)
    except OSError as error:
        raise BackupFault(f"{folder} is no backup: {FILE} cannot be read ({error.strerror}).") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupFault(f"{folder / FILE} is damaged.") from error


def _manifest(document: dict[str, Any]) -> Manifest:
    made_at = datetime.fromisoformat(document["made_at"])
    media = tuple((str(sha256), int(size)) for sha256, size in document["media"])
    return Manifest(**document | {"made_at": made_at, "media": media, "lacking": tuple(document["lacking"])})
