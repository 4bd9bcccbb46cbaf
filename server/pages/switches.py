"""The two switches of every page with figures, as links: which unit, which period."""

from dataclasses import dataclass

from flask import url_for

from server.pages.frame import View, scope, session
from server.pages.words import day_short, said
from server.queries import desk_units


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    href: str
    current: bool = False
    small: str = ""
    level: str = ""


def unit_crumb(view: View, endpoint: str) -> list[Choice]:
    """The units above, as far as the person's scope goes."""
    above = desk_units.ancestors(session(), scope(), view.unit.id)
    return [Choice(said(unit.label), url_for(endpoint, unit=unit.key, period=view.period.key)) for unit in above]


def units_below(view: View, endpoint: str) -> list[Choice]:
    """The units to go to from here: those below, else the neighbours."""
    first, last = view.period.first_day, view.period.last_day
    found = desk_units.children(session(), scope(), view.unit.id, first, last)
    if not found and view.unit.parent_id is not None:
        found = desk_units.children(session(), scope(), view.unit.parent_id, first, last)
    return [
        Choice(said(unit.label), url_for(endpoint, unit=unit.key, period=view.period.key), unit.id == view.unit.id)
        for unit in found
    ]


def periods(view: View, endpoint: str) -> list[Choice]:
    return [
        Choice(
            said(period.label),
            url_for(endpoint, unit=view.unit.key, period=period.key),
            period.id == view.period.id,
            f"{day_short(period.first_day)} – {day_short(period.last_day)}",
        )
        for period in view.plan.periods
    ]
