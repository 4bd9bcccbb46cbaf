"""What every page of the desk shows around its own matter: navigation, who is there, what time it is.

Also where a page looks: the unit and the period that the address names, within the person's scope.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g, render_template, request, url_for
from sqlalchemy.orm import Session

from server import audit, clock
from server.db import db, transaction
from server.pages.phrases import gettext, pgettext
from server.pages.words import said
from server.people import door
from server.people.principal import ADMINISTRATOR, DESK_ROLES, REVIEWER, STAFF, Principal
from server.queries import desk_people, desk_units, queue, units
from server.queries.desk_units import PeriodLine, PlanLine
from server.queries.scope import Scope, units_in_scope, within
from server.queries.system import installation
from server.queries.units import UnitLine
from sync.problems import Problem


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation. `tab`: stands in the bar at the thumb on phones."""

    section: str
    label: str
    href: str
    icon: str
    tab: bool = False
    count: int = 0
    count_means: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """Where a page looks, and since when: one unit, one period of one plan."""

    unit: UnitLine
    plan: PlanLine
    period: PeriodLine

    @property
    def address(self) -> dict[str, Any]:
        """Both as they stand in an address."""
        return {"unit": self.unit.key, "period": self.period.key}


@dataclass(frozen=True, slots=True)
class Honest:
    """As of when a figure is, and what it does not hold yet. Stands on every page with figures."""

    at: datetime
    accepted: int
    waiting: int
    on_phones: int
    silent: int
    accepted_href: str | None
    waiting_href: str | None
    phones_href: str


def session() -> Session:
    """The reading session of this request."""
    found: Session = db.session()
    return found


def scope(*roles: str) -> Scope:
    """Units that the person reaches in one of `roles` (any role of the desk unless told)."""
    return units_in_scope(door.principal().grants, roles or DESK_ROLES)


def page(template: str, **values: object) -> str:
    """The template with what every page shows around it. No context processor: an error page needs no database."""
    return render_template(f"desk/{template}", **surroundings(), **values)


def surroundings() -> dict[str, object]:
    """The names that the base template uses; little on pages that need no sign-in."""
    me: Principal | None = g.get("lantoa_principal")
    found: dict[str, object] = {"now": clock.now(), "me": me}
    if me is None:
        return found
    home = units.by_id(session(), me.unit_id)
    row = installation(session())
    return found | {
        "done": done(request.args.get("done", "")),
        "my_unit": said(home.label) if home else "",
        "navigation": navigation(me),
        "demo": bool(row and row.demo),
    }


def done(code: str) -> str | None:
    """What an act has done, told on the page that it leads to; the address carries a code only."""
    words = {
        "accepted": gettext("Đã duyệt. Bản ghi này đã tính vào số liệu."),
        "returned": gettext("Đã trả lại. Máy của cán bộ sẽ mở đúng chỗ cần sửa."),
        "rejected": gettext("Đã ghi: không duyệt."),
        "reversed": gettext("Đã hủy kết quả duyệt. Bản ghi này không còn tính vào số liệu."),
        "item-confirmed": gettext("Đã xác nhận mã. Người này từ nay được tính."),
        "item-merged": gettext("Đã gộp mã vào người đã có trong sổ."),
        "t2-mode": gettext("Đã đổi cách tính T2 của xã."),
        "declared": gettext("Đã lưu số khai báo."),
        "person-disabled": gettext("Đã khóa tài khoản."),
        "device-revoked": gettext("Đã thu hồi máy."),
        "form-published": gettext("Đã phát hành. Máy nhận bản này ở lần gửi nhận tới."),
        "form-closed": gettext("Đã đóng bản này. Bản nháp và bản ghi bị trả lại theo bản này vẫn làm tiếp được."),
        "form-reopened": gettext("Đã mở lại bản này."),
        "form-dropped": gettext("Đã bỏ bản nháp."),
        "password": gettext("Đã đổi mật khẩu."),
    }
    return words.get(code)


