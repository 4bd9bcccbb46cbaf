"""What a reviewer reads before deciding: the queue, and one chain with all that belongs to it. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.people.principal import REVIEWER, STAFF, Principal
from server.queries import dossier as rows
from server.queries import queue as waiting
from server.queries import review as reviews
from server.queries.dossier import ChainLine, LinkLine, ReviewLine
from server.queries.queue import Line, Neighbours, Wanted
from server.queries.scope import units_in_scope
from server.queries.slices import Slice
from sync.problems import Problem

READERS = (REVIEWER, STAFF)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One part of a list. `total`: how many there are in all; `counts`: state → chains under the other filters."""

    rows: Sequence[Line]
    total: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One chain. `links` in order of arrival; `may`: the outcomes open to this person, `own`: why none may be."""

    chain: ChainLine
    links: Sequence[LinkLine]
    reviews: Sequence[ReviewLine]
    copies: int
    own: bool
    may: frozenset[str]

    @property
    def latest(self) -> LinkLine:
        return next(link for link in self.links if link.pk == self.chain.latest_id)

    @property
    def counted(self) -> LinkLine | None:
        return next((link for link in self.links if link.pk == self.chain.counted_id), None)


def queue(session: Session, principal: Principal, wanted: Wanted, part: Slice) -> QueuePage:
    """Chains in the units of a reviewer or of staff: those that wait, the oldest arrival first."""
    scope = units_in_scope(principal.grants, READERS)
    counts = waiting.tallies(session, scope, wanted)
    return QueuePage(waiting.lines(session, scope, wanted, part), counts.get(wanted.state, 0), counts)


def beside(session: Session, principal: Principal, chain_id: int) -> Neighbours | None:
    """Where a chain stands among those that wait for this reviewer; None for one that does not wait."""
    return waiting.beside(session, units_in_scope(principal.grants, [REVIEWER]), chain_id)


def detail(session: Session, principal: Principal, chain_id: int) -> Dossier:
    """One chain; Problem not-found outside the person's units, as for one that does not exist."""
    chain = rows.chain(session, units_in_scope(principal.grants, READERS), chain_id)
    if chain is None:
        raise Problem("not-found")
    links = rows.links(session, chain_id)
    own = bool(reviews.own_chains(session, principal.account_id, [chain_id]))
    copies = rows.copies(session, [link.record_id for link in links])
    return Dossier(
        chain, links, rows.reviews(session, chain_id), copies, own, _may(session, principal, chain, links, own)
    )


def chain_of_record(session: Session, record_id: str) -> int | None:
    """The chain of a record id; scope is asked when the chain is opened."""
    return rows.chain_of(session, record_id)


def _may(
    session: Session, principal: Principal, chain: ChainLine, links: Sequence[LinkLine], own: bool
) -> frozenset[str]:
    touched = {link.unit_id for link in links if link.pk in (chain.latest_id, chain.counted_id)}
    scope = units_in_scope(principal.grants, [REVIEWER])
    if own or reviews.units_among(session, touched, scope) != touched:
        return frozenset()
    may: set[str] = {"reversed"} if chain.counted_id is not None else set()
    if chain.state == "waiting":
        held = bool(reviews.held_chains(session, [chain.chain_id]))
        may |= {"returned", "rejected"} if held else {"accepted", "returned", "rejected", "same_as"}
    return frozenset(may)
