"""What a select offers: rows of a list or a register, or answers of the record itself; by name where it can be.

Twin of static/src/form/engine_choices.ts. Without a seed a shuffled list stands in its own order here.
"""

from dataclasses import dataclass
from typing import Protocol

from forms.model import Options, Question
from forms.xpath.evaluate import Places, compiled
from forms.xpath.nodes import Node, Rows
from forms.xpath.rows_where import is_item_by_item
from forms.xpath.scope import Evaluate, Scope, World
from forms.xpath.tokens import tokens
from forms.xpath.values import Value, boolean, text_of

_NEW_ITEM = "new:"  # a register item that the officer entered in the field: new:<uuid>:<code>


class Record(World, Protocol):
    """What is asked of forms.reading.Reading."""

    def evaluate_at(self, closure: Evaluate, node: Node) -> Value: ...
    def filled(self, text: str, node: Node) -> str: ...


@dataclass(frozen=True, slots=True)
class Choosing:
    """`allowed` looks at one candidate, `candidates` at all: where positions matter, and in the record."""

    source: str
    many: bool
    whole: bool  # every choice is to be there
    external: bool
    inside: bool  # choices are answers of the record
    value: str
    label: str
    allowed: Evaluate | None
    candidates: Evaluate | None


def choosing_of(question: Question, places: Places) -> Choosing | None:
    """How a question's choices are found; None if it has none."""
    options = question.options
    if options is None:
        return None
    many, whole = question.type in ("select_multiple", "rank"), question.type == "rank"
    source, external = options.register or options.choices or "", options.register is not None
    allowed, candidates = _narrowed(options, source, places)
    inside = options.nodes is not None
    return Choosing(source, many, whole, external, inside, options.value, options.label, allowed, candidates)


def _narrowed(options: Options, source: str, places: Places) -> tuple[Evaluate | None, Evaluate | None]:
    item = ["item"] if options.filter is None else ["item", options.filter]
    whole = options.nodes or ["p", ["f", "instance", ["s", source]], ["root"], item]
    if options.shuffled and options.seed is not None:
        whole = ["f", "randomize", whole, options.seed]
    elif options.nodes is None and options.filter is None:
        return None, None
    alone = options.filter if options.filter and options.nodes is None and is_item_by_item(options.filter) else None
    return compiled(alone, Places(places.single)) if alone else None, compiled(whole, places)


def offered(reading: Record, choosing: Choosing, node: Node) -> dict[str, str]:
    """Name → label of what the question offers, in order; a name that stands twice counts once."""
    found: dict[str, str] = {}
    for one in _candidates(reading, choosing, node):
        name = _below(one, choosing.value)
        if name or not choosing.inside:
            found.setdefault(name, _below(one, choosing.label))
    return found


def _candidates(reading: Record, choosing: Choosing, node: Node) -> list[Node]:
    if choosing.candidates is None:
        return list(reading.rows(choosing.source).nodes)
    value = reading.evaluate_at(choosing.candidates, node)
    return value if isinstance(value, list) else []


def _below(node: Node, path: str) -> str:
    """The text of an element below a candidate, or of itself."""
    nodes = [node]
    for name in () if path == "." else path.split("/"):
        nodes = [child for one in nodes for child in one.child(name)]
    return text_of(nodes[0]) if nodes else ""


def strange_choices(reading: Record, choosing: Choosing, node: Node) -> list[str]:
    """The chosen names that the question does not offer."""
    chosen = tokens(node.text) if choosing.many else [node.text]
    known = [name for name in chosen if not (choosing.external and name.startswith(_NEW_ITEM))]
    if choosing.allowed is None and choosing.candidates is not None:
        there = offered(reading, choosing, node)
        return [name for name in known if name not in there]
    rows = reading.rows(choosing.source)
    return [name for name in known if not _offers(reading, choosing, rows, node, name)]


def _offers(reading: Record, choosing: Choosing, rows: Rows, node: Node, name: str) -> bool:
    found = rows.where(choosing.value, name)
    if choosing.allowed is None:
        return bool(found)
    return any(boolean(choosing.allowed(Scope(reading, rows.nodes[at], node))) for at in found)


def is_whole(reading: Record, choosing: Choosing, node: Node) -> bool:
    """A ranking names every choice."""
    return not choosing.whole or len(tokens(node.text)) == len(offered(reading, choosing, node))


def label_of(reading: Record, choosing: Choosing, node: Node, name: str) -> str:
    """The label of one choice, whether it is on offer now or not."""
    if choosing.inside:
        return offered(reading, choosing, node).get(name, "")
    rows = reading.rows(choosing.source)
    found = rows.where(choosing.value, name)
    return reading.filled(rows[found[0]].get(choosing.label, ""), node) if found else ""
