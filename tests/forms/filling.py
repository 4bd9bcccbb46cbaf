"""Fills a form in Python the way the phone does, so that the scenarios of tests/vectors run on both sides."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from forms import model_json
from forms.check import Context, check, read
from forms.findings import candidates, findings_of
from forms.graph import Template
from forms.model import Form
from forms.opening import defaults, opened
from forms.reading import Reading, most_rows
from forms.xpath.nodes import Node, Rows
from forms.xpath.scope import Scope

VECTORS = Path(__file__).parents[1] / "vectors"
REGISTERS: dict[str, list[dict[str, str]]] = json.loads((VECTORS / "registers.json").read_text())
ON_THE_PHONE = {"required", "constraint", "type", "unknown_choice"}  # codes that the phone has too


def form_named(name: str) -> Form:
    return model_json.loads((VECTORS / "models" / f"{name}.json").read_text())


class Filling:
    """One record being filled. `me` changes columns of the one row that is made at enrolment."""

    def __init__(self, form: Form, scenario: Mapping[str, Any], registers: Mapping[str, Any] = REGISTERS) -> None:
        self.form = form
        self.now = datetime.fromisoformat(scenario.get("now", "2024-11-22T02:00:00Z"))
        self.language = scenario.get("language", "vi")
        me = [{**row, **scenario.get("me", {})} for row in registers.get("me", [])]
        rows = {**registers, "me": me}
        self.registers = {name: Rows(items) for name, items in rows.items()}
        self.answers: dict[str, Any] = scenario["answers"] if "answers" in scenario else opened(form, self.context)

    @property
    def context(self) -> Context:
        return Context(self.now, "Asia/Ho_Chi_Minh", self.language, lambda name: self.registers.get(name, ()))

    @property
    def reading(self) -> Reading:
        reading = read(self.form, self.answers, self.context)
        while (missing := next(_missing_rows(reading), None)) is not None:
            self.answers = reading.answers(everything=True)
            self._add(*missing)
            reading = read(self.form, self.answers, self.context)
        self.answers = reading.answers(everything=True)
        return reading

    def step(self, kind: str, *given: Any) -> None:
        """One edit, as static/src/form/answer_random.ts takes it."""
        if kind == "now":
            self.now = datetime.fromisoformat(given[0])
        elif kind == "language":
            self.language = given[0]
        else:
            {"set": self.set, "add": self.add, "remove": self.remove}[kind](*given)

    def node(self, path: str) -> Node:
        return dict(_places(self.reading))[path]

    def set(self, path: str, value: str) -> None:
        _ = self.reading  # a count that was answered just before makes its rows
        *groups, name = _steps(path)
        place: Any = self.answers
        for group, position in groups:
            place = place.setdefault(group, [] if position else {})
            place = place[position - 1] if position else place
        place[name[0]] = value

    def add(self, path: str) -> None:
        self._add(path, self.reading.plan.graph.by_path[re.sub(r"\[\d+\]", "", path)])

    def _add(self, path: str, template: Template) -> None:
        rows = self._listed(path)
        rows.append(defaults(template.node.children))  # type: ignore[union-attr]
        reading = read(self.form, self.answers, self.context)
        reading.preset(dict(_places(reading))[f"{path}[{len(rows)}]"])
        self.answers = reading.answers(everything=True)

    def remove(self, path: str, index: int) -> None:
        del self.rows(path)[index - 1]

    def instances(self, path: str) -> int:
        """How many rows stand now: those beyond a count are kept, but do not."""
        rows = self.rows(path)
        wanted = {at: most for at, _, most in _counted(self.reading)}
        return min(len(rows), wanted.get(path, len(rows)))

    def rows(self, path: str) -> list[Any]:
        _ = self.reading
        return self._listed(path)

    def _listed(self, path: str) -> list[Any]:
        *groups, (name, _position) = _steps(path)
        place: Any = self.answers
        for group, position in groups:
            place = place.setdefault(group, {})
            place = place[position - 1] if position else place
        rows: list[Any] = place.setdefault(name, [])
        return rows

    def choices(self, path: str) -> list[str]:
        reading, node = self.reading, self.node(path)
        options = reading.plan.rules[node.template].options
        assert options is not None
        return [item.child("name")[0].text for item in candidates(reading, options, dict(_places(reading))[path])]

    def finished(self) -> dict[str, Any]:
        """What the phone would send; and the server's reading of it must agree with what was on the screen."""
        whole = self.reading
        sent, before = whole, [whole]
        while (answers := sent.answers()) != (sent := read(self.form, answers, self.context)).answers():
            before.append(sent)
        found = [[code, _path_before(path, before)] for code, path in self._found(sent)]
        checked = check(self.form, answers, self.context, sent.calculated())
        assert {finding.code for finding in checked.findings} <= ON_THE_PHONE
        return {"answers": answers, "calculated": sent.calculated(), "findings": found}

    def findings(self) -> list[list[str]]:
        return self._found(self.reading)

    def _found(self, reading: Reading) -> list[list[str]]:
        return [[finding.code, finding.path] for finding in findings_of(reading) if finding.code in ON_THE_PHONE]


def _path_before(path: str, readings: list[Reading]) -> str:
    """Where it stood before empty and irrelevant rows were left out, reading by reading."""
    for reading in reversed(readings):
        node = reading.layout.document
        for name, position in re.findall(r"/([^/\[]+)(?:\[(\d+)\])?", path):
            nodes = (node.children or {})[name]
            kept = [row for row in nodes if row.live and not reading.layout.is_empty_row(row)] if position else nodes
            node = kept[int(position or 1) - 1]
        path = reading.layout.path_of(node)
    return path


def _steps(path: str) -> list[tuple[str, int]]:
    found = re.findall(r"/([^/\[]+)(?:\[(\d+)\])?", path)
    return [(name, int(position or 0)) for name, position in found][1:]


def _places(reading: Reading) -> list[tuple[str, Node]]:
    return [(reading.layout.path_of(node), node) for nodes in reading.nodes for node in nodes]


def _missing_rows(reading: Reading) -> Iterator[tuple[str, Template]]:
    """Where a counted repeat has fewer rows than its count says."""
    for path, parent, most in _counted(reading):
        template = reading.plan.graph.by_path[re.sub(r"\[\d+\]", "", path)]
        if len((parent.children or {})[template.name]) < most:
            yield path, template


def _counted(reading: Reading) -> Iterator[tuple[str, Node, int]]:
    """Every counted repeat: its path, what holds its rows, how many it wants. It is read as if from a row."""
    for rules in reading.plan.rules:
        for parent in reading.nodes[rules.template.parent] if rules.count else ():
            row = Node(rules.template.name, parent)
            path = f"{reading.layout.path_of(parent)}/{row.name}"
            yield path, parent, most_rows(rules.count(Scope(reading, row, row)), reading.zone)
