"""SUPPORTED.md, the tables of the program and the vectors say the same; the made files are up to date."""

import json
import re
from collections.abc import Iterator
from typing import Any

from forms.sheet_check import APPEARANCES, FILE_SELECT_TYPES, PRELOAD_TYPES, SELECT_TYPES, SIMPLE_TYPES
from forms.words_of_files import NEEDS
from forms.xpath.functions import FUNCTIONS, LATER, VOLATILE
from tests.forms.compiled_vectors import ROOT, VECTORS, compiled_files
from tests.forms.expression_vectors import CASES
from tests.forms.test_scenarios import FILES

LISTED = set(re.findall(r"^\| ([A-Z]-\S+) \|", (ROOT / "forms/SUPPORTED.md").read_text(), re.MULTILINE))


def listed(letter: str) -> set[str]:
    return {rule[2:] for rule in LISTED if rule.startswith(f"{letter}-")}


def cited() -> Iterator[str]:
    yield from (case["rule"] for case in CASES)
    for file in FILES:
        yield from (scenario["rule"] for scenario in json.loads((VECTORS / f"{file}.json").read_text())["scenarios"])


def types_in(node: dict[str, Any]) -> Iterator[str]:
    yield node.get("type", node["kind"])
    for child in node.get("children", ()):
        yield from types_in(child)


def test_every_listed_function_is_in_the_table_and_the_other_way_round() -> None:
    assert listed("F") == set(FUNCTIONS)


def test_every_function_that_comes_later_is_listed_as_such_and_is_no_function_yet() -> None:
    later = re.search(r"^Later, told at upload by name: (.*)$", (ROOT / "forms/SUPPORTED.md").read_text(), re.MULTILINE)
    assert later
    assert set(re.findall(r"`([^`]+)`", later[1])) == set(LATER)
    assert not set(LATER) & set(FUNCTIONS)
    assert set(LATER.values()) <= set(NEEDS)


def test_every_listed_type_and_appearance_compiles_and_the_other_way_round() -> None:
    names = {*SIMPLE_TYPES, *SELECT_TYPES, *FILE_SELECT_TYPES, *PRELOAD_TYPES, "csv-external", "group", "repeat"}
    assert listed("T") == names
    assert listed("A") == set(APPEARANCES)


def test_every_rule_that_vectors_cite_is_listed() -> None:
    assert set(cited()) <= LISTED


def test_every_function_and_every_rule_has_a_vector() -> None:
    chance = {f"F-{name}" for name in VOLATILE}
    wanted = {rule for rule in LISTED if rule[0] in "FXM"} - chance
    assert wanted <= set(cited())


def test_every_type_stands_in_a_form_that_scenarios_fill() -> None:
    models = [json.loads((VECTORS / "models" / f"{file}.json").read_text()) for file in FILES]
    found = {kind for model in models for node in model["children"] for kind in types_in(node)}
    assert {*SIMPLE_TYPES, *SELECT_TYPES, "group", "repeat"} <= found


def test_made_vector_files_are_up_to_date() -> None:
    stale = [path.name for path, text in compiled_files().items() if not path.exists() or path.read_text() != text]
    assert stale == [], "run: python -m tests.forms.compiled_vectors"
