"""Where a chain stands: a pure function of its links and reviews (D14).

Which link counts: the last one accepted (or linked as the same session), unless a reversal or a withdrawal came
later; these close the chain and bring no former link back to life. A correction lets the chain wait again while
the accepted link goes on counting.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from server.queries.chains import Link, Verdict

STATE_AFTER = {
    "accepted": "accepted",
    "returned": "returned",
    "rejected": "rejected",
    "same_as": "linked",
    "reversed": "rejected",
    "withdrawn": "withdrawn",
}
COUNTING = frozenset({"accepted", "same_as"})
CLOSING = frozenset({"reversed", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Standing:
    """`counted` is the link whose answers count; `linked`: only for its items, the session counts elsewhere."""

    state: str
    latest: Link
    counted: int | None
    linked: bool


def standing(links: Sequence[Link], verdicts: Sequence[Verdict], target_counts: bool = False) -> Standing:
    """The standing of a chain with at least one link; `target_counts` tells of the chain it is linked to."""
    latest = latest_link([link for link in links if not _idle(link)] or links)
    if latest.trial:
        return Standing("trial", latest, None, False)
    counted, linked = _counted(verdicts)
    if linked and not target_counts:
        counted, linked = None, False
    state = _state(latest, verdicts, linked)
    return Standing(state, latest, None if state == "withdrawn" else counted, linked and state != "withdrawn")


def latest_link(links: Sequence[Link]) -> Link:
    """The newest link that no other one replaces; nothing that was finished before a withdrawal outlives it."""
    replaced = {link.replaces for link in links}
    ends = [link for link in links if link.record_id not in replaced] or list(links)
    withdrawals = [link for link in ends if link.intent == "withdraw"]
    alive = [end for end in ends if not any(w is not end and w.finished_at >= end.finished_at for w in withdrawals)]
    return max(alive or withdrawals, key=lambda link: link.pk)


def _idle(link: Link) -> bool:
    """A withdrawal in quarantine (from a revoked device) closes nothing until somebody has looked."""
    return link.held and link.intent == "withdraw"


def _counted(verdicts: Sequence[Verdict]) -> tuple[int | None, bool]:
    counted: int | None = None
    linked = False
    for verdict in sorted(verdicts, key=lambda v: v.seq):
        if verdict.outcome in COUNTING:
            counted, linked = verdict.record_pk, verdict.outcome == "same_as"
        elif verdict.outcome in CLOSING:
            counted, linked = None, False
    return counted, linked


def _state(latest: Link, verdicts: Sequence[Verdict], linked: bool) -> str:
    if latest.intent == "withdraw" and not latest.held:
        return "withdrawn"
    of_latest = [v for v in verdicts if v.record_pk == latest.pk]
    if not of_latest:
        return "waiting"
    outcome = max(of_latest, key=lambda v: v.seq).outcome
    if outcome == "same_as" and not linked:
        return "waiting"  # the session it was linked to counts no longer: somebody has to decide again
    return STATE_AFTER[outcome]
