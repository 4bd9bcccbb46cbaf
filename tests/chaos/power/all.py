"""`script/chaos`: evenings of sending, each with its own seed, and the power cut at hundreds of moments of each."""

import tempfile
import time
from itertools import count
from pathlib import Path
from random import Random

from tests.chaos.power.run import cut_everywhere, send_batches
from tests.chaos.power.world import powered

BATCHES, CUTS = 120, 400


def play(seed: int, until: float) -> bool:
    """At least one evening."""
    cuts = acknowledged = 0
    for own in count(seed):
        with tempfile.TemporaryDirectory(prefix="lantoa-chaos-") as folder, powered(Path(folder) / "server") as world:
            send_batches(world, BATCHES, Random(own))
            outcome = cut_everywhere(world, Path(folder) / "after", CUTS, Random(own))
        cuts, acknowledged = cuts + outcome.cuts, acknowledged + outcome.acknowledged
        print(f"power: {cuts} cuts, seeds {seed} to {own}, {acknowledged} records acknowledged,", end=" ")
        print(f"{len(outcome.faults)} faults", flush=True)
        for fault in outcome.faults:
            print(f"  {fault}")
        if outcome.faults or time.monotonic() > until:
            return not outcome.faults
    raise AssertionError("unreachable")
