"""Registers: provisions, and members by the code of their book."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from server.models.registers import Item, ItemCategory
from tests.make.base import NOON, YEAR_FIRST, World


def provision(
    session: Session,
    made: World,
    name: str,
    t2: str = "no",
    first: date | None = None,
    last: date | None = None,
    excluded: bool = False,
) -> int:
    data = {"t2": t2, "field": "L01", "law": "", **({"excluded": "yes"} if excluded else {})}
    return _item(session, made, name, register="provisions", data=data, valid_from=first, valid_to=last)


def member(
    session: Session,
    made: World,
    name: str,
    unit: str = "A",
    first: date | None = YEAR_FIRST,
    last: date | None = None,
    alias_of: str | None = None,
    categories: Sequence[tuple[str, date | None, date | None]] = (("SG03", None, None),),
    **columns: Any,
) -> int:
    """A person under management, known by the code of the unit's book."""
    unit_id = made.units[unit]
    book: dict[str, Any] = {"state": "confirmed", "unit_id": unit_id, "issuing_unit_id": unit_id, "code": name}
    book |= {"alias_of_id": made.items[alias_of]} if alias_of else {"norm_code": name}
    item_id = _item(session, made, name, register="members", valid_from=first, valid_to=last, **book | columns)
    for code, since, until in categories:
        session.add(ItemCategory(item_id=item_id, category=code, valid_from=since, valid_to=until))
    session.flush()
    return item_id


def _item(session: Session, made: World, name: str, **columns: Any) -> int:
    defaults: dict[str, Any] = {
        "uid": name,
        "label": {"vi": name},
        "data": {},
        "search_key": name,
        "sort_key": name,
        "position": len(made.items),
        "created_at": NOON,
    }
    row = Item(**defaults | columns)
    session.add(row)
    session.flush()
    made.items[name] = row.id
    return row.id
