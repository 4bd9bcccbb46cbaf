"""Plain XPath 1.0 by chance, of a wanted kind, over documents by chance. The same seed writes the same.

Left out, because forms mean it otherwise on purpose (forms/SUPPORTED.md):
- X-02: texts that read as dates; and texts with exponents, which libxml2 takes for numbers against XPath 1.0, 4.4.
- X-03: a node-set as a truth, but for documents in which every element has text (`filled`).
- X-04: a comparison with a node-set that may be empty: each stands behind count(…) > 0.
- F-concat: node-sets open up, so concat() gets their strings here.
- X-06: text nodes are no nodes of a form: no node() where one could be found, nothing but a name or * after //.
And what the two write differently by 15 digits: only numbers with few digits turn into text (`short`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

T = TypeVar("T")
NAMES = ("a", "b", "b-c", "div", "đất")
TEXTS = ("0", "7", "12", "-3", "2.5", "0.25", " 12 ", "đất", "x y", "a", "😀b", "NaN", "12a", "aa")
LITERALS = ("", "a", "đ", "x", " ", "12", "7", "b", "😀", "y", "-3", "x  y ", "ất", "true")


@dataclass
class Element:
    """Siblings of one name stand together, as answers of a form do."""

    name: str
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def every(self) -> list["Element"]:
        return [self, *(one for child in self.children for one in child.every())]


def document(chance: Random, filled: bool, depth: int = 3) -> Element:
    texts = TEXTS if filled else (*TEXTS, "", "")
    if depth == 0:
        return Element(chance.choice(NAMES), chance.choice(texts))
    kinds = chance.sample(NAMES, chance.randint(1, 3 if depth < 3 else 4))
    children = [_child(chance, filled, depth, name) for name in kinds for _ in range(chance.choice((1, 1, 2, 3)))]
    return Element(chance.choice(NAMES), "", children)


def _child(chance: Random, filled: bool, depth: int, name: str) -> Element:
    child = document(chance, filled, depth - 1 if chance.random() < 0.7 else 0)
    child.name = name
    return child


class Writer:
    """One expression at a time; `inside`: within a predicate, where there is a position."""

    def __init__(self, chance: Random, filled: bool) -> None:
        self.chance, self.filled = chance, filled
        self.inside = 0

    def any(self, depth: int) -> str:
        return self.pick(self.number, self.text, self.truth, self.nodes, self.nodes, self.nodes)(depth)

    def pick(self, *options: T) -> T:
        return self.chance.choice(options)

    def one_of(self, *ways: Callable[[], str]) -> str:
        return self.pick(*ways)()

    # ── Numbers ──
    def number(self, depth: int) -> str:
        if depth <= 0:
            return self.short(0)
        return self.pick(self.short, self.reckoned, self.reckoned, self.turned, self.read)(depth)

    def reckoned(self, depth: int) -> str:
        operator = self.pick("+", "-", "*", "div", "mod")
        left, right = self.number(depth - 1), self.number(depth - 1)
        text = f"{left} {operator} {right}"
        return text if self.chance.random() < 0.4 else f"({text})"

    def turned(self, depth: int) -> str:
        name = self.pick("floor", "ceiling", "round", "-", "- -")
        inner = self.number(depth - 1)
        return f"{name}({inner})"

    def read(self, depth: int) -> str:
        return f"number({self.pick(self.text, self.truth, self.nodes)(depth - 1)})"

    def short(self, depth: int) -> str:
        """A number with few digits, so that both write it the same way."""
        if depth <= 0:
            placed: tuple[str, ...] = ("position()", "last()") if self.inside else ()
            return self.pick("0", "1", "2", "3", "7", "10", "2.5", ".5", "0.25", "12.", *placed)
        inner = depth - 1
        return self.one_of(
            lambda: f"count({self.nodes(inner)})",
            lambda: f"sum({self.nodes(inner)})",
            lambda: f"string-length({self.text(inner)})",
            lambda: self.pick("string-length()", "number()"),
            lambda: f"({self.short(0)} {self.pick('+', '-', '*')} {self.short(inner)})",
            lambda: f"number({self.pick(self.nodes, self.truth)(inner)})",
            lambda: self.short(0),
        )

    # ── Text ──
    def text(self, depth: int) -> str:
        if depth <= 0:
            quote = self.pick("'", '"')
            return f"{quote}{self.pick(*LITERALS)}{quote}"
        inner = depth - 1
        return self.one_of(
            lambda: f"string({self.pick(self.nodes, self.piece)(inner)})",
            lambda: f"concat({', '.join(self.piece(inner) for _ in range(self.pick(2, 3)))})",
            lambda: f"{self.pick('substring-before', 'substring-after')}({self.text(inner)}, {self.text(0)})",
            lambda: f"substring({self.text(inner)}, {self.number(inner)})",
            lambda: f"substring({self.text(inner)}, {self.number(inner)}, {self.number(inner)})",
            lambda: f"translate({self.text(inner)}, {self.text(inner)}, {self.text(inner)})",
            lambda: f"normalize-space({self.text(inner)})",
            lambda: f"name({self.nodes(inner)})",
            lambda: self.pick("string()", "name()", "normalize-space()"),
            lambda: self.text(0),
        )

    def piece(self, depth: int) -> str:
        return self.pick(self.text, self.short, self.truth)(depth)

    # ── Truth ──
    def truth(self, depth: int) -> str:
        if depth <= 0:
            return self.pick("true()", "false()", "1 = 1", "2 < 1")
        inner = depth - 1
        return self.one_of(
            lambda: f"not({self.judged(inner)})",
            lambda: f"boolean({self.judged(inner)})",
            lambda: f"({self.judged(inner)} {self.pick('and', 'or')} {self.judged(inner)})",
            lambda: f"{self.pick('contains', 'starts-with')}({self.text(inner)}, {self.text(inner)})",
            lambda: self.compared(inner),
            lambda: self.compared(inner),
            lambda: self.compared_nodes(inner),
            lambda: self.compared_nodes(inner),
        )

    def judged(self, depth: int) -> str:
        """What may be taken for a truth."""
        options = [self.truth, self.text, self.number, *([self.nodes, self.nodes] if self.filled else [])]
        return f"({self.pick(*options)(depth)})"

    def compared(self, depth: int) -> str:
        operator = self.pick("=", "!=", "<", "<=", ">", ">=")
        left, right = (f"({self.pick(self.number, self.text, self.truth)(depth)})" for _ in range(2))
        return f"({left} {operator} {right})"

    def compared_nodes(self, depth: int) -> str:
        """Only where there are nodes: an empty node-set is '' in forms."""
        operator, nodes = self.pick("=", "!=", "<", "<=", ">", ">="), f"({self.nodes(depth)})"
        if self.chance.random() < 0.4:
            others = f"({self.nodes(depth)})"
            return f"(count{nodes} > 0 and count{others} > 0 and {nodes} {operator} {others})"
        other = f"({self.pick(self.number, self.text, *([self.truth] if self.filled else []))(depth)})"
        sides = self.pick(f"{nodes} {operator} {other}", f"{other} {operator} {nodes}")
        return f"(count{nodes} > 0 and {sides})"

    # ── Nodes ──
    def nodes(self, depth: int) -> str:
        if depth <= 0:
            return self.pick(".", "..", "*", "//*", "/*", *NAMES, f"//{self.pick(*NAMES)}", "/*/*", "../*")
        inner = depth - 1
        return self.one_of(
            lambda: self.path(inner),
            lambda: self.path(inner),
            lambda: self.path(inner),
            lambda: f"{self.nodes(inner)} | {self.nodes(inner)}",
            lambda: f"({self.nodes(inner)}){self.predicate(inner)}",
            lambda: f"({self.nodes(inner)})/{self.step(inner)}",
            lambda: f"({self.nodes(inner)})//{self.named(inner)}",
        )

    def path(self, depth: int) -> str:
        steps = [self.step(depth) for _ in range(self.pick(1, 1, 2, 2, 3))]
        start = self.pick("", "", "/", "//", "../", "./", ".//", "..//")
        if start.endswith("//"):
            steps[0] = self.named(depth)
        text = start + steps[0]
        for step in steps[1:]:
            text += f"//{self.named(depth)}" if self.chance.random() < 0.15 else f"/{step}"
        return text

    def named(self, depth: int) -> str:
        return self.pick("*", *NAMES) + self.predicates(depth)

    def step(self, depth: int) -> str:
        test = self.pick("*", *NAMES)
        return self.one_of(
            lambda: self.named(depth),
            lambda: self.named(depth),
            lambda: self.named(depth),
            lambda: f"child::{test}{self.predicates(depth)}",
            lambda: f"self::{self.pick(test, 'node()')}{self.predicates(depth)}",
            lambda: f"parent::{self.pick(test, 'node()')}{self.predicates(depth)}",
            lambda: f"descendant-or-self::{test}{self.predicates(depth)}",
            lambda: self.pick(".", ".."),
        )

    def predicates(self, depth: int) -> str:
        return "".join(self.predicate(depth) for _ in range(self.pick(0, 0, 0, 1, 1, 2)))

    def predicate(self, depth: int) -> str:
        self.inside += 1
        options = [self.truth, self.truth, self.short, self.number, self.text, *([self.nodes] if self.filled else [])]
        text = f"[{self.pick(*options)(depth - 1)}]"
        self.inside -= 1
        return text
