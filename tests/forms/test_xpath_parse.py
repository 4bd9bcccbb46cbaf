"""XPath text → trees, and where text stops being XPath."""

import pytest

from forms.xpath import XPathError, parse


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 - 2 - 3", ["-", ["-", ["n", 1], ["n", 2]], ["n", 3]]),
        ("1 + 2 * 3", ["+", ["n", 1], ["*", ["n", 2], ["n", 3]]]),
        (
            "a or b and c = d",
            ["or", ["p", ".", ["a"]], ["and", ["p", ".", ["b"]], ["=", ["p", ".", ["c"]], ["p", ".", ["d"]]]]],
        ),
        ("* * *", ["*", ["p", ".", ["*"]], ["p", ".", ["*"]]]),
        ("div div mod", ["div", ["p", ".", ["div"]], ["p", ".", ["mod"]]]),
        ("a-b", ["p", ".", ["a-b"]]),
        ("- -1", ["neg", ["neg", ["n", 1]]]),
        (".5", ["n", 0.5]),
        ("5.", ["n", 5]),
        ('"it\'s"', ["s", "it's"]),
        ("/", ["p", "/"]),
        ("//a", ["p", "/", ["//"], ["a"]]),
        ("a//b", ["p", ".", ["a"], ["//"], ["b"]]),
        ("../a[1]", ["p", ".", [".."], ["a", ["n", 1]]]),
        ("(a | b)[2]/c", ["p", ["filter", ["|", ["p", ".", ["a"]], ["p", ".", ["b"]]], ["n", 2]], ["c"]]),
        ("current()/../a", ["p", ["f", "current"], [".."], ["a"]]),
        ("${ name }", ["ref", "name"]),
        ("jr:choice-name(., 'x')", ["f", "jr:choice-name", ["p", ".", ["."]], ["s", "x"]]),
        ("child::a/parent::node()", ["p", ".", ["a"], [".."]]),
        ("tên_ấp = 'Ấp 1'", ["=", ["p", ".", ["tên_ấp"]], ["s", "Ấp 1"]]),
    ],
)
def test_text_becomes_a_tree(text: str, tree: object) -> None:
    assert parse(text) == tree


STOPS = {
    "": 1,
    "1 +": 4,
    "f(": 3,
    "f(1,)": 5,
    "a b": 3,
    "'x": 1,
    "a/": 3,
    "@x": 1,
    "((1)": 5,
    "a[": 3,
    "$x": 1,
    "a ! b": 3,
}


@pytest.mark.parametrize(("text", "column"), STOPS.items())
def test_fault_says_where(text: str, column: int) -> None:
    with pytest.raises(XPathError) as caught:
        parse(text)
    assert caught.value.column == column


@pytest.mark.parametrize(
    "text",
    ["(" * 5000 + "1" + ")" * 5000, "1" + "+1" * 5000, "-" * 5000 + "1", "a[" * 5000, "a" + "|a" * 5000,
     "(" * 60 + "1" + ("+1" * 60 + ")") * 60],
)  # fmt: skip
def test_endless_nesting_is_a_fault_not_a_crash(text: str) -> None:
    with pytest.raises(XPathError, match="nested too deeply"):
        parse(text)
