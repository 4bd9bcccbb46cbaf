"""Which facts the counted records should leave. Reads; writes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.coverage import base
from server.coverage.conditions import Answers, Conditions, answer_to, answers_in
from server.queries import bases
from server.queries import coverage as rows
from server.queries.bases import Feed, IndicatorRow, ItemRow
from server.queries.coverage import CountedRecord, FactRow

NO_ITEM = 0
LARGEST_VALUE = 1_000_000  # a typing slip must not swamp a sum for ever; the record keeps what was typed


@dataclass(frozen=True, slots=True)
class Ground:
    """What a batch of records is judged against, read once."""

    indicators: Sequence[IndicatorRow]
    groups: base.Categories
    named: Mapping[int, Mapping[str, Sequence[str]]]
    items: Mapping[str, ItemRow]
    conditions: Conditions


def wanted_facts(session: Session, records: Sequence[CountedRecord]) -> set[FactRow]:
    """The facts of these counted records, for all indicators."""
    named = rows.named_items(session, [r.pk for r in records])
    uids = {uid for questions in named.values() for found in questions.values() for uid in found}
    ground = Ground(
        indicators=bases.indicators(session),
        groups=bases.categories(session),
        named=named,
        items=bases.items_by_uid(session, uids),
        conditions=Conditions(session),
    )
    return {fact for record in records for fact in _facts(ground, record)}


def _facts(ground: Ground, record: CountedRecord) -> Iterator[FactRow]:
    answers = answers_in(record.payload)
    for indicator in ground.indicators:
        if not indicator.first_day <= record.held_on <= indicator.last_day:
            continue
        feeds = [f for f in indicator.feeds if _fits(ground, indicator, f, record, answers)]
        if indicator.kind == "reach":
            yield from _reached(ground, indicator, feeds, record)
        elif feeds and not record.linked:  # a linked session and its attendance are counted elsewhere (U20)
            yield from _valued(indicator, feeds, record, answers)


def _fits(ground: Ground, indicator: IndicatorRow, feed: Feed, record: CountedRecord, answers: Answers) -> bool:
    if feed.form != record.form_id:
        return False
    if indicator.kind == "reach" and not _tokens(ground, record, feed):
        return False  # names nobody: no need to ask
    return ground.conditions.fit(feed.filter, record, answers, indicator.zone)


def _reached(
    ground: Ground, indicator: IndicatorRow, feeds: Iterable[Feed], record: CountedRecord
) -> Iterator[FactRow]:
    for uid in {uid for feed in feeds for uid in _tokens(ground, record, feed)}:
        item = ground.items.get(uid)
        value = base.worth(indicator, item, record.held_on, ground.groups) if item else None
        if item is None or value is None:
            continue
        unit_id = item.unit_id if indicator.decided_by == "item_unit" else record.unit_id
        assert unit_id is not None
        yield FactRow(indicator.id, item.id, record.chain_id, unit_id, record.held_on, value)


def _valued(
    indicator: IndicatorRow, feeds: Sequence[Feed], record: CountedRecord, answers: Answers
) -> Iterator[FactRow]:
    value = 1 if indicator.kind == "count" else sum(number_in(answers, feed.question) for feed in feeds)
    if value > 0:
        yield FactRow(indicator.id, NO_ITEM, record.chain_id, record.unit_id, record.held_on, min(value, LARGEST_VALUE))


def number_in(answers: Answers, question: str | None) -> int:
    """The whole number that was answered; 0 where there is none."""
    text = (answer_to(answers, question) or "").strip() if question else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _tokens(ground: Ground, record: CountedRecord, feed: Feed) -> Sequence[str]:
    return ground.named.get(record.pk, {}).get(feed.question or "", ())
