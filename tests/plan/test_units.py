"""Units: who lies in whom, where a record is filed on its day, how a unit's count of managed persons is switched."""

from datetime import date, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import units as placing
from server.db import transaction
from server.models.people import Account
from server.models.system import Audit
from server.plan import presets
from server.queries import registers, units
from server.queries.units import Edges, LinkRow, UnitRow
from server.units import labels, paths, t2_mode
from tests.plan import make

DAY = date(2024, 6, 15)


@st.composite
def histories(draw: st.DrawFn) -> Edges:
    """Units numbered so that every arrow leads to a higher number: any history without a circle."""
    size = draw(st.integers(1, 12))
    arrows = [(low, high) for low in range(1, size + 1) for high in range(low + 1, size + 1)]
    parents: dict[int, int] = {}
    for low, high in draw(st.lists(st.sampled_from(arrows), max_size=size)) if arrows else []:
        parents.setdefault(low, high)
    links = draw(st.lists(st.sampled_from(arrows), max_size=size, unique=True)) if arrows else []
    return Edges(tuple(range(1, size + 1)), tuple(parents.items()), tuple(links))


def lies_in(edges: Edges, unit_id: int, ancestor_id: int, parents_only: bool = False) -> bool:
    """The meaning, word for word: itself, or its parent or successor lies in it."""
    if unit_id == ancestor_id:
        return True
    onward = edges.parents if parents_only else edges.parents + edges.successors
    return any(lies_in(edges, upper, ancestor_id, parents_only) for lower, upper in onward if lower == unit_id)


@given(histories())
def test_the_closure_holds_exactly_what_lies_in_what(edges: Edges) -> None:
    found = {(row.unit_id, row.ancestor_id): row.why for row in paths.closure(edges)}
    for unit_id in edges.units:
        for ancestor_id in edges.units:
            assert ((unit_id, ancestor_id) in found) == lies_in(edges, unit_id, ancestor_id)


@given(histories())
def test_a_path_says_whether_parents_alone_lead_there(edges: Edges) -> None:
    for row in paths.closure(edges):
        by_parents = lies_in(edges, row.unit_id, row.ancestor_id, parents_only=True)
        assert row.why == ("self" if row.unit_id == row.ancestor_id else "parent" if by_parents else "predecessor")


def test_a_circle_in_the_data_does_not_hang() -> None:
    assert len(paths.closure(Edges((1, 2), ((1, 2),), ((2, 1),)))) == 4


def test_paths_are_written_anew_only_when_something_changed(app: Flask) -> None:
    presets.load(make.SHIPPED)
    with transaction() as session:
        assert not paths.rebuild(session)
        units.replace_paths(session, [])
        assert paths.rebuild(session)


@pytest.mark.parametrize(
    ("named", "day", "filed", "note"),
    [
        ("31673@2023-01-01", date(2024, 6, 1), "31673@2023-01-01", None),
        ("31513@2023-01-01", date(2024, 8, 31), "31513@2023-01-01", None),
        ("31513@2023-01-01", date(2024, 9, 1), "31522@2024-09-01", placing.FILED_UNDER_SUCCESSOR),
        ("31522@2023-01-01", date(2024, 12, 31), "31522@2024-09-01", placing.FILED_UNDER_SUCCESSOR),
        ("31513@2023-01-01", date(2025, 7, 1), "31510@2025-07-01", placing.FILED_UNDER_SUCCESSOR),
        ("31522@2024-09-01", date(2024, 8, 1), "31522@2024-09-01", placing.BEFORE_THE_UNIT),
        ("94@2023-01-01", date(2026, 1, 1), "92@2025-07-01", placing.FILED_UNDER_SUCCESSOR),
    ],
)
def test_a_record_is_filed_under_the_unit_of_its_day(
    loaded: Session, named: str, day: date, filed: str, note: str | None
) -> None:
    unit = units.unit(loaded, filed)
    assert unit is not None
    assert placing.on_day(loaded, named, day) == placing.Placed(unit.id, note)


@pytest.mark.parametrize(
    ("named", "day"),
    [("31522", date(2024, 6, 1)), ("99999@2023-01-01", date(2024, 6, 1)), ("951@2023-01-01", date(2025, 7, 1))],
)
def test_no_unit_is_guessed_for_an_unknown_key_or_an_end_without_successor(
    loaded: Session, named: str, day: date
) -> None:
    assert placing.on_day(loaded, named, day) is None


def row(key: str, name: str, parent: str | None, first: date, last: date | None) -> UnitRow:
    return UnitRow(key, key, "commune", "xã", {"vi": name}, parent, first, last)


def test_units_of_one_name_are_told_apart_only_within_one_parent() -> None:
    first, end, start = date(2023, 1, 1), date(2024, 8, 31), date(2024, 9, 1)
    rows = [
        row("a", "Phường 1", "x", first, end),
        row("b", "Phường 9", "x", first, end),
        row("c", "Phường 1", "x", start, None),
        row("d", "Phường 1", "y", first, None),
    ]
    links = [LinkRow("a", "c", start, ""), LinkRow("b", "c", start, "")]
    assert [unit.label["vi"] for unit in labels.told_apart(rows, links)] == [
        "Phường 1 (đến 31/8/2024)",
        "Phường 9",
        "Phường 1 (từ 1/9/2024, gồm Phường 9 cũ)",
        "Phường 1",
    ]


@pytest.fixture
def keeper(app: Flask) -> int:
    """The id of an account that may switch."""
    presets.load(make.SHIPPED)
    with transaction() as session:
        root = units.unit(session, "94@2023-01-01")
        assert root is not None
        account = Account(uid="a" * 32, login="quantri", name="Quản trị", unit_id=root.id, created_at=make.OCTOBER)
        session.add(account)
        session.flush()
        return account.id


def switch(key: str, mode: str, permission: str, by: int, at: datetime = make.OCTOBER) -> None:
    with transaction() as session:
        t2_mode.switch(session, key, mode, permission, by, at)


def test_a_roll_is_kept_only_with_a_written_permission(keeper: int, session: Session) -> None:
    before = registers.stamp(session)
    switch("31673@2023-01-01", "register", "Công văn 12/CV ngày 2/1/2024", keeper)
    unit = units.unit(session, "31673@2023-01-01")
    assert unit is not None
    assert (unit.t2_mode, unit.t2_permission) == ("register", "Công văn 12/CV ngày 2/1/2024")
    assert registers.stamp(session) > before
    noted = session.scalars(select(Audit).where(Audit.action == "unit.t2-mode")).one()
    assert (noted.subject, noted.account_id, noted.detail["mode"]) == ("unit:31673@2023-01-01", keeper, "register")


@pytest.mark.parametrize(
    ("key", "mode", "permission", "reason"),
    [
        ("31673@2023-01-01", "register", "  ", "permission-missing"),
        ("31673@2023-01-01", "guess", "12/CV", "unknown-mode"),
        ("951@2023-01-01", "register", "12/CV", "not-a-commune"),
        ("1@2023-01-01", "register", "12/CV", "unknown-unit"),
    ],
)
def test_a_switch_that_may_not_be_is_refused_with_its_reason(
    keeper: int, key: str, mode: str, permission: str, reason: str
) -> None:
    with pytest.raises(t2_mode.ModeRefused, match=reason):
        switch(key, mode, permission, keeper)
