"""Rules that wait for each other: a calculation or relevance that comes, over others, back to itself."""

import re
from graphlib import CycleError, TopologicalSorter

from forms.sheet_checks.source import Source

_REF = re.compile(r"\$\{([^${}#]*)\}")

Step = tuple[str, int]  # "live" (relevance) or "calc" (the answer), of an item


def check(source: Source) -> None:
    """Tells each circle once, at the first of its rows; then without that row's rules, until none is left."""
    rules = _rules(source)
    for _ in range(20):
        circle = _circle(rules)
        if not circle:
            return
        at = min(at for _, at in circle)
        _tell(source, at, circle)
        rules[("live", at)], rules[("calc", at)] = set(), set()


def _tell(source: Source, at: int, circle: list[Step]) -> None:
    """A group that waits for what is in it is a circle, as in ODK Collect: what is in it is hidden with it."""
    first = source.items[at]
    inside = next((source.items[one] for kind, one in circle if kind == "calc" and _is_inside(source, one, at)), None)
    if inside is not None and not first.row.get("calculation"):
        source.fault("inner_circle", "survey", first.row.number, "relevant", group=first.name, name=inside.name)
        return
    names = [source.items[one].name for _, one in circle]
    column = "calculation" if first.row.get("calculation") else "relevant"
    source.fault("circle", "survey", first.row.number, column, names=" → ".join(dict.fromkeys([*names, names[0]])))


def _is_inside(source: Source, at: int, group: int) -> bool:
    while at >= 0 and at != group:
        at = source.items[at].parent
    return at == group and source.items[group].kind.startswith("begin")


def _rules(source: Source) -> dict[Step, set[Step]]:
    """Step → the steps that come before it."""
    rules: dict[Step, set[Step]] = {}
    for at, item in enumerate(source.items):
        rules[("live", at)] = {("live", item.parent)} if item.parent >= 0 else set()
        rules[("calc", at)] = {("live", at)}
        for column, step in (("relevant", "live"), ("calculation", "calc")):
            if column == "calculation" and item.row.get("trigger"):
                continue  # it happens at a moment, it does not hold at all times
            before = {one for name in _REF.findall(item.row.get(column)) for one in _named(source, name)}
            rules[(step, at)] |= before - {(step, at)}
    return rules


def _named(source: Source, name: str) -> list[Step]:
    groups = ("begin group", "begin repeat")
    return [("live" if source.items[at].kind in groups else "calc", at) for at in source.named.get(name.strip(), ())]


def _circle(rules: dict[Step, set[Step]]) -> list[Step]:
    try:
        TopologicalSorter(rules).prepare()
    except CycleError as error:
        return list(error.args[1][:-1])
    return []
