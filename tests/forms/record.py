"""A record being filled in, as a phone does it: opening, answers, rows, actions, the end. Twin of engine.ts.

Plain and slow: everything is settled again after each write. What a server has to do with a record is check.py's.
"""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from forms.check import Context, read
from forms.graph import Template
from forms.model import Action, Form, Question, Repeat, Tree
from forms.opening import defaults
from forms.plan import Rules, plan_of
from forms.reading import Reading, lexical
from forms.trees import all_nodes
from forms.xpath.dates import date_time_text, zone_of
from forms.xpath.nodes import Node
from forms.xpath.scope import Evaluate
from forms.xpath.values import boolean

_Rows = list[Any]


class _Growing(Reading):
    """A reading in which counted repeats get the rows that they miss, before what looks at them is calculated.

    `bare`: rows that came and have not got their defaults yet; nothing in them is calculated. `early`: nothing at all.
    """

    def __init__(self, form: Form, answers: Mapping[str, Any], context: Context, early: bool = False) -> None:
        self.bare: list[Node] = []
        self.early = early
        super().__init__(plan_of(form), answers, context)

    def ask(self, context: Context) -> None:
        """Time goes on."""
        self._context = context
        self.now_text = date_time_text(context.now.astimezone(zone_of(context.zone)))
        self.today_text = self.now_text[:10]

    def grow(self, parent: Node, template: Template) -> None:
        """A row more."""
        row = self.layout.add_row(parent, template, defaults(template.node.children))  # type: ignore[union-attr]
        for node in self.below(row):
            node.live = parent.live
        self.bare.append(row)

    def below(self, row: Node) -> Iterator[Node]:
        yield row
        for nodes in (row.children or {}).values():
            for node in nodes:
                yield from self.below(node)

    def write(self, node: Node, text: str) -> None:
        """Another answer; everything is settled again."""
        node.text = text
        self._settle()

    def settle(self) -> None:
        self._settle()

    def _settle(self) -> None:
        if not self.early:
            super()._settle()

    def _is_bare(self, node: Node | None) -> bool:
        return node is not None and (node in self.bare or self._is_bare(node.parent))

    def _weigh(self, rules: Rules, node: Node) -> None:
        if not self._is_bare(node):
            super()._weigh(rules, node)
        elif node.parent is not None:
            node.live = node.parent.live

    def _calculate(self, rules: Rules, node: Node) -> None:
        if not self._is_bare(node):
            super()._calculate(rules, node)

    def _count(self, rules: Rules, count: Evaluate) -> None:
        template = rules.template
        for parent in self.nodes[template.parent]:
            if self._is_bare(parent):
                continue
            wanted = self.wanted(count, Node(template.name, parent, template=template.index))
            for _ in range(wanted - len((parent.children or {})[template.name])):
                self.grow(parent, template)
        super()._count(rules, count)


