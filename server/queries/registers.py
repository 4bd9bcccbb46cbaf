"""Rows of the registers: items with their dated categories, the files that phones fetch, the stamp of changes."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from server.models.plan import SyncFile, Term
from server.models.records import RecordItem
from server.models.registers import Item, ItemCategory
from server.models.system import Installation
from server.models.units import Unit
from server.queries.upsert import Tally, put
from server.text import search_key, sort_key

_MOVED = "lantoa_registers_moved"


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as a preset or an import says it; `unit` is a key, `uid` its identity."""

    register: str
    uid: str
    label: dict[str, str]
    data: dict[str, str]
    unit: str | None = None
    code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    position: int = 0
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item as stored; `unit` and `book` (the issuing unit) are keys."""

    id: int
    uid: str
    register: str
    unit_id: int | None
    unit: str
    book_id: int | None
    book: dict[str, Any] | None
    code: str
    label: dict[str, Any]
    data: dict[str, Any]
    valid_from: date | None
    valid_to: date | None
    state: str


@dataclass(frozen=True, slots=True)
class PendingItem:
    """A code from the field that waits for the keeper of the book; `records` name it."""

    id: int
    uid: str
    code: str
    unit_id: int
    unit_key: str
    unit_label: dict[str, Any]
    created_at: datetime
    records: int


@dataclass(frozen=True, slots=True)
class FileRow:
    sha256: str
    kind: str
    sensitive_unit_id: int | None
    body: bytes
    body_br: bytes


def stamp(session: Session) -> int:
    """Moves whenever a register, a unit or a form changes."""
    return session.scalar(select(Installation.register_stamp)) or 0


def move_stamp(session: Session) -> None:
    session.execute(update(Installation).values(register_stamp=Installation.register_stamp + 1))
    session.info[_MOVED] = session.get_transaction()


def settled_state(session: Session) -> tuple[str, int] | None:
    """Names what the registers hold now, for caches; None while this transaction itself changes it.

    A rolled-back transaction would otherwise leave a stamp behind that the next one uses for other content.
    """
    if session.info.get(_MOVED) is not None and session.info[_MOVED] is session.get_transaction():
        return None
    return str(session.get_bind().engine.url), stamp(session)


def put_items(session: Session, rows: Sequence[NewItem], at: datetime) -> Tally:
    """Adds and changes items by uid; label, data and dates of an item that stays are brought up to date."""
    units = {unit.key: unit.id for unit in session.execute(select(Unit.key, Unit.id))}
    found = {item.uid: item for item in _items_with(session, [row.uid for row in rows])}
    wanted = {row.uid: _columns(row, units) for row in rows}
    for uid, columns in wanted.items():
        if uid not in found:
            columns.update(created_at=at, state="confirmed")
    return put(session, Item, found, wanted)


def put_categories(session: Session, rows: Iterable[tuple[str, str, date | None, date | None]]) -> None:
    """(item uid, category, from, to): the item's last span in the category gets these days, or it begins one."""
    wanted = list(rows)
    ids = {item.uid: item.id for item in _items_with(session, [uid for uid, *_ in wanted])}
    there = select(ItemCategory).where(ItemCategory.item_id.in_(ids.values())).order_by(ItemCategory.id)
    last_span = {(row.item_id, row.category): row for row in session.scalars(there)}
    for uid, category, first, last in wanted:
        span = last_span.get((ids[uid], category))
        if span is None:
            session.add(ItemCategory(item_id=ids[uid], category=category, valid_from=first, valid_to=last))
        else:
            span.valid_from, span.valid_to = first, last
    session.flush()


def categories_of(session: Session, item_id: int) -> frozenset[str]:
    return frozenset(session.scalars(select(ItemCategory.category).where(ItemCategory.item_id == item_id)))


