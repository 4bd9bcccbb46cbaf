"""What an expression calls: functions that exist, with as many arguments as they take."""

from collections.abc import Iterator

from forms.headings import nearest
from forms.model import Tree
from forms.xpath import is_call
from forms.xpath.calls import faults_of_call, is_chance
from forms.xpath.functions import FUNCTIONS

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
    literals = [tree[1] if tree[0] == "s" else None for tree in arguments]
    for code, details in faults_of_call(name, literals):
        yield code, details | ({"meant": _call(nearest(name, FUNCTIONS))} if code == "unknown_function" else {})
    if is_chance(name, len(arguments)) and not may_vary:
        yield "chance", {"name": name}


def _call(name: str) -> str:
    return f"{name}()" if name else "–"


def clock_calls(tree: object) -> bool:
    """today() or now() outside once()."""
    if not isinstance(tree, list) or tree[:2] == ["f", "once"]:
        return False
    return tree[:2] in (["f", "today"], ["f", "now"]) or any(clock_calls(part) for part in tree)
