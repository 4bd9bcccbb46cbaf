"""SHOWN.md is true: every rule is listed and has vectors, every scenario and every test that it names is there."""

import ast
import json
import re
from functools import lru_cache

import pytest

from forms.sheet_checks.source import NONE
from forms.sheets import sheets_of
from tests.forms.compiled_vectors import ROOT, VECTORS
from tests.forms.test_scenarios import FILES
from tests.forms.test_supported import LISTED, cited

ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in (ROOT / "forms/SHOWN.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| phrase")
]
TEXT = (ROOT / "forms/SHOWN.md").read_text()
RULE = re.compile(r"\b([A-Z]-[\w:-]+)")
PYTEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
VITEST = re.compile(r"`(static/src/[\w/]+\.test\.ts)` “([^”]*)”")
SCENARIO = re.compile(r"‘(.*?)’(?=[\s|]|$)", re.MULTILINE)
BY_SCENARIOS = "FMXT"  # appearances are the screen's matter


@lru_cache
def named_in(path: str) -> set[str]:
    return {node.name for node in ast.parse((ROOT / path).read_text()).body if isinstance(node, ast.FunctionDef)}


def scenarios() -> set[str]:
    return {one["name"] for file in FILES for one in json.loads((VECTORS / f"{file}.json").read_text())["scenarios"]}


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_promise_names_rules_that_are_listed_or_tests(row: list[str]) -> None:
    rules = RULE.findall(row[1])
    assert len(row) == 3
    assert set(rules) <= LISTED
    assert rules or PYTEST.search(row[2]) or VITEST.search(row[2])


def test_every_rule_of_meaning_that_is_named_has_vectors_or_is_chance() -> None:
    named = {rule for row in ROWS for rule in RULE.findall(row[1]) if rule[0] in "FMX"}
    assert named - {"F-uuid"} <= set(cited())


@pytest.mark.parametrize(("path", "name"), sorted(set(PYTEST.findall(TEXT))))
def test_a_named_test_is_there(path: str, name: str) -> None:
    assert name in named_in(path)


@pytest.mark.parametrize(("path", "title"), sorted(set(VITEST.findall(TEXT))))
def test_a_named_test_of_the_phone_is_there(path: str, title: str) -> None:
    assert f'("{title}"' in (ROOT / path).read_text()


@pytest.mark.parametrize("name", sorted(set(SCENARIO.findall(TEXT))))
def test_a_named_scenario_is_there(name: str) -> None:
    assert name in scenarios()


def test_every_type_and_appearance_of_the_field_has_its_place_in_the_table() -> None:
    named = set(RULE.findall(TEXT))
    own = {"A-folded", "A-chips", "A-same", "A-list"}  # ours, and a list's other name
    wanted = {rule for rule in LISTED if rule[0] in "TA"} - own - {"T-csv-external", "T-group", "T-repeat"}
    assert wanted <= named


def test_what_no_browser_fills_is_said() -> None:
    told = re.search(r"In no form that a browser fills: (.*)", TEXT)
    assert told
    filled = [ROOT / "tests/forms/sources/every_type.md", *(ROOT / "tests/e2e").rglob("*.md")]
    filled += [ROOT / f"presets/soc_trang_2024/forms/{name}.md" for name in ("outreach_session", "individual_contact")]
    rows = [row for path in filled for row in sheets_of(path.read_text()).get("survey", NONE).rows]
    words = {word for row in rows for word in (*row.get("type").split(), *row.get("appearance").split())}
    named = {rule[2:] for rule in RULE.findall(TEXT) if rule[0] in "TA"}
    assert set(re.findall(r"`([^`]+)`", told[1])) == {name for name in named if name not in words}
