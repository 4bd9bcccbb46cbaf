"""Fills a form in Python the way the phone does, so that the scenarios of tests/vectors run on both sides."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from forms import model_json
from forms.check import Context, check, read
from forms.findings import candidates, findings_of
from forms.model import Form
from forms.opening import defaults, opened
from forms.reading import Reading
from forms.xpath.nodes import Node, Rows

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
        *groups, name = _steps(path)
        place: Any = self.answers
        for group, position in groups:
            place = place.setdefault(group, [] if position else {})
            place = place[position - 1] if position else place
        place[name[0]] = value

    def add(self, path: str) -> None:
        graph = self.reading.plan.graph
        rows = self.rows(path)
        template = graph.by_path[re.sub(r"\[\d+\]", "", path)].node
        assert template is not None
        rows.append(defaults(template.children))  # type: ignore[union-attr]
        reading = read(self.form, self.answers, self.context)
        reading.preset(dict(_places(reading))[f"{path}[{len(rows)}]"])
        self.answers = reading.answers(everything=True)

    def remove(self, path: str, index: int) -> None:
        del self.rows(path)[index - 1]

    def rows(self, path: str) -> list[Any]:
        _ = self.reading
        *groups, (name, _position) = _steps(path)
        place: Any = self.answers
        for group, position in groups:
            place = place.setdefault(group, {})
            place = place[position - 1] if position else place
        rows: list[Any] = place.setdefault(name, [])
        return rows

    def findings(self) -> list[list[str]]:
        return [[finding.code, finding.path] for finding in findings_of(self.reading) if finding.code in ON_THE_PHONE]

    def choices(self, path: str) -> list[str]:
        reading, node = self.reading, self.node(path)
        options = reading.plan.rules[node.template].options
        assert options is not None
        return [item.child("name")[0].text for item in candidates(reading, options, dict(_places(reading))[path])]

    def finished(self) -> dict[str, Any]:
        """What the phone would send; and the server's reading of it must agree with what was on the screen."""
        reading = self.reading
        sent = {"answers": reading.answers(), "calculated": reading.calculated(), "findings": self.findings()}
        checked = check(self.form, sent["answers"], self.context, sent["calculated"])
        assert {finding.code for finding in checked.findings} <= ON_THE_PHONE
        return sent


def _steps(path: str) -> list[tuple[str, int]]:
    found = re.findall(r"/([^/\[]+)(?:\[(\d+)\])?", path)
    return [(name, int(position or 0)) for name, position in found][1:]


def _places(reading: Reading) -> list[tuple[str, Node]]:
    return [(reading.layout.path_of(node), node) for nodes in reading.nodes for node in nodes]
