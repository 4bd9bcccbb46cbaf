"""Who is in a base, and on which days: rules over items alone."""

from datetime import date

import pytest

from server.coverage import base
from server.queries.bases import CategoryRow, CategorySpan, IndicatorRow, ItemRow, PeriodRow

YEAR = PeriodRow(1, 1, "year", date(2024, 1, 1), date(2024, 12, 31))
GROUPS = {
    "SG01": CategoryRow("SG01", "giam giữ", True, date.min, date.max),
    "SG03": CategoryRow("SG03", "cộng đồng", True, date.min, date.max),
    "SG18": CategoryRow("SG18", "giam giữ", True, date(2025, 3, 1), date.max),
    "SG19": CategoryRow("SG19", "cộng đồng", False, date.min, date.max),
}


def indicator(
    register: str = "members", decided_by: str = "item_unit", rule: str = "any_day", **settings: str
) -> IndicatorRow:
    ends = (YEAR.first_day, YEAR.last_day)
    return IndicatorRow(1, 1, "T", "reach", register, decided_by, rule, (), settings, "Asia/Ho_Chi_Minh", *ends)


def item(
    register: str = "members",
    unit_id: int | None = 7,
    first: date = date.min,
    last: date = date.max,
    state: str = "confirmed",
    excluded: bool = False,
    kept: bool = True,
    side: str = "",
    groups: tuple[str, ...] = ("SG03",),
) -> ItemRow:
    spans = tuple(CategorySpan(code, date.min, date.max) for code in groups)
    return ItemRow(1, "u", register, unit_id, first, last, state, None, excluded, kept, side, spans)


@pytest.mark.parametrize(
    ("found", "inside"),
    [
        (item(), True),
        (item(state="pending"), False),
        (item(kept=False), False),
        (item(unit_id=None), False),
        (item(register="hamlets"), False),
        (item(excluded=True), False),
        (item(last=date(2023, 12, 31)), False),
        (item(last=date(2024, 1, 1)), True),
        (item(first=date(2025, 1, 1)), False),
        (item(groups=()), True),
        (item(groups=("SG01",)), False),
        (item(groups=("SG01", "SG03")), True),
        (item(groups=("SG19",)), False),
        (item(groups=("unknown",)), True),
    ],
)
def test_the_base_of_a_year_holds_confirmed_members_of_the_community(found: ItemRow, inside: bool) -> None:
    assert base.in_base(indicator(), found, YEAR, GROUPS) is inside


@pytest.mark.parametrize(("groups", "beside"), [(("SG01",), True), (("SG18",), False), (("SG03",), False)])
def test_detention_is_a_base_of_its_own(groups: tuple[str, ...], beside: bool) -> None:
    assert base.in_detention(indicator(), item(groups=groups), YEAR, GROUPS) is beside


@pytest.mark.parametrize(("last", "inside"), [(date(2024, 12, 31), True), (date(2024, 12, 30), False)])
def test_a_base_at_the_cutoff_asks_for_the_last_day(last: date, inside: bool) -> None:
    assert base.in_base(indicator(rule="at_cutoff"), item(last=last), YEAR, GROUPS) is inside


@pytest.mark.parametrize(
    ("side", "groups", "inside"),
    [("police", ("BCV",), True), ("local", ("BCV",), False), ("police", ("HGV",), False), ("police", (), False)],
)
def test_a_roll_of_people_is_cut_by_role_and_side(side: str, groups: tuple[str, ...], inside: bool) -> None:
    asked = indicator(register="rapporteurs", roles="BCV TTV", side="police")
    assert base.in_base(asked, item(register="rapporteurs", side=side, groups=groups), YEAR, {}) is inside


@pytest.mark.parametrize(("groups", "worth"), [(("SG03",), 1), (("SG01",), 0), (("SG19",), None)])
def test_a_contact_in_detention_is_kept_but_adds_nothing(groups: tuple[str, ...], worth: int | None) -> None:
    assert base.worth(indicator(), item(groups=groups), date(2024, 5, 1), GROUPS) == worth