def navigation(me: Principal) -> list[Link]:
    """The sections that this person's roles open."""
    waiting = queue.waiting(session(), units_in_scope(me.grants, [REVIEWER])) if me.has(REVIEWER) else 0
    links = [
        Link("plan", gettext("Kế hoạch"), url_for("desk.plan"), "plan", tab=True),
        Link("units", gettext("Địa bàn"), url_for("desk.unit_table"), "map", tab=True),
    ]
    if me.has(REVIEWER, STAFF):
        records = url_for("desk.records")
        links.insert(
            1, Link("records", pgettext("navigation", "Duyệt"), records, "done", True, waiting, gettext("chờ duyệt"))
        )
        links.append(Link("registers", gettext("Sổ theo dõi"), url_for("desk.pending"), "list"))
        links.append(Link("declarations", gettext("Khai báo"), url_for("desk.declarations"), "file"))
    if me.has(ADMINISTRATOR, STAFF):
        links.append(Link("forms", pgettext("navigation", "Biểu mẫu"), url_for("desk.forms"), "table"))
    if me.has(ADMINISTRATOR, REVIEWER):
        links.append(Link("people", gettext("Người và máy"), url_for("desk.people"), "phone"))
    if me.has(ADMINISTRATOR):
        links.append(Link("t2", gettext("Cách tính T2"), url_for("desk.t2_modes"), "key"))
    return links


def looking_at() -> View:
    """The unit and period of the address; a unit outside the scope answers as one that does not exist."""
    plan, period = _period(request.args.get("period"), clock.today())
    key = request.args.get("unit")
    unit = unit_named(key)
    return View(unit if key else _stood_in(unit, period), plan, period)


def unit_named(key: str | None) -> UnitLine:
    """The unit with this key within the scope; without a key the highest unit of the person's grants."""
    found = desk_units.unit(session(), scope(), key) if key else _highest(door.principal())
    if found is None:
        raise Problem("not-found")
    return found


def honest(view: View) -> Honest:
    """The honesty line of a unit and a period."""
    inside = within(view.unit.id)
    states = queue.states(session(), inside, view.period.first_day, view.period.last_day)
    phones = desk_people.on_phones(session(), inside, clock.now() - desk_people.SILENT_AFTER)
    return Honest(
        at=clock.now(),
        accepted=states.get("accepted", 0),
        waiting=states.get("waiting", 0),
        on_phones=phones.waiting,
        silent=phones.silent,
        accepted_href=_records("accepted", view),
        waiting_href=_records("waiting", view),
        phones_href=url_for("desk.devices", unit=view.unit.key),
    )


def note_small_numbers(view: View) -> None:
    """Small numbers of managed persons were shown to who is responsible for them: each view is audited (U14)."""
    with transaction() as writing:
        me = door.principal().account_id
        audit.note(writing, "figure.small-seen", f"unit:{view.unit.key}", me, None, None, clock.now())


def _records(state: str, view: View) -> str | None:
    """Only reviewers and staff may open records."""
    return url_for("desk.records", state=state, **view.address) if door.principal().has(REVIEWER, STAFF) else None


def _highest(me: Principal) -> UnitLine | None:
    order = {"province": 0, "district": 1, "commune": 2}
    granted = desk_units.by_ids(session(), (grant.unit_id for grant in me.grants if grant.role in DESK_ROLES))
    return min(granted, key=lambda unit: (order.get(unit.level, 3), unit.valid_to is not None), default=None)


def _stood_in(unit: UnitLine, period: PeriodLine) -> UnitLine:
    """The unit; where it is younger than the period the one that it came from, if it was one."""
    if unit.valid_from <= period.last_day:
        return unit
    before = desk_units.predecessors_on(session(), unit.id, unit.level, period.last_day)
    return before[0] if len(before) == 1 else unit


def _period(key: str | None, today: date) -> tuple[PlanLine, PeriodLine]:
    """The period of this key in the newest plan; else the longest that holds today; else the last (D10)."""
    found = [(plan, period) for plan in desk_units.plans(session()) for period in plan.periods]
    if not found:
        raise Problem("not-found")
    if key:
        named = [pair for pair in found if pair[1].key == key]
        if not named:
            raise Problem("not-found")
        return named[-1]
    current = [pair for pair in found if pair[1].first_day <= today <= pair[1].last_day]
    return max(current or found, key=lambda pair: (pair[1].last_day, pair[1].last_day - pair[1].first_day))
