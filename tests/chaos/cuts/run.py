"""Goes through offsets of a route: does its act, cut there, and lets the phone try until it is done."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from tests.chaos.cuts.routes import Act, Acting
from tests.chaos.history import Verdict, judge
from tests.chaos.line import Cut, CutLine, Wire
from tests.chaos.sender import Sender
from tests.chaos.served import Served
from tests.chaos.standing import end_of, unsound

OFFICERS = ("officer", "officer_c")
OUTBOX = 50
EVERY = 10**9


@dataclass
class Tally:
    """Cuts made, by act, and the acts that were not as they should be afterwards."""

    cuts: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def lanes(served: Served) -> list[Acting]:
    """Phones that each have an officer and a line of their own."""
    made = []
    for officer in OFFICERS:
        line = CutLine(served.port)
        phone = served.phone(officer)
        phone.wire = Wire(line.port)
        made.append(Acting(Sender(phone), line, officer))
    return made


def run(acts: Sequence[tuple[Act, int]], actings: Sequence[Acting]) -> Tally:
    """About as many offsets of each act as are named beside it, on all lines at once; the first and the last always."""
    tally = Tally()
    for act, most in acts:
        take(actings, act, cuts_of(actings[0], act, most), tally)
    return tally


def take(actings: Sequence[Acting], act: Act, cuts: Sequence[Cut], tally: Tally) -> None:
    """These cuts of one act, shared among the lines."""
    tally.cuts[act.name] = tally.cuts.get(act.name, 0) + len(cuts)
    shares = [cuts[n :: len(actings)] for n in range(len(actings))]
    threads = [
        threading.Thread(target=_all, args=(acting, act, share, tally))
        for acting, share in zip(actings, shares, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def verdict(served: Served, tally: Tally, actings: Sequence[Acting]) -> Verdict:
    """What the histories prove, and that what is stored fits together."""
    tally.wrong += unsound(served.database)
    history = list(chain.from_iterable(acting.sender.history for acting in actings))
    return judge(history, end_of(served.database, served.media))


def cuts_of(acting: Acting, act: Act, most: int = EVERY) -> list[Cut]:
    """From the lengths of an exchange that nobody cuts; `most` in each direction."""
    made = act.prepare(acting)
    acting.line.first = None
    assert act.attempt(acting, made) or act.attempt(acting, made), act.name
    sent, replied = acting.line.first or (0, 0)
    lengths: tuple[tuple[Literal["up", "down"], int], ...] = (("up", sent), ("down", replied))
    found = []
    for direction, length in lengths:
        offsets = sorted({*range(0, length, max(1, length // most)), length - 1, length})
        found += [Cut(direction, offset, "reset" if n % 2 else "end") for n, offset in enumerate(offsets)]
    return found


def _all(acting: Acting, act: Act, cuts: Sequence[Cut], tally: Tally) -> None:
    for start in range(0, len(cuts), OUTBOX):
        share = cuts[start : start + OUTBOX]
        try:
            if act.together:
                _many(acting, act, share)
            else:
                for cut in share:
                    _one(acting, act, cut)
        except Exception as error:
            tally.wrong.append(f"{act.name} {share[0]} and after: {type(error).__name__} {error}")


def _one(acting: Acting, act: Act, cut: Cut) -> None:
    made = act.prepare(acting)
    acting.line.cut = cut
    acting.sender.until(lambda: act.attempt(acting, made))
    assert acting.line.cut is None, "nothing was cut"


def _many(acting: Acting, act: Act, cuts: Sequence[Cut]) -> None:
    """One attempt for each cut, and the rest all together."""
    waiting = []
    for cut in cuts:
        made = act.prepare(acting)
        acting.line.cut = cut
        acting.sender.tried(lambda made=made: act.attempt(acting, made))  # type: ignore[misc]
        waiting.append(made)
    assert act.together
    together = act.together
    acting.sender.until(lambda: together(acting, waiting))
