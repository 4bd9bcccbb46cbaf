"""One record laid out and settled: calculations done, relevance known. check.py is the door to it."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Protocol

from forms.choosing import label_of
from forms.layout import MOST_ROWS, Finding, Layout
from forms.model import Question, Tree
from forms.plan import Plan, Rules
from forms.xpath import dates
from forms.xpath.names import LAST_SAVED
from forms.xpath.nodes import Node, Rows
from forms.xpath.scope import Evaluate, Scope
from forms.xpath.values import Value, boolean, number, number_text, string

_NO_ROWS = Rows(())
_OUTPUT = re.compile(r"\$\{([^}]*)\}")
_NUMBERED = re.compile(r"#(\d{1,9})", re.ASCII)


class ReadingContext(Protocol):
    """What check.Context offers."""

    @property
    def now(self) -> datetime: ...
    @property
    def zone(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def last_saved(self) -> Mapping[str, Any] | None: ...
    def registers(self, name: str, /) -> Sequence[Mapping[str, str]]: ...


class Reading:
    """The World (forms.xpath.scope) of one record."""

    def __init__(
        self,
        plan: Plan,
        answers: Mapping[str, Any],
        context: ReadingContext,
        calculated: Mapping[str, Any] | None = None,
    ) -> None:
        self.plan, self._context = plan, context
        self.zone, self.language, self.form_version = context.zone, context.language, plan.form.version
        self.now_text = dates.date_time_text(context.now.astimezone(dates.zone_of(context.zone)))
        self.today_text = self.now_text[:10]
        self.layout = Layout(plan, answers)
        self.document, self.nodes = self.layout.document, self.layout.nodes
        self.odd: list[Finding] = [*self.layout.odd]
        self._rows: dict[str, Rows] = {}
        self._said = {path: text for path, text in (calculated or {}).items() if isinstance(text, str)}
        self._settle()

    # ── Settling ──
    def _settle(self) -> None:
        for is_calculation, rules in self.plan.steps:
            for node in self.nodes[rules.template.index]:
                if is_calculation:
                    self._calculate(rules, node)
                else:
                    self._weigh(rules, node)
            if rules.count is not None and not is_calculation:
                self._count(rules, rules.count)

    def _weigh(self, rules: Rules, node: Node) -> None:
        parent = node.parent
        node.live = (parent is None or parent.live) and (
            rules.relevant is None or boolean(rules.relevant(Scope(self, node, node)))
        )

    def _count(self, rules: Rules, count: Evaluate) -> None:
        """M-18: rows beyond the count are kept, irrelevant, and come back with it. It is read as if from a row."""
        for _, own in groupby(self.nodes[rules.template.index], key=lambda row: id(row.parent)):
            first, *others = own
            for row in [first, *others][self.wanted(count, first) :]:
                row.live = False

    def wanted(self, count: Evaluate, row: Node) -> int:
        """How many rows a count asks for, read at a row."""
        return most_rows(count(Scope(self, row, row)), self.zone)

    def _calculate(self, rules: Rules, node: Node) -> None:
        if not node.live or rules.calculate is None:
            return
        said = self._said.get(self.layout.path_of(node)) if self._said else None
        if rules.keeps and not node.text:
            node.text = said or ""
        if rules.varies:
            node.text = node.text or said or ""
            return
        node.text = lexical(rules.calculate(Scope(self, node, node)), rules.template.node, self.zone)
        if said is not None and said != node.text:
            detail = f"phone {said[:80]!r}, server {node.text[:80]!r}"
            self.odd.append(Finding("calculated", self.layout.path_of(node), detail))

    # ── World ──
    def rows(self, instance: str) -> Rows:
        found = self._rows.get(instance)
        if found is None:
            found = self._rows[instance] = self._rows_of(instance)
        return found

    def _rows_of(self, instance: str) -> Rows:
        if instance == LAST_SAVED:
            return self._last_saved()
        if instance in self.plan.form.choices:
            return self.plan.choices(instance, self.language)
        if instance not in self.plan.form.registers:
            return _NO_ROWS
        rows = self._context.registers(instance)
        return rows if isinstance(rows, Rows) else Rows(rows)

    def _last_saved(self) -> Rows:
        """`instance('__last-saved')/form/question`: only a phone knows its last record; here it is empty."""
        rows = Rows(())
        rows.root.children = Layout(self.plan, self._context.last_saved or {}).document.children
        return rows

    def named(self, name: str) -> list[Node]:
        return [node for template in self.plan.graph.by_name.get(name, ()) for node in self.nodes[template.index]]

    def choice_label(self, path: str, value: str) -> str:
        template = self.plan.graph.by_path.get(path)
        choosing = self.plan.rules[template.index].options if template else None
        if template is None or choosing is None:
            return ""
        return label_of(self, choosing, next(iter(self.nodes[template.index]), self.layout.root), value)

    def filled(self, text: str, node: Node) -> str:
        """A text with its outputs, `${/path}` the answer nearest to `node`, `${#2}` what an expression says there."""
        return _OUTPUT.sub(lambda match: self._output(match.group(1), node), text) if "${" in text else text

    def _output(self, shown: str, node: Node) -> str:
        outputs = self.plan.form.outputs
        numbered = _NUMBERED.fullmatch(shown)
        if numbered and int(numbered[1]) < len(outputs):  # a label of a register may hold any text
            return string(self.evaluate_at(self.plan.asked(outputs[int(numbered[1])], False), node))
        template = self.plan.graph.by_path.get(shown)
        found = self.layout.nearest(template, node) if template is not None else []
        return found[0].text if found and found[0].live else ""

    def instance_name(self) -> str:
        """What the form calls this record; "" if it has no name for it."""
        tree = self.plan.form.instance_name
        return lexical(self.evaluate(tree), None, self.zone) if tree is not None else ""

    # ── Answers to callers ──
    def holds(self, tree: Tree) -> bool:
        return boolean(self.evaluate(tree))

    def evaluate(self, tree: Tree) -> Value:
        """The value of an expression read at the root of the record."""
        return self.evaluate_at(self.plan.asked(tree), self.layout.root)

    def evaluate_at(self, closure: Evaluate, node: Node) -> Value:
        return closure(Scope(self, node, node))

    def questions(self) -> Iterator[tuple[str, Node, Rules]]:
        """Every question of the record with its path, in the form's order."""
        return self.layout.questions()

    def values(self) -> dict[str, str]:
        """Path → text of every relevant, answered question, in the form's order."""
        return {path: node.text for path, node, _ in self.questions() if node.live and node.text}

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
        children = (node or self.layout.root).children or {}
        written = {name: self._written(nodes, everything) for name, nodes in children.items()}
        return {name: value for name, value in written.items() if value is not None}

    def _written(self, nodes: list[Node], everything: bool) -> Any:
        if not nodes or self.layout.is_row(nodes[0]):
            kept = [row for row in nodes if everything or (row.live and not self.layout.is_empty_row(row))]
            rows = [self.answers(everything, row) for row in kept]
            return rows if everything or rows else None
        node = nodes[0]
        if not everything and not node.live:
            return None
        if node.children is not None:
            return self.answers(everything, node) or None
        rules = self.plan.rules[node.template]
        return (node.text or None) if rules.calculate is None or rules.keeps else None


def most_rows(value: Value, zone: str) -> int:
    """A count as a number of rows; what is no number is none."""
    wanted = number(value, zone)
    return int(min(max(wanted, 0), MOST_ROWS)) if math.isfinite(wanted) else 0


def lexical(value: Value, node: object, zone: str) -> str:
    """A value as an answer: NaN is no answer; a number in a date question is a count of days."""
    if isinstance(value, float):
        if value != value:
            return ""
        if isinstance(node, Question) and node.type in ("date", "dateTime"):
            return dates.date_of_days(value) if node.type == "date" else dates.date_time_of_days(value, zone)
        return number_text(value)
    return string(value)
