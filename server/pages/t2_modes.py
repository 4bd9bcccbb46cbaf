"""How each commune counts its managed persons: declared totals, or a roll by code with a written permission (U3)."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from server import clock
from server.db import transaction
from server.pages.blueprint import desk
from server.pages.frame import page, scope, session
from server.pages.paging import pages, part
from server.pages.phrases import gettext
from server.people import door
from server.people.policy import policy
from server.people.principal import ADMINISTRATOR
from server.queries import desk_units
from server.queries.units import UnitLine
from server.units import t2_mode
from server.units.t2_mode import ModeRefused
from sync.problems import Problem

LONGEST_PERMISSION = 200


@desk.get("/t2")
@policy("desk:administrator")
def t2_modes() -> ResponseReturnValue:
    today = clock.today()
    found = desk_units.below(session(), scope(ADMINISTRATOR), ["commune"], today, today)
    rows = part()
    return page(
        "t2_modes.html",
        section="t2",
        units=found[rows.offset : rows.offset + rows.limit],
        kept=sum(unit.t2_mode == t2_mode.REGISTER for unit, _ in found),
        pages=pages(len(found)),
    )


@desk.get("/t2/<key>")
@policy("desk:administrator")
def t2_unit(key: str) -> ResponseReturnValue:
    return page("t2_unit.html", section="t2", unit=_commune(key), fault=None)


@desk.post("/t2/<key>", endpoint="switch_t2")
@policy("desk:administrator")
def switch(key: str) -> ResponseReturnValue:
    unit = _commune(key)
    permission = request.form.get("permission", "").strip()[:LONGEST_PERMISSION]
    try:
        with transaction() as writing:
            me = door.principal().account_id
            t2_mode.switch(writing, unit.key, request.form.get("mode", ""), permission, me, clock.now())
    except ModeRefused as refused:
        return page("t2_unit.html", section="t2", unit=unit, fault=_words_of(refused)), 422
    return redirect(url_for("desk.t2_modes", done="t2-mode"), 303)


def _commune(key: str) -> UnitLine:
    unit = desk_units.unit(session(), scope(ADMINISTRATOR), key)
    if unit is None or unit.level != "commune":
        raise Problem("not-found")
    return unit


def _words_of(refused: ModeRefused) -> str:
    if refused.reason == "permission-missing":
        return gettext("Ghi số và ngày của văn bản cho phép.")
    return gettext("Chọn một trong hai cách tính.")
