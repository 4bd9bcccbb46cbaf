"""Fills a form in Python the way the phone does, so that the scenarios of tests/vectors run on both sides."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from forms import model_json
from forms.check import Context, check, read
from forms.choosing import offered
from forms.findings import findings_of
from forms.model import Form, Question, Words
from forms.plan import words_in
from forms.reading import Reading
from forms.xpath.nodes import Node, Rows
from forms.xpath.values import boolean
from tests.forms import record

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
        self.last_saved: Mapping[str, Any] | None = scenario.get("last_saved")
        self.preloads: Mapping[str, str] = scenario.get("preloads", {})
        self.record = record.Filling(form, lambda: self.context, scenario.get("answers"))
        self._read_at = (self.now, self.language)

    @property
    def context(self) -> Context:
        rows = self.registers
        return Context(
            self.now, "Asia/Ho_Chi_Minh", self.language, lambda name: rows.get(name, ()), self.last_saved, self.preloads
        )

    @property
    def answers(self) -> dict[str, Any]:
        return self.record.answers

    @property
    def reading(self) -> Reading:
        """As it is now, in the language in use."""
        if self._read_at != (self.now, self.language):
            self._read_at = (self.now, self.language)
            self.record.refresh()
        return self.record.reading

    def step(self, kind: str, *given: Any) -> None:
        """One edit, as static/src/form/answer_random.ts takes it."""
        if kind == "now":
            self.now = datetime.fromisoformat(given[0])
        elif kind == "language":
            self.language = given[0]
        else:
            getattr(self, kind)(*given)

    def node(self, path: str) -> Node:
        _ = self.reading
        node = self.record.node(path)
        assert node is not None, path
        return node

    def text(self, path: str) -> str:
        _ = self.reading
        node = self.record.node(path)
        return node.text if node is not None else ""

    def set(self, path: str, value: str) -> None:
        _ = self.reading
        self.record.set(path, value)

    def add(self, path: str) -> None:
        _ = self.reading
        self.record.add(path)

    def remove(self, path: str, index: int) -> None:
        self.record.remove(path, index)

    def again(self, now: str | None = None) -> None:
        """Put away as a draft and opened again."""
        self.now = datetime.fromisoformat(now) if now else self.now
        self._open(self.answers)

    def returned(self) -> None:
        """Finished, sent, and opened again as it was sent."""
        self._open(self.finished()["answers"])

    def _open(self, answers: Mapping[str, Any]) -> None:
        self.record = record.Filling(self.form, lambda: self.context, json.loads(json.dumps(answers)))

    def rows(self, path: str) -> list[Node]:
        parent, _, name = path.rpartition("/")
        return (self.node(parent).children or {}).get(name, [])

    def instances(self, path: str) -> int:
        _ = self.reading
        return self.record.instances(path)

    def findings(self) -> list[list[str]]:
        return self._found(self.reading)

    def _found(self, reading: Reading) -> list[list[str]]:
        return [[finding.code, finding.path] for finding in findings_of(reading) if finding.code in ON_THE_PHONE]

    def is_required(self, path: str) -> bool:
        node = self.node(path)
        required = self.reading.plan.rules[node.template].required
        return required is not None and boolean(self.reading.evaluate_at(required, node))

    def offered(self, path: str) -> dict[str, str]:
        """Name → label of the choices, outputs filled in."""
        node = self.node(path)
        choosing = self.reading.plan.rules[node.template].options
        assert choosing is not None
        found = offered(self.reading, choosing, node)
        return {name: self.reading.filled(label, node) for name, label in found.items()}

    def said(self, path: str, what: str) -> str:
        node = self.node(path)
        template = self.reading.plan.rules[node.template].template
        words: Words = getattr(template.node, what, {})
        return self.reading.filled(words_in(words, self.language), node)

    def media(self, path: str) -> dict[str, str]:
        question = self.form.question(self.reading.plan.rules[self.node(path).template].template.path)
        assert isinstance(question, Question)
        return {kind: words_in(files, self.language) for kind, files in question.media.items()}

    def finished(self) -> dict[str, Any]:
        """What the phone would send; and the server's reading of it must agree with what was on the screen."""
        _ = self.reading
        self.record.finish()
        sent: Reading = self.record.reading
        before = [sent]
        while (answers := sent.answers()) != (sent := read(self.form, answers, self.context)).answers():
            before.append(sent)
        found = [[code, _path_before(path, before)] for code, path in self._found(sent)]
        checked = check(self.form, answers, self.context, sent.calculated())
        assert {finding.code for finding in checked.findings} <= ON_THE_PHONE
        return {"answers": answers, "calculated": sent.calculated(), "findings": found}


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
