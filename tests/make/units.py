"""Units: a province, two districts, and communes of which two merge."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from server.models.units import Unit, UnitLink
from server.units import paths
from tests.make.base import MERGED_ON, World

KINDS = {"province": "tỉnh", "district": "huyện"}
FOUNDED, BEFORE = date(2023, 1, 1), MERGED_ON - timedelta(days=1)
COMMUNES = (
    ("A", "D1", FOUNDED, BEFORE),
    ("B", "D1", FOUNDED, BEFORE),
    ("AB", "D1", MERGED_ON, None),
    ("C", "D2", FOUNDED, None),
    ("D", "D2", FOUNDED, None),
)


def unit(
    session: Session,
    made: World,
    name: str,
    level: str = "commune",
    parent: str | None = None,
    first: date = FOUNDED,
    last: date | None = None,
    t2_mode: str = "declared",
) -> int:
    row = Unit(
        key=f"{name}@{first}",
        code=name,
        level=level,
        kind=KINDS.get(level, "xã"),
        label={"vi": f"Đơn vị {name}"},
        parent_id=made.units[parent] if parent else None,
        valid_from=first,
        valid_to=last,
        search_key=name.lower(),
        sort_key=name.lower(),
        t2_mode=t2_mode,
    )
    session.add(row)
    session.flush()
    made.units[name] = row.id
    return row.id


def merger(session: Session, made: World, old: Sequence[str], new: str, on: date = MERGED_ON) -> None:
    """Units became another one on a day; paths follow, figures follow when `recount_all` is called."""
    for name in old:
        link = UnitLink(
            predecessor_id=made.units[name], successor_id=made.units[new], on_date=on, basis="nghị quyết thử"
        )
        session.add(link)
    session.flush()
    paths.rebuild(session)


def units(session: Session, made: World, register_mode: Sequence[str]) -> None:
    unit(session, made, "P", "province")
    unit(session, made, "D1", "district", "P")
    unit(session, made, "D2", "district", "P")
    for name, parent, first, last in COMMUNES:
        mode = "register" if name in register_mode else "declared"
        unit(session, made, name, "commune", parent, first, last, mode)
    merger(session, made, ["A", "B"], "AB")
