"""Patterns of regex(): no text makes one dear, and a walked one means what Python's own matcher says it means.

Work is counted in letters looked at, never in seconds.
"""

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from forms import model_json
from forms.xpath.automaton import automaton_of, tree_of
from forms.xpath.patterns import drawing_of, pattern_of
from forms.xpath.readings import is_read_in_one_way
from forms.xpath.walks import Walk, walk_of
from tests.forms.books import compiled, xlsx

_re: Any = __import__("re._parser", fromlist=["_parser"])

ONE_WAY = (
    ".*([0-9][ .-]?){9,}.*", "(\\w+ )*\\w+", "\\d{1,3}(\\.\\d{1,3}){3}", "(\\d{3})+", "(a|b)*", ".{0,255}", "a{1,5000}",
    "[\\w.]+@([\\w-]+\\.)+[a-z]{2,}", "(red|green)( (red|green))*", "(\\p{Lu}\\p{Ll}* )*\\p{Lu}\\p{Ll}*",
    "^(?=.*[A-Z])(?=.*[0-9]).{8,}$", "^[0-9]{9,12}$", "(a)\\1", "a(?=b)b", "0[0-9]{9}|[0-9]{12}",
)  # fmt: skip
MANY_WAYS = (
    "(a+)+$", "(a*)*b", "(a|a)*", "(a|ab|b)*c", "(\\p{L}+[ -]?)+", "(.*,)*x", "(a+){10}", "(a?){30}a{30}", "(.|ሴ)+y",
    "\\s*(.*?)\\s*x", ".*a.*b.*", "(\\d{1,3} ?){4}", "(?:(a|)*b)*c", "(\\p{L}+\\s*)+", ".*.*.*x",
)  # fmt: skip


@pytest.mark.parametrize("pattern", ONE_WAY)
def test_a_pattern_that_is_read_in_one_way_is_matched_as_it_is(pattern: str) -> None:
    assert isinstance(pattern_of(pattern), re.Pattern)
    assert drawing_of(pattern) == ""


@pytest.mark.parametrize("pattern", MANY_WAYS)
def test_a_pattern_that_is_read_in_many_ways_is_walked_and_looks_at_each_letter_once(pattern: str) -> None:
    found = pattern_of(pattern)
    assert isinstance(found, Walk)
    for text in ("a" * 50_000, " " * 50_000, "a1, " * 10_000, "ab" * 20_000 + "!"):
        before = found.steps
        found.fullmatch(text)
        assert found.steps - before <= 200  # what comes again and again is known


def test_a_walk_forgets_what_would_fill_the_memory() -> None:
    found = walk_of(tree_of("(.*x)*y"))
    assert not found.fullmatch("".join(map(chr, range(0x4E00, 0x9000))))
    assert found.steps >= 0x9000 - 0x4E00
    assert len(found._known) <= 5_000


# ── Chance ──
def written(chance: random.Random, deep: int = 3) -> str:
    """A small pattern over a, b and c."""
    kind = chance.randrange(9 if deep else 3)
    if kind < 3:
        return chance.choice(("a", "b", "c", ".", "[ab]", "[^a]", "\\s", "[^bc]"))
    if kind == 3:
        return f"(?:{written(chance, deep - 1)}|{written(chance, deep - 1)})"
    if kind in (4, 5):
        return f"(?:{written(chance, deep - 1)}){chance.choice(('*', '+', '?', '*?', '{2}', '{1,3}', '{2,}', '{0,2}'))}"
    return written(chance, deep - 1) + written(chance, deep - 1)


def texts(chance: random.Random, count: int, longest: int) -> Iterator[str]:
    for _ in range(count):
        start, again = ("".join(chance.choices("aab c", k=chance.randrange(4))) for _ in range(2))
        yield (start + again * longest)[: chance.randrange(longest + 1)] + chance.choice(("", "", "!", "b"))


