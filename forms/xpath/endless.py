"""Whether a pattern can keep a backtracking matcher busy for ever, as `(a+)+` does with thirty letters and a full stop.

It can where a text may be read inside one repetition in two ways: then every further letter doubles the ways. The
pattern is read as an automaton whose states are its letters (Glushkov's), and the ways from one to the next are
counted. Neither Python nor a browser stops by itself.
"""

import string
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any

_re: Any = import_module("re._parser")  # the tree that re itself compiles; its node names come with it
_LETTERS = frozenset(range(0x250)) | {0x300, 0x301, 0x661, 0x1EA0, 0x1EA1, 0x2028, 0x4E2D, 0x1F600}
_KINDS = {
    _re.CATEGORY_DIGIT: string.digits,
    _re.CATEGORY_SPACE: string.whitespace,
    _re.CATEGORY_WORD: string.ascii_letters + string.digits + "_",
}
_DENIED = {
    _re.CATEGORY_NOT_DIGIT: _re.CATEGORY_DIGIT,
    _re.CATEGORY_NOT_SPACE: _re.CATEGORY_SPACE,
    _re.CATEGORY_NOT_WORD: _re.CATEGORY_WORD,
}
_MOST_COPIES = 20  # of what is repeated a fixed number of times; more counts as any number
_MOST_LETTERS = 2_000  # of a pattern, with copies; nobody writes more
_MOST_FOLLOWERS = 20_000
_MOST_STEPS = 2_000  # from letter to letter inside one repetition

