"""Keeps the outcomes that phones give back after a restore. Applying one is a reviewer's, at the desk (P-53)."""

from datetime import datetime

from sqlalchemy.orm import Session

from server.queries import given_outcomes as rows
from server.queries.given_outcomes import NewGiven
from sync.store import GivenOutcome, OutcomeState

FOLLOWS = "withdrawn"  # from the record that withdraws, which phones give back too


def keep(session: Session, device_id: int, given: GivenOutcome, at: datetime) -> OutcomeState:
    """`known`: it is among the reviews, was given back before, or follows from a record."""
    # P-53: numbers are never given twice, so this record and number name one decision of all epochs.
    if given.outcome == FOLLOWS or rows.known(session, given.record_id, given.seq, given.outcome):
        return "known"
    said = (given.record_id, given.seq, given.outcome, given.statement, given.key_id, given.signature)
    rows.keep(session, NewGiven(*said, device_id, at))
    return "kept"
