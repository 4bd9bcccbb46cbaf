"""Deciding on a chain: who may, whether somebody was first, what is written down. One writing transaction.

Checks in this order: in scope (else the same answer as for nothing), not one's own, not decided already, well formed.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from server import audit
from server.people.principal import REVIEWER, Principal
from server.queries import chains as rows
from server.queries import review as reviews
from server.queries.chains import ChainRows, Link
from server.queries.review import NewReview
from server.queries.scope import units_in_scope
from server.review.chains import release, restand
from server.review.standing import standing
from sync import problems
from sync.problems import Fault, Problem

ON_WAITING = frozenset({"accepted", "returned", "rejected", "same_as"})
OUTCOMES = ON_WAITING | {"reversed"}
NEED_REASON = frozenset({"returned", "rejected", "reversed"})
LONGEST_REASON = 1000

problems.add("own-record", 403, "Nobody reviews their own record")
problems.add("unit-out-of-scope", 403, "The correction changes the unit; both must be in the reviewer's scope")
problems.add("already-decided", 409, "Somebody decided first")
problems.add("record-changed", 409, "A newer version of this record has arrived")
problems.add("record-held", 409, "The record is in quarantine and cannot be counted")
problems.add("nothing-to-reverse", 409, "No accepted version of this record counts")
problems.add("same-as-unusable", 409, "The other record does not count, so nothing can be the same session as it")
problems.add("decision-invalid", 422, "The decision has faults")


def decide(
    session: Session,
    principal: Principal,
    chain_id: int,
    outcome: str,
    reason: str | None,
    fields: Sequence[str],
    at: datetime,
    *,
    same_as: int | None = None,
    seen: int | None = None,
) -> None:
    """Writes one decision and moves the figures. Call inside a transaction.

    `same_as`: the chain that counts the session (outcome same_as). `seen`: the record id (pk) that the reviewer
    looked at; a newer one refuses. Problems: not-found 404, own-record and unit-out-of-scope 403, already-decided,
    record-changed, record-held, nothing-to-reverse, same-as-unusable 409, decision-invalid 422.
    """
    chain = rows.lock(session, chain_id)
    if chain is None or not _in_scope(session, principal, [_latest(chain).unit_id]):
        raise Problem("not-found")
    judged = _judged(chain, outcome)
    _check_person(session, principal, chain)
    _check_form(outcome, reason)
    _check_state(session, chain, outcome, seen)
    replaced = _replaced(session, principal, chain) if outcome == "accepted" else None
    target = _target(session, principal, chain_id, same_as) if outcome == "same_as" else None
    text = (reason or "").strip() or None
    review = NewReview(chain_id, judged, outcome, text, tuple(fields), principal.account_id, at)
    reviews.add_reviews(session, [review])
    if outcome in ("accepted", "same_as", "reversed"):
        rows.set_target(session, chain_id, target)
    _settle(session, chain, outcome, replaced, at)
    counted = chain_id if replaced is None else replaced.chain_id
    audit.note(session, f"record.{outcome}", f"chain:{counted}", principal.account_id, None, {"record": judged}, at)


def accept_many(session: Session, principal: Principal, chain_ids: Collection[int], at: datetime) -> list[int]:
    """Accepts those waiting chains that the principal may decide on, and gives their ids. Call inside a transaction.

    Nothing is let out of quarantine in bulk.
    """
    chains = [c for c in rows.load(session, chain_ids) if c.state == "waiting"]
    allowed = reviews.units_among(session, _units(chains), units_in_scope(principal.grants, [REVIEWER]))
    own = reviews.own_chains(session, principal.account_id, [c.chain_id for c in chains])
    held = reviews.held_chains(session, [c.chain_id for c in chains])
    free = [c for c in chains if _units([c]) <= allowed and c.chain_id not in own | held and not _latest(c).held]
    reviews.add_reviews(
        session, [NewReview(c.chain_id, _latest(c).pk, "accepted", None, (), principal.account_id, at) for c in free]
    )
    for chain in free:
        if chain.linked_to_id is not None:
            rows.set_target(session, chain.chain_id, None)
        audit.note(
            session, "record.accepted", f"chain:{chain.chain_id}", principal.account_id, None, {"bulk": True}, at
        )
    restand(session, [c.chain_id for c in free])
    return [c.chain_id for c in free]


def _replaced(session: Session, principal: Principal, chain: ChainRows) -> ChainRows | None:
    """The chain that an accepted record leaves quarantine for: else it and what it corrects would both count."""
    found = rows.replaced_by(session, _latest(chain).pk) if _latest(chain).held else None
    if found is not None and not _in_scope(session, principal, _units([chain, found])):
        raise Problem("unit-out-of-scope")
    return found


def _settle(session: Session, chain: ChainRows, outcome: str, replaced: ChainRows | None, at: datetime) -> None:
    if outcome == "accepted" and _latest(chain).held:
        release(session, _latest(chain).pk, {chain.chain_id, *([replaced.chain_id] if replaced else ())}, at)
    else:
        restand(session, [chain.chain_id])


def _in_scope(session: Session, principal: Principal, unit_ids: Collection[int]) -> bool:
    wanted = set(unit_ids)
    return reviews.units_among(session, wanted, units_in_scope(principal.grants, [REVIEWER])) == wanted


def _judged(chain: ChainRows, outcome: str) -> int:
    """The link that the decision is about: the counted one for a reversal, else the latest."""
    return chain.counted_id if outcome == "reversed" and chain.counted_id else _latest(chain).pk


def _latest(chain: ChainRows) -> Link:
    return standing(chain.links, chain.verdicts).latest


def _units(chains: Collection[ChainRows]) -> set[int]:
    """The units that a decision touches: of the latest links, and of the links that count until now."""
    return {
        link.unit_id for chain in chains for link in chain.links if link.pk in (chain.counted_id, _latest(chain).pk)
    }


def _check_person(session: Session, principal: Principal, chain: ChainRows) -> None:
    if reviews.own_chains(session, principal.account_id, [chain.chain_id]):
        raise Problem("own-record")
    if not _in_scope(session, principal, _units([chain])):
        raise Problem("unit-out-of-scope")


def _check_form(outcome: str, reason: str | None) -> None:
    faults: list[Fault] = []
    if outcome not in OUTCOMES:
        faults.append(Fault("/outcome", f"must be one of {', '.join(sorted(OUTCOMES))}"))
    if outcome in NEED_REASON and not (reason or "").strip():
        faults.append(Fault("/reason", "a reason is needed: the officer reads it"))
    if reason and len(reason) > LONGEST_REASON:
        faults.append(Fault("/reason", f"at most {LONGEST_REASON} characters"))
    if faults:
        raise Problem("decision-invalid", errors=faults)


def _check_state(session: Session, chain: ChainRows, outcome: str, seen: int | None) -> None:
    if outcome == "reversed":
        if chain.counted_id is None:
            raise Problem("nothing-to-reverse", detail=reviews.who_decided(session, chain.chain_id))
        return
    if chain.state != "waiting":
        raise Problem("already-decided", detail=reviews.who_decided(session, chain.chain_id))
    if seen is not None and seen != _latest(chain).pk:
        raise Problem("record-changed")
    if outcome in ("accepted", "same_as") and reviews.held_chains(session, [chain.chain_id]):
        raise Problem("record-held")


def _target(session: Session, principal: Principal, chain_id: int, same_as: int | None) -> int:
    """The chain that counts the session; one that is itself linked leads to its own target."""
    found = next(iter(rows.load(session, [same_as])), None) if same_as is not None else None
    if found is None or not reviews.units_among(
        session, _units([found]), units_in_scope(principal.grants, [REVIEWER, "staff"])
    ):
        raise Problem("decision-invalid", errors=[Fault("/same_as", "there is no such record")])
    target = found.linked_to_id or found.chain_id
    if target == chain_id or not rows.counting(session, [target]):
        raise Problem("same-as-unusable")
    return target