Ways = Counter[int]
Letters = frozenset[int]


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the pattern: in how many ways it is empty, where it may begin and where it may end."""

    empty: int = 1
    first: Ways = field(default_factory=Counter)
    last: Ways = field(default_factory=Counter)


@dataclass(slots=True)
class _Automaton:
    letters: list[Letters] = field(default_factory=list)
    follow: list[Ways] = field(default_factory=list)
    apart: list[Any] = field(default_factory=list)  # what looks ahead or behind: patterns of their own

    def read(self, nodes: Iterable[Any]) -> _Part:
        whole = _Part()
        for kind, given in nodes:
            whole = self._joined(whole, self._node(kind, given))
        return whole

    def _node(self, kind: Any, given: Any) -> _Part:
        if kind in (_re.MAX_REPEAT, _re.MIN_REPEAT):
            return self._repeat(*given)
        if kind is _re.SUBPATTERN:
            return self.read(given[-1])
        if kind is _re.BRANCH:
            return _either([self.read(branch) for branch in given[1]])
        if kind in (_re.ASSERT, _re.ASSERT_NOT):
            self.apart.append(given[1])
        if kind in (_re.AT, _re.ASSERT, _re.ASSERT_NOT):
            return _Part()
        return self._letter(_letters_of(kind, given))

    def _letter(self, letters: Letters) -> _Part:
        if len(self.letters) == _MOST_LETTERS:
            raise OverflowError("too long a pattern")
        self.letters.append(letters)
        self.follow.append(Counter())
        ways = Counter({len(self.letters) - 1: 1})
        return _Part(0, ways, ways)

    def _joined(self, one: _Part, other: _Part) -> _Part:
        self._follows(one.last, other.first)
        first = one.first + _times(other.first, one.empty)
        last = other.last + _times(one.last, other.empty)
        return _Part(min(one.empty * other.empty, 2), first, last)

    def _follows(self, lasts: Ways, firsts: Ways) -> None:
        for at, ways in lasts.items():
            self.follow[at] += _times(firsts, ways)

    def _repeat(self, least: int, most: Any, body: Any) -> _Part:
        endless = most is _re.MAXREPEAT or most > _MOST_COPIES or (most > 1 and _has_loop(body))
        if not endless:
            return self._copies(least, most, body)
        whole = self._copies(min(least, _MOST_COPIES) - 1, min(least, _MOST_COPIES) - 1, body) if least > 1 else _Part()
        loop = self.read(body)
        self._follows(loop.last, _times(loop.first, 2 if loop.empty and most is not _re.MAXREPEAT else 1))
        return self._joined(whole, _Part(1 if least == 0 else min(loop.empty, 1), loop.first, loop.last))

    def _copies(self, least: int, most: int, body: Any) -> _Part:
        """x{2,4} is xx(x(x)?)?: each length in one way."""
        whole = _Part()
        for place in range(most, 0, -1):
            whole = self._joined(self.read(body), whole)
            if place > least:
                whole = _Part(1, whole.first, whole.last)
        return whole


def _either(parts: list[_Part]) -> _Part:
    none: Ways = Counter()
    firsts, lasts = sum((part.first for part in parts), none), sum((part.last for part in parts), none)
    return _Part(min(sum(part.empty for part in parts), 2), firsts, lasts)


def _times(ways: Ways, factor: int) -> Ways:
    """Two ways are as bad as more."""
    return Counter({at: min(count * factor, 2) for at, count in ways.items() if count * factor})


def _has_loop(nodes: Any) -> bool:
    """Whether the tree repeats something any number of times."""
    if isinstance(nodes, tuple) and len(nodes) == 3 and isinstance(nodes[2], _re.SubPattern):
        least, most, body = nodes
        return most is _re.MAXREPEAT or most > max(_MOST_COPIES, least) or _has_loop(body)
    return isinstance(nodes, list | tuple | _re.SubPattern) and any(_has_loop(part) for part in nodes)


@lru_cache(maxsize=64)
def _of_kind(kind: Any) -> Letters:
    if kind in _DENIED:
        return _LETTERS - _of_kind(_DENIED[kind])
    return frozenset(map(ord, _KINDS[kind]))


def _letters_of(kind: Any, given: Any) -> Letters:
    if kind is _re.LITERAL:
        return frozenset((given,))
    if kind is _re.NOT_LITERAL:
        return _LETTERS - {given}
    if kind is _re.IN:
        return _class(given)
    return _LETTERS  # any letter; a look back at a group counts as one


def _class(members: list[Any]) -> Letters:
    denied, found = False, set[int]()
    for kind, given in members:
        if kind is _re.NEGATE:
            denied = True
        elif kind is _re.RANGE:
            found |= {code for code in _LETTERS if given[0] <= code <= given[1]} | set(given)
        else:
            found |= _of_kind(given) if kind is _re.CATEGORY else {given}
    return _LETTERS - found if denied else frozenset(found)


def is_endless(pattern: str) -> bool:
    """`pattern` is one that re compiles; see the module. Raises OverflowError for one that is too long to say."""
    return _is_endless(_re.parse(pattern))


def _is_endless(tree: Any) -> bool:
    automaton = _Automaton()
    automaton.read(tree)
    if sum(map(len, automaton.follow)) > _MOST_FOLLOWERS:
        raise OverflowError("too long a pattern")
    return any(_is_read_twice(automaton, loop) for loop in _loops(automaton.follow)) or any(
        map(_is_endless, automaton.apart)
    )


def _loops(follow: list[Ways]) -> Iterator[set[int]]:
    """Letters that come after each other again and again, loop by loop."""
    after = [_reached([at], lambda one: follow[one]) for at in range(len(follow))]
    seen = set[int]()
    for at, reached in enumerate(after):
        if at in reached and at not in seen:
            loop = {one for one in reached if at in after[one]}
            seen |= loop
            yield loop


def _reached(starts: Iterable[Any], nexts: Any) -> set[Any]:
    found, left = set[Any](), [one for start in starts for one in nexts(start)]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left.extend(nexts(one))
    return found


def _is_read_twice(automaton: _Automaton, loop: set[int]) -> bool:
    """Whether two readings part inside the loop on the same text and meet again."""
    inside = {at: [one for one in automaton.follow[at] if one in loop] for at in loop}
    if sum(map(len, inside.values())) > _MOST_STEPS or any(
        automaton.follow[at][one] > 1 for at in loop for one in inside[at]
    ):
        return True
    letters = automaton.letters
    pairs = {
        (a, b): [(c, d) for c in inside[a] for d in inside[b] if letters[c] & letters[d]] for a in loop for b in loop
    }
    back: dict[tuple[int, int], list[tuple[int, int]]] = {pair: [] for pair in pairs}
    for pair, nexts in pairs.items():
        for one in nexts:
            back[one].append(pair)
    together = [(at, at) for at in loop]
    parted = _reached(together, pairs.__getitem__) & _reached(together, back.__getitem__)
    return any(a != b for a, b in parted)
