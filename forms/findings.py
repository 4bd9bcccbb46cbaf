"""What is missing, wrong or odd in a settled record, question by question. Informs a reviewer; refuses nothing."""

from collections.abc import Iterator

from forms.layout import Finding
from forms.plan import Choosing, Rules
from forms.reading import Reading
from forms.xpath.nodes import Node, Rows
from forms.xpath.scope import Scope
from forms.xpath.tokens import tokens
from forms.xpath.values import boolean

_NEW_ITEM = "new:"  # a register item that the officer entered in the field: new:<uuid>:<code>


def findings_of(reading: Reading) -> Iterator[Finding]:
    """In the form's order; oddities of the document's shape first."""
    yield from reading.odd
    for path, node, rules in reading.questions():
        if not rules.asks:
            continue
        if not node.live:
            if node.text:
                yield Finding("irrelevant", path)
        elif node.text:
            yield from _of_answer(reading, path, node, rules)
        elif _is_missing(reading, node, rules):
            yield Finding("required", path)


def _is_missing(reading: Reading, node: Node, rules: Rules) -> bool:
    if rules.required is None or not boolean(reading.evaluate_at(rules.required, node)):
        return False
    return not (rules.template.repeated and reading.layout.is_in_empty_row(node))


def _of_answer(reading: Reading, path: str, node: Node, rules: Rules) -> Iterator[Finding]:
    if rules.well_typed is not None and not rules.well_typed(node.text):
        yield Finding("type", path, node.text[:40])
    if rules.options is not None:
        strange = strange_choices(reading, rules.options, node)
        if strange:
            yield Finding("unknown_choice", path, " ".join(strange)[:200])
    if rules.constraint is not None and not boolean(reading.evaluate_at(rules.constraint, node)):
        yield Finding("constraint", path)


def strange_choices(reading: Reading, choosing: Choosing, node: Node) -> list[str]:
    """The chosen names that the question does not offer."""
    chosen = tokens(node.text) if choosing.many else [node.text]
    known = [name for name in chosen if not (choosing.external and name.startswith(_NEW_ITEM))]
    if choosing.allowed is None and choosing.candidates is not None:
        offered = {item.child("name")[0].text for item in candidates(reading, choosing, node)}
        return [name for name in known if name not in offered]
    rows = reading.rows(choosing.source)
    return [name for name in known if not _offers(reading, choosing, rows, node, name)]


def _offers(reading: Reading, choosing: Choosing, rows: Rows, node: Node, name: str) -> bool:
    found = rows.where("name", name)
    if choosing.allowed is None:
        return bool(found)
    return any(boolean(choosing.allowed(Scope(reading, rows.nodes[at], node))) for at in found)


def candidates(reading: Reading, choosing: Choosing, node: Node) -> list[Node]:
    """The rows that the question offers."""
    if choosing.candidates is None:
        return list(reading.rows(choosing.source).nodes)
    value = reading.evaluate_at(choosing.candidates, node)
    return value if isinstance(value, list) else []
