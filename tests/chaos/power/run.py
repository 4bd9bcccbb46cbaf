"""Plays power cuts over a history of sending and judges every disk that they leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.chaos.history import End, Held, Verdict, judge
from tests.chaos.power.disk import AfterCut, cuts
from tests.chaos.power.world import PowerWorld
from tests.chaos.sender import sha256
from tests.chaos.standing import RECORDS, rows


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many cuts, how many receipts were out at the last one, and what was found after which cut."""

    cuts: int
    acknowledged: int
    faults: Sequence[str]


def send_batches(world: PowerWorld, batches: int, chance: Random) -> None:
    """An evening of many phones: batches of one to eight records."""
    for _ in range(batches):
        records = [world.sender.record() for _ in range(chance.randint(1, 8))]
        assert world.send(*records), world.sender.refused


def cut_everywhere(world: PowerWorld, folder: Path, count: int, chance: Random) -> Outcome:
    """Cuts at `count` moments drawn by chance, and at the end."""
    end = len(world.disk.steps)
    moments = [*chance.sample(range(end), min(count, end)), end]
    faults: list[str] = []
    most = 0
    for after in cuts(world.disk, moments, chance):
        most = max(most, len(after.told))
        verdict = _verdict(world, _written(folder, world.database.name, after), after)
        faults += [f"cut before step {after.at}: {detail}" for detail in verdict.details]
    return Outcome(len(set(moments)), most, faults)


def _written(folder: Path, name: str, after: AfterCut) -> Path:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for file, content in after.files.items():
        (folder / file).write_bytes(content)
    return folder / name


def _verdict(world: PowerWorld, database: Path, after: AfterCut) -> Verdict:
    """What was not acknowledged is still on the phone."""
    url = f"sqlite:///{database}"
    sound = rows(url, "PRAGMA integrity_check")
    held = [Held(name, sha256(bytes(payload))) for name, payload in rows(url, RECORDS)]
    history = [op for op in world.sender.history if op.act != "acknowledge" or op.id in after.told]
    saved = [Held(op.id, op.sha256) for op in history if op.act == "save" and op.outcome == "ok"]
    end = End(held, [], [one for one in saved if one.id not in after.told])
    judged = judge(history, end)
    if sound == [("ok",)]:
        return judged
    return Verdict(judged.acknowledged, judged.recovered, judged.found, (*judged.details, f"not sound: {sound[:1]}"))
