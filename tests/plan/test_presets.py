"""Loading a preset: all or nothing, a second time without a change, moved by whole years, with every fault placed."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.xlsform import compile_file
from server.db import Base, transaction
from server.models.plan import FormVersion, Indicator, Period, Plan, SyncFile, Target
from server.models.registers import Item
from server.models.units import Unit
from server.plan import presets
from server.plan.faults import PresetFaults
from server.plan.folder import moved
from server.queries import registers, units
from tests.plan import make


def contents(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    tables = Base.metadata.sorted_tables
    return {table.name: sorted(map(tuple, session.execute(select(table))), key=str) for table in tables}


def faults_of(preset: Path, year: int | None = None) -> list[tuple[str, int, str]]:
    with pytest.raises(PresetFaults) as caught:
        presets.load(preset, year)
    return [(fault.file, fault.row, fault.column) for fault in caught.value.faults]


def test_a_second_load_changes_nothing(app: Flask, session: Session) -> None:
    first = presets.load(make.SHIPPED)
    before = contents(session)
    second = presets.load(make.SHIPPED)
    assert first.changed
    assert not second.changed
    assert contents(session) == before


def test_a_changed_label_is_one_change_and_moves_the_stamp(app: Flask, session: Session, tmp_path: Path) -> None:
    presets.load(make.SHIPPED)
    stamp = registers.stamp(session)
    preset = make.preset_copy(tmp_path)
    make.set_cell(preset, "provisions.csv", 3, "label_vi", "Trộm cắp vặt")
    report = presets.load(preset)
    assert (report.tallies["items"].added, report.tallies["items"].changed) == (0, 1)
    assert registers.stamp(session) > stamp
    assert session.scalar(select(Item.search_key).where(Item.uid == "L01-02")) == "trom cap vat"


def test_a_target_that_changes_is_replaced(app: Flask, session: Session, tmp_path: Path) -> None:
    presets.load(make.SHIPPED)
    preset = make.preset_copy(tmp_path)
    make.set_cell(preset, "targets.csv", 2, "value", "85")
    presets.load(preset)
    joined = select(Target.value).join(Indicator, Indicator.id == Target.indicator_id).where(Indicator.key == "T1")
    assert list(session.scalars(joined)) == [85]


@pytest.mark.parametrize(
    ("file", "row", "column", "value"),
    [
        ("plan.csv", 2, "zone", "Asia/Soc_Trang"),
        ("plan.csv", 2, "last_day", "31/12/2024"),
        ("periods.csv", 2, "last_day", "2023-01-01"),
        ("periods.csv", 3, "key", "year"),
        ("units.csv", 20, "parent", "999@2023-01-01"),
        ("units.csv", 20, "level", "hamlet"),
        ("units.csv", 20, "label_vi", ""),
        ("units.csv", 20, "valid_from", "2023-13-01"),
        ("units.csv", 20, "valid_to", "2031-01-01"),
        ("units.csv", 21, "key", "31513@2023-01-01"),
        ("unit_links.csv", 2, "successor", "31522@2024-10-01"),
        ("unit_links.csv", 2, "on_date", "2024-09-02"),
        ("indicators.csv", 2, "kind", "reached"),
        ("indicators.csv", 3, "register", ""),
        ("indicators.csv", 2, "settings", "pair commune"),
        ("feeds.csv", 2, "indicator", "T10"),
        ("feeds.csv", 3, "filter", "${t2_provisions} >"),
        ("targets.csv", 2, "value", "eighty"),
        ("targets.csv", 2, "measure", "share"),
        ("categories.csv", 2, "setting", "ở nhà"),
        ("categories.csv", 4, "code", "SG01"),
        ("provisions.csv", 2, "field", "L77"),
        ("provisions.csv", 2, "law", "Luật Đất đai"),
        ("provisions.csv", 2, "t2", "maybe"),
        ("provisions.csv", 3, "key", "L01-01"),
        ("provisions.csv", 4, "key", "L01 03"),
        ("organisations.csv", 2, "unit", "31522@2020-01-01"),
    ],
)
def test_a_fault_is_told_with_file_row_and_column_and_nothing_is_written(
    app: Flask, session: Session, tmp_path: Path, file: str, row: int, column: str, value: str
) -> None:
    preset = make.preset_copy(tmp_path)
    make.set_cell(preset, file, row, column, value)
    assert (file, row, column) in faults_of(preset)
    assert session.scalars(select(Unit)).all() == []
    assert session.scalars(select(Plan)).all() == []


def test_faults_of_all_files_are_told_at_once(app: Flask, tmp_path: Path) -> None:
    preset = make.preset_copy(tmp_path)
    make.set_cell(preset, "targets.csv", 2, "value", "eighty")
    make.set_cell(preset, "provisions.csv", 2, "t2", "maybe")
    (preset / "roles.csv").unlink()
    form = preset / "forms" / "individual_contact.md"
    form.write_text(form.read_text(encoding="utf-8").replace("| picker same |", "| pickre |", 1), encoding="utf-8")
    found = faults_of(preset)
    assert {("targets.csv", 2, "value"), ("provisions.csv", 2, "t2"), ("roles.csv", 0, "")} <= set(found)
    assert ("forms/individual_contact.md", 8, "survey appearance") in found


def test_a_line_with_too_many_cells_is_a_fault_of_its_row(app: Flask, tmp_path: Path) -> None:
    preset = make.preset_copy(tmp_path)
    with (preset / "roles.csv").open("a", encoding="utf-8") as roles:
        roles.write("X,Khác,Other,,,,một ô thừa\n")
    assert ("roles.csv", 10, "") in faults_of(preset)


def test_a_form_that_changes_needs_a_new_version(app: Flask, session: Session, tmp_path: Path) -> None:
    presets.load(make.SHIPPED)
    preset = make.preset_copy(tmp_path)
    form = preset / "forms" / "individual_contact.md"
    source = form.read_text(encoding="utf-8").replace("Việc gì?", "Gặp để làm gì?")
    form.write_text(source, encoding="utf-8")
    assert ("forms/individual_contact.md", 0, "settings version") in faults_of(preset)
    form.write_text(source.replace("| Gặp riêng | 2 |", "| Gặp riêng | 3 |"), encoding="utf-8")
    presets.load(preset)
    versions = select(FormVersion.version).where(FormVersion.form_id == "individual_contact")
    assert sorted(session.scalars(versions)) == ["2", "3"]


def test_phones_can_fetch_every_form_by_the_hash_of_its_bytes(loaded: Session) -> None:
    for form in loaded.scalars(select(FormVersion)):
        file = loaded.get_one(SyncFile, form.model_sha256)
        assert (file.kind, file.body.decode()) == ("form", form.model)


def test_a_year_moves_every_date_and_the_keys_of_units(app: Flask, session: Session) -> None:
    presets.load(make.SHIPPED, 2026)
    plan = session.scalars(select(Plan)).one()
    assert (plan.key, plan.first_day, plan.last_day) == ("soc_trang_2026", date(2026, 1, 1), date(2026, 12, 31))
    assert "2026" in plan.label["vi"]
    periods = {period.key: period for period in session.scalars(select(Period))}
    assert periods["m02"].last_day == date(2026, 2, 28)
    assert (periods["report-6m"].first_day, periods["report-6m"].due_before) == (date(2025, 11, 15), date(2026, 6, 15))
    merged = units.unit(session, "31522@2026-09-01")
    assert merged is not None
    assert merged.label["vi"] == "Phường 1 (từ 1/9/2026, gồm Phường 9 cũ)"
    assert [target.valid_to for target in session.scalars(select(Target))] == [date(2026, 12, 31)] * 9
    assert [len(units.standing(session, day, "commune")) for day in (date(2026, 8, 31), date(2026, 9, 1))] == [109, 108]


def test_the_same_preset_for_another_year_is_refused_in_one_installation(app: Flask) -> None:
    presets.load(make.SHIPPED)
    assert ("units.csv", 0, "key") in faults_of(make.SHIPPED, 2026)


def test_what_a_desk_decided_of_a_unit_outlives_a_load(app: Flask, session: Session) -> None:
    presets.load(make.SHIPPED)
    with transaction() as writing:
        commune = units.unit(writing, "31673@2023-01-01")
        assert commune is not None
        units.set_t2_mode(writing, commune.id, "register", "12/VB")
    presets.load(make.SHIPPED)
    kept = units.unit(session, "31673@2023-01-01")
    assert kept is not None
    assert (kept.t2_mode, kept.t2_permission) == ("register", "12/VB")


@pytest.mark.parametrize(
    ("day", "years", "wanted"),
    [
        (date(2024, 2, 29), 2, date(2026, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2024, 12, 31), -1, date(2023, 12, 31)),
    ],
)
def test_a_day_moves_by_whole_years(day: date, years: int, wanted: date) -> None:
    assert moved(day, years) == wanted


def test_the_forms_of_the_plan_that_nobody_tried_yet_are_drafts(loaded: Session) -> None:
    forms = {form.form_id: form.state for form in loaded.scalars(select(FormVersion))}
    published = {form_id for form_id, state in forms.items() if state == "published"}
    assert published == {"outreach_session", "individual_contact"}
    assert {"training", "materials_handout", "facility_check", "pilot", "needs_survey", "difficulty"} <= set(forms)
    assert {"special_group_declaration", "contribution"} <= set(forms)


def test_a_state_that_a_form_cannot_have_is_a_fault_of_its_row(app: Flask, tmp_path: Path) -> None:
    preset = make.preset_copy(tmp_path)
    make.set_cell(preset, "forms.csv", 4, "state", "secret")
    assert ("forms.csv", 4, "state") in faults_of(preset)


def test_every_form_of_the_preset_can_be_had_as_a_workbook(loaded: Session) -> None:
    for form in loaded.scalars(select(FormVersion)):
        assert form.xlsform is not None
        assert compile_file("again.xlsx", form.xlsform).model_json == form.model
