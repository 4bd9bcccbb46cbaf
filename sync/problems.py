"""Every error that a client can meet: one shape (RFC 9457), one catalogue, one exception.

`type` is the slug itself, a relative URI reference; clients compare it as text. The server adds its own rows
with `add`. Rendering (JSON for programs, a page for people) is left to whoever registers the error handler.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Entry:
    """What every problem of one type has in common."""

    status: int
    title: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where: a JSON Pointer (RFC 6901) into the body, or a header's name."""

    pointer: str
    detail: str


CATALOGUE: dict[str, Entry] = {
    # bodies
    "body-incomplete": Entry(400, "The body ended before its declared length"),
    "body-too-large": Entry(413, "The body is too large"),
    "body-encoding-invalid": Entry(400, "The body cannot be decompressed"),
    "body-encoding-unknown": Entry(415, "The content encoding is not supported"),
    "length-required": Entry(411, "A length is required"),
    "media-type-unsupported": Entry(415, "The content type is not supported"),
    "json-invalid": Entry(400, "The body is not valid JSON"),
    "request-invalid": Entry(422, "The request has faults"),
    "server-busy": Entry(503, "Too many slow requests at once"),
    # who
    "token-unknown": Entry(401, "The token is missing or unknown"),
    "device-revoked": Entry(403, "The device was revoked"),
    "account-disabled": Entry(403, "The account is disabled"),
    "not-found": Entry(404, "There is nothing here"),
    # enrolment
    "enrolment-code-unknown": Entry(404, "The enrolment code is unknown"),
    "enrolment-code-expired": Entry(410, "The enrolment code has expired"),
    "enrolment-code-used": Entry(409, "The enrolment code was used already"),
    "enrolment-key-unusable": Entry(422, "The public key is not a P-256 key"),
    "too-many-attempts": Entry(429, "Too many attempts"),
    # trials of forms
    "trial-code-unknown": Entry(404, "The trial code is unknown"),
    "trial-code-expired": Entry(410, "The trial code has expired"),
    "trial-code-used": Entry(409, "The trial code was used by somebody else"),
    # records
    "batch-too-large": Entry(413, "The batch is too large"),
    "record-invalid": Entry(422, "The record's parts are missing or of the wrong kind"),
    "envelope-invalid": Entry(422, "The envelope has faults"),
    "envelope-unreadable": Entry(422, "The envelope is not a JSON object"),
    "digest-mismatch": Entry(422, "The payload's bytes differ from the envelope's digest"),
    "signature-invalid": Entry(422, "The signature does not fit the envelope"),
    "device-foreign": Entry(422, "The envelope names another device"),
    "record-not-stored": Entry(500, "The record could not be stored"),
    # media (tus)
    "tus-version-unsupported": Entry(412, "The tus version is not supported"),
    "media-unknown": Entry(404, "There is no such upload"),
    "media-promise-differs": Entry(409, "The upload exists with another length or digest"),
    "media-offset-differs": Entry(409, "The offset is not where the upload stands"),
    "media-busy": Entry(423, "Another request writes to this upload"),
    "media-complete": Entry(409, "The photo is complete and is kept"),
    "media-erased": Entry(410, "The photo was erased"),
    "media-digest-mismatch": Entry(460, "The bytes differ from the promised SHA-256"),
    "checksum-mismatch": Entry(460, "The bytes differ from their checksum"),
    "checksum-unsupported": Entry(400, "The checksum algorithm is not supported"),
    "media-not-there": Entry(404, "The photo is not there"),
    "storage-full": Entry(507, "There is no room for the bytes"),
}


def add(slug: str, status: int, title: str) -> None:
    """Adds a row to the catalogue; the same row twice is no harm, another one under the same slug is."""
    entry = Entry(status, title)
    if CATALOGUE.setdefault(slug, entry) != entry:
        raise ValueError(f"problem {slug!r} is in the catalogue with another meaning")


@dataclass(eq=False)
class Problem(Exception):
    """A refusal. `status` and `title` come from the catalogue unless given; `errors` holds all faults at once."""

    type: str
    status: int = 0
    title: str = ""
    detail: str | None = None
    errors: Iterable[Fault | Mapping[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        entry = CATALOGUE.get(self.type)
        self.status = self.status or (entry.status if entry else 500)
        self.title = self.title or (entry.title if entry else self.type)
        self.errors = tuple(_fault(error) for error in self.errors)
        super().__init__(self.type, self.detail)

    def to_json(self) -> dict[str, object]:
        """The members of `application/problem+json`."""
        body: dict[str, object] = {"type": self.type, "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        if faults := [{"pointer": e.pointer, "detail": e.detail} for e in self.errors if isinstance(e, Fault)]:
            body["errors"] = faults
        return body


def _fault(error: Fault | Mapping[str, str]) -> Fault:
    return error if isinstance(error, Fault) else Fault(error["pointer"], error["detail"])
