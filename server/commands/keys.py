"""`keys rotate` and `keys list`: the key that signs receipts. Old receipts verify for ever (P-52)."""

import click
from flask.cli import AppGroup

from server import config
from server import keys as rings
from server.commands.telling import refusal
from server.db import db
from server.queries import system

keys = AppGroup("keys", help="The key that signs receipts.")


@keys.command("rotate")
def rotate() -> None:
    """Makes a new receipt key; the old one announces it. Restart the server afterwards."""
    here = system.installation(db.session())
    if here is None:
        raise refusal(["The installation is not set up yet: there is no key to follow."])
    ring = rings.rotate(config.current().keys_dir, here.server_id)
    click.echo(f"New receipt key {ring.key_id}, announced by {ring.announced[-1]['signed_by']}.")
    click.echo("Restart the server: until then it signs with the old key, which stays good.")
    click.echo("Copy LANTOA_KEYS to where its copies are kept: the new key is in no backup.")


@keys.command("list")
def show() -> None:
    """Every receipt key there was, the oldest first; the one that signs is marked."""
    ring = rings.KeyRing(config.current().keys_dir)
    for key in ring.announced:
        mark = "*" if key["key_id"] == ring.key_id else " "
        click.echo(f"{mark} {key['key_id']}  announced by {key.get('signed_by') or '-'}")
