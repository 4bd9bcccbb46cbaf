"""One figure, one JSON line: what was measured, how much, and the goal beside it."""

import json
import platform
import sys
from datetime import UTC, datetime
from typing import Any


def say(name: str, value: float, unit: str, goal: str | None, **detail: Any) -> None:
    """Prints the figure; `goal` is the goal in words, e.g. "<= 120"; None where nothing was promised."""
    line = {
        "bench": name,
        "value": round(value, 3),
        "unit": unit,
        "goal": goal,
        "met": met(value, goal) if goal else None,
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "machine": f"{platform.machine()}, {platform.python_version()}",
        **detail,
    }
    print(json.dumps(line, ensure_ascii=False))
    sys.stdout.flush()


def met(value: float, goal: str) -> bool:
    """True when `value` keeps to a goal such as "<= 120" or ">= 1000"."""
    op, number = goal.split()[:2]
    return value <= float(number) if op == "<=" else value >= float(number)
