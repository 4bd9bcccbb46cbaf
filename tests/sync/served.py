"""The service of a test as gunicorn serves it: `LANTOA_TEST_FOLDER` holds its data, `code` in it an enrolment code.

`LANTOA_TEST_SILENCE_S` shortens what a client may be silent, so that tests need not wait 20 s. Started again over the
same folder it goes on with what is there.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from server.bodies import Limits
from tests.settable_clock import SettableClock
from tests.sync.make import SqlWorld

folder = Path(os.environ["LANTOA_TEST_FOLDER"])
limits = replace(Limits(), silence_s=float(os.environ["LANTOA_TEST_SILENCE_S"]))
started_before = (folder / "code").exists()
clock = SettableClock(datetime(2024, 6, 15, 1, tzinfo=UTC))
world = SqlWorld(folder, clock=clock, limits=limits, fresh=not started_before)
if not started_before:
    (folder / "code").write_text(world.code())
app = world.app
