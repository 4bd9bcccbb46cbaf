"""A pattern walked letter by letter, on all its ways at once: never more steps than letters of the text times letters
of the pattern. For those that a matcher that goes back could be kept busy by; twin of static/src/form/rare/walks.ts."""

from dataclasses import dataclass, field
from typing import Any

from forms.xpath.automaton import END, automaton_of
from forms.xpath.letters import Letters, written

_MOST_KNOWN = 5_000  # steps kept in mind
_END_BIT = 1


@dataclass(slots=True)
class Walk:
    """States are bits: the end 1, the start 2, the letters above. `steps` counts what was not known before."""

    letters: list[Letters]
    follow: list[int]
    steps: int = 0
    _known: dict[tuple[int, str], int] = field(default_factory=dict)
    _standing: dict[str, int] = field(default_factory=dict)

    def fullmatch(self, text: str) -> bool:
        live, known = 2, self._known
        for letter in text:
            after = known.get((live, letter))
            live = self._step(live, letter) if after is None else after
            if not live:
                return False
        return bool(self._after(live) & _END_BIT)

    def _step(self, live: int, letter: str) -> int:
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
            self._standing.clear()
        self.steps += 1
        found = self._known[(live, letter)] = self._after(live) & self._standing_for(letter)
        return found

    def _after(self, live: int) -> int:
        found, left = 0, live >> 1
        while left:
            lowest = left & -left
            found |= self.follow[lowest.bit_length() - 1]
            left ^= lowest
        return found

    def _standing_for(self, letter: str) -> int:
        """The states that may stand for this letter."""
        found, code = self._standing.get(letter), ord(letter)
        if found is None:
            stands = (any(first <= code <= last for first, last in letters) for letters in self.letters)
            found = self._standing[letter] = sum(2 << at for at, one in enumerate(stands) if one)
        return found

    def drawn(self) -> str:
        """For a phone: a line for each state, its letters and then the states that may follow; "." is the end."""
        return "\n".join(
            " ".join([written(letters) if at else "", *_named(self.follow[at])])
            for at, letters in enumerate(self.letters)
        )


def walk_of(tree: Any) -> Walk:
    """Raises OverflowError for a pattern that is too long, or says more than which letters follow which."""
    automaton = automaton_of(tree, True)
    if automaton.looks or automaton.anchored or automaton.refers:
        raise OverflowError("no plain pattern")
    follow = [sum(_END_BIT if to == END else 2 << to for to in ways) for ways in automaton.follow]
    return Walk(automaton.letters, follow)


def _named(follow: int) -> list[str]:
    states = [str(at) for at in range(follow.bit_length() - 1) if follow >> (at + 1) & 1]
    return [*states, *(["."] if follow & _END_BIT else [])]
