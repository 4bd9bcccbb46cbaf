"""Review rows and what the desk reads around them. Written by `server.review` alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from server.models.records import Review
from server.models.system import Installation


@dataclass(frozen=True, slots=True)
class NewReview:
    """A decision to be written down; its `seq` is taken when it is."""

    chain_id: int
    record_pk: int
    outcome: str
    reason: str | None
    fields: tuple[str, ...]
    account_id: int
    at: datetime


def take_seq(session: Session, count: int) -> int:
    """The first of `count` numbers of the installation's counter; its row stays locked to the end (D7)."""
    taken = update(Installation).where(Installation.id == 1).values(seq=Installation.seq + count)
    last = session.scalar(taken.returning(Installation.seq).execution_options(synchronize_session=False))
    if last is None:
        raise LookupError("the installation row is missing")
    return last - count + 1


def add_reviews(session: Session, reviews: Sequence[NewReview]) -> None:
    """Writes decisions in their order, each with the next `seq`."""
    if not reviews:
        return
    first = take_seq(session, len(reviews))
    session.execute(insert(Review), [_values(review, first + i) for i, review in enumerate(reviews)])


def _values(review: NewReview, seq: int) -> dict[str, object]:
    return {
        "chain_id": review.chain_id,
        "record_pk": review.record_pk,
        "outcome": review.outcome,
        "reason": review.reason,
        "fields": list(review.fields),
        "account_id": review.account_id,
        "at": review.at,
        "seq": seq,
    }
