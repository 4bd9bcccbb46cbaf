"""What the protocol asks of a store. One contract suite (tests/sync) runs against every store.

A store keeps bytes, orders commits and answers questions; it knows no HTTP. Each method that writes is one
transaction, committed before it returns: a receipt that a store returned survives a power cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from sync.changes import Changes, FormRef
from sync.envelope import Envelope
from sync.messages import Enrolment, Report, Sealed
from sync.problems import Problem
from sync.receipts import Issuer, Receipt

MediaState = Literal["unknown", "expected", "partial", "there", "unreadable", "erased"]


@dataclass(frozen=True, slots=True)
class Installation:
    """Who this server is, which life it is in (epoch), and up to where its backup is proven to reach (D7)."""

    server_id: str
    epoch: int
    backup_seq: int


@dataclass(frozen=True, slots=True)
class Device:
    """The sender of a request, as its token says. `unit_id` is the unit it was enrolled for."""

    id: int
    uid: str
    account_id: int
    account_uid: str
    unit_id: int
    public_key: str
    token_issued_at: datetime
    active: bool
    account_active: bool


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device just enrolled. The token is told once; a store keeps its hash."""

    device: Device
    token: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record whose envelope, digest and signature were checked. `held_reason`: why it goes to quarantine, or None."""

    sealed: Sealed
    envelope: Envelope
    held_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """What a phone promises when it creates a tus upload."""

    media_id: str
    sha256: str
    size_bytes: int
    record_id: str | None
    question: str | None


@dataclass(frozen=True, slots=True)
class Media:
    """How far a photo's bytes are."""

    media_id: str
    account_id: int
    sha256: str
    size_bytes: int
    state: MediaState
    offset_bytes: int
    expires_at: datetime | None
    kind: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class MediaStanding:
    """A photo's state as `have` tells it."""

    media_id: str
    state: MediaState
    offset_bytes: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An immutable file, as it is and as Brotli (empty where packing spares nothing)."""

    body: bytes
    body_br: bytes
    media_type: str = "application/json"


class Store(Protocol):
    """Everything that `sync` needs to remember."""

    def installation(self) -> Installation: ...

    def device(self, token_hash: str, at: datetime) -> Device | None:
        """The device of a token. The first use of a renewed token retires the old one."""
        ...

    def enrol(self, enrolment: Enrolment, network: str, at: datetime) -> NewDevice:
        """Spends the code and makes device and token. Problems `enrolment-code-*`, `too-many-attempts`."""
        ...

    def put(self, device: Device, arrivals: Sequence[Arrival], issuer: Issuer, at: datetime) -> list[Receipt | Problem]:
        """Stores a batch, in order: one receipt (or Problem, when even a bare row failed) for each arrival."""
        ...

    def room_after_revocation(self, device: Device) -> int:
        """How many more records of a revoked device are taken into quarantine (D27)."""
        ...

    def lacking(self, device: Device, records: Sequence[tuple[str, str]]) -> list[str]:
        """Those record ids of which this account's bytes (id and content hash) are not held, in their order."""
        ...

    def standings(self, device: Device, media_ids: Sequence[str]) -> list[MediaStanding]:
        """The state of each of these photos, in order; `unknown` for one that is not this account's."""
        ...

    def contact(self, device: Device, report: Report | None, at: datetime) -> None:
        """Notes that the device was here and what it said of itself."""
        ...

    def renew_token(self, device: Device, token_hash: str) -> None:
        """Remembers the next token; the present one stays good until the next one is used."""
        ...

    def promise(self, device: Device, upload: Upload, expires_at: datetime, at: datetime) -> Media:
        """The upload, made if it was not there; else the one that is there, whosever it is, as it is."""
        ...

    def media(self, device: Device, media_id: str) -> Media | None:
        """A photo of this account, or None."""
        ...

    def move_media(self, media_id: str, state: MediaState, offset_bytes: int, at: datetime) -> None:
        """Notes how far the bytes are. `unreadable` becomes a finding of every record that names the photo."""
        ...

    def drop_media(self, media_id: str, at: datetime) -> None:
        """Forgets the bytes of an upload that is not complete: `expected` if a record names it, gone otherwise."""
        ...

    def changes(self, device: Device, since: int, at: datetime, model_format: int = 1) -> Changes:
        """`model_format`: the newest format of form models that the asking app reads."""
        ...

    def try_form(self, device: Device, code: str, at: datetime) -> FormRef:
        """Lets the device's officer try the draft that the code names. Problems `trial-code-unknown`, `-expired`,
        `-used`."""
        ...

    def file(self, device: Device, sha256: str) -> StoredFile | None:
        """An immutable file that this device may read; a sensitive set only for a device of its unit."""
        ...
