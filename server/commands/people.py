"""`people add`: a new person with a role; `enrol`: a code with QR for a person's phone."""

import io
import secrets
import sys

import click
import segno
from flask.cli import AppGroup, with_appcontext

from server import clock, config
from server.commands.telling import refusal, refusing
from server.db import db, transaction
from server.people import accounts, enrolment
from server.people.accounts import Person
from server.people.principal import ROLES
from server.queries import people as rows
from server.queries import system

people = AppGroup("people", help="People, their roles and units.")


@people.command("add")
@click.option("--login", required=True, help="What they sign in with.")
@click.option("--name", required=True, help="As shown beside what they do.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option(
    "--unit", required=True, help="The unit's key, e.g. 31522@2024-09-01, or a code that only one unit bears."
)
@click.option("--office", help="Rank and office.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(login: str, name: str, role: str, unit: str, office: str | None, password_stdin: bool) -> None:
    """Adds a person; prints a one-time password for people of the desk unless one is given."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    person = Person(login=login, name=name, role=role, unit=unit, office=office, password=password)
    newcomer = accounts.prepare(person)
    with refusing(), transaction() as session:
        system.ensure_installation(session, secrets.token_hex(16), clock.now())
        added = accounts.add(session, newcomer, clock.now(), clock.today())
    click.echo(f"Added {login}.")
    if added.one_time_password:
        click.echo(f"One-time password: {added.one_time_password}")


@click.command("enrol")
@click.argument("login")
@with_appcontext
def enrol(login: str) -> None:
    """Prints an enrolment code for LOGIN's phone: single use, ten minutes."""
    account = rows.account_by_login(db.session(), login.strip().lower())
    if account is None or not account.active:
        raise refusal([f"There is no active person with the login {login!r}."])
    with transaction() as session:
        code = enrolment.issue(session, account.id, account.unit_id, clock.now())
        unit = rows.unit_label(session, account.unit_id)
    click.echo(card(account.name, unit, code))


def card(name: str, unit: str, code: str) -> str:
    """What a phone needs: code, link and the link as QR, in letters that a terminal can show."""
    settings = config.current()
    link = enrolment.link(settings.public_url, code)
    picture = io.StringIO()
    segno.make(link, error="m", micro=False).terminal(out=picture, compact=True)
    lines = [
        f"Enrolment of {name}, {unit}: single use, 10 minutes",
        f"Code: {code}",
        f"Link: {link}",
        picture.getvalue(),
    ]
    if settings.out_of_reach:
        lines.append(settings.out_of_reach)
    return "\n".join(lines)
