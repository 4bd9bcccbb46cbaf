"""Proof 5: thirty phones, a server that comes back from a backup of seven days ago. Nothing lost, nothing twice."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from server import coverage, restoration
from server.db import db, transaction
from server.models.records import Chain, Media, Record, RecordCopy
from server.queries import coverage as figures
from server.review import accept_many, decide
from sync.media import Folder, digest_of
from tests import make
from tests.backup.make import House, Officer, digest, moved_to, officer
from tests.chaos.history import End, Held, Operation, Verdict, judge
from tests.phone import Photo, Sealed
from tests.settable_clock import SettableClock
from tests.sync.make import OUTREACH, jpeg

COMMUNES = ("A", "B", "C", "D")
SEED = 20240615


@dataclass
class Field:
    """All officers, what they did, and chance that repeats itself."""

    house: House
    officers: list[Officer]
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    told: list[Operation] = field(default_factory=list)

    def work(self, photos: bool) -> None:
        """Everybody records, some correct or withdraw, and everybody exchanges once."""
        for one in self.officers:
            for number in range(2):
                picture = Photo("photo", jpeg(16)) if photos and number == 0 else None
                self.saved(one, one.record(picture, answers=self.answers(), held_on=date(2024, 6, 1)))
            if sent := [sealed for record_id, sealed in one.kept.items() if record_id in one.receipts]:
                self.amend(one, self.chance.choice(sent))
        self.exchange()

    def amend(self, one: Officer, before: Sealed) -> None:
        draw = self.chance.random()
        if draw < 0.3:
            self.saved(one, one.record(answers=self.answers(), intent="correct", replaces=before, reason="Sửa"))
        elif draw < 0.4:
            self.saved(one, one.record(answers={}, intent="withdraw", replaces=before, reason="Ghi nhầm"))

    def answers(self) -> dict[str, object]:
        rules = " ".join(self.chance.sample(("rule1", "rule2", "rule3", "rule4"), 2))
        member = self.chance.choice(("a1", "a2", "b1", "c1"))
        return OUTREACH | {
            "content": {"provisions": rules, "presenters": ""},
            "attendance": {"attendees_total": str(self.chance.randint(5, 90))},
            "managed": {"members_count": "1", "members": member},
        }

    def saved(self, one: Officer, sealed: Sealed) -> None:
        name = {"client": one.name, "sha256": digest(sealed)}
        self.told += [Operation("save", sealed.record_id, outcome, **name) for outcome in ("invoke", "ok")]

    def exchange(self) -> None:
        for one in self.officers:
            before = set(one.receipts)
            one.round()
            self.told += [
                Operation("acknowledge", name, "ok", digest(one.kept[name]), client=one.name)
                for name in sorted(one.receipts.keys() - before)
            ]

    def judge(self) -> None:
        """The province decides on everything that waits: most is accepted, some of it reversed again."""
        house = self.house
        reviewer = make.principal(house.made, "province")
        with house.open(), transaction() as session:
            waiting = sorted(session.scalars(select(Chain.id).where(Chain.state == "waiting")))
            self.chance.shuffle(waiting)
            fifth = len(waiting) // 5
            for chain_id in waiting[:fifth]:
                outcome = self.chance.choice(("returned", "rejected"))
                decide(session, reviewer, chain_id, outcome, "Số người?", ["/attendance"], house.clock())
            accept_many(session, reviewer, waiting[fifth:-4], house.clock())
            for linked in waiting[-4:-2]:
                decide(session, reviewer, linked, "same_as", None, [], house.clock(), same_as=waiting[fifth])
            for reversed_ in waiting[fifth + 1 : fifth + 3]:
                decide(session, reviewer, reversed_, "reversed", "Trùng", [], house.clock())


def counted(house: House) -> tuple[object, ...]:
    """Facts and counts by names that a restore keeps, the standing of every chain, and what the proof says."""
    with house.open():
        session = db.session()
        roots = dict(iter(session.execute(select(Chain.id, Chain.root_record_id))))
        facts = {
            (fact.indicator_id, fact.item_id, roots[fact.chain_id], fact.unit_id, fact.held_on, fact.value)
            for fact in figures.facts_of(session)
        }
        states = dict(iter(session.execute(select(Chain.root_record_id, Chain.state))))
        return facts, figures.cells(session), states, coverage.verify(session)


def verdict(field: Field, house: House) -> Verdict:
    """What the one judge of histories says of the restored server."""
    with house.open():
        records = [Held(*row) for row in db.session().execute(select(Record.record_id, Record.content_sha256))]
        records += [Held(*row) for row in db.session().execute(select(RecordCopy.record_id, RecordCopy.content_sha256))]
        rows = db.session().execute(select(Media.media_id, Media.sha256).where(Media.state == "there")).all()
    originals = Folder(house.config.media_dir)
    photos = [Held(name, digest_of(originals.original(sha256))) for name, sha256 in rows]
    on_phones = [Held(name, digest(sealed)) for one in field.officers for name, sealed in one.kept.items()]
    promised = [
        Held(name, photo.promise(house.clock())["sha256"])
        for one in field.officers
        for name, (_, photo) in one.photos.items()
    ]
    # Phones keep everything here; what the server must hold is judged without them.
    assert {held.id for held in on_phones} >= {op.id for op in field.told}
    return judge(field.told, End(records, photos, promised_photos=promised))


def officers(house: House, count: int) -> list[Officer]:
    return [officer(house, f"officer{number}", COMMUNES[number % len(COMMUNES)]) for number in range(count)]


def before_the_loss(house: House, shelf: Path, people: Sequence[Officer], photos: bool) -> tuple[Field, Path]:
    """A week of work, a backup, another week of work that only phones and the lost server know."""
    field = Field(house, list(people))
    field.work(photos)
    field.judge()
    folder = house.backup(shelf)
    house.clock.advance(days=6)
    field.work(photos)
    field.judge()
    field.exchange()
    house.clock.advance(days=1)
    return field, folder


def restored(house: House, folder: Path, place: Path, url: str | None = None) -> House:
    """The server is gone; the keys were kept apart and are back."""
    again = House(place, house.clock, url, house.config.keys_dir, house.made)
    told = again.run("backup", "restore", folder)
    assert told.exit_code == 0, told.output
    return again


@pytest.fixture
def again_at() -> Iterator[list[House]]:
    houses: list[House] = []
    yield houses
    for house in houses:
        house.close()


def proof(house: House, shelf: Path, again_at: list[House], count: int, photos: bool, url: str | None = None) -> None:
    field, folder = before_the_loss(house, shelf, officers(house, count), photos)
    before = counted(house)
    again = restored(house, folder, house.folder.parent / "again", url)
    again_at.append(again)
    moved_to(field.officers, again)
    assert counted(again) != before
    field.exchange()
    said = verdict(field, again)
    assert said.word == "pass", said.details
    assert said.acknowledged == len({op.id for op in field.told})
    confirmed(again)
    assert counted(again) == before
    assert before[-1] == []


def confirmed(house: House) -> None:
    """One tap, and the server is whole again."""
    reviewer = make.principal(house.made, "province")
    with house.open():
        with transaction() as session:
            assert restoration.confirm(session, reviewer, house.clock()) > 0
        found = restoration.standing(db.session(), reviewer)
        assert found is not None
        assert (found.unheard, found.outcomes, found.came_back.awaited, found.whole) == (0, 0, 0, True)
        assert restoration.is_open(db.session())


def test_thirty_phones_bring_a_week_back_in_one_round(house: House, shelf: Path, again_at: list[House]) -> None:
    proof(house, shelf, again_at, 30, photos=False)


def test_photos_come_back_too(house: House, shelf: Path, again_at: list[House]) -> None:
    proof(house, shelf, again_at, 8, photos=True)


@pytest.mark.postgres
def test_so_it_is_on_postgresql(
    tmp_path: Path, clock: SettableClock, shelf: Path, again_at: list[House], two_databases: tuple[str, str]
) -> None:
    house = House(tmp_path / "house", clock, two_databases[0])
    again_at.append(house)
    house.found()
    proof(house, shelf, again_at, 6, photos=True, url=two_databases[1])
