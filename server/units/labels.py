"""Labels that tell two units of one name apart (U50): "Phường 1 (từ 1/9/2024, gồm Phường 9 cũ)"."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from server.queries.units import LinkRow, UnitRow


def told_apart(rows: Sequence[UnitRow], links: Sequence[LinkRow]) -> list[UnitRow]:
    """The rows, with span and old names in the label where another of that name is or was in the same parent."""
    groups: dict[tuple[str | None, str], list[UnitRow]] = defaultdict(list)
    for row in rows:
        groups[row.parent, row.label["vi"].casefold()].append(row)
    doubles = {row.key for group in groups.values() if len(group) > 1 for row in group}
    first_day = min((row.valid_from for row in rows), default=None)
    names = {row.key: row.label["vi"] for row in rows}
    old = _old_names(links, names)
    return [_with_span(row, first_day, old.get(row.key, [])) if row.key in doubles else row for row in rows]


def full(label: Mapping[str, Any], parent: Mapping[str, Any] | None) -> str:
    """A unit's Vietnamese name with its parent's: 109 communes share names such as Phường 2."""
    return str(label["vi"]) if parent is None else f"{label['vi']}, {parent['vi']}"


def _old_names(links: Sequence[LinkRow], names: Mapping[str, str]) -> dict[str, list[str]]:
    """successor → names of its predecessors that it does not bear itself."""
    found: dict[str, list[str]] = defaultdict(list)
    for link in links:
        name = names.get(link.predecessor, "")
        if name and name != names.get(link.successor):
            found[link.successor].append(name)
    return found


def _with_span(row: UnitRow, first_day: date | None, old_names: Sequence[str]) -> UnitRow:
    since = "" if row.valid_from == first_day else _day(row.valid_from)
    until = "" if row.valid_to is None else _day(row.valid_to)
    vi = [f"từ {since}" if since else f"đến {until}" if until else ""]
    en = [f"from {since}" if since else f"until {until}" if until else ""]
    if old_names:
        vi.append(f"gồm {', '.join(old_names)} cũ")
        en.append(f"with the former {', '.join(old_names)}")
    name = row.label["vi"]
    return replace(row, label={**row.label, "vi": _bracketed(name, vi), "en": _bracketed(name, en)})


def _bracketed(name: str, parts: Sequence[str]) -> str:
    told = ", ".join(part for part in parts if part)
    return f"{name} ({told})" if told else name


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
