"""What is told of an expression's calls before any form is there."""

import pytest

from forms.xpath import faults_in, functions_in, has_chance, parse
from forms.xpath.functions import FUNCTIONS, LATER

TOLD = {
    "nonsense(1)": [("nonsense() is no function", 1)],
    "1 + intersects(.)": [("intersects() is not supported yet", 5)],
    "round()": [("round() takes 1 to 2 arguments, here 0", 1)],
    "pi(1)": [("pi() takes 0 arguments, here 1", 1)],
    "not(1, 2)": [("not() takes 1 argument, here 2", 1)],
    "concat()": [("concat() takes 1 or more arguments, here 0", 1)],
    "weighted-checklist(1, 2, a)": [("weighted-checklist() takes 2 or more arguments, in pairs, here 3", 1)],
    "indexed-repeat(a, b, 1, c)": [("indexed-repeat() takes 3 to 7 arguments, in pairs, here 4", 1)],
    "if(true(1), abs(), 'a')": [("true() takes 0 arguments, here 1", 4), ("abs() takes 1 argument, here 0", 13)],
    "digest(., 'md5', 'octal')": [
        ("digest() knows MD5, SHA-1, SHA-256, SHA-384, SHA-512, not 'md5'", 1),
        ("digest() knows base64, hex, not 'octal'", 1),
    ],
    "a/following::b": [
        ("the axis following is not understood here, only child, parent, self, descendant-or-self", 3),
    ],
    "@version": [("attributes are not understood here: answers have none", 1)],
    "$x + 1": [("variables are not understood here; an answer is named by ${name}", 1)],
    "1 +": [("expected a value, a path or a function, found the end", 4)],
}


@pytest.mark.parametrize(("expression", "told"), TOLD.items())
def test_every_fault_of_the_calls_is_told_with_its_column(expression: str, told: list[tuple[str, int]]) -> None:
    assert [(str(fault), fault.column) for fault in faults_in(expression)] == told


def test_a_pattern_that_does_not_compile_is_told() -> None:
    assert str(faults_in("regex(., '(')")[0]).startswith("the pattern ( is not understood")


@pytest.mark.parametrize("expression", ["round(1, 2)", "indexed-repeat(a, b, 1, c, 2)", "checklist(1, 2)", "uuid()"])
def test_a_right_call_is_not_told(expression: str) -> None:
    assert faults_in(expression) == []


def test_functions_are_found_at_any_depth_and_elements_of_that_name_are_not() -> None:
    tree = parse("f[not(s) and count(f/count) > 1]/round | instance('f')/root/item[selected(., 'abs')]")
    assert set(functions_in(tree)) == {"not", "count", "instance", "selected"}
    assert list(functions_in([parse("pi()"), None, parse("1")])) == ["pi"]


@pytest.mark.parametrize("expression", ["random()", "1 + int(random())", "randomize(a)", "randomize(a)[1]", "uuid(8)"])
def test_chance_is_known(expression: str) -> None:
    assert has_chance(parse(expression))


@pytest.mark.parametrize("expression", ["randomize(a, 1)", "randomized", "now()"])
def test_what_is_the_same_at_each_look_is_not_chance(expression: str) -> None:
    assert not has_chance(parse(expression))


def test_what_comes_later_is_not_there_yet() -> None:
    assert not set(LATER) & set(FUNCTIONS)
