"""Whole forms, filled step by step; the same files run in static/src/form/engine.test.ts."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.forms.filling import VECTORS, Filling, form_named

FILES = ("outreach_session", "individual_contact", "rows", "logic", "families", "events", "corners", "opening")
CITED = re.compile(r"(ODK XForms|XLSForm|XPath 1\.0|reference/forms\.md), \S")  # and the section


def scenarios_of(file: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / f"{file}.json").read_text())["scenarios"]
    return found


def every_scenario() -> list[dict[str, Any]]:
    return [scenario for file in FILES for scenario in scenarios_of(file)]


SCENARIOS = [
    pytest.param(file, scenario, id=f"{file}: {scenario['name']}")
    for file in FILES
    for scenario in scenarios_of(file)
    if scenario.get("side") != "phone"
]


def changed(filling: Filling, kind: str, given: Any) -> bool:
    if kind == "set":
        for path, value in given.items():
            filling.set(path, value)
    elif kind == "add":
        filling.add(given)
    elif kind == "remove":
        filling.remove(*given)
    elif kind == "language":
        filling.language = given
    elif kind == "now":
        filling.now = datetime.fromisoformat(given)
    elif kind == "again":
        filling.again(given or None)
    else:
        return False
    return True


def seen(filling: Filling, kind: str, given: Any) -> Any:
    if kind == "findings":
        return filling.findings()
    if kind == "answers":
        return filling.answers
    if kind == "instance_name":
        return filling.record.instance_name()
    if kind == "finished":
        finished = filling.finished()
        return {name: finished[name] for name in given}
    return {path: LOOKS[kind](filling, path) for path in given}


LOOKS: dict[str, Callable[[Filling, str], Any]] = {
    "get": lambda filling, path: filling.text(path),
    "relevant": lambda filling, path: filling.node(path).live,
    "readonly": lambda filling, path: filling.record.is_readonly(path),
    "required": lambda filling, path: filling.is_required(path),
    "instances": lambda filling, path: filling.instances(path),
    "choices": lambda filling, path: list(filling.offered(path)),
    "choice_labels": lambda filling, path: filling.offered(path),
    "label": lambda filling, path: filling.said(path, "label"),
    "hint": lambda filling, path: filling.said(path, "hint"),
    "guidance": lambda filling, path: filling.said(path, "guidance"),
    "message": lambda filling, path: filling.said(path, "constraint_message"),
    "media": lambda filling, path: filling.media(path),
}


@pytest.mark.parametrize(("file", "scenario"), SCENARIOS)
def test_scenario_goes_as_written(file: str, scenario: dict[str, Any]) -> None:
    filling = Filling(form_named(file), scenario)
    for step in scenario["steps"]:
        (kind, given), *_ = step.items()
        if not changed(filling, kind, given):
            assert seen(filling, kind, given) == given


def test_every_scenario_cites_the_section_that_it_comes_from() -> None:
    assert [scenario["name"] for scenario in every_scenario() if not CITED.match(scenario.get("spec", ""))] == []


def test_scenarios_are_two_hundred_or_more_and_no_two_of_one_name() -> None:
    names = [f"{file}: {scenario['name']}" for file in FILES for scenario in scenarios_of(file)]
    assert len(names) >= 200
    assert len(set(names)) == len(names)
