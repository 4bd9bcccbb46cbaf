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
        names = [source.items[at].name for _, at in circle]
        column = "calculation" if source.items[at].row.get("calculation") else "relevant"
        source.fault(
            "circle", "survey", source.items[at].row.number, column, names=" → ".join(dict.fromkeys([*names, names[0]]))
        )
        rules[("live", at)], rules[("calc", at)] = set(), set()


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
