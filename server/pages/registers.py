"""Codes from the field that wait for the keeper of the book: confirm them, or say whom they mean (U1)."""

from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from server import clock
from server.db import transaction
from server.pages.blueprint import desk
from server.pages.frame import page, scope, session
from server.pages.paging import pages, part, whole
from server.pages.people import Option
from server.pages.phrases import gettext
from server.pages.words import said
from server.people import door
from server.people.policy import policy
from server.people.principal import REVIEWER, STAFF
from server.queries import desk_words
from server.queries.registers import PendingItem
from server.registers import items
from server.registers.items import ItemRefused
from sync.problems import Problem

MOST_OFFERED = 500


@desk.get("/registers/pending")
@policy("desk:reviewer,staff")
def pending() -> ResponseReturnValue:
    waiting = items.pending(session(), scope(REVIEWER, STAFF))
    rows = part()
    shown = waiting[rows.offset : rows.offset + rows.limit]
    return page("pending.html", section="registers", items=shown, pages=pages(len(waiting)))


@desk.get("/registers/pending/<uid>")
@policy("desk:reviewer")
def pending_item(uid: str) -> ResponseReturnValue:
    return _item(_waiting(uid), {})


@desk.post("/registers/pending/<uid>/confirm")
@policy("desk:reviewer")
def confirm_item(uid: str) -> ResponseReturnValue:
    found = _waiting(uid)
    since = _day(request.form.get("valid_from", ""))
    if since is None:
        return _item(found, {"valid_from": gettext("Ghi ngày vào sổ, không muộn hơn hôm nay.")}), 422
    try:
        with transaction() as writing:
            items.confirm(writing, found.id, request.form.get("category", ""), since, _me(), clock.now())
    except ItemRefused as refused:
        return _item(found, _words_of(refused)), 422
    return redirect(url_for("desk.pending", done="item-confirmed"), 303)


@desk.post("/registers/pending/<uid>/merge")
@policy("desk:reviewer")
def merge_item(uid: str) -> ResponseReturnValue:
    found = _waiting(uid)
    target = whole(request.form.get("into", ""))
    try:
        with transaction() as writing:
            items.merge(writing, found.id, target or 0, _me(), clock.now())
    except ItemRefused as refused:
        return _item(found, _words_of(refused)), 422
    return redirect(url_for("desk.pending", done="item-merged"), 303)


def _waiting(uid: str) -> PendingItem:
    """The pending code with this uid in the reviewer's scope."""
    found = next((item for item in items.pending(session(), scope(REVIEWER)) if item.uid == uid), None)
    if found is None:
        raise Problem("not-found")
    return found


def _item(found: PendingItem, faults: dict[str, str]) -> str:
    terms = desk_words.terms(session(), "categories", clock.today())
    groups = [Option(term.code, said(term.label)) for term in terms]
    book = desk_words.members_of(session(), found.unit_id, MOST_OFFERED)
    known = [Option(str(item_id), code) for item_id, code in book if item_id != found.id]
    return page(
        "pending_item.html",
        section="registers",
        item=found,
        groups=groups,
        known=known,
        faults=faults,
        given=request.form,
        today=clock.today(),
    )


def _day(text: str) -> date | None:
    """A day that has come."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(1950, 1, 1) <= day <= clock.today() else None


def _me() -> int:
    return door.principal().account_id


def _words_of(refused: ItemRefused) -> dict[str, str]:
    words = {
        "not-pending": {"": gettext("Người khác vừa quyết định mã này.")},
        "unknown-category": {"category": gettext("Nhóm này không có hiệu lực vào ngày đã ghi.")},
        "not-the-same-book": {"into": gettext("Chọn một mã của cùng xã.")},
    }
    return words.get(refused.reason, {"": refused.reason})
