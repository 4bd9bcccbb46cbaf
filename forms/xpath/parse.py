"""XPath text → a small tree that both evaluators read. Knows the grammar, not the forms: names are checked elsewhere.

["s", text] · ["n", number] · ["neg", a] · [operator, a, b] · ["f", function, *arguments] · ["ref", name] for ${name}
["p", start, *steps]: start is "/" (document), "." (context node) or a tree that gives nodes;
    a step is [test, *predicates], test an element name, "*", ".", ".." or "//" (the node and all below);
    self::a is [".", name() = 'a'], and parent::a and descendant-or-self::a likewise
["filter", tree, *predicates]: predicates over a whole node-set, as in (a | b)[1]
"""

import re
from dataclasses import dataclass

from forms.model import Tree

OPERATORS = ("or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "|")
MAX_DEPTH = 100  # brackets in brackets, or operators in a row; more is a fault, not a stack overflow
MAX_TREE_DEPTH = 250  # of both together: whoever reads a tree goes down a few calls with each level

_LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
_LEVEL_OF = {operator: level for level, operators in enumerate(_LEVELS) for operator in operators}
_NAME = r"[^\W\d][\w.\-]*"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)|(?P<ref>\$\{{\s*[^}}]*\}})|(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<string>"[^"]*"|'[^']*')
    |(?P<axis>[a-z][a-z-]*::)|(?P<name>{_NAME}(?::{_NAME})?)
    |(?P<mark>//|::|\.\.|!=|<=|>=|[()\[\],/|+\-=<>*.@$])""",
    re.VERBOSE,
)
_NODE_TESTS = ("node", "text", "comment", "processing-instruction")
_AXES = {"child": "", "parent": "..", "self": ".", "descendant-or-self": "//"}
# After one of these a name or "*" starts an operand; after anything else it is an operator (XPath 1.0, 3.7).
_OPERAND_NEXT = {"(", "[", ",", "/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">=", "::", "@", "$", "op", "axis"}


class XPathError(ValueError):
    """The text is no XPath that forms here may use; `column` counts from 1 inside the text."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Call:
    """A function as it is called; literal arguments as they stand, None for others."""

    name: str
    arguments: tuple[str | None, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # ref number string axis name op mark end
    text: str
    at: int


def parse(expression: str) -> Tree:
    """The tree of `expression`; raises XPathError where it stops being XPath."""
    return parse_with_calls(expression)[0]


def parse_with_calls(expression: str) -> tuple[Tree, list[Call]]:
    """Also every function called in it, in the order of their closing brackets (see calls.py)."""
    reader = _Reader(_tokens(expression))
    tree = reader.expression()
    reader.expect_end()
    if _is_deep(tree):
        raise XPathError("too long or nested too deeply", 1)
    return tree, reader.calls


def _is_deep(tree: Tree) -> bool:
    level: list[Tree] = [tree]
    for _ in range(MAX_TREE_DEPTH):
        level = [part for one in level for part in one if isinstance(part, list)]
    return bool(level)


def is_call(part: object) -> bool:
    """Whether this part of a tree calls a function; a step of a path may be a question named "f"."""
    return isinstance(part, list) and part[:1] == ["f"] and isinstance(part[1:] and part[1], str)


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise XPathError(f"unexpected {text[at]!r}", at + 1)
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(_read_token(kind, match.group(), at, found))
        at = match.end()
    return [*found, Token("end", "", len(text))]


def _read_token(kind: str, text: str, at: int, before: list[Token]) -> Token:
    if kind not in ("name", "mark") or text not in OPERATORS:
        return Token(kind, text, at)
    if kind == "mark" and text != "*":
        return Token("op", text, at)
    starts_operand = not before or before[-1].kind in _OPERAND_NEXT or before[-1].text in _OPERAND_NEXT
    return Token("mark" if text == "*" else "name", text, at) if starts_operand else Token("op", text, at)


def _named(test: str) -> Tree:
    """A predicate that holds for elements of this name, for any element if it is "*": the document has none."""
    return ["f", "name"] if test == "*" else ["=", ["f", "name"], ["s", test]]


class _Reader:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.calls: list[Call] = []

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.next
        self.at += 1
        return token

    def sees(self, *texts: str) -> bool:
        return self.next.kind in ("mark", "op") and self.next.text in texts

    def expect(self, text: str) -> None:
        if not self.sees(text):
            raise self.fault(f"expected {text!r}")
        self.take()

    def expect_end(self) -> None:
        if self.next.kind != "end":
            raise self.fault("unexpected")

    def fault(self, what: str) -> XPathError:
        seen = repr(self.next.text) if self.next.kind != "end" else "the end"
        return XPathError(f"{what}, found {seen}", self.next.at + 1)

    def expression(self, level: int = 0) -> Tree:
        """Precedence climbing: operators of `level` and tighter; the tree leans to the left."""
        self.depth += 1
        self.guard(self.depth)
        left, links = self.unary(), 0
        while (found := self.operator_level()) >= level:
            links += 1
            self.guard(links)
            left = [self.take().text, left, self.expression(found + 1)]
        self.depth -= 1
        return left

    def operator_level(self) -> int:
        return _LEVEL_OF.get(self.next.text, -1) if self.next.kind == "op" else -1

    def guard(self, size: int) -> None:
        if size > MAX_DEPTH:
            raise XPathError("too long or nested too deeply", self.next.at + 1)

    def unary(self) -> Tree:
        minus = 0
        while self.sees("-"):
            self.take()
            minus += 1
            self.guard(minus)
        tree = self.union()
        for _ in range(minus):
            tree = ["neg", tree]
        return tree

    def union(self) -> Tree:
        left, links = self.path(), 0
        while self.sees("|"):
            self.take()
            links += 1
            self.guard(links)
            left = ["|", left, self.path()]
        return left

    def path(self) -> Tree:
        if self.sees("/", "//"):
            return self.absolute()
        if not self.starts_primary():
            return ["p", ".", *self.steps()]
        tree = self.primary()
        predicates = self.predicates()
        if predicates:
            tree = ["filter", tree, *predicates]
        if not self.sees("/", "//"):
            return tree
        return self.continued(tree)

    def absolute(self) -> Tree:
        if self.take().text == "//":
            return ["p", "/", ["//"], *self.steps()]
        return ["p", "/", *self.steps()] if self.starts_step() else ["p", "/"]

    def continued(self, tree: Tree) -> Tree:
        deep = [["//"]] if self.take().text == "//" else []
        steps = [*deep, *self.steps()]
        return [*tree, *steps] if tree[0] == "p" else ["p", tree, *steps]

    def starts_primary(self) -> bool:
        token = self.next
        if token.kind in ("ref", "number", "string") or self.sees("("):
            return True
        after = self.tokens[self.at + 1] if token.kind == "name" else None
        return after is not None and after.text == "(" and after.kind == "mark" and token.text not in _NODE_TESTS

    def starts_step(self) -> bool:
        return self.next.kind in ("name", "axis") or self.sees(".", "..", "*", "@", "$")

    def primary(self) -> Tree:
        token = self.take()
        if token.kind == "ref":
            return ["ref", token.text[2:-1].strip()]
        if token.kind == "number":
            number = float(token.text)
            return ["n", int(number) if number.is_integer() else number]
        if token.kind == "string":
            return ["s", token.text[1:-1]]
        if token.kind == "name":
            found = self.arguments()
            literals = tuple(tree[1] if tree[0] == "s" else None for tree in found)
            self.calls.append(Call(token.text, literals, token.at + 1))
            return ["f", token.text, *found]
        tree = self.expression()
        self.expect(")")
        return tree

    def arguments(self) -> list[Tree]:
        self.expect("(")
        found: list[Tree] = []
        while not self.sees(")"):
            found.append(self.expression())
            if not self.sees(","):
                break
            self.take()
            if self.sees(")"):
                raise self.fault("expected an argument")
        self.expect(")")
        return found

    def steps(self) -> list[Tree]:
        found = [self.step()]
        while self.sees("/", "//"):
            if self.take().text == "//":
                found.append(["//"])
            found.append(self.step())
        return found

    def step(self) -> Tree:
        token = self.take()
        if token.kind == "axis":
            return self.after_axis(token.text[:-2], token.at)
        if token.kind == "mark" and token.text in (".", "..", "*"):
            return [token.text, *self.predicates()]
        if token.kind == "name":
            return [self.node_test(token), *self.predicates()]
        self.at -= 1
        if self.sees("@"):
            raise XPathError("attributes are not understood here: answers have none", token.at + 1)
        if self.sees("$"):
            raise XPathError("variables are not understood here; an answer is named by ${name}", token.at + 1)
        raise self.fault("expected a value, a path or a function")

    def after_axis(self, axis: str, at: int) -> Tree:
        if axis not in _AXES:
            known = ", ".join(_AXES)
            raise XPathError(f"the axis {axis} is not understood here, only {known}", at + 1)
        token = self.take()
        if token.kind != "name" and token.text != "*":
            self.at -= 1
            raise self.fault("expected a name after the axis")
        any_node = self.sees("(")
        test = self.node_test(token)
        if axis == "child":
            return [test, *self.predicates()]
        return [_AXES[axis], *([] if any_node else [_named(test)]), *self.predicates()]

    def node_test(self, token: Token) -> str:
        if token.text != "node" or not self.sees("("):
            if self.sees("("):
                raise self.fault("only node() may stand in a path")
            return token.text
        self.take()
        self.expect(")")
        return "*"

    def predicates(self) -> list[Tree]:
        found: list[Tree] = []
        while self.sees("["):
            self.take()
            found.append(self.expression())
            self.expect("]")
        return found
