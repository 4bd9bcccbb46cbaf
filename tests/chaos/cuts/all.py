"""`script/chaos`: every byte of every route, each cut by a reset and by an orderly end, in an order drawn by chance."""

import tempfile
import time
from pathlib import Path
from random import Random

from tests.chaos.cuts.more import every_act
from tests.chaos.cuts.routes import Act
from tests.chaos.cuts.run import Tally, cuts_of, lanes, take, verdict
from tests.chaos.line import Cut
from tests.chaos.served import serving

SHARE = 200


def play(seed: int, until: float) -> bool:
    """Goes on until all is cut or the time is over; says how much that was."""
    with tempfile.TemporaryDirectory(prefix="lantoa-chaos-") as folder, serving(Path(folder)) as served:
        actings, tally, chance = lanes(served), Tally(), Random(seed)
        acts = every_act(served)
        wanted = {act.name: _shuffled(cuts_of(actings[0], act), chance) for act in acts}
        total = sum(len(cuts) for cuts in wanted.values())
        while any(wanted.values()) and time.monotonic() < until and not tally.wrong:
            for act in acts:
                take(actings, act, _next(wanted, act), tally)
        judged = verdict(served, tally, actings)
        made = sum(tally.cuts.values())
        print(f"cuts: {made} of {total} places in {len(acts)} acts, seed {seed}: {judged.word},", end=" ")
        print(f"{judged.acknowledged} records acknowledged, {dict(judged.found)}", flush=True)
        for fault in (*tally.wrong, *judged.details):
            print(f"  {fault}")
        return judged.word == "pass" and not tally.wrong


def _shuffled(cuts: list[Cut], chance: Random) -> list[Cut]:
    both = [Cut(cut.direction, cut.offset, how) for cut in cuts for how in ("reset", "end")]
    chance.shuffle(both)
    return both


def _next(wanted: dict[str, list[Cut]], act: Act) -> list[Cut]:
    left = wanted[act.name]
    wanted[act.name] = left[SHARE:]
    return left[:SHARE]
