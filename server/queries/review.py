"""Review rows and what the desk reads around them. Written by `server.review` alone."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from server.models.people import Account
from server.models.records import Chain, Record, RecordItem, Review
from server.models.system import Installation
from server.models.units import Unit
from server.queries.scope import Scope

PRESENTERS = "presenters"
RELEASABLE = ("after-revocation", "officer-disabled")  # quarantine that a reviewer's look may end (D27)
CHUNK = 400  # values in one IN (…)


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """Sorted ids in lists short enough for one IN (…)."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


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


def units_among(session: Session, unit_ids: Collection[int], scope: Scope) -> set[int]:
    """Those of the units that lie in the scope."""
    return set(session.scalars(select(Unit.id).where(Unit.id.in_(sorted(unit_ids)), Unit.id.in_(scope))))


def own_chains(session: Session, account_id: int, chain_ids: Collection[int]) -> set[int]:
    """Chains that the account recorded, or in which its rapporteur is among the presenters."""
    rapporteur = session.scalar(select(Account.rapporteur_uid).where(Account.id == account_id))
    found: set[int] = set()
    for ids in chunks(chain_ids):
        found.update(
            session.scalars(select(Record.chain_id).where(Record.chain_id.in_(ids), Record.account_id == account_id))
        )
        if rapporteur:
            presented = select(Record.chain_id).join(RecordItem, RecordItem.record_pk == Record.id)
            named = or_(RecordItem.question == PRESENTERS, RecordItem.question.endswith(f"/{PRESENTERS}"))
            mine = presented.where(Record.chain_id.in_(ids), RecordItem.item_uid == rapporteur, named)
            found.update(session.scalars(mine))
    return found


def held_chains(session: Session, chain_ids: Collection[int]) -> set[int]:
    """Chains whose latest link is in quarantine for a reason that leaves nothing to count by."""
    found: set[int] = set()
    for ids in chunks(chain_ids):
        latest = select(Chain.id).join(Record, Record.id == Chain.latest_id).where(Chain.id.in_(ids))
        reason = func.coalesce(Record.held_reason, "")
        found.update(session.scalars(latest.where(Record.status == "held", reason.not_in(RELEASABLE))))
    return found


def who_decided(session: Session, chain_id: int) -> str | None:
    """Name, office and instant (RFC 3339) of the last decision, for whoever came second."""
    wanted = (
        select(Account.name, Account.office, Review.outcome, Review.at)
        .join(Account, Account.id == Review.account_id)
        .where(Review.chain_id == chain_id)
        .order_by(Review.seq.desc())
    )
    row = session.execute(wanted.limit(1)).first()
    if row is None:
        return None
    return (
        f"{row.outcome}: {row.name}{f' ({row.office})' if row.office else ''}, {row.at.isoformat(timespec='seconds')}"
    )
