"""In how many ways a matcher that goes back (Python's, a browser's) may read a text by a pattern.

If no letter of the pattern can stand for the same letter of the text on two ways, it takes at most one step for each
pair of them, and never stops a server or a phone. `(a+)+` has twice as many ways with each letter, `\\s*.*\\s*x` as
many as the text has pairs of letters. Such a pattern is walked instead (walks.py).
"""

from typing import Any

from forms.xpath.automaton import END, Automaton, automaton_of, has_loop
from forms.xpath.letters import EVERY, Letters, meet

_MOST_STEPS = 20_000  # of this look itself; what takes more counts as read in many ways


def is_read_in_one_way(tree: Any) -> bool:
    """Of the whole pattern. Raises OverflowError for one that is too long to say, or that nothing can bound."""
    automaton = automaton_of(tree, False)
    if not all(_is_small(look, first) for look, first in automaton.looks):
        raise OverflowError("it looks ahead again and again")
    if automaton.refers and has_loop(tree):
        raise OverflowError("it looks back again and again")
    return not _has_two_ways(automaton, _sinks(automaton))


def _is_small(look: Any, first: bool) -> bool:
    """What looks ahead or behind: read in one way, and if it is not looked at only once, bounded."""
    automaton = automaton_of(look, False)
    bounded = first or not has_loop(look)
    return bounded and not (automaton.looks or automaton.refers) and not _has_two_ways(automaton, frozenset())


def _sinks(automaton: Automaton) -> frozenset[int]:
    """States from which no matcher comes back: whatever follows is taken, as by `.*` at the end."""
    if automaton.merged or automaton.looks or automaton.anchored or automaton.refers:
        return frozenset()
    follow = automaton.follow
    ends = {at for at in automaton.loops if automaton.letters[at] == EVERY and set(follow[at]) == {at, END}}
    found = {at for at, ways in enumerate(follow) if END in ways and not ends.isdisjoint(ways)}
    while gone := {at for at in found if not set(follow[at]) <= {*found, END}}:
        found -= gone
    return frozenset(found)


def _has_two_ways(automaton: Automaton, sinks: frozenset[int]) -> bool:
    if any(count > 1 for ways in automaton.follow for count in ways.values()):
        return True
    follow = [[to for to in ways if to != END and to not in sinks] for ways in automaton.follow]
    alike = _Alike(automaton.letters)
    seen, left, steps = {(0, 0)}, [(0, 0)], 0
    while left:
        one, other = left.pop()
        for a in follow[one]:
            for b in follow[other]:
                steps += 1
                if steps > _MOST_STEPS or (a == b and one != other):
                    return True
                pair = (a, b) if a <= b else (b, a)
                if pair not in seen and (a == b or alike.meet(a, b)):
                    seen.add(pair)
                    left.append(pair)
    return False


class _Alike:
    """Whether two states have a letter in common, looked up once for each pair of sets."""

    def __init__(self, letters: list[Letters]) -> None:
        sets: dict[Letters, int] = {}
        self.number = [sets.setdefault(one, len(sets)) for one in letters]
        self.sets = list(sets)
        self.known: dict[tuple[int, int], bool] = {}

    def meet(self, a: int, b: int) -> bool:
        pair = (self.number[a], self.number[b])
        if pair not in self.known:
            self.known[pair] = meet(self.sets[pair[0]], self.sets[pair[1]])
        return self.known[pair]
