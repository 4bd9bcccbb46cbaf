"""`script/chaos [--minutes N] [--seed S]`: the proofs of the promise, for as long as they are given.

The simulation goes on with fresh seeds for the first half of the time and says how many histories it played; then a
real Chromium is killed around "finish" for the rest of it, 200 times at least. Ends with 1 at the first fault, whose
whole history is printed: the same seed tells the same tale.
"""

import argparse
import json
import sys
import time

from tests.chaos.browser.long import kills_until
from tests.chaos.simulation.runner import Outcome, many

EACH_ROUND = 2_000
LEAST_KILLS = 200


def main() -> int:
    options = _options()
    until = time.monotonic() + options.minutes * 60
    return _histories(options, until - options.minutes * 30) or _kills(options, until)


def _kills(options: argparse.Namespace, until: float) -> int:
    tales = kills_until(until, options.seed, LEAST_KILLS, lambda line: print(line, flush=True))
    faults = [tale for tale in tales if not tale.clean]
    for tale in faults:
        print(tale)
    return 1 if faults else 0


def _histories(options: argparse.Namespace, until: float) -> int:
    seed, played, acknowledged = options.seed, 0, 0
    while played == 0 or time.monotonic() < until:
        outcome = many(seed, EACH_ROUND)
        seed, played = seed + EACH_ROUND, played + outcome.sums["histories"]
        acknowledged += outcome.sums["acknowledged"]
        print(f"{played} histories from seed {options.seed} on, {acknowledged} records acknowledged", flush=True)
        if outcome.faults:
            return _told(outcome)
    return 0


def _told(outcome: Outcome) -> int:
    for fault in outcome.faults:
        print(json.dumps(fault, ensure_ascii=False, indent=1))
    return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long to go on (default 10)")
    parser.add_argument("--seed", type=int, default=1_000_000, help="the first seed (default 1000000)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
