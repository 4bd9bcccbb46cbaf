"""Figures in the words and shapes of a page: the gap first, then the share, the bar, what it was counted from."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from server.coverage.figures import Figure, Share, share_suppressed, suppressed
from server.pages import bars
from server.pages.bars import Bullet
from server.pages.frame import View
from server.pages.phrases import gettext
from server.pages.statuses import Status
from server.pages.words import number, said, share
from server.people.principal import Principal

READERS = ("reviewer", "staff")  # who may open the records behind a number


@dataclass(frozen=True, slots=True)
class Part:
    """A line below a target: the second half of a pair, what units declare, detention."""

    name: str
    fraction: str
    share: str
    bar: Bullet


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target as a row: `gap` is None where nothing is missing or nothing can be said. `small`: covered on paper."""

    key: str
    name: str
    href: str
    current: bool
    fraction: str
    records_href: str | None
    base: str
    gap: str | None
    counted_in: str
    status: Status
    share: str
    bar: Bullet | None
    parts: tuple[Part, ...]
    note: str
    small: bool
    print_fraction: str


@dataclass(frozen=True, slots=True)
class Total:
    """A number without a target: sessions, attendance."""

    name: str
    number: int
    counted_in: str
    waiting: int
    href: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class ChildRow:
    """One unit below in a table. `print_*` is what paper shows: small numbers of managed persons are covered there."""

    name: str
    href: str
    gap: int | None
    share: str
    bar: Bullet
    fraction: str
    print_fraction: str
    print_share: str
    print_gap: str
    records_href: str | None
    note: str
    small: bool


def target_row(figure: Figure, view: View, me: Principal, chosen: str, without_form: bool, today: date) -> TargetRow:
    return TargetRow(
        key=figure.indicator,
        name=said(figure.short) or said(figure.label),
        href=url_for("desk.plan", indicator=figure.indicator, **view.address),
        current=figure.indicator == chosen,
        fraction=_wanted(figure) if without_form else _fraction(figure),
        records_href=None if without_form else records_href(figure.indicator, view, me),
        base="" if without_form else _base(figure),
        gap=None if without_form or not figure.gap else number(figure.gap),
        counted_in=said(figure.counted_in),
        status=_status(figure, without_form),
        share=_share_words(figure, without_form),
        bar=None
        if figure.measure != "percent"
        else bars.hollow(figure.indicator, figure.target_share)
        if without_form
        else bar_of(figure),
        parts=() if without_form else tuple(_parts(figure)),
        note="" if without_form else _note(figure, view, today),
        small=is_small(figure),
        print_fraction=_covered(figure),
    )


def total(figure: Figure, view: View, me: Principal) -> Total:
    return Total(
        name=said(figure.label),
        number=figure.numerator,
        counted_in=said(figure.counted_in),
        waiting=figure.waiting,
        href=records_href(figure.indicator, view, me),
        rule=said(figure.reading),
    )


def child_row(name: str, figure: Figure, view: View, me: Principal, href: str) -> ChildRow:
    """`view` looks at the child."""
    hidden = is_small(figure)
    return ChildRow(
        name=name,
        href=href,
        gap=figure.gap if figure.denominator is not None else None,
        share=_share_words(figure, False),
        bar=bar_of(figure),
        fraction=_fraction(figure),
        print_fraction=_covered(figure) if hidden else _fraction(figure),
        print_share=gettext("được che") if hidden else _share_words(figure, False),
        print_gap="–" if hidden or figure.gap is None else number(figure.gap),
        records_href=records_href(figure.indicator, view, me),
        note=gettext("khai báo") if figure.mode == "declared" else "",
        small=hidden,
    )


def is_small(figure: Figure) -> bool:
    """A count of managed persons that may name somebody: covered on paper, audited on the screen (U14)."""
    if figure.modes is None:
        return False
    return suppressed(figure.numerator, False) or share_suppressed(figure.numerator, figure.denominator, False)


def bar_of(figure: Figure) -> Bullet:
    share_now = 2.0 if figure.alarm else figure.share
    return bars.bullet(figure.indicator, share_now, figure.target_share, figure.waiting_share)


