"""Which unit lies in which: the closure over parents and successors that scope and figures join (D12)."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy.orm import Session

from server.queries import units as rows
from server.queries.units import Edges, PathRow


def rebuild(session: Session) -> bool:
    """Writes unit_path anew when units or links have changed; True if it did."""
    wanted = closure(rows.edges(session))
    if wanted == rows.paths(session):
        return False
    rows.replace_paths(session, wanted)
    return True


def closure(edges: Edges) -> set[PathRow]:
    """A unit lies in itself, in its parent, in what it became, and in whatever these lie in.

    `why` is `parent` where parents alone lead to the ancestor: there the unit is a part of it today,
    elsewhere it is a part of something that went before.
    """
    above = _table(edges.parents)
    onward = _table([*edges.parents, *edges.successors])
    found: set[PathRow] = set()
    for unit_id in edges.units:
        parents = _reach(above, unit_id)
        found.add(PathRow(unit_id, unit_id, "self"))
        for ancestor_id in _reach(onward, unit_id):
            found.add(PathRow(unit_id, ancestor_id, "parent" if ancestor_id in parents else "predecessor"))
    return found


def _table(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    table: dict[int, list[int]] = defaultdict(list)
    for lower, upper in pairs:
        table[lower].append(upper)
    return table


def _reach(table: dict[int, list[int]], start: int) -> set[int]:
    """Everything that can be reached from `start`, itself left out, also where a fault made a circle."""
    seen: set[int] = set()
    ahead = list(table.get(start, ()))
    while ahead:
        unit_id = ahead.pop()
        if unit_id not in seen:
            seen.add(unit_id)
            ahead.extend(table.get(unit_id, ()))
    return seen - {start}
