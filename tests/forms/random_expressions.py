"""Expressions by chance, as authors of forms write them: of a wanted kind, about answers that are known at a place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import strategies as st

Draw = Callable[..., Any]
T = TypeVar("T")
LISTS = {
    "colours": ("red", "blue", "gold"),
    "towns": ("t1", "t2", "t3", "t4"),
    "streets": ("s1", "s2", "s3", "s4", "s5"),
}
WORDS = ("x", "yes", "3", "red", "red blue", "t1", "a'b", "Đỏ", "")


@dataclass(frozen=True)
class Place:
    """A node of the form. `repeats`: paths of the repeats around it (itself too, if it is one), outermost first."""

    path: str
    kind: str  # a question's type, "group" or "repeat"
    repeats: tuple[str, ...] = ()
    options: str = ""  # the list or register that it chooses from

    @property
    def depth(self) -> int:
        return self.path.count("/")


def shared(at: Place, other: Place) -> tuple[str, ...]:
    """The repeats that both stand in: within them, one row is meant."""
    both = zip(at.repeats, other.repeats, strict=False)
    found = tuple(a for a, b in both if a == b)
    return found[:-1] if found and found[-1] == other.path else found


def path_to(at: Place, other: Place) -> str:
    """As pyxform writes ${name}: relative inside the innermost repeat that both stand in, else absolute."""
    inside = shared(at, other)
    if not inside:
        return other.path
    up = "/".join([".."] * (at.depth - inside[-1].count("/")))
    rest = other.path[len(inside[-1]) :]
    return (up + rest) if up else "." + rest


class Writer:
    """Writes expressions read at `at` that look at `known` places."""

    def __init__(self, draw: Draw, at: Place, known: Sequence[Place]) -> None:
        self.draw, self.at = draw, at
        questions = [place for place in known if place.kind not in ("group", "repeat", "note")]
        self.single = [place for place in questions if shared(at, place) == place.repeats]
        self.many = [place for place in questions if shared(at, place) != place.repeats]
        self.rows = [place for place in known if place.kind == "repeat" and shared(at, place) == place.repeats[:-1]]

    def pick(self, options: Sequence[T]) -> T:
        return options[self.draw(st.integers(0, len(options) - 1))]

    def one_of(self, *ways: Callable[[], str]) -> str:
        return self.pick(ways)()

    # ── Paths ──
    def one(self, *kinds: str) -> str:
        """The answer of one question; any kind if there is none of the wanted."""
        fitting = [place for place in self.single if place.kind in kinds] or self.single
        return path_to(self.at, self.pick(fitting)) if fitting else "''"

    def nodes(self) -> str:
        """The answers of one question in many rows."""
        if not self.many:
            return self.one("integer", "decimal", "calculate")
        place = self.pick(self.many)
        path = path_to(self.at, place)
        return self.narrowed(place, path) if self.draw(st.booleans()) else path

    def narrowed(self, place: Place, path: str) -> str:
        """Only the rows of the innermost repeat for which something holds."""
        repeat = place.repeats[-1]
        rest = place.path[len(repeat) :]
        return f"{path.removesuffix(rest)}[{self.about_row(repeat)}]{rest}"

    def about_row(self, repeat: str) -> str:
        inside = [place for place in self.many if place.repeats and place.repeats[-1] == repeat]
        column = self.pick(inside).path[len(repeat) + 1 :] if inside else "."
        mine = f"current()/{self.one('integer', 'text')}" if self.single else "'x'"
        mine = mine.removeprefix("current()/") if "current()/''" in mine or "current()//" in mine else mine
        place = f"position() < position({self.own_row(repeat)})" if repeat in self.at.repeats else "position() = last()"
        return self.pick(
            (f"{column} > 2", f"{column} != ''", f"{column} = {mine}", f"selected({column}, 'red')", "position() = 2",
             "position() != 1", place, f"string-length({column}) > 1 and position() > 1")
        )  # fmt: skip

    def own_row(self, repeat: str) -> str:
        up = self.at.depth - repeat.count("/")
        return "current()" + "/.." * up

    # ── Values ──
    def number(self, depth: int = 2) -> str:
        if depth == 0:
            return self.one_of(
                lambda: self.one("integer", "decimal"), lambda: str(self.pick((0, 1, 2, 5, 0.5, 10, -1)))
            )
        less = depth - 1
        return self.one_of(
            lambda: self.one("integer", "decimal", "calculate"),
            lambda: f"sum({self.nodes()})",
            lambda: (
                f"count({self.pick([path_to(self.at, row) for row in self.rows] or [self.nodes()])})"
                if self.rows or self.single or self.many
                else "count(/..)"
            ),
            lambda: f"count-non-empty({self.nodes()})" if self.single or self.many else "1",
            lambda: f"{self.number(less)} {self.pick(('+', '-', '*', 'div', 'mod'))} {self.number(less)}",
            lambda: f"{self.pick(('min', 'max'))}({self.nodes()}, {self.number(less)})",
            lambda: f"{self.pick(('round', 'int', 'abs', 'floor', 'ceiling', 'number'))}({self.number(less)})",
            lambda: f"string-length({self.text(less)})",
            lambda: f"count-selected({self.one('select_multiple', 'select_one')})",
            lambda: f"coalesce({self.one('integer')}, {self.number(less)})",
            lambda: f"if({self.truth(less)}, {self.number(less)}, {self.number(less)})",
            lambda: f"position({'..' if self.at.repeats else '.'})",
            lambda: f"({self.date()} - {self.date()})",
            lambda: f"pulldata('places', 'size', 'name', {self.one('register')})",
            lambda: self.rare_number(less),
        )

    def rare_number(self, depth: int) -> str:
        return self.one_of(
            lambda: f"pow({self.number(0)}, {self.pick((0, 2, 0.5, -1))})",
            lambda: f"round({self.number(depth)}, {self.pick((0, 1, 2, -1))})",
            lambda: f"number({self.indexed()})",
            lambda: f"distance({self.one('geopoint')}, '9.61 105.9')",
            lambda: f"round(distance({self.nodes()}), 1)",
            lambda: f"area({self.nodes()})",
            lambda: "decimal-date-time(now())",
            lambda: f"decimal-date-time({self.one('dateTime', 'date')})",
        )

    def indexed(self) -> str:
        """The answer in one row, told by its place."""
        if not self.many:
            return self.one()
        place = self.pick(self.many)
        rows = ", ".join(f"{repeat}, {self.pick((1, 2, 3, 0))}" for repeat in place.repeats)
        return f"indexed-repeat({place.path}, {rows})"

    def text(self, depth: int = 2) -> str:
        if depth == 0:
            return self.one_of(lambda: self.one("text", "select_one"), lambda: self.literal())
        less = depth - 1
        return self.one_of(
            lambda: self.one("text", "select_one", "calculate"),
            lambda: f"concat({self.text(less)}, '-', {self.nodes()})",
            lambda: f"join(' ', {self.nodes()})",
            lambda: f"if({self.truth(less)}, {self.text(less)}, {self.text(less)})",
            lambda: f"coalesce({self.text(less)}, {self.text(less)})",
            lambda: f"substr({self.text(less)}, {self.number(0)}, {self.number(0)})",
            lambda: f"selected-at({self.one('select_multiple')}, {self.number(0)})",
            lambda: self.label(),
            lambda: f"string({self.number(less)})",
            lambda: f"format-date({self.date()}, '%Y %b %e %a')",
            lambda: f"instance('places')/root/item[kind = {self.text(0)}]/name",
            lambda: f"instance('streets')/root/item[name = {self.one('select_one')}]/label",
            lambda: f"normalize-space({self.text(less)})",
            lambda: self.rare_text(less),
        )

    def rare_text(self, depth: int) -> str:
        algorithm, code = self.pick(("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512")), self.pick(("hex", "base64"))
        return self.one_of(
            self.indexed,
            lambda: f"digest({self.text(depth)}, '{algorithm}', '{code}')",
            lambda: f"join(' ', randomize({self.pick(self.many).path}, {self.seed()}))" if self.many else self.text(0),
            lambda: f"translate({self.text(depth)}, 'xeđ', 'yE')",
            lambda: f"{self.pick(('substring-before', 'substring-after'))}({self.text(depth)}, {self.literal()})",
            lambda: f"format-date-time({self.one('dateTime', 'date')}, '%d/%m/%y %H:%M')",
            lambda: "format-date(today(), '%a %e')",
            lambda: f"substr(string({self.date()} - today()), 0, 3)",
        )

    def seed(self) -> str:
        return self.one_of(lambda: "7", lambda: self.one("integer", "decimal"), lambda: "2147483648")

    def label(self) -> str:
        choosing = [place for place in self.single if place.options]
        if not choosing:
            return "'none'"
        place = self.pick(choosing)
        return f"jr:choice-name({path_to(self.at, place)}, '{place.path}')"

    def date(self) -> str:
        return self.one_of(
            lambda: self.one("date", "dateTime"), lambda: "date('2024-11-20')",
            lambda: f"date({self.one('dateTime', 'date')})", lambda: f"date({self.one('date')} + {self.number(0)})",
        )  # fmt: skip

    def truth(self, depth: int = 2) -> str:
        less = max(depth - 1, 0)
        return self.one_of(
            lambda: f"{self.one('select_one', 'text', 'acknowledge')} = {self.literal()}",
            lambda: f"{self.one('select_one', 'text')} != {self.text(0)}",
            lambda: f"{self.number(less)} {self.pick(('>', '<', '>=', '<=', '=', '!='))} {self.number(0)}",
            lambda: f"selected({self.one('select_multiple', 'select_one')}, {self.literal()})",
            lambda: f"{self.truth(less)} {self.pick(('and', 'or'))} {self.truth(less)}" if depth else "true()",
            lambda: f"not({self.truth(less)})" if depth else "1 = 1",
            lambda: f"{self.date()} {self.pick(('<=', '>'))} {self.date()}",
            lambda: self.one(),
            lambda: f"boolean({self.nodes()})",
            lambda: f"regex({self.text(0)}, '[a-z0-9]+')",
            lambda: f"{self.nodes()} = {self.text(0)}",
            lambda: f"{self.nodes()} > {self.number(0)}",
            lambda: self.rare_truth(less),
            self.of_row,
        )

    def rare_truth(self, depth: int) -> str:
        least, most = self.pick((-1, 0, 1)), self.pick((-1, 1, 2))
        return self.one_of(
            lambda: f"checklist({least}, {most}, {self.nodes()}, {self.number(depth)})",
            lambda: f"weighted-checklist({least}, {most}, {self.number(depth)}, {self.pick((1, 2, 0.5))})",
            lambda: f"{self.pick(('contains', 'starts-with', 'ends-with'))}({self.text(depth)}, {self.literal()})",
            lambda: f"{self.date()} <= today()",
            lambda: f"{self.indexed()} = {self.text(0)}",
        )

    def of_row(self) -> str:
        """True in some rows, false in others."""
        if not self.at.repeats:
            return "true()"
        row = self.own_row(self.at.repeats[-1]).removeprefix("current()").removeprefix("/") or "."
        return f"position({row}) {self.pick(('mod 2 = 1', '> 1', '!= 2', '= 1'))}"

    def literal(self) -> str:
        word = self.pick((*WORDS, *LISTS["colours"]))
        return f'"{word}"' if "'" in word else f"'{word}'"