def records_href(indicator: str, view: View, me: Principal) -> str | None:
    """Where the records behind a number are listed; None for who may not read records."""
    return url_for("desk.records", state="all", indicator=indicator, **view.address) if me.has(*READERS) else None


def furthest(figures: Sequence[Figure]) -> list[Figure]:
    """Targets with something missing, the largest part of their target first."""
    missing = [figure for figure in figures if figure.gap]
    return sorted(missing, key=lambda f: (f.gap or 0) / ((f.gap or 0) + f.numerator), reverse=True)


def _fraction(figure: Figure) -> str:
    if figure.measure in ("count", "milestone") and figure.target is not None:
        return f"{number(figure.numerator)} / {number(figure.target)}"
    return (
        number(figure.numerator)
        if figure.denominator is None
        else f"{number(figure.numerator)} / {number(figure.denominator)}"
    )


def _wanted(figure: Figure) -> str:
    """The level that the plan sets, where there is nothing to count yet."""
    if figure.target is None:
        return ""
    level = share(figure.target / 100, 0) if figure.measure == "percent" else number(figure.target)
    return gettext("mức kế hoạch: %(level)s", level=level)


def _covered(figure: Figure) -> str:
    return f"<5 / {number(figure.denominator or 0)}" if suppressed(figure.numerator, False) else gettext("được che")


def _share_words(figure: Figure, without_form: bool) -> str:
    if figure.share is None or without_form or figure.measure in ("count", "milestone"):
        return "–"
    return share(figure.share)


def _status(figure: Figure, without_form: bool) -> Status:
    if without_form:
        return Status("not-due", gettext("chưa có biểu mẫu"))
    if figure.alarm:
        return Status("warn", gettext("tử số lớn hơn mẫu số"), "bad")
    if figure.gap is None:
        return Status("info", gettext("không có mẫu số"))
    return Status("ring", gettext("đã đạt"), "ok") if figure.gap == 0 else Status("slow", gettext("còn thiếu"), "slow")


def _base(figure: Figure) -> str:
    if figure.base.communes < 2 or figure.kind != "reach":
        return ""
    return gettext(
        "trên %(some)s/%(all)s xã có số liệu", some=number(figure.base.with_data), all=number(figure.base.communes)
    )


def _parts(figure: Figure) -> list[Part]:
    found = []
    if figure.pair is not None and figure.base.communes > 1:
        found.append(_part(gettext("Cặp xã × quy định"), figure.indicator, figure.pair))
    modes = figure.modes
    if modes and modes.declarations:
        declared = modes.declarations
        name = gettext("Khai báo: %(count)s xã", count=number(declared.units))
        found.append(_part(name, figure.indicator, declared.total, declared=True))
    if modes and modes.detention and modes.detention.denominator:
        found.append(_part(gettext("Giam giữ (đứng riêng)"), figure.indicator, modes.detention))
    return found


def _part(name: str, key: str, part: Share, declared: bool = False) -> Part:
    known = part.share
    fraction = number(part.numerator) + (f" / {number(part.denominator)}" if part.denominator is not None else "")
    bar = bars.bullet(f"{key}, {name}", known, None, declared=declared)
    return Part(name, fraction, "–" if known is None else share(known), bar)


def _note(figure: Figure, view: View, today: date) -> str:
    if figure.modes is not None:
        return _modes_note(figure)
    return _needed(figure, view, today)


def _modes_note(figure: Figure) -> str:
    modes = figure.modes
    if modes is None:
        return ""
    parts = [
        gettext("%(kept)s xã theo sổ, %(told)s xã khai báo", kept=number(modes.register), told=number(modes.declared))
    ]
    if modes.pending:
        parts.append(gettext("%(count)s mã chờ xác nhận", count=number(modes.pending)))
    return "; ".join(parts)


def _needed(figure: Figure, view: View, today: date) -> str:
    """What each week must bring to reach the target; never a forecast (U54)."""
    days = (view.period.last_day - max(today, view.period.first_day)).days + 1
    if not figure.gap or days < 7:
        return ""
    weekly = math.ceil(figure.gap / (days / 7))
    return gettext("cần %(count)s %(unit)s mỗi tuần", count=number(weekly), unit=said(figure.counted_in))
