"""The service of a test as gunicorn serves it: `LANTOA_TEST_FOLDER` holds its data, `code` in it an enrolment code.

`LANTOA_TEST_SILENCE_S` shortens what a client may be silent, so that tests need not wait 20 s.
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
world = SqlWorld(folder, clock=SettableClock(datetime(2024, 6, 15, 1, tzinfo=UTC)), limits=limits)
(folder / "code").write_text(world.code())
app = world.app
