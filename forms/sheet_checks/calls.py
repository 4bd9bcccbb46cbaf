"""What an expression calls: functions that exist, with as many arguments as they take."""

import re
from collections.abc import Iterator

from forms.headings import nearest
from forms.model import Tree
from forms.xpath import is_call
from forms.xpath.functions import FUNCTIONS, VOLATILE

Found = tuple[str, dict[str, object]]


def call_faults(tree: object, may_vary: bool = False) -> Iterator[Found]:
    """(code, details) for unknown functions, wrong numbers of arguments, patterns that do not compile, chance where it
    may not be (`may_vary`: in a default or inside once())."""
    if not isinstance(tree, list):
        return
    if is_call(tree):
        yield from _faults_of(tree[1], tree[2:], may_vary)
    once = tree[:2] == ["f", "once"]
    for part in tree:
        yield from call_faults(part, may_vary or once)


def _faults_of(name: str, arguments: list[Tree], may_vary: bool) -> Iterator[Found]:
    function = FUNCTIONS.get(name)
    if function is None:
        yield "unknown_function", {"name": name, "meant": _call(nearest(name, FUNCTIONS))}
        return
    if not function.least <= len(arguments) <= function.most:
        yield "argument_count", {"name": name, "takes": _takes(function.least, function.most), "given": len(arguments)}
    if name in VOLATILE and not may_vary:
        yield "chance", {"name": name}
    if name == "regex" and len(arguments) == 2 and arguments[1][0] == "s":
        yield from _pattern(arguments[1][1])


def _call(name: str) -> str:
    return f"{name}()" if name else "–"


def _takes(least: int, most: int) -> str:
    if least == most:
        return str(least)
    return f"{least}+" if most >= 99 else f"{least}–{most}"


def _pattern(text: str) -> Iterator[Found]:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        yield "bad_pattern", {"pattern": text[:60], "reason": error}


def clock_calls(tree: object) -> bool:
    """today() or now() outside once()."""
    if not isinstance(tree, list) or tree[:2] == ["f", "once"]:
        return False
    return tree[:2] in (["f", "today"], ["f", "now"]) or any(clock_calls(part) for part in tree)
