"""The plan: every target of the period for one unit, the gap first; beside it the units below for one of them."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from server import clock
from server.coverage import figures as coverage
from server.coverage.figures import Figure
from server.pages import figures
from server.pages.blueprint import desk
from server.pages.figures import ChildRow, TargetRow, Total
from server.pages.frame import View, honest, looking_at, note_small_numbers, page, session
from server.pages.switches import periods, unit_crumb, units_below
from server.pages.words import said
from server.people import door
from server.queries import desk_units
from sync.problems import Problem

DEFAULT_INDICATOR = "T2"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The figure that the page looks into: its words of the plan, its reading rule, the units below."""

    figure: Figure
    children: tuple[ChildRow, ...]


@desk.get("/", endpoint="home", strict_slashes=False)
def home() -> ResponseReturnValue:
    return redirect(url_for("desk.plan"), 303)


@desk.get("/plan")
def plan() -> ResponseReturnValue:
    view = looking_at()
    found = coverage.of_unit(view.unit.id, view.period.id)
    bare = desk_units.without_form(session(), view.plan.id)
    chosen = _chosen(found, view, bare)
    if any(map(figures.is_small, found)) or (chosen and any(row.small for row in chosen.children)):
        note_small_numbers(view)
    return page(
        "plan.html",
        section="plan",
        view=view,
        rows=_rows(found, view, bare),
        totals=_totals(found, view),
        chosen=chosen,
        missing=figures.furthest([figure for figure in found if figure.indicator_id not in bare]),
        bare=sum(figure.indicator_id in bare for figure in found if figure.target is not None),
        honest=honest(view),
        crumb=unit_crumb(view, "desk.plan"),
        below=units_below(view, "desk.plan"),
        periods=periods(view, "desk.plan"),
    )


def _rows(found: list[Figure], view: View, bare: frozenset[int]) -> list[TargetRow]:
    me, chosen, today = door.principal(), _wanted(found), clock.today()
    with_target = (figure for figure in found if figure.target is not None)
    return [figures.target_row(f, view, me, chosen, f.indicator_id in bare, today) for f in with_target]


def _totals(found: list[Figure], view: View) -> list[Total]:
    me = door.principal()
    return [
        figures.total(figure, view, me) for figure in found if figure.target is None and figure.kind in ("count", "sum")
    ]


def _wanted(found: list[Figure]) -> str:
    """The indicator that the address names; one that the plan does not have answers like any missing thing."""
    key = request.args.get("indicator")
    known = [figure.indicator for figure in found]
    if key and key not in known:
        raise Problem("not-found")
    return key or (DEFAULT_INDICATOR if DEFAULT_INDICATOR in known else next(iter(known), ""))


def _chosen(found: list[Figure], view: View, bare: frozenset[int]) -> Chosen | None:
    figure = next((figure for figure in found if figure.indicator == _wanted(found)), None)
    if figure is None:
        return None
    counted = figure.indicator_id not in bare and figure.kind == "reach"
    return Chosen(figure, children(figure.indicator, view, "desk.plan") if counted else ())


def children(indicator: str, view: View, endpoint: str) -> tuple[ChildRow, ...]:
    """The units below with the figure of one indicator, the largest gap first, those without a base last."""
    me = door.principal()
    found = coverage.by_child(view.unit.id, view.period.id, indicator)
    lines = {unit.id: unit for unit in desk_units.by_ids(session(), (row.unit.id for row in found))}
    rows = []
    for row in found:
        there = View(lines[row.unit.id], view.plan, view.period)
        href = url_for(endpoint, indicator=indicator, **there.address)
        rows.append(figures.child_row(said(there.unit.label), row.figure, there, me, href))
    return tuple(sorted(rows, key=lambda row: (row.gap is None, -(row.gap or 0))))
