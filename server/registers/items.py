"""Items made in the field and what the keeper of the book decides on them (D17, U1, U2); search in a register.

A pending code stands in neither numerator nor denominator. All functions that write are called inside a transaction.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Select
from sqlalchemy.orm import Session

from server import audit, coverage
from server.queries import registers as rows
from server.queries.registers import ItemLine, PendingItem
from server.text import search_key, sort_key

MEMBERS = "members"


class ItemRefused(Exception):
    """Why an item stays as it is: not-pending, unknown-category, not-the-same-book."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def add_pending(session: Session, uid: str, code: str, unit_id: int, at: datetime, synthetic: bool = False) -> str:
    """A code that was typed in the field; gives the uid that records are to name: the item's, or that of its alias.

    The first one of a code in a unit's book is the item, each later one an alias of it.
    """
    norm = rows.norm_code(code)
    columns = {
        "uid": uid, "register": MEMBERS, "unit_id": unit_id, "issuing_unit_id": unit_id, "code": code.strip(),
        "norm_code": norm, "label": {"vi": code.strip()}, "data": {}, "state": "pending", "synthetic": synthetic,
        "search_key": search_key(code), "sort_key": sort_key(code), "position": 0, "created_at": at,
    }  # fmt: skip
    if rows.insert_once(session, columns):
        rows.move_stamp(session)
        return uid
    first = None if rows.by_uid(session, uid) else rows.by_code(session, MEMBERS, unit_id, norm)
    if first is not None:
        rows.insert_once(session, columns | {"norm_code": None, "state": "alias", "alias_of_id": first.id})
    return rows.alias_target(session, uid)


def pending(session: Session, scope: Select[int]) -> list[PendingItem]:
    """Codes that wait in the units of the scope, the oldest first."""
    return rows.pending(session, scope)


def confirm(session: Session, item_id: int, category: str, valid_from: date, by: int, at: datetime) -> None:
    """The keeper says that the code stands in the book, in which group and since when: from now on it counts."""
    found = _pending_or_refuse(session, item_id)
    if not rows.category_in_force(session, category, valid_from):
        raise ItemRefused("unknown-category")
    rows.settle(session, item_id, "confirmed", valid_from, by, at)
    rows.put_categories(session, [(found.uid, category, valid_from, None)])
    _after(session, [item_id], "item.confirmed", found.uid, by, at)


def merge(session: Session, item_id: int, into_id: int, by: int, at: datetime) -> None:
    """The keeper says that a pending code is a person who stands in the book already: both histories become one."""
    found = _pending_or_refuse(session, item_id)
    target = rows.item(session, into_id)
    if target is None or target.id == item_id or target.unit_id != found.unit_id or target.state == "alias":
        raise ItemRefused("not-the-same-book")
    rows.make_alias(session, item_id, into_id, by, at)
    _after(session, [item_id, into_id], "item.merged", found.uid, by, at)


def search(session: Session, register: str, words: str, scope: Select[int], most: int = 50) -> list[ItemLine]:
    """Items that hold every word, with or without its marks ("duong" finds "đường")."""
    return rows.found_by(session, register, search_key(words).split(), scope, most)


def _pending_or_refuse(session: Session, item_id: int) -> ItemLine:
    found = rows.item(session, item_id)
    if found is None or found.state != "pending":
        raise ItemRefused("not-pending")
    return found


def _after(session: Session, item_ids: Iterable[int], action: str, uid: str, by: int, at: datetime) -> None:
    rows.move_stamp(session)
    coverage.items_changed(session, list(item_ids))
    audit.note(session, action, f"item:{uid}", by, None, {}, at)
