"""Loads a preset: all or nothing, and a second time without a change.

Reads the whole folder first and gathers every fault; only a folder without one is written, in one transaction.
Imports pyxform through `read_forms`: for commands and jobs only.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import brotli
from sqlalchemy.orm import Session

from server import clock, coverage
from server.db import transaction
from server.plan import read_forms, read_items, read_lists, read_plan, read_units
from server.plan.faults import PresetFaults
from server.plan.folder import Folder
from server.plan.read_plan import PlanContent
from server.plan.read_units import UNITS, Tree
from server.queries import plan as plans
from server.queries import registers as items
from server.queries import units
from server.queries.plan import FormRow, PlanRow, TermRow
from server.queries.registers import FileRow, NewItem
from server.queries.upsert import Tally
from server.sheet import SheetFault
from server.units import paths

__all__ = ["LoadReport", "PresetFaults", "load"]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of each kind of row. `str()` is what the command prints."""

    plan: str
    tallies: dict[str, Tally] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        return any(tally.moved for tally in self.tallies.values())

    def __str__(self) -> str:
        if not self.changed:
            return f"{self.plan}: nothing to change"
        told = (f"{name} {t.total} ({t.added} new, {t.changed} changed)" for name, t in self.tallies.items())
        return f"{self.plan}: " + ", ".join(told)


@dataclass(frozen=True, slots=True)
class _Content:
    """A preset without faults."""

    plan: PlanRow
    counted: PlanContent
    tree: Tree
    terms: list[TermRow]
    items: list[NewItem]
    forms: list[FormRow]


def load(path: Path, year: int | None = None) -> LoadReport:
    """Loads the preset in `path`, its dates moved to `year`; raises PresetFaults and writes nothing if it has any."""
    at = clock.now()
    with transaction() as session:
        return _write(session, _read(session, Folder(path, year)), at)


def _read(session: Session, folder: Folder) -> _Content:
    counted = read_plan.read(folder)
    tree = read_units.read(folder)
    terms = read_lists.read(folder)
    found = read_items.read(folder, tree, read_lists.laws_of(terms))
    forms = read_forms.read(folder, plans.form_sources(session), counted.indicators)
    _check_one_tree(session, folder, tree)
    if folder.faults or counted.plan is None:
        raise PresetFaults(folder.faults)
    return _Content(counted.plan, counted, tree, terms, found, forms)


def _check_one_tree(session: Session, folder: Folder, tree: Tree) -> None:
    """One installation, one tree (D9): a code whose days are taken already came from this preset for another year."""
    stored = [unit for unit in units.every(session) if unit.key not in tree.keys]
    for unit in tree.units:
        for other in stored:
            if unit.code == other.code and other.in_force(unit.valid_from):
                message = f"{unit.key} overlaps {other.key}, which is loaded: was it loaded for another year?"
                folder.faults.append(SheetFault(UNITS, 0, "key", message))
                return


def _write(session: Session, content: _Content, at: datetime) -> LoadReport:
    plan_id, plan = plans.put_plan(session, content.plan)
    report = LoadReport(
        content.plan.key,
        {
            "plan": plan,
            "periods": plans.put_periods(session, plan_id, content.counted.periods),
            "indicators": plans.put_indicators(session, plan_id, content.counted.indicators),
            "targets": plans.put_targets(session, plan_id, content.counted.targets),
            "units": units.put_units(session, content.tree.units),
            "links": units.put_links(session, content.tree.links),
            "words": plans.put_terms(session, content.terms),
            "items": items.put_items(session, content.items, at),
            "forms": _put_forms(session, content.forms, at),
        },
    )
    if paths.rebuild(session) or report.changed:
        items.move_stamp(session)
        coverage.recount_all(session)
    return report


def _put_forms(session: Session, forms: list[FormRow], at: datetime) -> Tally:
    for form in forms:
        body = form.model.encode()
        items.add_file(session, FileRow(form.model_sha256, "form", None, body, brotli.compress(body, quality=11)))
    return plans.put_forms(session, forms, at)