def insert_once(session: Session, columns: dict[str, Any]) -> bool:
    """Inserts an item unless its uid or its code in its book is there; one statement, lest two at once both do."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    done = session.execute(dialect.insert(Item).values(**columns).on_conflict_do_nothing().returning(Item.id))
    return done.first() is not None


def item(session: Session, item_id: int) -> ItemLine | None:
    return _first(session, Item.id == item_id)


def by_uid(session: Session, uid: str) -> ItemLine | None:
    return _first(session, Item.uid == uid)


def ids_of(session: Session, uids: Sequence[str]) -> list[int]:
    return [found.id for found in _items_with(session, uids)]


def by_code(session: Session, register: str, book_id: int, norm_code: str) -> ItemLine | None:
    return _first(session, Item.register == register, Item.issuing_unit_id == book_id, Item.norm_code == norm_code)


def alias_target(session: Session, uid: str) -> str:
    """The uid that `uid` stands for: its own, or that of the item it is an alias of."""
    seen = {uid}
    while True:
        first = aliased(Item)
        stands_for = select(first.uid).join(Item, Item.alias_of_id == first.id)
        found = session.scalar(stands_for.where(Item.uid == uid, Item.state == "alias"))
        if found is None or found in seen:
            return uid
        uid = found
        seen.add(uid)


def lines(
    session: Session, register: str, unit_ids: Collection[int] | None = None, first_day: date | None = None
) -> list[ItemLine]:
    """Items of a register in their order, aliases left out; of these units, not ended before `first_day`."""
    wanted = _lines().where(Item.register == register, Item.state != "alias")
    if unit_ids is not None:
        wanted = wanted.where(Item.unit_id.in_(sorted(unit_ids)))
    if first_day is not None:
        wanted = wanted.where(or_(Item.valid_to.is_(None), Item.valid_to >= first_day))
    return [_line(*row) for row in session.execute(wanted.order_by(Item.position, Item.sort_key, Item.id))]


def found_by(session: Session, register: str, words: Sequence[str], scope: Select[int], most: int) -> list[ItemLine]:
    """Items whose search key holds every word, in the scope or without a unit."""
    wanted = _lines().where(Item.register == register, Item.state != "alias")
    wanted = wanted.where(or_(Item.unit_id.is_(None), Item.unit_id.in_(scope)))
    for word in words:
        wanted = wanted.where(Item.search_key.contains(word, autoescape=True))
    return [_line(*row) for row in session.execute(wanted.order_by(Item.sort_key, Item.id).limit(most))]


def pending(session: Session, scope: Select[int]) -> list[PendingItem]:
    naming = aliased(Item)
    records = (
        select(func.count(RecordItem.record_pk.distinct()))
        .join(naming, naming.uid == RecordItem.item_uid)
        .where(or_(naming.id == Item.id, naming.alias_of_id == Item.id))
        .correlate(Item)
        .scalar_subquery()
    )
    wanted = (
        select(Item.id, Item.uid, Item.code, Unit.id, Unit.key, Unit.label, Item.created_at, records)
        .join(Unit, Unit.id == Item.unit_id)
        .where(Item.state == "pending", Item.unit_id.in_(scope))
        .order_by(Item.created_at, Item.id)
    )
    return [PendingItem(*row) for row in session.execute(wanted)]


def settle(session: Session, item_id: int, state: str, valid_from: date | None, by: int, at: datetime) -> None:
    found = session.get_one(Item, item_id)
    found.state, found.valid_from, found.decided_by_id, found.decided_at = state, valid_from, by, at
    session.flush()


def make_alias(session: Session, item_id: int, target_id: int, by: int, at: datetime) -> None:
    """The item stands for another from now on and gives its code free; its own aliases go along."""
    found = session.get_one(Item, item_id)
    found.state, found.alias_of_id, found.norm_code = "alias", target_id, None
    found.decided_by_id, found.decided_at = by, at
    session.execute(update(Item).where(Item.alias_of_id == item_id).values(alias_of_id=target_id))
    session.flush()


def category_in_force(session: Session, code: str, day: date) -> bool:
    term = session.scalar(select(Term).where(Term.list_name == "categories", Term.code == code))
    if term is None:
        return False
    return (term.valid_from is None or term.valid_from <= day) and (term.valid_to is None or day <= term.valid_to)


def has_files(session: Session, sha256s: Collection[str]) -> set[str]:
    return set(session.scalars(select(SyncFile.sha256).where(SyncFile.sha256.in_(list(sha256s)))))


def add_file(session: Session, row: FileRow) -> None:
    """Bytes by their hash: a second time changes nothing."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    columns = {
        "sha256": row.sha256,
        "kind": row.kind,
        "sensitive_unit_id": row.sensitive_unit_id,
        "body": row.body,
        "body_br": row.body_br,
    }
    session.execute(dialect.insert(SyncFile).values(**columns).on_conflict_do_nothing())


def _items_with(session: Session, uids: Sequence[str]) -> list[Item]:
    found: list[Item] = []
    for start in range(0, len(uids), 400):
        found.extend(session.scalars(select(Item).where(Item.uid.in_(uids[start : start + 400]))))
    return found


def _columns(row: NewItem, units: dict[str, int]) -> dict[str, Any]:
    name = row.label["vi"]
    columns: dict[str, Any] = {
        "uid": row.uid,
        "register": row.register,
        "unit_id": units[row.unit] if row.unit else None,
        "label": row.label,
        "data": row.data,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "search_key": search_key(name),
        "sort_key": sort_key(name),
        "position": row.position,
        "synthetic": row.synthetic,
    }
    if row.code is not None:
        columns |= {"code": row.code, "norm_code": norm_code(row.code), "issuing_unit_id": columns["unit_id"]}
    return columns


def norm_code(code: str) -> str:
    """A book code without what two hands write differently: "31528 - 0042" and "31528-0042" are one."""
    return "".join(letter for letter in search_key(code) if letter.isalnum())


def _lines() -> Select[Any]:
    unit, book = aliased(Unit), aliased(Unit)
    return (
        select(Item, unit.key, book.label)
        .join(unit, unit.id == Item.unit_id, isouter=True)
        .join(book, book.id == Item.issuing_unit_id, isouter=True)
    )


def _first(session: Session, *conditions: Any) -> ItemLine | None:
    found = session.execute(_lines().where(*conditions)).first()
    return None if found is None else _line(*found)


def _line(found: Item, unit_key: str | None, book: dict[str, Any] | None) -> ItemLine:
    return ItemLine(
        id=found.id,
        uid=found.uid,
        register=found.register,
        unit_id=found.unit_id,
        unit=unit_key or "",
        book_id=found.issuing_unit_id,
        book=book,
        code=found.code or "",
        label=dict(found.label),
        data=dict(found.data),
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        state=found.state,
    )
