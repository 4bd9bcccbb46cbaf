"""Lists of records: what waits, what was decided, what is behind a figure. Filters stand in the address."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from server import review
from server.pages import titles
from server.pages.blueprint import desk
from server.pages.frame import View, looking_at, page, scope, session, unit_named
from server.pages.paging import pages, part
from server.pages.people import Option
from server.pages.phrases import gettext
from server.pages.statuses import Status, of_record
from server.pages.words import said
from server.people import door
from server.people.policy import policy
from server.people.principal import REVIEWER, STAFF
from server.queries import desk_units, desk_words, queue
from server.queries.queue import ALL, Line, Wanted
from server.queries.scope import within
from sync.problems import Problem

TABS = ("waiting", "returned", "held", "accepted", "rejected", "withdrawn", "linked")
ALWAYS = ("waiting", "returned", "accepted", "rejected")  # others only where there are any
MOST_OFFICERS = 300


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    href: str
    icon: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Select:
    """One filter: a list to choose from."""

    name: str
    label: str
    all: str
    value: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for, as text."""

    state: str
    unit: str
    form: str
    by: str
    period: str
    indicator: str
    first: date | None
    last: date | None

    @property
    def any(self) -> bool:
        return any((self.unit, self.form, self.by, self.period, self.indicator, self.first, self.last))


@dataclass(frozen=True, slots=True)
class RecordRow:
    href: str
    title: str
    held_on: date
    officer: str
    unit: str
    above: str
    attendance: int | None
    photos: int
    findings: int
    held: bool
    revision: int
    arrived_at: datetime
    status: Status
    synthetic: bool


@desk.get("/records")
@policy("desk:reviewer,staff")
def records() -> ResponseReturnValue:
    filters = _filters()
    wanted = _wanted(filters)
    found = review.queue(session(), door.principal(), wanted, part())
    return page(
        "records.html",
        section="records",
        heading=_heading(filters, found.total),
        nothing=_nothing(filters),
        filters=filters,
        tabs=_tabs(filters, found.counts),
        selects=_selects(filters),
        rows=[row(line) for line in found.rows],
        pages=pages(found.total),
        chosen=_chosen(filters, wanted),
    )


def row(line: Line) -> RecordRow:
    attendance = line.summary.get("attendance")
    return RecordRow(
        href=url_for("desk.record", record_id=line.record_id),
        title=titles.of(line.form_id, line.form_version, line.summary),
        held_on=line.held_on,
        officer=line.officer,
        unit=said(line.unit),
        above=said(line.above),
        attendance=attendance if isinstance(attendance, int) else None,
        photos=line.photos,
        findings=line.findings,
        held=line.status == queue.HELD,
        revision=line.revision,
        arrived_at=line.arrived_at if line.state == "waiting" else line.received_at,
        status=of_record(line.state),
        synthetic=line.synthetic,
    )


def _filters() -> Filters:
    asked = request.args
    state = asked.get("state", "waiting")
    return Filters(
        state=state if state in (*TABS, ALL) else "waiting",
        unit=asked.get("unit", ""),
        form=asked.get("form", "")[:80],
        by=asked.get("by", "")[:40],
        period=asked.get("period", ""),
        indicator=asked.get("indicator", ""),
        first=_day(asked.get("from")),
        last=_day(asked.get("to")),
    )


def _wanted(filters: Filters) -> Wanted:
    unit = unit_named(filters.unit) if filters.unit else None
    view = looking_at() if filters.period or filters.indicator else None
    return Wanted(
        state=filters.state,
        units=within(unit.id) if unit else None,
        form_id=filters.form or None,
        officer_uid=filters.by or None,
        first_day=filters.first or (view.period.first_day if view else None),
        last_day=filters.last or (view.period.last_day if view else None),
        indicator_id=_indicator(filters, view),
    )


def _indicator(filters: Filters, view: View | None) -> int | None:
    if not filters.indicator or view is None:
        return None
    found = queue.indicator_id(session(), view.plan.id, filters.indicator)
    if found is None:
        raise Problem("not-found")
    return found


def _tabs(filters: Filters, counts: dict[str, int]) -> list[Tab]:
    kept: dict[str, Any] = {
        name: value for name, value in request.args.items() if name not in ("state", "page", "done") and value
    }
    shown = [state for state in TABS if state in ALWAYS or counts.get(state) or state == filters.state]
    words = {state: of_record(state) for state in shown}
    found = [
        Tab(
            _capital(words[state].word),
            url_for("desk.records", **{**kept, "state": state}),
            words[state].icon,
            counts.get(state, 0),
            state == filters.state,
        )
        for state in shown
    ]
    if filters.state == ALL:
        everything = url_for("desk.records", **{**kept, "state": ALL})
        found.insert(0, Tab(gettext("Tất cả"), everything, "list", counts.get(ALL, 0), True))
    return found


def _selects(filters: Filters) -> list[Select]:
    reach = scope(REVIEWER, STAFF)
    days = (filters.first or date(2000, 1, 1), filters.last or date(2100, 1, 1))
    units = desk_units.below(session(), reach, ["district", "commune"], *days)
    places = [Option(unit.key, said(unit.label) + (f", {said(above)}" if above else "")) for unit, above in units]
    forms = [Option(form_id, said(title)) for form_id, title in desk_words.form_titles(session()).items()]
    people = [Option(uid, name) for uid, name in queue.officers(session(), reach, MOST_OFFICERS)]
    return [
        Select("unit", gettext("Địa bàn"), gettext("Mọi địa bàn"), filters.unit, places),
        Select("form", gettext("Biểu mẫu"), gettext("Mọi biểu mẫu"), filters.form, forms),
        Select("by", gettext("Cán bộ"), gettext("Mọi cán bộ"), filters.by, people),
    ]


def _chosen(filters: Filters, wanted: Wanted) -> str:
    """Which figure the list stands behind, and what of it lies elsewhere."""
    if wanted.indicator_id is None:
        return ""
    view = looking_at()
    words = gettext(
        "Bản ghi được tính cho %(indicator)s của %(unit)s, %(period)s.",
        indicator=filters.indicator,
        unit=said(view.unit.label),
        period=said(view.period.label),
    )
    outside = queue.counted_elsewhere(session(), scope(REVIEWER, STAFF), wanted)
    if not outside:
        return words
    return f"{words} " + gettext("Thêm %(count)s bản ghi của xã ngoài phạm vi của bạn.", count=outside)


def _heading(filters: Filters, total: int) -> str:
    state = gettext("bản ghi") if filters.state == ALL else of_record(filters.state).word
    return f"{_capital(state)}: {total}"


def _nothing(filters: Filters) -> str:
    if filters.any:
        return gettext("Không bản ghi nào khớp bộ lọc.")
    return (
        gettext("Không còn bản ghi nào chờ duyệt.")
        if filters.state == "waiting"
        else gettext("Chưa có bản ghi nào ở đây.")
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
