"""`device list` and `device revoke`: a lost phone may hand over what it holds, and read nothing more (D27)."""

import click
from flask.cli import AppGroup

from server import clock
from server.commands.telling import refusal, refusing
from server.db import db, transaction
from server.people import devices
from server.queries import enrolment as rows
from server.queries import people

device = AppGroup("device", help="Phones and browsers that were enrolled.")


@device.command("list")
@click.argument("login")
def show(login: str) -> None:
    """Lists the devices of LOGIN, newest first."""
    session = db.session()
    account = people.account_by_login(session, login.strip().lower())
    if account is None:
        raise refusal([f"There is no person with the login {login!r}."])
    for row in rows.devices_of(session, account.id):
        click.echo(f"{row.uid}  {row.state:8}  enrolled {row.enrolled_at:%Y-%m-%d %H:%M} UTC")


@device.command("revoke")
@click.argument("uid")
def revoke(uid: str) -> None:
    """Revokes the device UID at once."""
    with refusing(), transaction() as session:
        devices.revoke(session, uid.strip().lower(), None, clock.now())
    click.echo(f"Revoked {uid}.")
