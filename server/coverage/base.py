"""Who is in an indicator's base, and on which days: pure rules over register items (D16, D17, U1, U3, U4, U12).

T2's headline is the community: days on which a person was only in detention (or only in a group outside the plan's
scope) are not in it; contacts on detention days are kept beside it, with the value 0, and add nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from server.queries.bases import CategoryRow, CategorySpan, IndicatorRow, ItemRow, PeriodRow

MEMBERS = "members"
DETENTION = "giam giữ"  # unless the indicator's settings name another (beside_setting)
COUNTED, BESIDE = 1, 0

Span = tuple[date, date]
Categories = Mapping[str, CategoryRow]


def worth(indicator: IndicatorRow, item: ItemRow, day: date, groups: Categories) -> int | None:
    """What a contact on `day` adds: COUNTED, BESIDE (detention), or None where the item is not in the base that day."""
    if not _belongs(indicator, item):
        return None
    if any(first <= day <= last for first, last in headline_spans(indicator, item, groups)):
        return COUNTED
    return BESIDE if any(first <= day <= last for first, last in detention_spans(indicator, item, groups)) else None


def in_base(indicator: IndicatorRow, item: ItemRow, period: PeriodRow, groups: Categories) -> bool:
    """Is the item in the denominator of this period?"""
    return _belongs(indicator, item) and _meets(indicator, headline_spans(indicator, item, groups), period)


def items_inside(
    indicator: IndicatorRow, period: PeriodRow, items: Iterable[ItemRow], groups: Categories
) -> frozenset[int]:
    """Ids of the items in the denominator of this period."""
    return frozenset(item.id for item in items if in_base(indicator, item, period, groups))


def in_detention(indicator: IndicatorRow, item: ItemRow, period: PeriodRow, groups: Categories) -> bool:
    """Is the item in the detention figure of this period, that stands beside T2?"""
    return _belongs(indicator, item) and _meets(indicator, detention_spans(indicator, item, groups), period)


def headline_spans(indicator: IndicatorRow, item: ItemRow, groups: Categories) -> Iterator[Span]:
    """The item's days in the headline; all its days where neither a role nor a special group is asked for."""
    roles = str(indicator.settings.get("roles", "")).split()
    if not item.categories and not roles:
        yield item.first_day, item.last_day
    for span in item.categories:
        group = groups.get(span.category)
        in_headline = group is None or (group.in_scope and group.setting != _beside(indicator))
        if in_headline and (not roles or span.category in roles):
            yield from _days(item, span, group)


def detention_spans(indicator: IndicatorRow, item: ItemRow, groups: Categories) -> Iterator[Span]:
    for span in item.categories:
        group = groups.get(span.category)
        if group is not None and is_beside(indicator, group):
            yield from _days(item, span, group)


def is_beside(indicator: IndicatorRow, group: CategoryRow) -> bool:
    """Does this special group stand beside the headline?"""
    return group.in_scope and group.setting == _beside(indicator)


def _beside(indicator: IndicatorRow) -> str:
    return str(indicator.settings.get("beside_setting", DETENTION))


def _belongs(indicator: IndicatorRow, item: ItemRow) -> bool:
    if item.register != indicator.register or item.state != "confirmed" or item.excluded:
        return False
    if indicator.settings.get("side", item.side) != item.side:
        return False
    if indicator.decided_by != "item_unit":
        return True
    return item.unit_id is not None and (item.register != MEMBERS or item.kept)


def _meets(indicator: IndicatorRow, spans: Iterator[Span], period: PeriodRow) -> bool:
    if indicator.base == "at_cutoff":
        return any(first <= period.last_day <= last for first, last in spans)
    return any(first <= period.last_day and last >= period.first_day for first, last in spans)


def _days(item: ItemRow, span: CategorySpan, group: CategoryRow | None) -> Iterator[Span]:
    first = max(item.first_day, span.first_day, group.first_day if group else date.min)
    last = min(item.last_day, span.last_day, group.last_day if group else date.max)
    if first <= last:
        yield first, last
