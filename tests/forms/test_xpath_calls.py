"""What is told of an expression's calls before any form is there."""

import pytest

from forms.xpath import XPathError, faults_in, functions_in, parse
from forms.xpath.calls import is_chance
from forms.xpath.patterns import pattern_of

TOLD = {
    "nonsense(1)": [("unknown_function", {"name": "nonsense"}, 1)],
    "1 + intersects(.)": [("later", {"thing": "intersects()", "needs": "map_line"}, 5)],
    "round()": [("argument_count", {"name": "round", "takes": "1–2", "given": 0}, 1)],
    "pi(1)": [("argument_count", {"name": "pi", "takes": "0", "given": 1}, 1)],
    "concat()": [("argument_count", {"name": "concat", "takes": "1+", "given": 0}, 1)],
    "weighted-checklist(1, 2, a)": [
        ("argument_count", {"name": "weighted-checklist", "takes": "2, 4, 6 …", "given": 3}, 1),
    ],
    "indexed-repeat(a, b, 1, c)": [("argument_count", {"name": "indexed-repeat", "takes": "3, 5, 7", "given": 4}, 1)],
    "if(true(1), abs(), 'a')": [
        ("argument_count", {"name": "true", "takes": "0", "given": 1}, 4),
        ("argument_count", {"name": "abs", "takes": "1", "given": 0}, 13),
    ],
    "digest(., 'md5', 'octal')": [
        ("unknown_digest", {"given": "md5", "known": "MD5, SHA-1, SHA-256, SHA-384, SHA-512"}, 1),
        ("unknown_digest", {"given": "octal", "known": "base64, hex"}, 1),
    ],
}
STOPS = {
    "a/following::b": ("the axis following is not understood here, only child, parent, self, descendant-or-self", 3),
    "a | /b/@version": ("attributes are not understood here: answers have none", 8),
    "$x + 1": ("variables are not understood here; an answer is named by ${name}", 1),
    "1 +": ("expected a value, a path or a function, found the end", 4),
    "a/text()": ("only node() may stand in a path, found '('", 7),
}


@pytest.mark.parametrize(("expression", "told"), TOLD.items())
def test_every_fault_of_the_calls_is_told_with_its_column(
    expression: str, told: list[tuple[str, dict[str, object], int]]
) -> None:
    assert [(fault.code, fault.details, fault.column) for fault in faults_in(expression)] == told


@pytest.mark.parametrize(("expression", "told"), STOPS.items())
def test_what_is_no_expression_here_is_told_with_its_column(expression: str, told: tuple[str, int]) -> None:
    with pytest.raises(XPathError) as caught:
        faults_in(expression)
    assert (str(caught.value), caught.value.column) == told


@pytest.mark.parametrize(
    "pattern", ["(", "[a", "a++", "(?i)a", "(?P<x>a)", "\\Aa", "[[:alpha:]]", "a{,3}", "a{2}+", "[a&&b]", "\\p{Greek}"]
)
def test_a_pattern_that_is_none_or_is_not_read_alike_everywhere_is_told(pattern: str) -> None:
    assert [fault.code for fault in faults_in(f"regex(., '{pattern}')")] == ["bad_pattern"]


@pytest.mark.parametrize(
    "pattern", ["a+", "[a-z]{2,}", "\\d+\\+?", "(?:a|b)(?=c)", "[\\p{L} ]+", "a\\++", "\\\\A", "[*+]+", "[[]a"]
)
def test_a_pattern_that_both_sides_read_is_not_told(pattern: str) -> None:
    assert faults_in(f"regex(., '{pattern}')") == []


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a*)*b",
        "(a|a)*",
        "(a|ab|b)*c",
        "(\\p{L}+[ -]?)+",
        "(.*,)*x",
        "(a+){10}",
        "(a?){30}a{30}",
        "(?=(a+)+b)a",
    ],
)
def test_a_pattern_that_may_never_end_is_told_and_matches_nothing(pattern: str) -> None:
    assert [fault.code for fault in faults_in(f"regex(., '{pattern}')")] == ["endless_pattern"]
    assert pattern_of(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [".*([0-9][ .-]?){9,}.*", "(\\w+ )*\\w+", "\\d{1,3}(\\.\\d{1,3}){3}", "(\\d{3})+", "[\\w.]+@([\\w-]+\\.)+[a-z]{2,}",
     "(red|green)( (red|green))*", "(\\d{1,3} ?){4}", "(a|b)*", ".{0,255}", "(\\p{Lu}\\p{Ll}* )*\\p{Lu}\\p{Ll}*"],
)  # fmt: skip
def test_a_repetition_that_is_read_in_one_way_is_not_told(pattern: str) -> None:
    assert faults_in(f"regex(., '{pattern}')") == []


@pytest.mark.parametrize("expression", ["round(1, 2)", "indexed-repeat(a, b, 1, c, 2)", "checklist(1, 2)", "uuid()"])
def test_a_right_call_is_not_told(expression: str) -> None:
    assert faults_in(expression) == []


def test_functions_are_found_at_any_depth_and_elements_of_that_name_are_not() -> None:
    tree = parse("f[not(s) and count(f/count) > 1]/round | instance('f')/root/item[selected(., 'abs')]")
    assert set(functions_in(tree)) == {"not", "count", "instance", "selected"}
    assert list(functions_in([parse("pi()"), None, parse("1")])) == ["pi"]


@pytest.mark.parametrize(("name", "arguments"), [("random", 0), ("uuid", 1), ("randomize", 1)])
def test_chance_is_known(name: str, arguments: int) -> None:
    assert is_chance(name, arguments)


@pytest.mark.parametrize(("name", "arguments"), [("randomize", 2), ("now", 0)])
def test_what_is_the_same_at_each_look_is_not_chance(name: str, arguments: int) -> None:
    assert not is_chance(name, arguments)
