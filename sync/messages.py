"""The bodies that phones send: batches, enrolments, `have`. Parsed into frozen dataclasses, all faults at once."""

from dataclasses import dataclass
from typing import Any

from sync.encoding import ID, SHA256
from sync.problems import Fault, Problem
from sync.reading import Reader, pointer, read_json

BATCH_MAX_RECORDS = 50
BATCH_MAX_BYTES = 256 * 1024
HAVE_MAX_IDS = 5000
FORMAT_MAX = 999
CROCKFORD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


@dataclass(frozen=True, slots=True)
class Sealed:
    """One record as it travels: four strings that never change (D28)."""

    envelope: str
    signature: str
    payload_type: str
    payload: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a phone sends to become a device. `code` is normalised Crockford base32."""

    code: str
    public_key: str
    device_name: str
    app_version: str
    storage_persisted: bool
    model_format: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """What the phone says of itself."""

    app_version: str
    waiting: int
    storage_persisted: bool
    storage_free: int | float | None


@dataclass(frozen=True, slots=True)
class Have:
    """What the phone still holds: (record id, content hash) pairs and media ids."""

    nonce: str
    records: tuple[tuple[str, str], ...]
    media: tuple[str, ...]
    report: Report


def read_batch(body: bytes) -> list[Sealed | Problem]:
    """The records of a batch in order; a part that is no record is a Problem in its place (P-10)."""
    if len(body) > BATCH_MAX_BYTES:
        raise Problem("batch-too-large", detail=f"at most {BATCH_MAX_BYTES} bytes")
    reader = Reader.over(read_json(body))
    rows = reader.members.get("records")
    if not isinstance(rows, list):
        reader.fault("records", "must be an array")
    refuse(reader.faults)
    assert isinstance(rows, list)
    if len(rows) > BATCH_MAX_RECORDS:
        raise Problem("batch-too-large", detail=f"at most {BATCH_MAX_RECORDS} records")
    return [_sealed(row, pointer("/records", index)) for index, row in enumerate(rows)]


def _sealed(row: Any, base: str) -> Sealed | Problem:
    reader = Reader.over(row, base)
    names = ("envelope", "signature", "payload_type", "payload")
    parts = [row.get(name) if isinstance(row, dict) else None for name in names]
    for name, part in zip(names, parts, strict=True):
        if not isinstance(part, str):
            reader.fault(name, "must be a string")
        elif not _encodes(part):
            reader.fault(name, "must be Unicode text without lone surrogates")
    if reader.faults:
        return Problem("record-invalid", errors=reader.faults)
    return Sealed(*(str(part) for part in parts))


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_enrolment(body: bytes) -> Enrolment:
    """The enrolment in `body`; Problem `request-invalid` with all faults."""
    reader = Reader.over(read_json(body))
    enrolment = Enrolment(
        code=normal_code(reader.text("code", most=64)),
        public_key=reader.text("public_key", most=400),
        device_name=reader.text("device_name", most=120, least=0),
        app_version=reader.text("app_version", most=64),
        storage_persisted=reader.flag("storage_persisted"),
        # P-44: an app that says nothing reads the first format.
        model_format=reader.integer("format", least=1, most=FORMAT_MAX) if "format" in reader.members else 1,
    )
    refuse(reader.faults)
    return enrolment


def read_trial(body: bytes) -> str:
    """The normalised code in `body`; Problem `request-invalid`."""
    reader = Reader.over(read_json(body))
    code = normal_code(reader.text("code", most=64))
    refuse(reader.faults)
    return code


def normal_code(code: str) -> str:
    """P-03: upper case, no dashes or spaces, O read as 0, I and L as 1."""
    return code.upper().translate(CROCKFORD)


def read_have(body: bytes) -> Have:
    """The `have` in `body`; Problem `request-invalid` with all faults."""
    reader = Reader.over(read_json(body))
    have = Have(
        nonce=reader.text("nonce", most=64, least=16),
        records=_pairs(reader),
        media=_ids(reader),
        report=_report(Reader.over(reader.members.get("report"), "/report", reader.faults)),
    )
    refuse(reader.faults)
    return have


def _pairs(reader: Reader) -> tuple[tuple[str, str], ...]:
    rows = reader.rows("records", most=HAVE_MAX_IDS)
    for index, row in enumerate(rows):
        if not _pair(row):
            reader.faults.append(Fault(f"/records/{index}", "must be [record id, SHA-256]"))
    return tuple((row[0], row[1]) for row in rows if _pair(row))


def _pair(row: Any) -> bool:
    if not isinstance(row, list) or len(row) != 2 or not all(isinstance(part, str) for part in row):
        return False
    return bool(ID.fullmatch(row[0]) and SHA256.fullmatch(row[1]))


def _ids(reader: Reader) -> tuple[str, ...]:
    rows = reader.rows("media", most=HAVE_MAX_IDS)
    for index, row in enumerate(rows):
        if not isinstance(row, str) or not ID.fullmatch(row):
            reader.faults.append(Fault(f"/media/{index}", "must be 32 lower-case hex digits"))
    return tuple(str(row) for row in rows)


def _report(reader: Reader) -> Report:
    return Report(
        app_version=reader.text("app_version", most=64),
        waiting=reader.integer("waiting"),
        storage_persisted=reader.flag("storage_persisted"),
        storage_free=reader.number_or_none("storage_free"),
    )


def refuse(faults: list[Fault]) -> None:
    """Raises Problem `request-invalid` when there are faults."""
    if faults:
        raise Problem("request-invalid", errors=faults)
