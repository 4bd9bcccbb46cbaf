"""A server that came back from a backup: whom it has heard, what came back, what people still have to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from server import clock, restoration
from server.db import transaction
from server.pages.blueprint import desk
from server.pages.frame import page, session
from server.pages.phrases import gettext
from server.pages.statuses import Status, of_review
from server.pages.words import said
from server.people import door
from server.people.policy import policy
from server.people.principal import ADMINISTRATOR, REVIEWER, STAFF, Principal
from server.queries import given_outcomes
from server.queries import review as reviews
from server.queries.given_outcomes import Given
from server.queries.scope import units_in_scope
from server.restoration import Standing

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """An outcome that a phone gave back. `own`: left for somebody else to confirm."""

    unit: str
    place: str
    status: Status
    reason: str
    by: str
    at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class Point:
    """Something that only people can restore. `by`, `at`: who ticked it off."""

    key: str
    title: str
    what: str
    href: str | None
    by: str | None
    at: datetime | None


@desk.get("/restoration", endpoint="restoration")
def show() -> ResponseReturnValue:
    me, found = door.principal(), restoration.standing(session(), door.principal())
    given, free = _given(me) if found else ((), 0)
    return page(
        "restoration.html",
        section="restoration",
        found=found,
        outcomes=given[:MOST_SHOWN],
        hidden=max(len(given) - MOST_SHOWN, 0),
        free=free,
        points=_points(me, found) if found else (),
    )


@desk.post("/restoration/outcomes")
@policy("desk:reviewer")
def confirm_outcomes() -> ResponseReturnValue:
    with transaction() as writing:
        restoration.confirm(writing, door.principal(), clock.now())
    return redirect(url_for("desk.restoration", done="outcomes-confirmed"), 303)


@desk.post("/restoration/points/<key>")
@policy("desk:administrator")
def tick_point(key: str) -> ResponseReturnValue:
    with transaction() as writing:
        restoration.tick(writing, door.principal(), key, request.form.get("done") == "yes", clock.now())
    return redirect(url_for("desk.restoration", _anchor="h-people"), 303)


@desk.post("/restoration/close")
@policy("desk:administrator")
def close_restoration() -> ResponseReturnValue:
    with transaction() as writing:
        restoration.close(writing, door.principal(), clock.now())
    return redirect(url_for("desk.restoration", done="restoration-closed"), 303)


def _given(me: Principal) -> tuple[Sequence[Line], int]:
    """What waits in the person's scope, and how much of it they may confirm."""
    if not me.has(REVIEWER):
        return (), 0
    found = given_outcomes.waiting(session(), units_in_scope(me.grants, [REVIEWER]), me.account_id)
    own = reviews.own_chains(session(), me.account_id, [given.chain_id for given in found])
    return [_line(given, given.chain_id in own) for given in found], sum(given.chain_id not in own for given in found)


def _line(given: Given, own: bool) -> Line:
    return Line(
        unit=said(given.unit),
        place=str(given.summary.get("place") or ""),
        status=of_review(given.outcome),
        reason=str(given.said.get("reason") or ""),
        by=str(given.said.get("by") or ""),
        at=datetime.fromisoformat(str(given.said["at"])),
        own=own,
    )


def _points(me: Principal, found: Standing) -> list[Point]:
    known = {
        "devices": (
            gettext("Máy bị thu hồi"),
            gettext("Máy thu hồi sau bản sao lưu đang dùng được trở lại: thu hồi lại ngay."),
        ),
        "people": (gettext("Người"), gettext("Người mới thêm, tài khoản đã khóa, mật khẩu đã đổi.")),
        "grants": (gettext("Quyền"), gettext("Vai trò và địa bàn đã giao hoặc thôi giao.")),
        "registers": (gettext("Sổ theo dõi"), gettext("Mã đã xác nhận hoặc gộp, sổ đã nhập lại.")),
        "targets": (gettext("Chỉ tiêu và kế hoạch"), gettext("Chỉ tiêu, kỳ, đơn vị, cách tính T2 đã đổi.")),
        "forms": (gettext("Biểu mẫu"), gettext("Bản đã tải lên, phát hành hoặc đóng.")),
        "declarations": (gettext("Số khai báo"), gettext("Tổng số mà các xã đã khai báo.")),
        "reports": (gettext("Báo cáo đã phát hành"), gettext("So với bản giấy hoặc tệp đã gửi đi.")),
    }
    links = {"registers": "pending", "declarations": "declarations"} if me.has(REVIEWER, STAFF) else {}
    links |= {"people": "people", "grants": "people", "devices": "devices"} if me.has(ADMINISTRATOR, REVIEWER) else {}
    links |= {"forms": "forms"} if me.has(ADMINISTRATOR, STAFF) else {}
    hrefs = {key: url_for(f"desk.{name}") for key, name in links.items()}
    return [_point(key, *words, hrefs.get(key), found) for key, words in known.items()]


def _point(key: str, title: str, what: str, href: str | None, found: Standing) -> Point:
    ticked = found.restore.checked.get(key)
    at = datetime.fromisoformat(ticked["at"]) if ticked else None
    return Point(key, title, what, href, ticked["by"] if ticked else None, at)
