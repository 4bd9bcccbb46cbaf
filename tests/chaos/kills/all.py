"""`script/chaos`: every place of the intake killed in every way, again and again, on SQLite and on PostgreSQL."""

import tempfile
import time
from contextlib import AbstractContextManager, nullcontext
from itertools import count, product
from pathlib import Path
from random import Random

from tests.chaos.faults import MEDIA_PLACES, RECORD_PLACES, Plan
from tests.chaos.kills.postgres import Killable, killable
from tests.chaos.kills.run import Case, strike, verdict
from tests.chaos.sender import Sender
from tests.chaos.served import Served, serving

WAYS = ("kill-worker", "kill-master", "kill-both")
ON_POSTGRES = ("terminate", "kill-postmaster")


def play(seed: int, until: float) -> bool:
    """Half of the time for each database; at least one round of everything on SQLite."""
    middle = time.monotonic() + (until - time.monotonic()) / 2
    return _on("SQLite", seed, middle, nullcontext()) and _on("PostgreSQL", seed, until, killable())


def _on(name: str, seed: int, until: float, opened: AbstractContextManager[Killable | None]) -> bool:
    with opened as database, tempfile.TemporaryDirectory(prefix="lantoa-chaos-") as folder:
        url = database.database(f"chaos_{seed}") if database else None
        with serving(Path(folder), url) as served:
            return _until(name, seed, until, served, database)


def _until(name: str, seed: int, until: float, served: Served, database: Killable | None) -> bool:
    sender, chance = Sender(served.phone()), Random(seed)
    places = [("records", place) for place in RECORD_PLACES] + [("photo", place) for place in MEDIA_PLACES]
    struck = 0
    for round_number in count():
        cases = list(product(places, WAYS + (ON_POSTGRES if database else ())))
        chance.shuffle(cases)
        for (doing, place), way in cases:
            if way == "terminate" and place != "before-commit":
                continue
            struck += _strike(served, sender, Case(doing, Plan(place, way)), database)
            if time.monotonic() > until and (round_number or database):
                break
        if time.monotonic() > until:
            break
    judged = verdict(served, sender)
    print(
        f"kills on {name}: {struck}, seed {seed}: {judged.word}, {judged.acknowledged} records acknowledged,", end=" "
    )
    print(f"{dict(judged.found)}", flush=True)
    for fault in judged.details:
        print(f"  {fault}")
    return judged.word == "pass"


def _strike(served: Served, sender: Sender, case: Case, database: Killable | None) -> bool:
    if case.plan.act == "kill-postmaster":
        assert database
        case = Case(case.doing, Plan(case.plan.place, f"kill-pid-{database.postmaster}"))
    return strike(served, sender, case, database.revive if database else None)
