"""Power cuts, short: 0 of N acknowledged are lost with the service's own settings; with less, some are.

So the check can fail.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.chaos.power import media
from tests.chaos.power.run import cut_everywhere, send_batches
from tests.chaos.power.world import powered
from tests.chaos.sender import Sender
from tests.sync.make import SqlWorld, phone

SEED = 20261122
BATCHES = 40
CUTS = 150


def test_power_cut_takes_nothing_that_has_a_receipt(tmp_path: Path) -> None:
    with powered(tmp_path / "server") as world:
        send_batches(world, BATCHES, Random(SEED))
        outcome = cut_everywhere(world, tmp_path / "after", CUTS, Random(SEED))
    assert outcome.faults == []
    assert outcome.acknowledged > BATCHES
    assert outcome.cuts > CUTS


def test_power_cut_is_seen_to_take_receipts_where_commits_are_not_synced(tmp_path: Path) -> None:
    with powered(tmp_path / "server", synchronous="NORMAL") as world:
        send_batches(world, 10, Random(SEED))
        outcome = cut_everywhere(world, tmp_path / "after", 50, Random(SEED))
    assert any("lost" in fault for fault in outcome.faults)


@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_every_write_of_the_database_may_fail(tmp_path: Path, error: str) -> None:
    """From the n-th write or sync on all fail, for every n of a batch, until there is room again."""
    with powered(tmp_path / "server") as world:
        disk, number, struck = world.disk, 0, True
        disk.error = error
        while struck:
            records = [world.sender.record() for _ in range(2)]
            disk.passes, disk.fail_from = 0, number
            struck = not world.send(*records)
            disk.fail_from = None
            assert world.send(*records), (number, world.sender.refused)
            number += 1
        refused = {answer.split(" ")[0] for answer in world.sender.refused}
        outcome = cut_everywhere(world, tmp_path / "after", 20, Random(SEED))
    assert refused <= {"503", "507"}
    assert number > 5
    assert outcome.faults == []


@pytest.fixture(scope="module")
def uploaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[media.Step], dict[str, bytes], str]:
    """The calls of twenty photos that came in pieces; their bytes by path; the folder that was there before."""
    folder = tmp_path_factory.mktemp("photos")
    world = SqlWorld(folder)
    sender, steps, photos = Sender(phone(world)), list[media.Step](), dict[str, bytes]()
    with media.noted(world.media_dir.parent, steps):
        for number in range(20):
            photo = sender.photo(16 + number)
            record = sender.record(photo)
            assert sender.send(record)
            assert sender.phone.create_upload(record, photo).status == 201
            middle = len(photo.data) // 2
            assert sender.phone.patch(photo, 0, photo.data[:middle]).status == 204
            assert sender.upload(record, photo)
            digest = hashlib.sha256(photo.data).hexdigest()
            path = str(world.media_dir / "original" / digest[:2] / digest)
            photos[path] = photo.data
            steps.append(media.Step("told", path))
    world.close()
    return steps, photos, str(world.media_dir.parent)


def lost(uploaded: tuple[list[media.Step], dict[str, bytes], str], noted: Callable[[media.Step], bool]) -> int:
    """How many photos that were called there have not their bytes, over a cut before every step."""
    steps, photos, top = uploaded
    kept, chance, count = [step for step in steps if noted(step)], Random(SEED), 0
    for at in range(len(kept) + 1):
        disk = media.after_cut(kept, at, chance)
        count += sum(disk.read(path, top) != photos[path] for path in disk.told)
    return count


def test_power_cut_takes_no_photo_that_was_called_there(
    uploaded: tuple[list[media.Step], dict[str, bytes], str],
) -> None:
    assert len(uploaded[1]) == 20
    assert lost(uploaded, lambda _: True) == 0


@pytest.mark.parametrize("kind", ["sync-file", "sync-folder"])
def test_power_cut_is_seen_to_take_photos_where_a_sync_is_missing(
    uploaded: tuple[list[media.Step], dict[str, bytes], str], kind: str
) -> None:
    assert lost(uploaded, lambda step: step.kind != kind) > 0


def test_power_cut_is_seen_to_take_photos_where_only_the_nearest_folder_is_synced(
    uploaded: tuple[list[media.Step], dict[str, bytes], str],
) -> None:
    top = uploaded[2]
    assert lost(uploaded, lambda step: step.kind != "sync-folder" or step.path != top) > 0
