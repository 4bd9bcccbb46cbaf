"""`app …`: recalling a broken release of the phone app, so that phones let go of it by themselves."""

import re

import click
from flask.cli import AppGroup

from server import config, phone_files, recall
from server.commands.telling import refusal

VERSION = re.compile(r"\d+\.\d+\.\d+\+[0-9a-f]{8}")

app = AppGroup("app", help="The phone app: which version is served, which were recalled.")


@app.command("recall")
@click.argument("version", required=False)
def recall_version(version: str | None) -> None:
    """Recalls VERSION, or the one that is served now; phones that hold it let go of it at their next contact."""
    found = version or recall.served_version(phone_files.DIST)
    if found is None or not VERSION.fullmatch(found):
        raise refusal([f"{found or 'Nothing'} is no version of the phone app: it looks like 0.1.0+1a2b3c4d."])
    recall.recall(config.current().data_dir, found)
    click.echo(f"Recalled {found}. Phones that hold it drop it at their next contact; what they recorded stays.")


@app.command("lift")
@click.argument("version")
def lift(version: str) -> None:
    """Ends the recall of VERSION."""
    recall.lift(config.current().data_dir, version)
    click.echo(f"{version} is not recalled any more.")


@app.command("versions")
def versions() -> None:
    """Tells the version that is served and those that were recalled."""
    click.echo(f"served    {recall.served_version(phone_files.DIST) or 'nothing is built'}")
    for version in recall.recalled(config.current().data_dir):
        click.echo(f"recalled  {version}")