class Filling:
    """One record. `context` is asked at each step: its `now` may go on.
    `seen`: the record is only looked at; opening it sets nothing."""

    def __init__(
        self, form: Form, context: Callable[[], Context], answers: Mapping[str, Any] | None = None, seen: bool = False
    ) -> None:
        self.form, self._context = form, context
        is_new = answers is None and not seen
        self._before: dict[str, str] = {}
        self._reread(defaults(form.children) if answers is None else answers, early=is_new)
        self._before = self._triggers()
        if not seen:
            self._open(is_new)
        if is_new:
            self.reading.early = False
            self._settle()
            self._before |= self._triggers(made=True)
        self._fire()

    # ── Looking ──
    @property
    def answers(self) -> dict[str, Any]:
        """Everything that was given, irrelevant answers too."""
        return self.reading.answers(everything=True)

    def places(self) -> dict[str, Node]:
        """Path with positions → node, of every place of the record."""
        layout = self.reading.layout
        return {layout.path_of(node): node for nodes in self.reading.nodes for node in nodes}

    def node(self, path: str) -> Node | None:
        return self.places().get(_placed(path, self.form))

    def is_readonly(self, path: str) -> bool:
        node = self.node(path)
        question = self._question(node) if node is not None else None
        if node is None or question is None:
            return False
        if question.calculate is not None or isinstance(question.readonly, bool):
            return question.calculate is not None or question.readonly is True
        return boolean(self._value(question.readonly, node))

    def instance_name(self) -> str:
        return self.reading.instance_name()

    # ── Writing ──
    def set(self, path: str, text: str) -> None:
        node = self.node(path)
        if node is None or self._question(node) is None or node.text == text or self.is_readonly(path):
            return
        self._write(_placed(path, self.form), text)
        self._fire()

    def add(self, repeat_path: str) -> None:
        template, parent = self._repeat_at(repeat_path)
        if template is not None and parent is not None and not _is_counted(template):
            self._add(parent, template)
            self._fire()

    def remove(self, repeat_path: str, place: int) -> None:
        template, parent = self._repeat_at(repeat_path)
        if template is None or parent is None or _is_counted(template):
            return
        if len(self._rows(parent, template)) >= place:
            self._remove(parent, template, place)
            self._fire()

    def finish(self) -> None:
        """The record ends now; `reading.answers()` is then what is sent."""
        for path, node, _ in list(self.reading.questions()):
            if _preload(self._question(node)) == "end":
                self._write(path, self._preloaded("end"))
        self._fire()

    def instances(self, repeat_path: str) -> int:
        """How many rows stand now: those beyond a count are kept, but do not."""
        template, parent = self._repeat_at(repeat_path)
        if template is None or parent is None:
            return 0
        rows = len(self._rows(parent, template))
        return min(rows, self._wanted(template, self.places()[parent])) if _is_counted(template) else rows

    # ── What happens by itself ──
    def _open(self, is_new: bool) -> None:
        for path, node, _ in list(self.reading.questions()):
            question = self._question(node)
            if question is None or question.calculate is not None:
                continue
            if is_new:
                self._preset(question, path)
            for action in question.actions:
                if action.event == "load" or (action.event == "first-load" and is_new):
                    self._do(action, path)

    def _row_made(self, row_path: str, repeat: Template) -> None:
        below = [path for path, _, _ in self.reading.questions() if path.startswith(row_path + "/")]
        for path in below:
            question = self._question(self.places()[path])
            if question is None or question.calculate is not None:
                continue
            self._preset(question, path)
            for action in question.actions:
                if (action.event, action.on) == ("new-repeat", repeat.path):
                    self._do(action, path)
        for target, action in self._deeds("new-repeat", repeat.path):
            if not target.path.startswith(repeat.path + "/"):
                for path in self._nearest(target, row_path):
                    self._do(action, path)

    def _preset(self, question: Question, path: str) -> None:
        node, preload = self.places()[path], _preload(question)
        if node.text or (question.dynamic_default is None and preload in ("", "end")):
            return
        made = self._made(question.dynamic_default, node) if question.dynamic_default else self._preloaded(preload)
        if made:
            self._write(path, made)

    def _preloaded(self, kind: str) -> str:
        if kind in ("start", "end"):
            return read(self.form, {}, self._context()).now_text
        if kind == "today":
            return read(self.form, {}, self._context()).today_text
        return f"uuid:{uuid.uuid4()}" if kind == "uid" else self._context().preloads.get(kind, "")

    def _do(self, action: Action, path: str) -> None:
        node = self.places().get(path)
        if node is not None:
            self._write(path, self._made(action.value, node) if action.value is not None else "")

    def _fire(self) -> None:
        """Round by round until nothing changes; an action writes a question once, so that circles end."""
        done: set[tuple[int, str]] = set()
        for changed in iter(self._round, []):
            for path in changed:
                for target, action in self._deeds("change", _unplaced(path)):
                    for at in self._nearest(target, path):
                        if (id(action), at) not in done:
                            self._do(action, at)
                        done.add((id(action), at))

    def _round(self) -> list[str]:
        """The triggers whose answer is another one now, in the record's order."""
        now, before = self._triggers(), self._before
        self._before = now
        return [path for path, text in now.items() if before.get(path, text) != text]

    def _triggers(self, made: bool = False) -> dict[str, str]:
        """Path → text of what triggers; `made`: only what is calculated."""
        on = {action.on for question in self.form.questions() for action in question.actions}
        return {
            path: node.text
            for path, node, rules in self.reading.questions()
            if rules.template.path in on and (rules.calculate is not None or not made)
        }

    def _deeds(self, event: str, on: str) -> list[tuple[Template, Action]]:
        """What that event sets, in the form's order."""
        every = [t for t in self.reading.plan.graph.templates if isinstance(t.node, Question) and not t.node.calculate]
        found = [(t, action) for t in every for action in t.node.actions]  # type: ignore[union-attr]
        return [(t, action) for t, action in found if (action.event, action.on) == (event, on)]

    def _nearest(self, target: Template, path: str) -> list[str]:
        layout = self.reading.layout
        return [layout.path_of(node) for node in layout.nearest(target, self.places()[path])]

    # ── Values and rows ──
    def _question(self, node: Node | None) -> Question | None:
        found = self.reading.plan.rules[node.template].template.node if node is not None else None
        return found if isinstance(found, Question) else None

    def _value(self, tree: Tree, node: Node) -> Any:
        self.reading.ask(self._context())
        return self.reading.evaluate_at(self.reading.plan.asked(tree, False), node)

    def _made(self, tree: Tree, node: Node) -> str:
        return lexical(self._value(tree, node), self._question(node), self.reading.zone)

    def _path(self, node: Node) -> str:
        return self.reading.layout.path_of(node)

    def refresh(self) -> None:
        """The record read anew: time has gone on, or another language is read."""
        self._reread(self.answers)
        self._fire()

    def _reread(self, answers: Mapping[str, Any], early: bool = False) -> None:
        self.reading = _Growing(self.form, answers, self._context(), early)
        self._furnish()

    def _write(self, path: str, text: str) -> None:
        self.reading.write(self.places()[path], text)
        self._furnish()

    def _settle(self) -> None:
        self.reading.settle()
        self._furnish()

    def _furnish(self) -> None:
        """Rows that came get their defaults and what else they set, before anything in them is calculated."""
        came: list[str] = []
        while self.reading.bare and not self.reading.early:
            rows = [self._path(row) for row in self.reading.bare]
            self._before |= self._in_rows(rows, self._triggers())
            self.reading.early = True
            for row in rows:
                self._row_made(row, self.reading.plan.graph.by_path[_unplaced(row)])
            self.reading.bare, self.reading.early = [], False
            self.reading.settle()
            came += rows
        self._before |= self._in_rows(came, self._triggers(made=True)) if came else {}

    def _in_rows(self, rows: list[str], texts: dict[str, str]) -> dict[str, str]:
        below = tuple(row + "/" for row in rows)
        return {path: text for path, text in texts.items() if path.startswith(below)}

    def _repeat_at(self, path: str) -> tuple[Template | None, str | None]:
        placed = _placed(path.rpartition("/")[0], self.form)
        template = self.reading.plan.graph.by_path.get(_unplaced(path))
        is_there = template is not None and isinstance(template.node, Repeat) and placed in self.places()
        return (template, placed) if is_there else (None, None)

    def _rows(self, parent: str, template: Template) -> list[Node]:
        return (self.places()[parent].children or {}).get(template.name, [])

    def _add(self, parent: str, template: Template) -> None:
        self.reading.grow(self.places()[parent], template)
        self._furnish()

    def _remove(self, parent: str, template: Template, place: int) -> None:
        answers = self.answers
        del _rows_in(answers, parent, template.name)[place - 1]
        self._before = _moved(self._before, f"{parent}/{template.name}", place)
        self._reread(answers)

    def _wanted(self, template: Template, parent: Node) -> int:
        """Read as if from a row, since the count's path starts there."""
        count = self.reading.plan.rules[template.index].count
        return self.reading.wanted(count, Node(template.name, parent, template=template.index)) if count else 0


