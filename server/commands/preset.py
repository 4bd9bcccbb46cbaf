"""`preset load PATH [--year N]`: a plan as data, all or nothing."""

import secrets
from pathlib import Path

import click
from flask.cli import AppGroup

from server import clock
from server.commands.telling import refusal
from server.db import transaction
from server.plan import presets
from server.queries import system

preset = AppGroup("preset", help="Plans as data.")


@preset.command("load")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--year", type=click.IntRange(2000, 2100), help="Move every date of the preset to this year.")
def load(path: Path, year: int | None) -> None:
    """Loads or renews the plan in PATH; loading it again changes nothing."""
    with transaction() as session:
        system.ensure_installation(session, secrets.token_hex(16), clock.now())
    try:
        report = presets.load(path, year)
    except presets.PresetFaults as broken:
        raise refusal(str(fault) for fault in broken.faults) from None
    click.echo(str(report))
