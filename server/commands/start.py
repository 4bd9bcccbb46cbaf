"""`start …`: what script/server asks before it serves. Every step may be repeated and then changes nothing."""

import json
import secrets

import click
from flask.cli import AppGroup

from server import clock, config
from server.commands import database
from server.commands.people import card
from server.commands.telling import refusal, refusing
from server.db import db, transaction
from server.people import accounts, enrolment
from server.people.accounts import Person
from server.people.principal import ADMINISTRATOR, OFFICER, REVIEWER, STAFF
from server.queries import people as rows
from server.queries import system

FIRST_ADMINISTRATOR = "admin"
FIRST_OFFICER = "canbo"

start = AppGroup("start", help="Steps of script/server.", hidden=True)


@start.command("ready")
def ready() -> None:
    """Brings the tables up to date and tells, as JSON, where to serve and what is still to do."""
    database.upgrade()
    with transaction() as session:
        system.ensure_installation(session, secrets.token_hex(16), clock.now())
        filled = system.filled(session)
    settings = config.current()
    told = {
        "bind": settings.bind,
        "port": settings.port,
        "url": settings.public_url,
        "tls_cert": str(settings.tls_cert or ""),
        "tls_key": str(settings.tls_key or ""),
        "out_of_reach": settings.out_of_reach,
        "plans": filled.plans,
        "accounts": filled.accounts,
        "demo": filled.demo,
    }
    db.engine.dispose()
    click.echo(json.dumps(told))


@start.command("welcome")
def welcome() -> None:
    """Makes the first administrator and a first officer, and tells how both get in. Told once."""
    root, commune = rows.root_unit(db.session()), rows.first_commune(db.session(), clock.today())
    if root is None or commune is None:
        raise refusal(["There are no units yet: load a preset first (flask --app wsgi preset load PATH)."])
    administrator = accounts.prepare(Person(FIRST_ADMINISTRATOR, "Quản trị viên", ADMINISTRATOR, root.key))
    newcomer = accounts.prepare(Person(FIRST_OFFICER, "Cán bộ dùng thử", OFFICER, commune.key))
    with refusing(), transaction() as session:
        added = accounts.add(session, administrator, clock.now(), clock.today())
        for role in (STAFF, REVIEWER):
            accounts.grant(session, added.account_id, role, root.id, clock.now(), clock.today())
        officer = accounts.add(session, newcomer, clock.now(), clock.today())
        code = enrolment.issue(session, officer.account_id, officer.unit_id, clock.now())
    click.echo(f"Administrator: {FIRST_ADMINISTRATOR}")
    click.echo(f"One-time password: {added.one_time_password}")
    click.echo(f"Desk: {config.current().public_url}/desk")
    click.echo("")
    click.echo(card("Cán bộ dùng thử", commune.label, code))
