"""Registers of the demonstration: invented members (codes only), rapporteurs, hamlets, materials, all synthetic."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from server.demo.cast import invented_name, rapporteur_uid
from server.queries import registers as rows
from server.queries import units
from server.queries.registers import NewItem
from server.queries.units import UnitLine

PERMISSION = "Văn bản mẫu số 00/DLM, chỉ dùng cho dữ liệu mẫu"
GROUPS = ("SG03", "SG03", "SG03", "SG04", "SG05", "SG06", "SG10", "SG10", "SG11", "SG15", "SG15", "SG16", "SG17")
CUSTODY, CUSTODY_SHARE = "SG01", 0.1
MATERIALS = ("Tờ rơi phòng, chống ma túy (mẫu)", "Sổ tay pháp luật tiếng Khmer (mẫu)", "Tờ gấp phòng cháy (mẫu)")
Span = tuple[str, str, date | None, date | None]


def fill(
    session: Session, chance: Random, scenes: Sequence[tuple[UnitLine, list[UnitLine]]], day: date, at: datetime
) -> None:
    """All communes of the scenes keep their roll here but the last of each district, which declares totals."""
    communes = [commune for _, below in scenes for commune in below]
    declaring = {below[-1].id for _, below in scenes if below}
    items: list[NewItem] = [*_materials()]
    spans: list[Span] = []
    for commune in communes:
        items += [*_hamlets(chance, commune), *_rapporteurs(chance, commune)]
        spans += [(rapporteur_uid(commune, number), role, None, None) for number, role in ((1, "TTV"), (2, "HGV"))]
        if commune.id not in declaring:
            units.set_t2_mode(session, commune.id, "register", PERMISSION)
            members = list(_members(chance, commune, day))
            items += [item for item, _ in members]
            spans += [span for _, span in members]
    rows.put_items(session, items, at)
    rows.put_categories(session, spans)
    rows.move_stamp(session)


def _materials() -> Iterator[NewItem]:
    for number, title in enumerate(MATERIALS, start=1):
        yield NewItem("materials", f"mau-tl-{number}", {"vi": title}, {}, position=number, synthetic=True)


def _hamlets(chance: Random, commune: UnitLine) -> Iterator[NewItem]:
    kind = "ấp" if commune.kind == "xã" else "khóm"
    for number in range(1, chance.randint(3, 6)):
        label = {"vi": f"{kind.capitalize()} Mẫu {number}"}
        uid = f"mau-ap-{commune.code}-{number}"
        yield NewItem("hamlets", uid, label, {"kind": kind}, commune.key, position=number, synthetic=True)


def _rapporteurs(chance: Random, commune: UnitLine) -> Iterator[NewItem]:
    for number, side in ((1, "police"), (2, "local")):
        label = {"vi": invented_name(chance)}
        uid = rapporteur_uid(commune, number)
        yield NewItem("rapporteurs", uid, label, {"side": side}, commune.key, position=number, synthetic=True)


def _members(chance: Random, commune: UnitLine, day: date) -> Iterator[tuple[NewItem, Span]]:
    for number in range(1, chance.randint(7, 17)):
        uid = f"{chance.getrandbits(128):032x}"
        first = day - timedelta(days=chance.randint(70, 600))
        last = day - timedelta(days=chance.randint(1, 40)) if chance.random() < 0.08 else None
        group = CUSTODY if chance.random() < CUSTODY_SHARE else chance.choice(GROUPS)
        code = f"{commune.code}-{number:04d}"
        item = NewItem("members", uid, {"vi": code}, {}, commune.key, code, first, last, synthetic=True)
        yield item, (uid, group, first, last)
