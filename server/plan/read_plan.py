"""plan.csv, periods.csv, indicators.csv, feeds.csv, targets.csv: what is counted, over which days, up to where."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from forms.xpath import XPathError, parse
from server.plan.folder import Folder
from server.queries.plan import IndicatorRow, PeriodRow, PlanRow, TargetRow
from server.sheet import Line, SheetFault

PLAN, PERIODS, INDICATORS, FEEDS, TARGETS = "plan.csv", "periods.csv", "indicators.csv", "feeds.csv", "targets.csv"
KINDS = ("reach", "count", "sum", "latest", "milestone")
DECIDED_BY = ("record_unit", "item_unit")
BASES = ("any_day", "at_cutoff")
MEASURES = ("percent", "count", "milestone")
LEVELS = ("province", "district", "commune", "all")
OPS = (">=", "=")
INDICATOR_COLUMNS = (
    "key", "kind", "register", "decided_by", "base", "label_vi", "short_vi", "counted_in_vi", "section", "quote",
    "reading_vi", "settings",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanContent:
    plan: PlanRow | None
    periods: list[PeriodRow]
    indicators: list[IndicatorRow]
    targets: list[TargetRow]


def read(folder: Folder) -> PlanContent:
    indicators = _indicators(folder)
    return PlanContent(_plan(folder), _periods(folder), indicators, _targets(folder, {i.key for i in indicators}))


def _plan(folder: Folder) -> PlanRow | None:
    lines = folder.table(PLAN, ("key", "label_vi", "zone", "first_day", "last_day"))
    if len(lines) != 1:
        folder.faults.append(SheetFault(PLAN, 0, "", f"one plan per preset, here {len(lines)}"))
        return None
    line = lines[0]
    folder.order(line, "first_day", "last_day")
    last_day = folder.needed_day(line, "last_day")
    return PlanRow(
        key=folder.text(line, "key").replace("{year}", str(last_day.year)),
        label=folder.yearly(folder.words(line), last_day),
        zone=_zone(folder, line),
        first_day=folder.needed_day(line, "first_day"),
        last_day=last_day,
    )


def _zone(folder: Folder, line: Line) -> str:
    name = folder.text(line, "zone")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        folder.fault(line, "zone", f"{name} is no time zone")
    return name


def _periods(folder: Folder) -> list[PeriodRow]:
    lines = folder.table(PERIODS, ("key", "label_vi", "first_day", "last_day", "due_before"))
    folder.once(lines, "key")
    return [_period(folder, line, position) for position, line in enumerate(lines, start=1)]


def _period(folder: Folder, line: Line, position: int) -> PeriodRow:
    folder.order(line, "first_day", "last_day")
    last_day = folder.needed_day(line, "last_day")
    return PeriodRow(
        key=folder.text(line, "key"),
        label=folder.yearly(folder.words(line), last_day),
        first_day=folder.needed_day(line, "first_day"),
        last_day=last_day,
        due_before=folder.moved_day(line, "due_before"),
        position=position,
    )


def _indicators(folder: Folder) -> list[IndicatorRow]:
    lines = folder.table(INDICATORS, INDICATOR_COLUMNS)
    folder.once(lines, "key")
    feeds = _feeds(folder, {line.get("key") for line in lines})
    return [_indicator(folder, line, position, feeds) for position, line in enumerate(lines, start=1)]


def _indicator(folder: Folder, line: Line, position: int, feeds: Mapping[str, list[dict[str, str]]]) -> IndicatorRow:
    kind = folder.one_of(line, "kind", KINDS)
    if kind in ("reach", "latest") and not line.get("register"):
        folder.fault(line, "register", f"an indicator of kind {kind} reaches items of a register")
    return IndicatorRow(
        key=folder.text(line, "key"),
        kind=kind,
        register=line.get("register") or None,
        decided_by=folder.one_of(line, "decided_by", DECIDED_BY),
        base=folder.one_of(line, "base", BASES),
        feeds=feeds.get(line.get("key"), []),
        label=folder.words(line),
        short=folder.words(line, "short"),
        counted_in=folder.words(line, "counted_in"),
        quote=line.get("quote"),
        section=line.get("section"),
        reading=folder.words(line, "reading"),
        settings=_settings(folder, line),
        position=position,
    )


def _settings(folder: Folder, line: Line) -> dict[str, str]:
    """`name=value; name=value`"""
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in line.get("settings").split(";"))):
        name, sign, value = part.partition("=")
        if not sign:
            folder.fault(line, "settings", f"{part} is not written name=value")
        found[name.strip()] = value.strip()
    return found


def _feeds(folder: Folder, keys: set[str]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in folder.table(FEEDS, ("indicator", "form", "question", "filter")):
        key = folder.one_of(line, "indicator", keys)
        feed = {"form": folder.text(line, "form"), "question": line.get("question"), "filter": _filter(folder, line)}
        found[key].append({name: value for name, value in feed.items() if value})
    return found


def _filter(folder: Folder, line: Line) -> str:
    """The condition, its grammar tried; its names are tried where the form is part of the preset."""
    text = line.get("filter")
    try:
        if text:
            parse(text)
    except XPathError as error:
        folder.fault(line, "filter", str(error))
    return text


def _targets(folder: Folder, keys: set[str]) -> list[TargetRow]:
    lines = folder.table(TARGETS, ("indicator", "op", "value", "measure", "level", "valid_from", "valid_to"))
    return [_target(folder, line, keys) for line in lines]


def _target(folder: Folder, line: Line, keys: set[str]) -> TargetRow:
    folder.order(line, "valid_from", "valid_to")
    return TargetRow(
        indicator=folder.one_of(line, "indicator", keys),
        op=folder.one_of(line, "op", OPS),
        value=folder.number(line, "value"),
        measure=folder.one_of(line, "measure", MEASURES),
        level=folder.one_of(line, "level", LEVELS),
        valid_from=folder.needed_day(line, "valid_from"),
        valid_to=folder.moved_day(line, "valid_to"),
    )
