"""`jobs`: the one worker, started by script/server beside the web process; ends on SIGTERM or Ctrl-C."""

import signal
from threading import Event

import click
from flask.cli import with_appcontext

from server.jobs import worker


@click.command("jobs")
@with_appcontext
def jobs() -> None:
    """Does the work by the clock until it is told to stop."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    worker.work(stop)
