"""units.csv and unit_links.csv: the tree of units over the years, and what became what."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from server.plan.folder import Folder
from server.queries.units import LinkRow, UnitRow
from server.sheet import Line
from server.units.labels import told_apart

UNITS, LINKS = "units.csv", "unit_links.csv"
LEVELS = ("province", "district", "commune")


@dataclass(frozen=True, slots=True)
class Tree:
    """Units with their labels told apart, and links between them."""

    units: list[UnitRow]
    links: list[LinkRow]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(unit.key for unit in self.units)


def read(folder: Folder) -> Tree:
    lines = folder.table(UNITS, ("key", "code", "level", "kind", "label_vi", "parent", "valid_from", "valid_to"))
    folder.once(lines, "key")
    units = {line.get("key"): (line, _unit(folder, line)) for line in lines}
    rows = {row.key: row for _, row in units.values()}
    for line, row in units.values():
        _check_parent(folder, line, row, rows)
    _check_codes(folder, list(units.values()))
    links = _links(folder, rows)
    return Tree(told_apart(list(rows.values()), links), links)


def _unit(folder: Folder, line: Line) -> UnitRow:
    folder.order(line, "valid_from", "valid_to")
    if line.get("key") != f"{line.get('code')}@{line.get('valid_from')}":
        folder.fault(line, "key", f"{line.get('key')} is not code@valid_from")
    return UnitRow(
        key=folder.unit_key(line.get("key")),
        code=folder.text(line, "code"),
        level=folder.one_of(line, "level", LEVELS),
        kind=folder.text(line, "kind"),
        label={"vi": folder.text(line, "label_vi")},
        parent=folder.unit_key(line.get("parent")) if line.get("parent") else None,
        valid_from=folder.needed_day(line, "valid_from"),
        valid_to=folder.moved_day(line, "valid_to"),
    )


def _check_parent(folder: Folder, line: Line, row: UnitRow, rows: Mapping[str, UnitRow]) -> None:
    if row.parent is None:
        if row.level != "province":
            folder.fault(line, "parent", "only a province has no parent")
        return
    parent = rows.get(row.parent)
    if parent is None:
        folder.fault(line, "parent", f"{line.get('parent')} is no key of {UNITS}")
    elif row.level in LEVELS and parent.level in LEVELS and LEVELS.index(parent.level) >= LEVELS.index(row.level):
        folder.fault(line, "parent", f"a {row.level} cannot lie in a {parent.level}")
    elif row.valid_from < parent.valid_from or _last(row) > _last(parent):
        folder.fault(line, "valid_to", f"lasts beyond the days of {line.get('parent')}")


def _check_codes(folder: Folder, units: Sequence[tuple[Line, UnitRow]]) -> None:
    """A code may be used again only after its unit has ended."""
    same: dict[str, list[tuple[Line, UnitRow]]] = defaultdict(list)
    for line, row in units:
        same[row.code].append((line, row))
    for group in same.values():
        group.sort(key=lambda pair: pair[1].valid_from)
        for (_, earlier), (line, later) in pairwise(group):
            if _last(earlier) >= later.valid_from:
                folder.fault(line, "code", f"{later.code} is still that of {earlier.key}")


def _links(folder: Folder, rows: Mapping[str, UnitRow]) -> list[LinkRow]:
    """A row without `successor` says that the unit ended and nothing took its place."""
    found: list[LinkRow] = []
    for line in folder.table(LINKS, ("predecessor", "successor", "on_date", "basis")):
        on_date = folder.needed_day(line, "on_date")
        predecessor = _ended(folder, line, rows, on_date)
        if not line.get("successor"):
            continue
        successor = rows.get(folder.unit_key(line.get("successor")))
        if successor is None:
            folder.fault(line, "successor", f"{line.get('successor')} is no key of {UNITS}")
        elif successor.valid_from > on_date or _last(successor) < on_date:
            folder.fault(line, "on_date", f"{line.get('successor')} does not stand on that day")
        elif predecessor is not None:
            found.append(LinkRow(predecessor.key, successor.key, on_date, folder.text(line, "basis")))
    return found


def _ended(folder: Folder, line: Line, rows: Mapping[str, UnitRow], on_date: date) -> UnitRow | None:
    """The predecessor; its last day is the one before the change."""
    predecessor = rows.get(folder.unit_key(folder.text(line, "predecessor")))
    if predecessor is None:
        folder.fault(line, "predecessor", f"{line.get('predecessor')} is no key of {UNITS}")
    elif on_date != date.max and predecessor.valid_to != on_date - timedelta(days=1):
        folder.fault(line, "on_date", f"{line.get('predecessor')} does not end on the day before")
    return predecessor


def _last(row: UnitRow) -> date:
    return row.valid_to or date.max