def _preload(question: Question | None) -> str:
    return question.parameters.get("preload", "") if question is not None else ""


def _is_counted(template: Template) -> bool:
    return isinstance(template.node, Repeat) and template.node.count is not None


def _unplaced(path: str) -> str:
    return re.sub(r"\[\d+\]", "", path)


def _placed(path: str, form: Form) -> str:
    """Rows without a position are first rows."""
    repeats = {node.path for node in all_nodes(form.children) if isinstance(node, Repeat)}
    found, plain = "", ""
    for step in path.split("/")[1:]:
        found, plain = f"{found}/{step}", f"{plain}/{_unplaced(step)}"
        found += "[1]" if plain in repeats and not step.endswith("]") else ""
    return found


def _rows_in(answers: dict[str, Any], parent: str, name: str) -> _Rows:
    place: Any = answers
    for group, position in re.findall(r"/([^/\[]+)(?:\[(\d+)\])?", parent)[1:]:
        place = place.setdefault(group, {})
        place = place[int(position) - 1] if position else place
    rows: _Rows = place.setdefault(name, [])
    return rows


def _moved(texts: dict[str, str], repeat: str, gone: int) -> dict[str, str]:
    """Paths after a row was taken away: later rows have moved up."""
    found: dict[str, str] = {}
    for path, text in texts.items():
        match = re.match(re.escape(repeat) + r"\[(\d+)\](.*)", path)
        place = int(match.group(1)) if match else 0
        if match and place > gone:
            found[f"{repeat}[{place - 1}]{match.group(2)}"] = text
        elif not match or place < gone:
            found[path] = text
    return found
