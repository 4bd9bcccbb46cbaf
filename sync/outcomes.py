"""Outcomes of reviews that phones give back to a server that was restored from a backup (P-53).

The server signed them when it told them; what it no longer knows is kept for a person to confirm, never applied here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sync.messages import refuse
from sync.problems import Fault, Problem
from sync.reading import Reader, pointer, read_json
from sync.signatures import Keyring, fits
from sync.store import Device, GivenOutcome, Store

OUTCOMES_MAX = 200
WORDS = ("accepted", "returned", "rejected", "same_as", "reversed", "withdrawn")


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose statements are believed: this server's, under any key that it ever had."""

    server_id: str
    keyring: Keyring


def take_back(store: Store, keyring: Keyring, device: Device, body: bytes, at: datetime) -> dict[str, Any]:
    """`{"results": […]}`: a state or a problem for each outcome, in order; the fault of one is that one's alone."""
    signer = Signer(store.installation().server_id, keyring)
    read = [_read(row, pointer("/outcomes", index), signer) for index, row in enumerate(_rows(body))]
    states = iter(store.keep_outcomes(device, [one for one in read if isinstance(one, GivenOutcome)], at))
    return {"results": [_result(one) if isinstance(one, Problem) else {"state": next(states)} for one in read]}


def _result(problem: Problem) -> dict[str, Any]:
    return {"problem": problem.to_json()}


def _rows(body: bytes) -> list[Any]:
    reader = Reader.over(read_json(body))
    rows = reader.rows("outcomes", most=OUTCOMES_MAX)
    refuse(reader.faults)
    return rows


def _read(row: Any, base: str, signer: Signer) -> GivenOutcome | Problem:
    try:
        return _believed(Reader.over(row, base), signer)
    except Problem as problem:
        return problem


def _believed(reader: Reader, signer: Signer) -> GivenOutcome:
    statement = reader.text("statement", most=8000, printable=False)
    key_id, signature = reader.text("key_id", most=64), reader.text("signature", most=200)
    refuse(reader.faults)
    # P-53: only what this server itself has signed is believed, byte for byte; with whichever of its keys (P-52).
    spki = next((key["spki"] for key in signer.keyring.announced if key["key_id"] == key_id), None)
    if spki is None or not fits(statement.encode(), signature, spki):
        raise Problem("signature-invalid", errors=[Fault(f"{reader.base}/signature", "is not by this server")])
    said = Reader.over(read_json(statement), f"{reader.base}/statement")
    given = GivenOutcome(
        statement,
        key_id,
        signature,
        record_id=said.identity("outcome_of"),
        seq=said.integer("seq", least=1),
        outcome=said.one_of("outcome", WORDS),
    )
    said.instant("at")
    if said.text("server_id", most=64) != signer.server_id:
        said.fault("server_id", "is another server's")
    refuse(said.faults)
    return given
