"""The marked state: what the desk shows, who confirms what, when the server is whole, who closes it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, update

from server import restoration
from server.db import db, transaction
from server.models.people import Device
from server.models.records import Chain, Record, Review
from server.models.restoration import GivenOutcome
from server.models.system import Audit
from server.people.principal import Principal
from server.queries import given_outcomes
from server.review import decide
from sync.problems import Problem
from tests import make
from tests.backup.make import House, Officer, moved_to, officer
from tests.pages import make as desks
from tests.phone import Photo, Sealed
from tests.sync.make import jpeg

PAGE = "/desk/restoration"


@dataclass
class Loss:
    """A server whose backup holds nothing of what its phone and its reviewers did afterwards."""

    house: House
    again: House
    lan: Officer
    records: list[Sealed]

    def back(self) -> None:
        """The phone comes back to the restored server."""
        moved_to([self.lan], self.again)
        self.lan.round()

    def decide(self, record: Sealed, outcome: str, same_as: Sealed | None = None, at: House | None = None) -> None:
        house = at or self.house
        reason = "Số người?" if outcome in ("returned", "rejected", "reversed") else None
        with house.open(), transaction() as session:
            chain = session.scalars(chain_of(record)).one()
            target = session.scalars(chain_of(same_as)).one() if same_as else None
            decide(session, reviewer(house), chain, outcome, reason, [], house.clock(), same_as=target)

    def lose(self, shelf: Path) -> None:
        """The officer hears the decisions, then the server is gone."""
        self.lan.round()
        self.house.clock.advance(days=7)
        told = self.again.run("backup", "restore", next(shelf.glob("5e*")))
        assert told.exit_code == 0, told.output

    def confirm(self, by: Principal | None = None) -> int:
        self.again.clock.advance(minutes=1)
        with self.again.open(), transaction() as session:
            return restoration.confirm(session, by or reviewer(self.again), self.again.clock())

    def states(self) -> list[str]:
        with self.again.open():
            found = dict(iter(db.session().execute(select(Chain.root_record_id, Chain.state))))
        return [found[record.record_id] for record in self.records]

    def kept(self) -> list[str]:
        with self.again.open():
            return list(db.session().scalars(select(GivenOutcome.state).order_by(GivenOutcome.seq)))

    def found(self, by: Principal | None = None) -> restoration.Standing:
        with self.again.open():
            found = restoration.standing(db.session(), by or administrator(self.again))
        assert found is not None
        return found


def chain_of(record: Sealed) -> object:
    return select(Record.chain_id).where(Record.record_id == record.record_id)


def reviewer(house: House, name: str = "province", unit: str = "P") -> Principal:
    return make.principal(house.made, name, unit)


def administrator(house: House, unit: str = "P") -> Principal:
    return make.principal(house.made, "admin", unit, ("administrator",))


@pytest.fixture
def loss(house: House, shelf: Path, tmp_path: Path) -> Iterator[Loss]:
    with house.open(), transaction() as session:
        desks.administrator(session, house.made)
    lan = officer(house, "lan", "A")
    house.backup(shelf)
    records = [lan.record() for _ in range(3)]
    lan.round()
    again = House(tmp_path / "again", house.clock, None, house.config.keys_dir, house.made)
    yield Loss(house, again, lan, records)
    again.close()


def test_decisions_come_back_as_they_were_made(loss: Loss, shelf: Path) -> None:
    one, two, three = loss.records
    loss.decide(one, "accepted")
    loss.decide(two, "returned")
    loss.decide(three, "same_as", one)
    decided_at = loss.house.clock()
    loss.lose(shelf)
    loss.back()
    assert loss.lan.given == ["kept", "kept", "kept"]
    assert loss.states() == ["waiting", "waiting", "waiting"]
    assert loss.confirm() == 3
    assert loss.states() == ["accepted", "returned", "linked"]
    with loss.again.open():
        rows = db.session().execute(select(Review.account_id, Review.at, Review.reason).order_by(Review.seq)).all()
    by = loss.house.made.accounts["province"]
    assert [(row.account_id, row.at, row.reason) for row in rows] == [
        (by, decided_at, None),
        (by, decided_at, "Số người?"),
        (by, decided_at, None),
    ]
    assert loss.again.run("coverage", "verify").exit_code == 0


def test_nothing_is_applied_twice(loss: Loss, shelf: Path) -> None:
    loss.decide(loss.records[0], "accepted")
    loss.lose(shelf)
    loss.back()
    loss.lan.epoch = 0
    loss.lan.round()
    assert loss.lan.given == ["known"]
    assert (loss.confirm(), loss.confirm()) == (1, 0)
    with loss.again.open():
        assert len(db.session().scalars(select(Review.id)).all()) == 1


def test_an_outcome_of_this_life_is_known(loss: Loss) -> None:
    loss.decide(loss.records[0], "accepted")
    loss.lan.round()
    loss.lan.epoch = 0
    loss.lan.round()
    assert loss.lan.given == ["known"]


def test_what_somebody_decided_anew_stands_before_what_phones_remember(loss: Loss, shelf: Path) -> None:
    loss.decide(loss.records[0], "accepted")
    loss.lose(shelf)
    loss.back()
    loss.again.clock.advance(hours=1)
    loss.decide(loss.records[0], "rejected", at=loss.again)
    assert loss.confirm() == 0
    assert (loss.states()[0], loss.kept()) == ("rejected", ["overtaken"])


def test_an_earlier_outcome_that_comes_later_moves_nothing(loss: Loss, shelf: Path) -> None:
    """A second phone of the officer has heard less: the correction was accepted, and the first version before it."""
    first = loss.records[0]
    loss.decide(first, "accepted")
    loss.lan.round()
    later = loss.lan.record(intent="correct", replaces=first, reason="Sửa")
    loss.lan.round()
    loss.decide(first, "accepted")
    loss.lose(shelf)
    before = loss.lan.reviews.pop(first.record_id)
    loss.back()
    assert loss.confirm() == 1
    loss.lan.reviews[first.record_id] = before
    loss.lan.epoch = 0
    loss.lan.round()
    assert (loss.confirm(), loss.kept()) == (0, ["overtaken", "confirmed"])
    with loss.again.open():
        counted = select(Record.record_id).join(Chain, Chain.counted_id == Record.id)
        assert db.session().scalars(counted).all() == [later.record_id]


def test_nobody_confirms_outcomes_of_own_records_or_of_units_elsewhere(loss: Loss, shelf: Path) -> None:
    loss.decide(loss.records[0], "accepted")
    loss.lose(shelf)
    loss.back()
    assert loss.confirm(reviewer(loss.again, "lan", "P")) == 0
    assert loss.confirm(reviewer(loss.again, "district2", "D2")) == 0
    assert loss.kept() == ["waiting"]


def test_a_statement_that_this_server_did_not_sign_is_not_kept(loss: Loss) -> None:
    loss.decide(loss.records[0], "returned")
    loss.lan.round()
    row = next(iter(loss.lan.reviews.values()))
    altered = row["statement"].replace("returned", "accepted")
    given = {"statement": altered, "key_id": row["key_id"], "signature": row["signature"]}
    (result,) = loss.lan.phone.post("/sync/outcomes", {"outcomes": [given]}).json()["results"]
    assert result["problem"]["type"] == "signature-invalid"
    with loss.house.open():
        assert db.session().scalars(select(GivenOutcome.id)).all() == []


@pytest.mark.parametrize(
    ("body", "status"), [({"outcomes": [{}] * 201}, 422), ({}, 422), ({"outcomes": [{}, "x", {"statement": 1}]}, 200)]
)
def test_what_is_no_outcome_is_told_in_its_place(loss: Loss, body: dict[str, object], status: int) -> None:
    answer = loss.lan.phone.post("/sync/outcomes", body)
    assert answer.status == status
    if status == 200:
        assert [result["problem"]["type"] for result in answer.json()["results"]] == ["request-invalid"] * 3


def test_the_server_is_whole_when_every_phone_was_heard_out_and_nothing_waits(loss: Loss, shelf: Path) -> None:
    loss.decide(loss.records[0], "accepted")
    loss.lose(shelf)
    assert (loss.found().unheard, loss.found().whole) == (1, False)
    loss.back()
    assert (loss.found().unheard, loss.found().outcomes, loss.found().whole) == (0, 1, False)
    assert (loss.found().came_back.records, loss.found().came_back.photos) == (3, 0)
    loss.confirm()
    assert loss.found().whole


def test_a_phone_that_only_asked_what_lacks_was_not_heard_out(loss: Loss, shelf: Path) -> None:
    loss.lose(shelf)
    moved_to([loss.lan], loss.again)
    loss.lan.phone.have(loss.records, [])
    (device,) = loss.found().devices
    assert (device.heard_at is not None, device.offered_at) == (True, None)


def test_a_phone_that_was_revoked_since_is_not_waited_for(loss: Loss, shelf: Path) -> None:
    loss.lose(shelf)
    with loss.again.open(), transaction() as session:
        session.execute(update(Device).values(state="revoked"))
    assert loss.found().unheard == 0


def test_photos_on_their_way_are_waited_for(loss: Loss, shelf: Path) -> None:
    picture = Photo("photo", jpeg())
    record = loss.lan.record(picture)
    loss.lan.round()
    loss.lose(shelf)
    moved_to([loss.lan], loss.again)
    loss.lan.phone.send(record)
    assert loss.found().came_back.awaited == 1
    loss.lan.round()
    assert (loss.found().came_back.awaited, loss.found().came_back.photos) == (0, 1)


def test_only_who_answers_for_all_of_it_ticks_off_and_closes(loss: Loss, shelf: Path) -> None:
    loss.lose(shelf)
    at = loss.again.clock()
    with loss.again.open(), transaction() as session:
        with pytest.raises(Problem, match="not-found"):
            restoration.close(session, administrator(loss.again, "D1"), at)
        with pytest.raises(Problem, match="not-found"):
            restoration.tick(session, administrator(loss.again, "D1"), "forms", True, at)
        assert restoration.is_open(session)
        restoration.tick(session, administrator(loss.again), "forms", True, at)
        restoration.close(session, administrator(loss.again), at)
        assert not restoration.is_open(session)
        with pytest.raises(Problem, match="restoration-not-open"):
            restoration.close(session, administrator(loss.again), at)
    with loss.again.open():
        (detail,) = db.session().scalars(select(Audit.detail).where(Audit.action == "restoration.closed"))
    assert detail == {"unheard": 1, "outcomes": 0, "photos": 0, "unchecked": 7}


def test_every_page_says_that_the_server_is_marked(loss: Loss, shelf: Path) -> None:
    assert "khôi phục từ bản sao lưu" not in desks.desk(loss.house.app, "staff").get("/desk/plan").text
    loss.lose(shelf)
    browser = desks.desk(loss.again.app, "staff")
    assert "Máy chủ khôi phục từ bản sao lưu" in browser.get("/desk/plan").text
    assert "chưa đủ như trước" in browser.get(PAGE).text


def test_a_server_that_was_never_restored_says_so(loss: Loss) -> None:
    assert "chưa phải khôi phục lần nào" in desks.desk(loss.house.app, "staff").get(PAGE).text


def test_one_tap_confirms_all_and_an_administrator_closes(loss: Loss, shelf: Path) -> None:
    for record in loss.records:
        loss.decide(record, "accepted")
    loss.lose(shelf)
    loss.back()
    province = desks.desk(loss.again.app, "province")
    assert "Xác nhận cả 3 kết quả" in province.get(PAGE).text
    assert province.post("/desk/restoration/outcomes").status_code == 303
    assert loss.states() == ["accepted"] * 3
    keeper = desks.desk(loss.again.app, "admin")
    for key in restoration.CHECKS:
        assert keeper.post(f"/desk/restoration/points/{key}", {"done": "yes"}).status_code == 303
    assert keeper.post("/desk/restoration/points/devices", {"done": "no"}).status_code == 303
    page = keeper.get(PAGE).text
    assert (page.count("Bỏ dấu"), "Máy chủ đã đủ trở lại" in page) == (7, True)
    assert keeper.post("/desk/restoration/close").status_code == 303
    assert re.search(r"Đóng lúc .*Người admin", keeper.get(PAGE).text)
    assert "Máy chủ khôi phục từ" not in keeper.get("/desk/plan").text


@pytest.mark.parametrize("path", ["close", "points/forms", "outcomes"])
def test_staff_changes_nothing_here(loss: Loss, shelf: Path, path: str) -> None:
    loss.lose(shelf)
    assert desks.desk(loss.again.app, "staff").post(f"/desk/restoration/{path}", {"done": "yes"}).status_code == 403


def test_a_reviewer_sees_outcomes_of_own_units_only(loss: Loss, shelf: Path) -> None:
    loss.decide(loss.records[0], "accepted")
    loss.lose(shelf)
    loss.back()
    assert "Kết quả duyệt do máy gửi trả" in desks.desk(loss.again.app, "district1").get(PAGE).text
    assert "Kết quả duyệt do máy gửi trả" not in desks.desk(loss.again.app, "district2").get(PAGE).text
    assert loss.found(reviewer(loss.again, "district2", "D2")).outcomes == 0
    with loss.again.open():
        assert given_outcomes.count_waiting(db.session()) == 1
