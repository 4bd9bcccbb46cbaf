"""`coverage verify` and `coverage recount`: the figures against their recomputation from accepted records."""

import click
from flask.cli import AppGroup

from server import coverage as figures
from server.commands.telling import refusal
from server.db import db, transaction

coverage = AppGroup("coverage", help="Figures and their proof.")


@coverage.command("verify")
def verify() -> None:
    """Compares every stored fact and count with a recomputation; status 2 when one differs."""
    session = db.session()
    differences = figures.verify(session)
    session.rollback()
    if differences:
        raise refusal(str(difference) for difference in differences)
    click.echo("All figures equal their recomputation.")


@coverage.command("recount")
def recount() -> None:
    """Counts everything from scratch."""
    with transaction() as session:
        figures.recount_all(session)
    click.echo("Counted.")
