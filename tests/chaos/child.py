"""The wsgi entry of these tests: the whole service, as it is shipped, with the faults of a plan around it."""

import os
from dataclasses import replace
from pathlib import Path

from server.app import create_app
from server.config import Config
from tests.chaos import faults
from tests.settable_clock import SettableClock

folder = Path(os.environ["CHAOS_FOLDER"])
config = Config.for_tests(folder)
if os.environ["CHAOS_DATABASE"]:
    config = replace(config, database_url=os.environ["CHAOS_DATABASE"])
app = create_app(config, SettableClock())
faults.install(app, folder / "plan")
