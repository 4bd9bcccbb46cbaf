"""One record laid out as nodes and settled: calculations done, relevance known. check.py is the door to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from forms.graph import Template
from forms.model import Question, Repeat, Tree
from forms.plan import Choosing, Plan, Rules
from forms.xpath import dates
from forms.xpath.nodes import Node, Rows
from forms.xpath.scope import Evaluate, Scope
from forms.xpath.tokens import tokens
from forms.xpath.values import Value, boolean, number_text, string

_NEW_ITEM = "new:"  # a register item that the officer entered in the field: new:<uuid>:<code>
_NO_ROWS = Rows(())


@dataclass(frozen=True, slots=True)
class Finding:
    """code: required · constraint · type · unknown_choice · unknown_question · irrelevant · calculated."""

    code: str
    path: str
    detail: str = ""


class ReadingContext(Protocol):
    """What check.Context offers."""

    @property
    def now(self) -> datetime: ...
    @property
    def zone(self) -> str: ...
    @property
    def language(self) -> str: ...
    def registers(self, name: str, /) -> Sequence[Mapping[str, str]]: ...


class Reading:
    """The World (forms.xpath.scope) of one record."""

    def __init__(
        self,
        plan: Plan,
        answers: Mapping[str, Any],
        context: ReadingContext,
        calculated: Mapping[str, str] | None = None,
    ) -> None:
        self.plan = plan
        self.zone = context.zone
        self.language = context.language
        local = context.now.astimezone(dates.zone_of(context.zone))
        self.now_text = dates.date_time_text(local)
        self.today_text = self.now_text[:10]
        self.nodes: list[list[Node]] = [[] for _ in plan.rules]
        self.odd: list[Finding] = []
        self._context = context
        self._rows: dict[str, Rows] = {}
        self._calculated = calculated or {}
        self.document = self._laid_out(answers)
        self._settle()

    # ── Laying out ──
    def _laid_out(self, answers: Mapping[str, Any]) -> Node:
        root_template = self.plan.graph.templates[0]
        document, root = Node(""), Node(root_template.path[1:], template=0)
        root.parent, document.children = document, {root.name: [root]}
        self.nodes[0].append(root)
        self._fill(root, root_template, answers)
        return document

    def _fill(self, parent: Node, template: Template, answers: Mapping[str, Any]) -> None:
        parent.children = {}
        templates = self.plan.graph.children.get(template.index, ())
        for child in templates:
            parent.children[child.name] = self._instances(parent, child, answers.get(child.name))
        if len(answers) > len(templates) or any(name not in parent.children for name in answers):
            at = self.path_of(parent)
            self.odd += [Finding("unknown_question", f"{at}/{name}") for name in answers if name not in parent.children]

    def _instances(self, parent: Node, template: Template, given: Any) -> list[Node]:
        if isinstance(template.node, Question):
            return [self._add(parent, template, self._text(parent, template, given))]
        if isinstance(template.node, Repeat):
            rows = given if isinstance(given, list) else []
            if given is not None and given != rows:
                self._misfit(parent, template)
            return [self._group(parent, template, row, f"[{place}]") for place, row in enumerate(rows, 1)]
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

    def _misfit(self, parent: Node, template: Template, place: str = "") -> None:
        path = f"{self.path_of(parent)}/{template.name}{place}"
        self.odd.append(Finding("type", path, "not the kind of answer that this place takes"))

    # ── Settling ──
    def _settle(self) -> None:
        for is_calculation, rules in self.plan.steps:
            for node in self.nodes[rules.template.index]:
                if is_calculation:
                    self._calculate(rules, node)
                else:
                    self._weigh(rules, node)

    def _weigh(self, rules: Rules, node: Node) -> None:
        parent = node.parent
        node.live = (parent is None or parent.live) and (
            rules.relevant is None or boolean(rules.relevant(Scope(self, node, node)))
        )

    def _calculate(self, rules: Rules, node: Node) -> None:
        if not node.live or rules.calculate is None:
            return
        said = self._calculated.get(self.path_of(node)) if self._calculated else None
        if rules.keeps and not node.text:
            node.text = said or ""
        if rules.varies:
            node.text = node.text or said or ""
            return
        node.text = lexical(rules.calculate(Scope(self, node, node)), rules.template.node, self.zone)
        if said is not None and said != node.text:
            self.odd.append(Finding("calculated", self.path_of(node), f"phone {said!r}, server {node.text!r}"))

    # ── World ──
    def rows(self, instance: str) -> Rows:
        found = self._rows.get(instance)
        if found is None:
            found = self._rows[instance] = self._rows_of(instance)
        return found

    def _rows_of(self, instance: str) -> Rows:
        if instance in self.plan.form.choices:
            return self.plan.choices(instance, self.language)
        if instance not in self.plan.form.registers:
            return _NO_ROWS
        rows = self._context.registers(instance)
        return rows if isinstance(rows, Rows) else Rows(rows)

    def named(self, name: str) -> list[Node]:
        return [node for nodes in self.nodes for node in nodes if node.name == name]

    def choice_label(self, path: str, value: str) -> str:
        template = self.plan.graph.by_path.get(path)
        options = self.plan.rules[template.index].options if template else None
        rows = self.rows(options.source) if options else _NO_ROWS
        found = rows.where("name", value)
        return rows[found[0]].get("label", "") if found else ""

    # ── Answers to callers ──
    def holds(self, tree: Tree) -> bool:
        return boolean(self.evaluate(tree))

    def evaluate(self, tree: Tree) -> Value:
        root = self.nodes[0][0]
        return self.plan.asked(tree)(Scope(self, root, root))

    def evaluate_at(self, closure: Evaluate, node: Node) -> Value:
        return closure(Scope(self, node, node))

    def values(self) -> dict[str, str]:
        """Path → text of every relevant, answered question, in the form's order."""
        return {path: node.text for path, node, _ in self.questions() if node.live and node.text}

    def questions(self) -> Iterator[tuple[str, Node, Rules]]:
        """Every question of the record with its path, in the form's order."""
        yield from self._walk(self.nodes[0][0], self.plan.graph.root)

    def _walk(self, parent: Node, path: str) -> Iterator[tuple[str, Node, Rules]]:
        for name, nodes in (parent.children or {}).items():
            for position, node in enumerate(nodes, 1):
                rules = self.plan.rules[node.template]
                at = f"{path}/{name}[{position}]" if isinstance(rules.template.node, Repeat) else f"{path}/{name}"
                if node.children is None:
                    yield at, node, rules
                else:
                    yield from self._walk(node, at)

    def path_of(self, node: Node) -> str:
        """The path with positions in repeats."""
        steps = []
        while node.parent is not None:
            siblings = (node.parent.children or {}).get(node.name, [])
            repeated = node.template >= 0 and isinstance(self.plan.rules[node.template].template.node, Repeat)
            place = siblings.index(node) + 1 if node in siblings else len(siblings) + 1
            steps.append(f"{node.name}[{place}]" if repeated else node.name)
            node = node.parent
        return "/" + "/".join(reversed(steps))

    def preset(self, below: Node | None = None) -> None:
        """Dynamic defaults of a record, or of a row, just opening: in the form's order, each seen by the next."""
        for _, node, rules in list(self._walk(below or self.nodes[0][0], "")):
            if rules.default is not None and not node.text:
                node.text = lexical(self.evaluate_at(rules.default, node), rules.template.node, self.zone)
                self._settle()

    def calculated(self) -> dict[str, str]:
        """What can be calculated again: path → text of the relevant ones, paths as in `answers()`."""
        reading = Reading(self.plan, self.answers(), self._context)
        return {
            path: node.text
            for path, node, rules in reading.questions()
            if rules.calculate is not None and not rules.keeps and node.live and node.text
        }

    def answers(self, everything: bool = False, node: Node | None = None) -> dict[str, Any]:
        """The answers document: as a draft keeps it, or without irrelevant answers and empty rows, as it is sent."""
        children = (node or self.nodes[0][0]).children or {}
        written = {name: self._written(nodes, everything) for name, nodes in children.items()}
        return {name: value for name, value in written.items() if value is not None}

    def _written(self, nodes: list[Node], everything: bool) -> Any:
        if not nodes or self.is_row(nodes[0]):
            kept = [row for row in nodes if everything or (row.live and not self.is_empty_row(row))]
            rows = [self.answers(everything, row) for row in kept]
            return rows if everything or rows else None
        node = nodes[0]
        if not everything and not node.live:
            return None
        if node.children is not None:
            return self.answers(everything, node) or None
        rules = self.plan.rules[node.template]
        return (node.text or None) if rules.calculate is None or rules.keeps else None

    def is_row(self, node: Node) -> bool:
        return isinstance(self.plan.rules[node.template].template.node, Repeat)

    def is_empty_row(self, row: Node) -> bool:
        """A row of a repeat in which nothing was answered: dropped at finish, so nothing is missing in it."""
        return self.is_row(row) and not any(node.text and rules.asks for _, node, rules in self._walk(row, ""))

    def findings(self) -> Iterator[Finding]:
        """Everything odd about the record; nothing of it refuses the record."""
        yield from self.odd
        for path, node, rules in self.questions():
            if not rules.asks:
                continue
            if not node.live:
                if node.text:
                    yield Finding("irrelevant", path)
            elif node.text:
                yield from self._answer_findings(path, node, rules)
            elif rules.required is not None and self._is_missing(node, rules.required):
                yield Finding("required", path)

    def _is_missing(self, node: Node, required: Evaluate) -> bool:
        return boolean(self.evaluate_at(required, node)) and not self._in_empty_row(node)

    def _in_empty_row(self, node: Node | None) -> bool:
        while node is not None and node.template > 0:
            if self.is_empty_row(node):
                return True
            node = node.parent
        return False

    def _answer_findings(self, path: str, node: Node, rules: Rules) -> Iterator[Finding]:
        if rules.well_typed is not None and not rules.well_typed(node.text):
            yield Finding("type", path, node.text[:40])
        if rules.options is not None:
            strange = self.strange_choices(rules.options, node)
            if strange:
                yield Finding("unknown_choice", path, " ".join(strange)[:200])
        if rules.constraint is not None and not boolean(self.evaluate_at(rules.constraint, node)):
            yield Finding("constraint", path)

    def strange_choices(self, choosing: Choosing, node: Node) -> list[str]:
        """The chosen names that the question does not offer."""
        chosen = tokens(node.text) if choosing.many else [node.text]
        rows = self.rows(choosing.source)
        if choosing.allowed is None and choosing.candidates is not None:
            offered = {item.child("name")[0].text for item in self.candidates(choosing, node)}
            return [name for name in chosen if name not in offered and not _is_new(choosing, name)]
        return [name for name in chosen if not _is_new(choosing, name) and not self._offers(choosing, rows, node, name)]

    def _offers(self, choosing: Choosing, rows: Rows, node: Node, name: str) -> bool:
        found = rows.where("name", name)
        if choosing.allowed is None:
            return bool(found)
        return any(boolean(choosing.allowed(Scope(self, rows.nodes[at], node))) for at in found)

    def candidates(self, choosing: Choosing, node: Node) -> list[Node]:
        """The rows that the question offers."""
        if choosing.candidates is None:
            return list(self.rows(choosing.source).nodes)
        value = self.evaluate_at(choosing.candidates, node)
        return value if isinstance(value, list) else []


def _is_new(choosing: Choosing, name: str) -> bool:
    return choosing.external and name.startswith(_NEW_ITEM)


def lexical(value: Value, node: object, zone: str) -> str:
    """A value as an answer: NaN is no answer; a number in a date question is a count of days."""
    if isinstance(value, float):
        if value != value:
            return ""
        if isinstance(node, Question) and node.type in ("date", "dateTime"):
            return dates.date_of_days(value) if node.type == "date" else dates.date_time_of_days(value, zone)
        return number_text(value)
    return string(value)
