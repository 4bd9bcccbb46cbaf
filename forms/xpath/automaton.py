"""A pattern as an automaton whose states are its letters (Glushkov's): state 0 is the start, END the end of the text.

Read "loosely", what is repeated many times counts as repeated any number of times: enough to count readings with
(readings.py). Read exactly, a text matches if it leads from the start to the end (walks.py).
"""

import string
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any

from forms.xpath.letters import EVERY, Letters, others, united

_re: Any = import_module("re._parser")  # the tree that re itself compiles; its node names come with it
END = -1
_MOST_COPIES = 20  # of what is repeated a fixed number of times; more counts, loosely, as any number
_MOST_LETTERS = 2_000  # of a pattern, with copies; nobody writes more
_MOST_EXACT = 300
_MOST_WORK = 20_000
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

Ways = Counter[int]  # state → in how many ways; two are as bad as more


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the pattern: in how many ways it is empty, where it may begin and where it may end."""

    empty: int = 1
    first: Ways = field(default_factory=Counter)
    last: Ways = field(default_factory=Counter)


@dataclass(slots=True)
class Automaton:
    """`looks`: what looks ahead or behind, each with whether it stands before everything else."""

    exact: bool
    letters: list[Letters] = field(default_factory=lambda: [()])
    follow: list[Ways] = field(default_factory=lambda: [Counter()])
    loops: set[int] = field(default_factory=set)  # states that follow themselves any number of times
    looks: list[tuple[Any, bool]] = field(default_factory=list)
    anchored: bool = False  # ^ $ \b in the midst of it
    refers: bool = False  # to what a group found before
    merged: bool = False  # it is not exact
    work: int = 0

    def whole(self, nodes: Iterable[Any]) -> None:
        body = self.read(self._opened(list(nodes)))
        self.follow[0] += _times(body.first, 1)
        if body.empty:
            self.follow[0][END] = body.empty
        for at, ways in body.last.items():
            self.follow[at][END] = ways

    def _opened(self, nodes: list[Any]) -> list[Any]:
        """Without ^ before and $ behind, which say nothing, and without what looks ahead before everything else."""
        while nodes and (nodes[0] == (_re.AT, _re.AT_BEGINNING) or nodes[0][0] in (_re.ASSERT, _re.ASSERT_NOT)):
            kind, given = nodes.pop(0)
            if kind is not _re.AT:
                self.looks.append((given[1], True))
        while nodes and nodes[-1] == (_re.AT, _re.AT_END):
            nodes.pop()
        return nodes

    def read(self, nodes: Iterable[Any]) -> _Part:
        whole = _Part()
        for kind, given in nodes:
            whole = self._joined(whole, self._node(kind, given))
        return whole

    def _node(self, kind: Any, given: Any) -> _Part:
        self.work += 1
        if self.work > _MOST_WORK:
            raise OverflowError("too long a pattern")
        if kind in (_re.MAX_REPEAT, _re.MIN_REPEAT):
            return self._repeat(*given)
        if kind is _re.SUBPATTERN:
            return self.read(given[-1])
        if kind is _re.BRANCH:
            return _either([self.read(branch) for branch in given[1]])
        if kind in (_re.ASSERT, _re.ASSERT_NOT):
            self.looks.append((given[1], False))
        self.anchored |= kind is _re.AT
        self.refers |= kind is _re.GROUPREF
        if kind in (_re.AT, _re.ASSERT, _re.ASSERT_NOT):
            return _Part()
        return self._letter(_letters_of(kind, given))

    def _letter(self, letters: Letters) -> _Part:
        if len(self.letters) > (_MOST_EXACT if self.exact else _MOST_LETTERS):
            raise OverflowError("too long a pattern")
        self.letters.append(letters)
        self.follow.append(Counter())
        ways = Counter({len(self.letters) - 1: 1})
        return _Part(0, ways, ways)

    def _joined(self, one: _Part, other: _Part) -> _Part:
        self._follows(one.last, other.first)
        first = _sum(one.first, _times(other.first, one.empty))
        last = _sum(other.last, _times(one.last, other.empty))
        return _Part(min(one.empty * other.empty, 2), first, last)

    def _follows(self, lasts: Ways, firsts: Ways) -> None:
        self.work += len(lasts) * len(firsts)
        if self.work > _MOST_WORK:
            raise OverflowError("too long a pattern")
        for at, ways in lasts.items():
            self.follow[at] = _sum(self.follow[at], _times(firsts, ways))

    def _repeat(self, least: int, most: Any, body: Any) -> _Part:
        if most is not _re.MAXREPEAT and (self.exact or (most <= _MOST_COPIES and not (most > 1 and _has_loop(body)))):
            return self._copies(least, most, body)
        self.merged |= most is not _re.MAXREPEAT or (least > _MOST_COPIES and not self.exact)
        copies = (least if self.exact else min(least, _MOST_COPIES)) - 1
        whole = self._copies(copies, copies, body) if least > 1 else _Part()
        return self._joined(whole, self._loop(least == 0, most is _re.MAXREPEAT, body))

    def _loop(self, may_miss: bool, endless: bool, body: Any) -> _Part:
        """A body that may be empty can be gone round in many ways."""
        loop, own = self.read(body), len(self.letters) - 1
        self._follows(loop.last, _times(loop.first, 2 if loop.empty else 1))
        if endless and len(body) == 1 and loop.first == loop.last == Counter({own: 1}):
            self.loops.add(own)
        return _Part(min(may_miss + loop.empty, 2), loop.first, loop.last)

    def _copies(self, least: int, most: int, body: Any) -> _Part:
        """x{2,4} is xx(x(x)?)?: each length in one way."""
        whole = _Part()
        if most > _MOST_WORK:
            raise OverflowError("too long a pattern")
        for place in range(most, 0, -1):
            whole = self._joined(self.read(body), whole)
            if place > least:
                whole = _Part(min(whole.empty + 1, 2), whole.first, whole.last)
        return whole


def automaton_of(tree: Any, exact: bool) -> Automaton:
    """Raises OverflowError for a pattern that is too long."""
    made = Automaton(exact)
    made.whole(tree)
    return made


def tree_of(pattern: str) -> Any:
    return _re.parse(pattern)


def _either(parts: list[_Part]) -> _Part:
    firsts, lasts = _sum(*(part.first for part in parts)), _sum(*(part.last for part in parts))
    return _Part(min(sum(part.empty for part in parts), 2), firsts, lasts)


def _sum(*all_ways: Ways) -> Ways:
    found: Ways = Counter()
    for ways in all_ways:
        for at, count in ways.items():
            found[at] = min(found[at] + count, 2)
    return found


def _times(ways: Ways, factor: int) -> Ways:
    return Counter({at: min(count * factor, 2) for at, count in ways.items() if count * factor})


def _has_loop(nodes: Any) -> bool:
    """Whether the tree repeats something any number of times."""
    if isinstance(nodes, tuple) and len(nodes) == 3 and isinstance(nodes[2], _re.SubPattern):
        least, most, body = nodes
        return most is _re.MAXREPEAT or most > max(_MOST_COPIES, least) or _has_loop(body)
    return isinstance(nodes, list | tuple | _re.SubPattern) and any(_has_loop(part) for part in nodes)


def has_loop(tree: Any) -> bool:
    return _has_loop(tree)


@lru_cache(maxsize=64)
def _of_kind(kind: Any) -> Letters:
    if kind in _DENIED:
        return others(_of_kind(_DENIED[kind]))
    return united((ord(letter), ord(letter)) for letter in _KINDS[kind])


def _letters_of(kind: Any, given: Any) -> Letters:
    if kind is _re.LITERAL:
        return ((given, given),)
    if kind is _re.NOT_LITERAL:
        return others(((given, given),))
    if kind is _re.IN:
        return _class(given)
    return EVERY  # any letter; a look back at a group counts as one


def _class(members: list[Any]) -> Letters:
    denied, found = False, list[tuple[int, int]]()
    for kind, given in members:
        if kind is _re.NEGATE:
            denied = True
        elif kind is _re.CATEGORY:
            found += _of_kind(given)
        else:
            found.append(given if kind is _re.RANGE else (given, given))
    return others(united(found)) if denied else united(found)
