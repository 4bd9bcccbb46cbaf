"""Faults of what an expression calls: names, numbers of arguments, patterns; each with its column. For uploads."""

import re
from collections.abc import Iterator

from forms.xpath.functions import FUNCTIONS, LATER, VOLATILE
from forms.xpath.hash_functions import ALGORITHMS, ENCODINGS
from forms.xpath.parse import Call, XPathError, is_call, parse_with_calls


def has_chance(tree: object) -> bool:
    """True if the value would differ at each look: random(), uuid(), and randomize() without a seed."""
    if not isinstance(tree, list):
        return False
    shuffles = is_call(tree) and tree[1] == "randomize" and len(tree) == 3
    return shuffles or (is_call(tree) and tree[1] in VOLATILE) or any(map(has_chance, tree))


def faults_in(expression: str) -> list[XPathError]:
    """Every fault that can be told without the form: the first one of the grammar, else all of the calls."""
    try:
        _, calls = parse_with_calls(expression)
    except XPathError as error:
        return [error]
    found = [XPathError(message, call.column) for call in calls for message in _faults_of(call)]
    return sorted(found, key=lambda error: error.column)


def _faults_of(call: Call) -> Iterator[str]:
    function = FUNCTIONS.get(call.name)
    if function is None:
        later = "is not supported yet" if call.name in LATER else "is no function"
        yield f"{call.name}() {later}"
    elif not function.accepts(len(call.arguments)):
        yield f"{call.name}() takes {function.takes}, here {len(call.arguments)}"
    elif call.name == "regex" and call.arguments[1] is not None:
        yield from _pattern_faults(call.arguments[1])
    elif call.name == "digest":
        yield from _digest_faults(call.arguments)


def _pattern_faults(pattern: str) -> Iterator[str]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield f"the pattern {pattern} is not understood: {error}"


def _digest_faults(arguments: tuple[str | None, ...]) -> Iterator[str]:
    for given, known in zip(arguments[1:], (ALGORITHMS, ENCODINGS), strict=False):
        if given is not None and given not in known:
            yield f"digest() knows {', '.join(known)}, not {given!r}"
