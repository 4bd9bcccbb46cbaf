"""Two phones of one officer at one moment, on a database that lets both write: what belongs together meets."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from server.db import db, transaction
from server.models.records import Chain, Record
from server.queries.devices_sync import by_uid
from server.stores import STORE, batch
from server.stores.sql import device_of
from sync.envelope import read_envelope
from sync.messages import Sealed
from sync.receipts import Issuer
from sync.store import Arrival
from tests.phone import Phone
from tests.phone import Sealed as Made
from tests.sync.make import SqlWorld, outreach, phone

WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")


@pytest.fixture
def postgres(tmp_path: Path, postgres_url: str) -> Iterator[SqlWorld]:
    made = SqlWorld(tmp_path, postgres_url)
    yield made
    made.close()


def stored_together(world: SqlWorld, sender: Phone, first: Made, other: Phone, second: Made) -> None:
    """`first` is stored but not committed while `second` comes in from another phone."""
    store, at = world.app.extensions[STORE], world.clock()
    coming = threading.Thread(target=lambda: other.send(second))
    with world.app.app_context():
        bearer = by_uid(db.session(), sender.enrolled["device_id"])
        assert bearer
        device, here = device_of(bearer), store.installation()
        issuer = Issuer(here.server_id, here.epoch, world.app.extensions["lantoa_keys"])
        sealed = Sealed(first.envelope, first.signature, "answers/1", first.payload)
        pieces = store._open(db.session(), device, [Arrival(sealed, read_envelope(first.envelope))], at)
        with transaction() as session:
            batch.store(batch.Batch(session, device, issuer, at), pieces)
            coming.start()
            with db.engine.connect() as looking:
                while coming.is_alive() and not looking.scalar(WAITING):
                    looking.rollback()
        db.session.remove()
    coming.join()


@pytest.mark.postgres
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_correction_and_what_it_corrects_meet(postgres: SqlWorld, order: tuple[int, int]) -> None:
    one, other = phone(postgres), phone(postgres)
    root = outreach(one)
    pair = ((one, root), (other, outreach(other, intent="correct", replaces=root)))
    stored_together(postgres, *pair[order[0]], *pair[order[1]])
    assert postgres.count() == 2
    assert len(set(postgres.all(select(Record.chain_id)))) == 1
    assert postgres.all(select(Chain.id)) == postgres.all(select(Record.chain_id).distinct())


@pytest.mark.postgres
def test_of_two_corrections_the_later_row_is_the_latest(postgres: SqlWorld) -> None:
    one, other = phone(postgres), phone(postgres)
    root = outreach(one)
    one.send(root)
    corrections = [outreach(sender, intent="correct", replaces=root) for sender in (one, other)]
    stored_together(postgres, one, corrections[0], other, corrections[1])
    assert postgres.all(select(Chain.latest_id)) == [max(postgres.all(select(Record.id)))]
