"""Both evaluators give these values; the same files run in static/src/form/xpath.test.ts."""

import math
import re
from datetime import datetime
from typing import Any

import pytest

from forms import model_json
from forms.check import Context, read
from forms.graph import Graph
from forms.reading import Reading
from forms.xpath import parse
from forms.xpath.evaluate import Places, compiled
from forms.xpath.nodes import Rows
from forms.xpath.values import number_text, text_of
from tests.forms.expression_vectors import CASES, DOC, VECTORS

FORM = model_json.loads((VECTORS / "models/expressions.json").read_text())
REGISTERS = {name: Rows(rows) for name, rows in DOC["registers"].items()}
NAMED = [pytest.param(case, id=f"{case['rule']} {case['x']}") for case in CASES]
CITED = re.compile(
    r"(ODK XForms, |XPath [13]\.0, [1-5]|ODK Collect \(JavaRosa\): |pyxform and ODK Collect \(JavaRosa\): )\S"
)
LEAST_CASES = 700


def reading_of(case: dict[str, Any]) -> Reading:
    given = DOC["contexts"][case.get("in", "plain")]
    now = datetime.fromisoformat(given["now"])
    context = Context(now, given["zone"], given["language"], lambda name: REGISTERS.get(name, ()))
    return read(FORM, DOC["answers"], context)


def evaluated(case: dict[str, Any], places: Places) -> Any:
    reading = reading_of(case)
    at = case.get("at", "/expressions/word")
    node = next(node for path, node, _ in reading.questions() if path == at)
    value = reading.evaluate_at(compiled(parse(case["x"]), places), node)
    if isinstance(value, list):
        return [text_of(node) for node in value]
    return plain(value)


def plain(value: Any) -> Any:
    """JSON has no NaN and no infinity."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": number_text(value)}
    return value


@pytest.mark.parametrize("case", NAMED)
def test_expression_gives_its_value(case: dict[str, Any]) -> None:
    assert evaluated(case, Places()) == case["is"]
    assert type(case["is"]) is not bool or isinstance(evaluated(case, Places()), bool)


@pytest.mark.parametrize("case", NAMED)
def test_shortcut_to_single_nodes_changes_no_value(case: dict[str, Any]) -> None:
    graph = Graph(FORM)
    single = {template.path: template.index for template in graph.templates if not template.repeated}
    at = case.get("at", "/expressions/word")
    places = Places(single, at if at in single else None)
    assert evaluated(case, places) == case["is"]


def test_every_case_says_which_section_of_the_specification_it_comes_from() -> None:
    assert [case["x"] for case in CASES if not CITED.match(case.get("spec", ""))] == []


def test_there_are_enough_cited_cases_and_none_stands_twice() -> None:
    cited = [(case["x"], case.get("at"), case.get("in"), case["rule"]) for case in CASES if case.get("spec")]
    assert len(set(cited)) == len(CASES) >= LEAST_CASES
