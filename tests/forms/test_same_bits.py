"""What Python and the phone calculate with powers, angles, places, digests and shuffles is equal to the last bit."""

import hashlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from forms.xpath import elementary, parse
from forms.xpath.evaluate import compiled
from forms.xpath.nodes import Node
from forms.xpath.scope import Scope
from tests.forms.phone_engine import run_once

EACH = 150
ONE = ("exp", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "exp10", "sqrt", "round", "floor")
POSITIVE = ("log", "log10", "sqrt")
ROWS = tuple("ABCDEFGHIJ")


class World:
    zone = "UTC"

    def __init__(self, document: Node) -> None:
        self.document = document


def _expressions(chance: Random) -> Iterator[str]:
    for _ in range(EACH):
        x, y, u = chance.uniform(-40, 40), chance.uniform(-4, 4), chance.uniform(-1, 1)
        for name in ONE:
            yield f"{name}({_written(u if name in ('asin', 'acos') else abs(x) if name in POSITIVE else x)})"
        yield f"pow({_written(abs(x))}, {_written(y)})"
        yield f"pow({_written(x)}, {chance.randint(-12, 12)})"
        yield f"pow({chance.randint(1, 9)}, {chance.randint(-60, 60)} div 2)"
        yield f"atan2({_written(x)}, {_written(y)})"
        yield f"round({_written(x)}, {chance.randint(-2, 6)})"
        line = ";".join(f"{_written(chance.uniform(-80, 80))} {_written(chance.uniform(-179, 179))}" for _ in range(5))
        yield f"distance('{line}')"
        yield f"area('{line}')"
        yield f"geofence('{_written(u * 50)} {_written(y * 20)}', '{line}')"
        seed = chance.choice([chance.randint(-(10**12), 10**12), _written(x), repr(line)])
        yield f"join('', randomize(//row, {seed}))"
        yield f"digest('{line}đ😀', '{chance.choice(['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])}')"


def _written(value: float) -> str:
    return f"{value:.9f}"


def _document() -> Node:
    top, rows = Node(""), Node("rows")
    rows.parent, top.children = top, {"rows": [rows]}
    rows.children = {"row": [Node("row", rows, text) for text in ROWS]}
    return rows


def test_phone_and_server_calculate_the_same_bits(tmp_path: Path) -> None:
    asked = list(_expressions(Random(7)))
    rows = _document()
    world: Any = World(rows.parent or rows)
    here = [compiled(parse(text))(Scope(world, rows, rows)) for text in asked]
    shape = ["rows", "", [["row", text, []] for text in ROWS]]
    work = tmp_path / "bits.json"
    work.write_text(json.dumps({"documents": [shape], "asked": [[0, 0, parse(text)] for text in asked]}))
    there = json.loads(run_once("static/src/form/answer_expressions.ts", tmp_path, str(work)), parse_int=float)
    told = [value if not isinstance(value, float) or value == value else "not a number" for value in here]
    assert [one for one in zip(asked, told, there, strict=True) if one[1] != one[2]][:5] == []
    assert len(set(map(str, told))) > len(asked) * 0.8


@pytest.mark.parametrize("name", ["exp", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan"])
def test_an_elementary_function_is_right_to_15_digits(name: str) -> None:
    chance = Random(name)
    low, high = {"asin": (-1, 1), "acos": (-1, 1), "log": (1e-9, 1e9), "log10": (1e-9, 1e9)}.get(name, (-30, 30))
    for _ in range(2_000):
        x = chance.uniform(low, high)
        assert math.isclose(getattr(elementary, name)(x), getattr(math, name)(x), rel_tol=1e-15, abs_tol=1e-16), x


def test_a_power_is_right_to_12_digits() -> None:
    chance = Random(3)
    for _ in range(2_000):
        x, y = chance.uniform(0.01, 50), chance.uniform(-8, 8)
        assert math.isclose(elementary.power(x, y), x**y, rel_tol=1e-12)


def test_a_digest_is_that_of_the_text_in_utf8() -> None:
    rows = _document()
    world: Any = World(rows)
    said = compiled(parse("digest('đất 😀', 'SHA-256', 'hex')"))(Scope(world, rows, rows))
    assert said == hashlib.sha256("đất 😀".encode()).hexdigest()
