"""What the commands make, refuse and say."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import flask_migrate
import pytest
from sqlalchemy import select, update

from server import keys
from server.commands import database
from server.db import db, transaction
from server.models.people import DeskSession
from server.models.records import Media
from server.models.restoration import Restoration
from server.models.system import Installation
from sync.media import Folder
from tests import make
from tests.backup.make import House, Officer, moved_to, officer
from tests.phone import Photo
from tests.settable_clock import SettableClock
from tests.sync.make import jpeg


@pytest.fixture
def lan(house: House) -> Officer:
    """An officer with one record and one photo at the server."""
    one = officer(house, "lan", "A")
    one.record(Photo("photo", jpeg()))
    one.round()
    return one


@pytest.fixture
def again(house: House, tmp_path: Path) -> Iterator[House]:
    """An empty place with the keys put back."""
    made = House(tmp_path / "again", house.clock, None, house.config.keys_dir, house.made)
    yield made
    made.close()


def life(house: House) -> tuple[int, int, int]:
    with house.open():
        row = db.session().get_one(Installation, 1)
        return row.epoch, row.seq, row.backup_seq


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_backup_is_whole_and_says_what_is_in_it(house: House, lan: Officer, shelf: Path) -> None:
    folder = house.backup(shelf)
    told = house.run("backup", "verify", folder)
    assert (told.exit_code, "is whole" in told.output) == (0, True), told.output
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert (folder.name, manifest["seq"], len(manifest["media"])) == (f"{'5e' * 4}-1-1", 1, 1)
    assert manifest["rows"]["record"] == 1


def test_no_key_is_in_a_backup(house: House, lan: Officer, shelf: Path) -> None:
    house.backup(shelf)
    secret = (house.config.keys_dir / "receipt.pem").read_bytes().splitlines()[1]
    assert len(secret) > 40
    assert [path for path in files(shelf) if secret in path.read_bytes()] == []


def test_photos_are_kept_once_for_all_backups(house: House, lan: Officer, shelf: Path) -> None:
    house.backup(shelf)
    lan.record(Photo("photo", jpeg(60)))
    lan.round()
    told = house.run("backup", "create", shelf)
    assert "2 photos (1 new)" in told.output
    assert len(files(shelf / "media")) == 2


def test_two_backups_between_which_nothing_came_stand_beside_each_other(house: House, shelf: Path) -> None:
    house.backup(shelf)
    house.backup(shelf)
    assert sorted(path.name for path in shelf.glob("5e*")) == [f"{'5e' * 4}-1-0", f"{'5e' * 4}-1-0-2"]


@pytest.mark.parametrize("place", ["data", "keys"])
def test_a_backup_is_not_put_beside_what_it_is_for(house: House, place: str) -> None:
    assert house.run("backup", "create", house.folder / place / "backups").exit_code == 2


def test_a_backup_is_made_while_records_arrive(house: House, lan: Officer, shelf: Path) -> None:
    """Every backup that was made meanwhile is whole, whatever had arrived by then."""
    full = Event()

    def send() -> None:
        for _ in range(30):
            lan.record()
            lan.round()
        full.set()

    sender = Thread(target=send)
    sender.start()
    while not full.is_set():
        house.backup(shelf)
    sender.join()
    made = sorted(shelf.glob("5e*"))
    assert len(made) > 1
    assert [house.run("backup", "verify", folder).output for folder in made if not whole(house, folder)] == []
    assert len({json.loads((folder / "manifest.json").read_bytes())["seq"] for folder in made}) > 1


def whole(house: House, folder: Path) -> bool:
    return house.run("backup", "verify", folder).exit_code == 0


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("broken", ["database", "photo", "photo-missing", "manifest", "database-missing"])
def test_a_damaged_backup_is_found_and_not_confirmed(house: House, lan: Officer, shelf: Path, broken: str) -> None:
    folder = house.backup(shelf)
    (photo,) = files(shelf / "media")
    {
        "database": lambda: flip(folder / "database.sqlite"),
        "photo": lambda: flip(photo),
        "photo-missing": photo.unlink,
        "manifest": lambda: (folder / "manifest.json").write_text("{}"),
        "database-missing": (folder / "database.sqlite").unlink,
    }[broken]()
    assert house.run("backup", "verify", folder).exit_code == 2
    assert house.run("backup", "confirm-offsite", folder).exit_code == 2
    assert life(house)[2] == 0


def rewritten(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | changes))


@pytest.mark.parametrize(
    "changes", [{"seq": 7}, {"epoch": 2}, {"server_id": "ab" * 16}, {"rows": {}}, {"media": []}, {"migration": "9999"}]
)
def test_a_manifest_that_tells_something_else_is_found(
    house: House, lan: Officer, shelf: Path, changes: dict[str, object]
) -> None:
    folder = house.backup(shelf)
    rewritten(folder, **changes)
    assert house.run("backup", "verify", folder).exit_code == 2


def test_figures_that_differ_from_their_recomputation_are_found(house: House, lan: Officer, shelf: Path) -> None:
    with house.open(), transaction() as session:
        session.connection().exec_driver_sql("UPDATE coverage_count SET numerator = numerator + 1")
    told = house.run("backup", "verify", house.backup(shelf))
    assert (told.exit_code, "differs from its recomputation" in told.output) == (2, True)


def test_only_confirming_moves_what_phones_may_forget_and_only_forward(house: House, lan: Officer, shelf: Path) -> None:
    first = house.backup(shelf)
    lan.record()
    lan.round()
    second = house.backup(shelf)
    assert house.run("backup", "verify", second).exit_code == 0
    assert life(house)[2] == 0
    assert house.run("backup", "confirm-offsite", second).exit_code == 0
    assert life(house)[2] == 2
    assert house.run("backup", "confirm-offsite", second).exit_code == 0
    assert house.run("backup", "confirm-offsite", first).exit_code == 2
    assert life(house)[2] == 2


def test_a_number_is_confirmed_when_its_backup_was_verified_here(house: House, lan: Officer, shelf: Path) -> None:
    folder = house.backup(shelf)
    assert house.run("backup", "confirm-offsite", "--seq", 1).exit_code == 2
    house.run("backup", "verify", folder)
    assert house.run("backup", "confirm-offsite", "--seq", 2).exit_code == 2
    assert house.run("backup", "confirm-offsite", "--seq", 1).exit_code == 0
    assert life(house)[2] == 1


def test_a_backup_from_before_a_restore_is_not_confirmed(house: House, lan: Officer, shelf: Path, again: House) -> None:
    folder = house.backup(shelf)
    house.run("backup", "verify", folder)
    assert again.run("backup", "restore", folder).exit_code == 0
    assert again.run("backup", "confirm-offsite", folder).exit_code == 2
    assert again.run("backup", "confirm-offsite", "--seq", 1).exit_code == 2
    assert life(again)[2] == 0


def test_another_servers_backup_is_not_confirmed(
    house: House, lan: Officer, shelf: Path, tmp_path: Path, clock: SettableClock
) -> None:
    folder = house.backup(shelf)
    other = House(tmp_path / "other", clock)
    other.found()
    with other.open(), transaction() as session:
        session.execute(update(Installation).values(server_id="ab" * 16, seq=9))
    assert other.run("backup", "confirm-offsite", folder).exit_code == 2
    other.close()


def test_a_restore_begins_a_new_life(house: House, lan: Officer, shelf: Path, again: House) -> None:
    with house.open(), transaction() as session:
        row = {"csrf": "", "created_at": house.clock(), "seen_at": house.clock(), "expires_at": house.clock()}
        session.add(DeskSession(token_hash="ab", account_id=house.made.accounts["chief"], **row))
    folder = house.backup(shelf)
    told = again.run("backup", "restore", folder)
    assert told.exit_code == 0, told.output
    epoch, seq, backup_seq = life(again)
    assert (epoch, backup_seq) == (int(house.clock().timestamp()), 0)
    assert seq > 1_000_000
    with again.open():
        assert db.session().scalars(select(DeskSession.csrf)).all() == []
        assert db.session().scalars(select(Restoration.backup_name)).all() == [folder.name]


def test_a_backup_from_before_an_update_is_restored_and_brought_up_to_date(
    house: House, lan: Officer, shelf: Path, again: House
) -> None:
    with house.open():
        database.attach()
        flask_migrate.downgrade(revision="0003")
    folder = house.backup(shelf)
    told = house.run("backup", "verify", folder)
    assert (told.exit_code, "before an update" in told.output) == (2, True)
    assert again.run("backup", "restore", folder).exit_code == 0
    moved_to([lan], again)
    lan.round()
    assert again.run("coverage", "verify").exit_code == 0


def test_a_server_whose_key_was_changed_since_is_restored(
    house: House, lan: Officer, shelf: Path, tmp_path: Path
) -> None:
    folder = house.backup(shelf)
    keys.rotate(house.config.keys_dir, "5e" * 16)
    made = House(tmp_path / "rotated", house.clock, None, house.config.keys_dir, house.made)
    assert made.run("backup", "restore", folder).exit_code == 0
    made.close()


def test_two_restores_of_one_backup_differ(house: House, lan: Officer, shelf: Path, tmp_path: Path) -> None:
    folder = house.backup(shelf)
    epochs = []
    for name in ("one", "two"):
        made = House(tmp_path / name, house.clock, None, house.config.keys_dir)
        made.run("backup", "restore", folder)
        epochs.append(life(made)[0])
        made.close()
        house.clock.advance(seconds=1)
    assert epochs[0] != epochs[1]


def test_a_clock_that_stands_in_the_past_does_not_take_the_epoch_back(
    house: House, lan: Officer, shelf: Path, again: House
) -> None:
    with house.open(), transaction() as session:
        session.execute(update(Installation).values(epoch=2_000_000_000))
    again.run("backup", "restore", house.backup(shelf))
    assert life(again)[0] == 2_000_000_001


def test_nothing_is_restored_over_what_is_there(house: House, lan: Officer, shelf: Path, again: House) -> None:
    folder = house.backup(shelf)
    assert house.run("backup", "restore", folder).exit_code == 2
    Folder(again.config.media_dir).original("ab" * 32).parent.mkdir(parents=True)
    told = again.run("backup", "restore", folder)
    assert (told.exit_code, "holds photos" in told.output) == (2, True)


def test_without_its_keys_a_server_is_not_restored(
    house: House, lan: Officer, shelf: Path, tmp_path: Path, clock: SettableClock
) -> None:
    made = House(tmp_path / "again", clock)
    told = made.run("backup", "restore", house.backup(shelf))
    assert (told.exit_code, "receipt key" in told.output) == (2, True)
    assert not (made.config.data_dir / "lantoa.db").exists()
    made.close()


def test_a_photo_that_the_backup_lost_is_asked_from_its_phone(
    house: House, lan: Officer, shelf: Path, again: House
) -> None:
    folder = house.backup(shelf)
    files(shelf / "media")[0].unlink()
    told = again.run("backup", "restore", folder)
    assert (told.exit_code, "1 photos are not whole" in told.output) == (0, True)
    moved_to([lan], again)
    lan.round()
    assert [path.read_bytes() for path in files(again.config.media_dir / "original")] == [photo_of(lan)]


def test_a_photo_that_rotted_on_the_server_is_asked_from_its_phone(house: House, lan: Officer, shelf: Path) -> None:
    (original,) = files(house.config.media_dir / "original")
    flip(original)
    folder = house.backup(shelf)
    assert house.run("backup", "verify", folder).exit_code == 2
    lan.round()
    assert original.read_bytes() == photo_of(lan)
    assert whole(house, house.backup(shelf))


def photo_of(one: Officer) -> bytes:
    ((_, photo),) = one.photos.values()
    return photo.data


def test_half_an_upload_begins_anew_after_a_restore(house: House, lan: Officer, shelf: Path, again: House) -> None:
    picture = Photo("photo", jpeg(80))
    record = lan.record(picture)
    lan.phone.send(record)
    lan.phone.create_upload(record, picture)
    lan.phone.patch(picture, 0, picture.data[:100])
    again.run("backup", "restore", house.backup(shelf))
    with again.open():
        rows = db.session().execute(select(Media.state, Media.offset_bytes).where(Media.media_id == picture.media_id))
        assert rows.all() == [("expected", 0)]


def test_an_unfinished_backup_leaves_nothing_behind(house: House, lan: Officer, shelf: Path) -> None:
    shelf.mkdir()
    (shelf / "media").write_text("no folder")
    assert house.run("backup", "create", shelf).exit_code == 2
    assert os.listdir(shelf) == ["media"]


def test_a_restored_world_still_counts(house: House, lan: Officer, shelf: Path, again: House) -> None:
    with house.open(), transaction() as session:
        make.record(session, house.made, by="colleague")
    again.run("backup", "restore", house.backup(shelf))
    assert again.run("coverage", "verify").exit_code == 0
