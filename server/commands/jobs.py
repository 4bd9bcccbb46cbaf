"""`jobs`: the one worker, as script/server runs it beside the web process; ends on SIGTERM or Ctrl-C."""

from typing import cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from server.jobs import worker


@click.command("jobs")
@with_appcontext
def jobs() -> None:
    """Does the work by the clock until it is told to stop."""
    worker.work_until_told(cast(Flask, current_app._get_current_object()))  # type: ignore[attr-defined]
