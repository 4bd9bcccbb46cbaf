"""provisions.csv, organisations.csv and hamlets.csv: the registers that a preset brings, by stable keys."""

from collections.abc import Collection, Mapping

from server.plan.folder import Folder
from server.plan.read_units import Tree
from server.queries.registers import NewItem
from server.queries.units import UnitRow
from server.sheet import Line

PROVISIONS, ORGANISATIONS, HAMLETS = "provisions.csv", "organisations.csv", "hamlets.csv"
YES_NO = ("yes", "no")
WHOLE = "whole"
WHOLE_WORDS = {"xã": "Toàn xã", "phường": "Toàn phường", "thị trấn": "Toàn thị trấn"}


def read(folder: Folder, tree: Tree, laws: Mapping[str, frozenset[str]]) -> list[NewItem]:
    return [
        *_provisions(folder, laws),
        *_organisations(folder, tree.keys),
        *(_whole(unit) for unit in tree.units if unit.level == "commune"),
        *_hamlets(folder, tree),
    ]


def _provisions(folder: Folder, laws: Mapping[str, frozenset[str]]) -> list[NewItem]:
    columns = ("key", "label_vi", "field", "law", "t2", "valid_from", "valid_to", "checked", "secret")
    lines = folder.table(PROVISIONS, columns)
    folder.once(lines, "key")
    return [_provision(folder, line, position, laws) for position, line in enumerate(lines, start=1)]


def _provision(folder: Folder, line: Line, position: int, laws: Mapping[str, frozenset[str]]) -> NewItem:
    field = folder.one_of(line, "field", laws)
    if line.get("law") and line.get("law") not in laws.get(field, ()):
        folder.fault(line, "law", f"{line.get('law')} is no law of {field} in law_fields.csv")
    flags = {column: folder.one_of(line, column, YES_NO) for column in ("t2", "checked", "secret")}
    return _item(folder, line, "provisions", position, {"field": field, "law": line.get("law"), **flags})


def _organisations(folder: Folder, units: Collection[str]) -> list[NewItem]:
    lines = folder.table(ORGANISATIONS, ("key", "label_vi", "kind", "unit", "valid_from", "valid_to"))
    folder.once(lines, "key")
    return [
        _item(folder, line, "organisations", position, {"kind": folder.text(line, "kind")}, _unit(folder, line, units))
        for position, line in enumerate(lines, start=1)
    ]


def _hamlets(folder: Folder, tree: Tree) -> list[NewItem]:
    lines = folder.table(HAMLETS, ("key", "label_vi", "kind", "unit", "valid_from", "valid_to"), optional=True)
    folder.once(lines, "key")
    communes = {unit.key for unit in tree.units if unit.level == "commune"}
    return [
        _item(folder, line, "hamlets", 1, {"kind": folder.text(line, "kind")}, _unit(folder, line, communes, True))
        for line in lines
    ]


def _whole(unit: UnitRow) -> NewItem:
    """The commune as a place, until its hamlets are known and for sessions that were for all of it."""
    label = WHOLE_WORDS.get(unit.kind, f"Toàn {unit.kind}")
    return NewItem(
        "hamlets", f"toan-{unit.key}", {"vi": label, "en": "Whole commune"}, {"kind": WHOLE}, unit.key,
        valid_from=unit.valid_from, valid_to=unit.valid_to,
    )  # fmt: skip


def _unit(folder: Folder, line: Line, units: Collection[str], needed: bool = False) -> str | None:
    written = line.get("unit")
    if not written and not needed:
        return None
    key = folder.unit_key(written)
    if key not in units:
        folder.fault(line, "unit", f"{written or 'an empty cell'} is no unit of this kind in units.csv")
        return None
    return key


def _item(
    folder: Folder, line: Line, register: str, position: int, data: dict[str, str], unit: str | None = None
) -> NewItem:
    folder.order(line, "valid_from", "valid_to")
    uid = folder.text(line, "key")
    if " " in uid:
        folder.fault(line, "key", f"{uid}: a key is one word, for answers list keys with spaces between")
    return NewItem(
        register=register,
        uid=uid,
        label=folder.words(line),
        data=data,
        unit=unit,
        valid_from=folder.moved_day(line, "valid_from"),
        valid_to=folder.moved_day(line, "valid_to"),
        position=position,
    )
