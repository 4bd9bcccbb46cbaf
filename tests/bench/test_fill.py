"""What `script/bench --fill` stores is what the same records would have left if phones had sent them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from bench import fill
from server import review
from server.app import create_app
from server.config import Config
from server.db import Base, db, transaction
from server.models.coverage import Count, Fact
from server.models.plan import Indicator, Period
from server.models.records import Chain, Finding, Record, RecordItem, RecordMedia
from server.models.registers import Item
from server.models.system import Installation
from server.models.units import Unit
from server.people import accounts
from server.people.accounts import Person
from server.people.principal import REVIEWER, GrantSpan, Principal
from server.plan import presets
from server.queries import people
from tests import tables
from tests.phone import Sealed

PRESET = Path("presets/soc_trang_2024")
NOW = datetime(2024, 11, 22, 9, 12, tzinfo=UTC)
COUNT, BATCH, ACCEPTED_EVERY = 1000, 50, 20
OWN = {"id", "seq", "epoch", "received_at", "arrived_at", "device_id", "account_id", "envelope", "signature", "receipt"}
MARK = {"synthetic"}  # the one thing that made-up records say of themselves
INSIDE = {"chain_id", "record_pk", "unit_id"}  # numbers of rows, compared by what they stand for


def test_a_thousand_filled_records_equal_a_thousand_sent_ones(tmp_path: Path) -> None:
    with installation(tmp_path / "filled") as app:
        made = list(fill.records(fill.phones(app), COUNT, seed=7))
        assert fill.put(app, made) == COUNT
        accept_some()
        filled, filled_ledger = stored(), ledger()
    with installation(tmp_path / "sent") as app:
        send(list(fill.records(fill.phones(app), COUNT, seed=7)))
        accept_some()
        sent, sent_ledger = stored(), ledger()
    assert len(filled["record"]) == len(filled["chain"]) == COUNT
    assert filled == sent
    assert filled_ledger == sent_ledger
    assert len(filled_ledger["fact"]) >= COUNT // ACCEPTED_EVERY


@contextmanager
def installation(folder: Path) -> Iterator[Flask]:
    """An installation with the shipped plan and a reviewer of the whole province, at a fixed time."""
    app = create_app(Config.for_tests(folder), lambda: NOW)
    with app.app_context():
        tables.create()
        with transaction() as session:
            session.add(Installation(id=1, server_id="5e" * 16, epoch=1, seq=0, backup_seq=0, created_at=NOW))
        presets.load(PRESET)
        person = Person("chief", "Người duyệt", REVIEWER, "94@2023-01-01", password="mot mat khau dai")
        newcomer = accounts.prepare(person)
        with transaction() as session:
            accounts.add(session, newcomer, NOW, date(2024, 1, 1))
        yield app
        db.session.remove()
        db.engine.dispose()


def send(made: list[fill.Made]) -> None:
    """Over HTTP, as phones do, in batches of one phone."""
    for _, own in groupby(made, key=lambda one: one.phone.enrolled["device_id"]):
        mine = list(own)
        for start in range(0, len(mine), BATCH):
            wires = [one.sealed for one in mine[start : start + BATCH]]
            sealed = [Sealed("", s.envelope, s.signature, s.payload, s.payload_type) for s in wires]
            answer = mine[0].phone.send(*sealed, compress=True)
            assert [result["receipt"]["status"] for result in answer.json()["results"]] == ["stored"] * len(sealed)


def accept_some() -> None:
    """Every twentieth chain, by the names of their records."""
    account = people.account_by_login(db.session(), "chief")
    assert account is not None
    span = (GrantSpan(REVIEWER, account.unit_id),)
    chief = Principal(account.id, account.uid, "chief", account.name, None, account.unit_id, span, csrf="")
    names = sorted(db.session.scalars(select(Chain.root_record_id)))[::ACCEPTED_EVERY]
    for name in names:
        with transaction() as session:
            chain_id = session.scalars(select(Chain.id).where(Chain.root_record_id == name)).one()
            review.decide(session, chief, chain_id, "accepted", None, (), NOW + timedelta(hours=1))


def stored() -> dict[str, list[Any]]:
    """All rows of records and what stands beside them, without what is one installation's own."""
    session = db.session()
    record = select(Record, Chain.root_record_id, Unit.key).join(Chain, Chain.id == Record.chain_id)
    records = session.execute(record.join(Unit, Unit.id == Record.unit_id).order_by(Record.record_id)).all()
    chains = session.execute(
        select(Chain, Unit.key).join(Unit, Unit.id == Chain.unit_id).order_by(Chain.root_record_id)
    ).all()
    found: dict[str, list[Any]] = {
        "record": [(columns(row), root, unit) for row, root, unit in records],
        "chain": [(columns(row), unit) for row, unit in chains],
    }
    for beside in (RecordItem, RecordMedia, Finding):
        rows = session.execute(select(beside, Record.record_id).join(Record, Record.id == beside.record_pk)).all()
        found[beside.__tablename__] = sorted(str((columns(row), name)) for row, name in rows)
    return found


def columns(row: Base) -> dict[str, Any]:
    """Every column by name but the installation's own."""
    left_out = OWN | MARK | INSIDE
    return {c.key: getattr(row, c.key) for c in row.__table__.columns if c.key not in left_out}


def ledger() -> dict[str, set[Any]]:
    """Facts and cached counts in words."""
    session = db.session()
    fact = select(Indicator.key, Item.uid, Chain.root_record_id, Unit.key, Fact.held_on, Fact.value).outerjoin(
        Item, Item.id == Fact.item_id
    )
    facts = session.execute(
        fact.join(Indicator, Indicator.id == Fact.indicator_id)
        .join(Chain, Chain.id == Fact.chain_id)
        .join(Unit, Unit.id == Fact.unit_id)
    )
    counts = session.execute(
        select(Indicator.key, Period.key, Unit.key, Count.numerator, Count.denominator)
        .join(Indicator, Indicator.id == Count.indicator_id)
        .join(Period, Period.id == Count.period_id)
        .join(Unit, Unit.id == Count.unit_id)
    )
    return {"fact": set(map(tuple, facts)), "count": set(map(tuple, counts))}
