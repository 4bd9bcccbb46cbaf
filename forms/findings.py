"""What is missing, wrong or odd in a settled record, question by question. Informs a reviewer; refuses nothing."""

from collections.abc import Iterator

from forms.choosing import is_whole, strange_choices
from forms.layout import Finding
from forms.plan import Rules
from forms.reading import Reading
from forms.xpath.nodes import Node
from forms.xpath.values import boolean


def findings_of(reading: Reading) -> Iterator[Finding]:
    """In the form's order; oddities of the document's shape first."""
    yield from reading.odd
    empty: dict[Node, bool] = {}
    for path, node, rules in reading.questions():
        if not rules.asks:
            continue
        if not node.live:
            if node.text:
                yield Finding("irrelevant", path)
        elif node.text:
            if rules.calculate is None or not _is_dropped(reading, node, rules, empty):
                yield from _of_answer(reading, path, node, rules)
        elif _is_missing(reading, node, rules, empty):
            yield Finding("required", path)


def _is_missing(reading: Reading, node: Node, rules: Rules, empty: dict[Node, bool]) -> bool:
    if rules.required is None or not boolean(reading.evaluate_at(rules.required, node)):
        return False
    return not _is_dropped(reading, node, rules, empty)


def _is_dropped(reading: Reading, node: Node, rules: Rules, empty: dict[Node, bool]) -> bool:
    """M-12: in an empty row nothing is missing or wrong. An answer keeps its row; a calculation does not."""
    return rules.template.repeated and reading.layout.is_in_empty_row(node, empty)


def _has_its_shape(reading: Reading, node: Node, rules: Rules) -> bool:
    if rules.well_typed is not None and not rules.well_typed(node.text):
        return False
    return rules.options is None or is_whole(reading, rules.options, node)


def _of_answer(reading: Reading, path: str, node: Node, rules: Rules) -> Iterator[Finding]:
    strange = strange_choices(reading, rules.options, node) if rules.options is not None else ()
    if not _has_its_shape(reading, node, rules):
        yield Finding("type", path, node.text[:40])
    if strange:
        yield Finding("unknown_choice", path, " ".join(strange)[:200])
    if rules.constraint is not None and not boolean(reading.evaluate_at(rules.constraint, node)):
        yield Finding("constraint", path)
