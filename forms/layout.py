"""An answers document as nodes, by the form's templates. What does not fit becomes a finding and is left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms.graph import Template
from forms.model import Question, Repeat
from forms.plan import Plan, Rules
from forms.xpath.nodes import Node

MOST_ROWS = 1_000  # of one repeat; a document with more was made by no phone
_MOST_ODD = 100  # findings about one document's shape


@dataclass(frozen=True, slots=True)
class Finding:
    """code: required · constraint · type · unknown_choice · unknown_question · irrelevant · calculated."""

    code: str
    path: str
    detail: str = ""


class Layout:
    """The nodes of one record: `nodes[i]` are the instances of template i, in document order."""

    def __init__(self, plan: Plan, answers: Mapping[str, Any]) -> None:
        self.plan = plan
        self.nodes: list[list[Node]] = [[] for _ in plan.rules]
        self.odd: list[Finding] = []
        template = plan.graph.templates[0]
        self.document, self.root = Node(""), Node(template.name, template=0)
        self.root.parent, self.document.children = self.document, {template.name: [self.root]}
        self.nodes[0].append(self.root)
        self._fill(self.root, template, answers)

    def _fill(self, parent: Node, template: Template, answers: Mapping[str, Any]) -> None:
        parent.children = {}
        templates = self.plan.graph.children.get(template.index, ())
        for child in templates:
            parent.children[child.name] = self._instances(parent, child, answers.get(child.name))
        if len(answers) > len(templates) or any(name not in parent.children for name in answers):
            self._note_unknown(parent, [name for name in answers if name not in parent.children])

    def _instances(self, parent: Node, template: Template, given: Any) -> list[Node]:
        if isinstance(template.node, Question):
            return [self._add(parent, template, self._text(parent, template, given))]
        if isinstance(template.node, Repeat):
            rows = given if isinstance(given, list) else []
            if given is not None and (given is not rows or len(rows) > MOST_ROWS):
                self._misfit(parent, template)
            kept = rows[:MOST_ROWS]
            return [self._group(parent, template, row, f"[{place}]") for place, row in enumerate(kept, 1)]
        return [self._group(parent, template, given)]

    def _group(self, parent: Node, template: Template, given: Any, place: str = "") -> Node:
        node = self._add(parent, template, "")
        if given is not None and not isinstance(given, Mapping):
            self._misfit(parent, template, place)
        self._fill(node, template, given if isinstance(given, Mapping) else {})
        return node

    def _add(self, parent: Node, template: Template, text: str) -> Node:
        node = Node(template.name, parent, text, template.index)
        self.nodes[template.index].append(node)
        return node

    def _text(self, parent: Node, template: Template, given: Any) -> str:
        if given is None:
            return ""
        if isinstance(given, str):
            return given
        self._misfit(parent, template)
        return str(given) if isinstance(given, int | float) and not isinstance(given, bool) else ""

    # A path costs a look at every row made so far: none is looked for when there are findings enough.
    def _note_unknown(self, parent: Node, names: list[str]) -> None:
        for name in names[: _MOST_ODD - len(self.odd)]:
            self.odd.append(Finding("unknown_question", f"{self.path_of(parent)}/{str(name)[:80]}"))

    def _misfit(self, parent: Node, template: Template, place: str = "") -> None:
        if len(self.odd) < _MOST_ODD:
            path = f"{self.path_of(parent)}/{template.name}{place}"
            self.odd.append(Finding("type", path, "not the kind of answer that this place takes"))

    def add_row(self, parent: Node, template: Template, given: Mapping[str, Any]) -> Node:
        """A row more, behind the others."""
        row = self._group(parent, template, given)
        assert parent.children is not None
        parent.children[template.name].append(row)
        for below in self.plan.graph.templates:
            if below is template or below.path.startswith(template.path + "/"):
                self.nodes[below.index] = _below(self.root, below.path.split("/")[2:])
        return row

    # ── Walking ──
    def nearest(self, template: Template, node: Node) -> list[Node]:
        """The instances of a template that share as many rows with `node` as there are to share."""
        here: Node | None = node
        while here is not None and here.template >= 0:
            path = self.plan.rules[here.template].template.path
            if template.path == path:
                return [here]
            if template.path.startswith(path + "/"):
                return _below(here, template.path[len(path) + 1 :].split("/"))
            here = here.parent
        return []

    def questions(self) -> Iterator[tuple[str, Node, Rules]]:
        """Every question of the record with its path, in the form's order."""
        yield from self.below(self.root, self.plan.graph.root)

    def below(self, parent: Node, path: str = "") -> Iterator[tuple[str, Node, Rules]]:
        for name, nodes in (parent.children or {}).items():
            for position, node in enumerate(nodes, 1):
                at = f"{path}/{name}[{position}]" if self.is_row(node) else f"{path}/{name}"
                if node.children is None:
                    yield at, node, self.plan.rules[node.template]
                else:
                    yield from self.below(node, at)

    def is_row(self, node: Node) -> bool:
        return isinstance(self.plan.rules[node.template].template.node, Repeat)

    def is_empty_row(self, row: Node) -> bool:
        """A row without any relevant answer: dropped at finish, so nothing is missing in it. Counted rows stay."""
        node = self.plan.rules[row.template].template.node
        if not isinstance(node, Repeat) or node.count is not None:
            return False
        return not any(
            node.text and node.live and rules.asks and rules.calculate is None for _, node, rules in self.below(row)
        )

    def is_in_empty_row(self, node: Node, known: dict[Node, bool]) -> bool:
        """`known`: rows looked at before, of a record that does not change meanwhile."""
        here: Node | None = node
        while here is not None and here.template > 0:
            if here not in known:
                known[here] = self.is_empty_row(here)
            if known[here]:
                return True
            here = here.parent
        return False

    def path_of(self, node: Node) -> str:
        """The path with positions in repeats."""
        steps = []
        while node.parent is not None:
            siblings = (node.parent.children or {}).get(node.name)
            if node.template > 0 and self.is_row(node):
                # While it is laid out, a row is not yet among its parent's children; it is the last one made.
                place = siblings.index(node) + 1 if siblings else self._rows_made(node)
                steps.append(f"{node.name}[{place}]")
            else:
                steps.append(node.name)
            node = node.parent
        return "/" + "/".join(reversed(steps))

    def _rows_made(self, node: Node) -> int:
        return sum(1 for made in self.nodes[node.template] if made.parent is node.parent)


def _below(node: Node, names: list[str]) -> list[Node]:
    nodes = [node]
    for name in names:
        nodes = [child for one in nodes for child in (one.children or {}).get(name, ())]
    return nodes