def test_a_walked_pattern_means_what_pythons_matcher_says() -> None:
    chance = random.Random(2024)
    seen = set[tuple[bool, bool]]()
    for _ in range(3_000):
        pattern = written(chance)
        tree = tree_of(pattern)
        try:
            walk = walk_of(tree)
        except OverflowError:
            continue
        for text in texts(chance, 8, 9):
            own = re.fullmatch(pattern, text, re.DOTALL) is not None
            assert walk.fullmatch(text) is own, (pattern, text)
            seen.add((own, is_read_in_one_way(tree)))
    assert len(seen) == 4


class Backtracking:
    """A matcher that goes back, as Python's and browsers' do, and counts the letters that it looks at."""

    def __init__(self, text: str) -> None:
        self.text, self.looks = text, 0

    def sequence(self, nodes: list[Any], at: int, then: Callable[[int], bool]) -> bool:
        if not nodes:
            return then(at)
        return self.node(nodes[0], at, lambda end: self.sequence(nodes[1:], end, then))

    def node(self, node: Any, at: int, then: Callable[[int], bool]) -> bool:
        kind, given = node
        if kind is _re.SUBPATTERN:
            return self.sequence(list(given[-1]), at, then)
        if kind is _re.BRANCH:
            return any(self.sequence(list(branch), at, then) for branch in given[1])
        if kind in (_re.MAX_REPEAT, _re.MIN_REPEAT):
            least, most, body = given
            return self.repeat(kind is _re.MAX_REPEAT, least, most, body, at, then)
        self.looks += 1
        return at < len(self.text) and self.stands(node, self.text[at]) and then(at + 1)

    def repeat(self, greedy: bool, least: int, most: Any, body: Any, at: int, then: Callable[[int], bool]) -> bool:
        def again() -> bool:
            left = most if most is _re.MAXREPEAT else most - 1
            on = lambda end: (end > at or least > 0) and self.repeat(greedy, max(least - 1, 0), left, body, end, then)  # noqa: E731
            return bool(most is _re.MAXREPEAT or most > 0) and self.sequence(list(body), at, on)

        if least > 0:
            return again()
        return (again() or then(at)) if greedy else (then(at) or again())

    @staticmethod
    def stands(node: Any, letter: str) -> bool:
        code, letters = ord(letter), automaton_of([node], True).letters[1]
        return any(first <= code <= last for first, last in letters)


def test_what_counts_as_read_in_one_way_takes_no_more_looks_than_letters_of_both() -> None:
    chance = random.Random(7)
    counted = 0
    for _ in range(1_500):
        tree = tree_of(written(chance))
        try:
            automaton = automaton_of(tree, True)
        except OverflowError:
            continue
        if not is_read_in_one_way(tree):
            continue
        pairs = sum(map(len, automaton.follow))
        for text in texts(chance, 4, 30):
            matcher = Backtracking(text)
            matcher.sequence(list(tree), 0, lambda end, text=text: end == len(text))  # type: ignore[misc]
            assert matcher.looks <= 2 * (len(text) + 1) * (pairs + 1), (tree, text)
            counted += 1
    assert counted > 1_000


# ── On the way to the phone ──
def test_a_form_carries_the_drawing_of_each_pattern_that_a_phone_walks() -> None:
    head = ("type", "name", "label", "calculation", "constraint")
    lists = (("list_name", "name", "label", "pattern"), ("kinds", "k", "K", "(b+)+"), ("kinds", "l", "L", "[0-9]+"))
    rows = (
        ("select_one kinds", "kind", "Kind"),
        ("text", "a", "A", "", "regex(., '(a+)+') and regex(., 'a+')"),
        ("text", "b", "B", "", "regex(., instance('kinds')/root/item[name = ${kind}]/pattern)"),
    )
    made = compiled(xlsx((head, *rows), lists))
    assert made.form.patterns == {"(a+)+": " 1\n[a] 1 .", "(b+)+": " 1\n[b] 1 ."}
    assert model_json.loads(made.model_json).patterns == made.form.patterns
