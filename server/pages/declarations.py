"""Totals that a unit declares where it keeps no roll here: a form and the list. Never added to counted figures."""

from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from server import audit, clock
from server.db import transaction
from server.pages.blueprint import desk
from server.pages.frame import looking_at, page, scope, session
from server.pages.paging import pages, part, whole
from server.pages.people import Option
from server.pages.phrases import gettext
from server.pages.words import said
from server.people import door
from server.people.policy import policy
from server.people.principal import REVIEWER, STAFF
from server.queries import desk_declarations, desk_units
from server.queries.desk_declarations import NewDeclaration
from server.queries.units import UnitLine
from sync.problems import Problem

LONGEST_SOURCE = 200
MOST_PERSONS = 1_000_000


@desk.get("/declarations")
@policy("desk:reviewer,staff")
def declarations() -> ResponseReturnValue:
    return _list({})


@desk.post("/declarations")
@policy("desk:reviewer,staff")
def declare() -> ResponseReturnValue:
    new, unit, faults = _read()
    if new is None or faults:
        return _list(faults), 422
    with transaction() as writing:
        me = door.principal().account_id
        desk_declarations.add(writing, new, me, clock.now())
        audit.note(writing, "totals.declared", f"unit:{unit.key}", me, None, {"period_id": new.period_id}, clock.now())
    return redirect(url_for("desk.declarations", done="declared"), 303)


def _list(faults: dict[str, str]) -> str:
    view = looking_at()
    found, total = desk_declarations.declared(session(), scope(REVIEWER, STAFF), part())
    return page(
        "declarations.html",
        section="declarations",
        view=view,
        declared=found,
        pages=pages(total),
        units=[Option(unit.key, said(unit.label) + (f", {said(above)}" if above else "")) for unit, above in _units()],
        indicators=[
            Option(str(i.id), f"{i.key} · {said(i.label)}")
            for i in desk_declarations.declarable(session(), view.plan.id)
        ],
        periods=[Option(str(p.id), said(p.label)) for p in view.plan.periods],
        faults=faults,
        given=request.form,
        today=clock.today(),
    )


def _units() -> list[tuple[UnitLine, dict[str, str] | None]]:
    """Communes of the scope that declare, in force in the plan."""
    plan = looking_at().plan
    found = desk_units.below(session(), scope(REVIEWER, STAFF), ["commune"], plan.first_day, plan.last_day)
    return [(unit, above) for unit, above in found if unit.t2_mode == "declared"]


def _read() -> tuple[NewDeclaration | None, UnitLine, dict[str, str]]:
    """The form's words as a declaration, and all that is wrong with it. A unit outside the scope answers like none."""
    given = request.form
    unit = next((unit for unit, _ in _units() if unit.key == given.get("unit")), None)
    if unit is None:
        raise Problem("not-found")
    plan = looking_at().plan
    period = next((p for p in plan.periods if str(p.id) == given.get("period")), None)
    indicator = next(
        (i for i in desk_declarations.declarable(session(), plan.id) if str(i.id) == given.get("indicator")), None
    )
    as_of, below, above = _day(given.get("as_of", "")), _count(given.get("denominator")), _count(given.get("numerator"))
    source = given.get("source", "").strip()[:LONGEST_SOURCE]
    checks = {
        "period": (period is None, gettext("Chọn một kỳ.")),
        "indicator": (indicator is None, gettext("Chọn một chỉ tiêu.")),
        "as_of": (as_of is None, gettext("Ghi ngày chốt số, không muộn hơn hôm nay.")),
        "denominator": (below is None, gettext("Ghi một số nguyên từ 0.")),
        "numerator": (
            above is None or (below is not None and above > below),
            gettext("Ghi một số nguyên, không lớn hơn số người quản lý."),
        ),
        "source": (not source, gettext("Ghi số này lấy từ đâu.")),
    }
    faults = {name: words for name, (wrong, words) in checks.items() if wrong}
    if period is None or indicator is None or as_of is None or below is None or above is None or faults:
        return None, unit, faults
    return NewDeclaration(indicator.id, period.id, unit.id, as_of, below, above, source), unit, {}


def _count(text: str | None) -> int | None:
    number = whole((text or "").replace(".", "").strip())
    return number if number is not None and number <= MOST_PERSONS else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day <= clock.today() else None
