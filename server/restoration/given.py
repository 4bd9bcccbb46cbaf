"""Puts outcomes that phones gave back among the reviews again, when a reviewer confirms them (P-53).

Each is written as it was decided: by whom, when, why. Who confirms stands in the audit. Nothing is applied by itself.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from server import audit
from server.people.principal import REVIEWER, Principal
from server.queries import chains
from server.queries import given_outcomes as rows
from server.queries import restoration as restores
from server.queries import review as reviews
from server.queries.given_outcomes import CONFIRMED, OVERTAKEN, Given
from server.queries.review import NewReview
from server.queries.scope import units_in_scope
from server.review.chains import release, restand


def confirm(session: Session, principal: Principal, at: datetime, ids: Collection[int] | None = None) -> int:
    """Confirms those of `ids` (None: all) that the principal may decide on. How many. Call inside a transaction.

    Left for others: what the principal recorded or presented. Passed over: what somebody has judged anew since the
    restore, and what came before an outcome of the same chain that was confirmed already.
    """
    found = rows.waiting(session, units_in_scope(principal.grants, [REVIEWER]), principal.account_id, ids)
    own = reviews.own_chains(session, principal.account_id, [given.chain_id for given in found])
    free = [given for given in found if given.chain_id not in own]
    late = _overtaken(session, free)
    rows.settle(session, [given.id for given in late], OVERTAKEN, principal.account_id, at)
    wanted = [given for given in free if given not in late]
    reviews.add_reviews(session, [_review(session, principal, given) for given in wanted])
    for given in wanted:
        _stand(session, given, at)
        detail = {"record": given.record_pk, "seq": given.seq}
        audit.note(session, "outcome.confirmed", f"chain:{given.chain_id}", principal.account_id, None, detail, at)
    restand(session, {given.chain_id for given in wanted})
    rows.settle(session, [given.id for given in wanted], CONFIRMED, principal.account_id, at)
    return len(wanted)


def _overtaken(session: Session, found: Sequence[Given]) -> list[Given]:
    chain_ids = [given.chain_id for given in found]
    restore = restores.latest(session)
    anew = rows.decided_anew(session, chain_ids, restore.at) if restore else set()
    confirmed = rows.last_confirmed(session, chain_ids)
    return [g for g in found if g.chain_id in anew or g.seq < confirmed.get(g.chain_id, 0)]


def _review(session: Session, principal: Principal, given: Given) -> NewReview:
    """By who decided it then, if this server knows them; else by who confirms it."""
    said = given.said
    by = rows.account_by_uid(session, str(said.get("by_account", "")))
    decided_at = datetime.fromisoformat(str(said["at"]))
    account_id = principal.account_id if by is None else by
    return NewReview(
        given.chain_id, given.record_pk, given.outcome, said["reason"], tuple(said["fields"]), account_id, decided_at
    )


def _stand(session: Session, given: Given, at: datetime) -> None:
    """What goes with an outcome: which session it is the same as; leaving quarantine."""
    if given.outcome in ("accepted", "same_as", "reversed"):
        target = given.said.get("same_as") if given.outcome == "same_as" else None
        chains.set_target(session, given.chain_id, rows.chain_of_root(session, str(target)) if target else None)
    if given.outcome == "accepted" and given.held:
        before = chains.replaced_by(session, given.record_pk)
        release(session, given.record_pk, {given.chain_id, *([before.chain_id] if before else ())}, at)
