"""`script/chaos [NAME…] [--minutes N] [--seed S]`: the proofs of the promise, for as long as they are given.

Each proof goes on with fresh seeds until its share of the time is over, says how much it played, and plays at least one
round. Ends with 1 at the first fault, whose whole history is printed: the same seed tells the same tale.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping

from tests.chaos.browser.long import kills_until
from tests.chaos.cuts import all as cuts
from tests.chaos.kills import all as kills
from tests.chaos.power import all as power
from tests.chaos.simulation.runner import Outcome, many

EACH_ROUND = 2_000
LEAST_KILLS = 200


def simulate(seed: int, until: float) -> bool:
    """The phone's own program against the server's, with everything between them simulated."""
    first, played, acknowledged = seed, 0, 0
    while played == 0 or time.monotonic() < until:
        outcome = many(seed, EACH_ROUND)
        seed, played = seed + EACH_ROUND, played + outcome.sums["histories"]
        acknowledged += outcome.sums["acknowledged"]
        print(f"{played} histories from seed {first} on, {acknowledged} records acknowledged", flush=True)
        if outcome.faults:
            return _told(outcome)
    return True


def kill_browsers(seed: int, until: float) -> bool:
    """A real Chromium killed around "finish", 200 times at least."""
    tales = kills_until(until, seed, LEAST_KILLS, lambda line: print(line, flush=True))
    faults = [tale for tale in tales if not tale.clean]
    for tale in faults:
        print(tale)
    return not faults


PROOFS: Mapping[str, Callable[[int, float], bool]] = {
    "simulation": simulate,
    "power": power.play,
    "cuts": cuts.play,
    "kills": kills.play,
    "browser": kill_browsers,
}


def main() -> int:
    options = _options()
    names, begun = options.names or list(PROOFS), time.monotonic()
    for number, name in enumerate(names, 1):
        if not PROOFS[name](options.seed, begun + options.minutes * 60 * number / len(names)):
            return 1
    return 0


def _told(outcome: Outcome) -> bool:
    for fault in outcome.faults:
        print(json.dumps(fault, ensure_ascii=False, indent=1))
    return False


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/chaos", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PROOFS))
    parser.add_argument("--minutes", type=float, default=10, help="how long to go on (default 10)")
    parser.add_argument("--seed", type=int, default=1_000_000, help="the first seed (default 1000000)")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in PROOFS]:
        parser.error(f"no such proof: {', '.join(unknown)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
