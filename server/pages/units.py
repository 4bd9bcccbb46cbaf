"""The units below one, side by side: what is missing, what was reached; every number leads on."""

from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue

from server.coverage import figures as coverage
from server.coverage.figures import Figure
from server.pages import figures
from server.pages.blueprint import desk
from server.pages.figures import ChildRow
from server.pages.frame import View, honest, looking_at, note_small_numbers, page, session
from server.pages.switches import periods, unit_crumb, units_below
from server.pages.words import said
from server.people import door
from server.queries import desk_units

REACH = ("T1", "T2")
SORTS = ("gap", "name", "sessions", "attendance")


@dataclass(frozen=True, slots=True)
class Count:
    number: int
    href: str | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit with its figures by indicator."""

    name: str
    href: str
    reach: dict[str, ChildRow]
    counts: dict[str, Count]


@desk.get("/units", endpoint="unit_table")
def table() -> ResponseReturnValue:
    view = looking_at()
    sort = request.args.get("sort", "gap")
    rows = _rows(view)
    if any(figure.small for row in rows for figure in row.reach.values()):
        note_small_numbers(view)
    return page(
        "units.html",
        section="units",
        view=view,
        rows=_sorted(rows, sort if sort in SORTS else "gap"),
        sort=sort if sort in SORTS else "gap",
        sorts={name: url_for("desk.unit_table", sort=name, **view.address) for name in SORTS},
        whole={figure.indicator: figure for figure in coverage.of_unit(view.unit.id, view.period.id)},
        honest=honest(view),
        crumb=unit_crumb(view, "desk.unit_table"),
        below=units_below(view, "desk.unit_table"),
        periods=periods(view, "desk.unit_table"),
    )


def _rows(view: View) -> list[UnitRow]:
    by_unit: dict[int, dict[str, Figure]] = {}
    for key in (*REACH, "sessions", "attendance"):
        for row in coverage.by_child(view.unit.id, view.period.id, key):
            by_unit.setdefault(row.unit.id, {})[key] = row.figure
    lines = {unit.id: unit for unit in desk_units.by_ids(session(), by_unit)}
    return [_row(View(lines[unit_id], view.plan, view.period), found) for unit_id, found in by_unit.items()]


def _row(there: View, found: dict[str, Figure]) -> UnitRow:
    me = door.principal()
    name, href = said(there.unit.label), url_for("desk.unit_table", **there.address)
    return UnitRow(
        name=name,
        href=href,
        reach={key: figures.child_row(name, found[key], there, me, href) for key in REACH if key in found},
        counts={
            key: Count(figure.numerator, figures.records_href(key, there, me))
            for key, figure in found.items()
            if key not in REACH
        },
    )


def _sorted(rows: list[UnitRow], sort: str) -> list[UnitRow]:
    if sort == "name":
        return rows  # as the units are ordered
    if sort in ("sessions", "attendance"):
        return sorted(rows, key=lambda row: -(row.counts[sort].number if sort in row.counts else 0))
    gaps = {row.href: row.reach["T2"].gap if "T2" in row.reach else None for row in rows}
    return sorted(rows, key=lambda row: (gaps[row.href] is None, -(gaps[row.href] or 0)))
