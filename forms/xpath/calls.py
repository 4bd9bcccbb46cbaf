"""Faults of what an expression calls: names, numbers of arguments, patterns, digests. For uploads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forms.xpath.functions import FUNCTIONS, LATER, VOLATILE
from forms.xpath.hash_functions import ALGORITHMS, ENCODINGS
from forms.xpath.parse import parse_with_calls
from forms.xpath.patterns import EndlessPattern, pattern_fault

Found = tuple[str, dict[str, object]]  # code and details, as forms/words_of_expressions.py puts them into words


@dataclass(frozen=True, slots=True)
class CallFault:
    code: str
    details: dict[str, object]
    column: int  # of the call inside its expression, from 1


def is_chance(name: str, arguments: int) -> bool:
    """True if its value would differ at each look: random(), uuid(), and randomize() without a seed."""
    return name in VOLATILE or (name == "randomize" and arguments == 1)


def faults_in(expression: str) -> list[CallFault]:
    """Every fault of its calls; raises XPathError where the text is no expression."""
    _, calls = parse_with_calls(expression)
    found = [CallFault(*fault, call.column) for call in calls for fault in faults_of_call(call.name, call.arguments)]
    return sorted(found, key=lambda fault: fault.column)


def faults_of_call(name: str, arguments: Sequence[str | None]) -> Iterator[Found]:
    """`arguments`: literal texts as they stand, None for what is not known before there is a record."""
    function = FUNCTIONS.get(name)
    if name in LATER:
        yield "later", {"thing": f"{name}()", "needs": LATER[name]}
    elif function is None:
        yield "unknown_function", {"name": name}
    elif not function.accepts(len(arguments)):
        yield "argument_count", {"name": name, "takes": function.takes, "given": len(arguments)}
    elif name == "regex" and arguments[1] is not None:
        yield from _pattern_faults(arguments[1])
    elif name == "digest":
        yield from _digest_faults(arguments[1:])


def _pattern_faults(pattern: str) -> Iterator[Found]:
    fault = pattern_fault(pattern)
    if isinstance(fault, EndlessPattern):
        yield "endless_pattern", {"pattern": pattern[:60]}
    elif fault is not None:
        yield "bad_pattern", {"pattern": pattern[:60], "reason": fault}


def _digest_faults(arguments: Sequence[str | None]) -> Iterator[Found]:
    for given, known in zip(arguments, (ALGORITHMS, ENCODINGS), strict=False):
        if given is not None and given not in known:
            yield "unknown_digest", {"given": given[:60], "known": ", ".join(known)}
