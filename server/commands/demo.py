"""`demo fill` and `demo sign-ins`: the demonstration, and how its people get in."""

from collections.abc import Iterable
from typing import cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from server import clock, config
from server import demo as demonstration
from server.commands.people import card
from server.commands.telling import refusal
from server.db import db, transaction
from server.demo import SignIn
from server.people import enrolment
from server.queries import people

demo = AppGroup("demo", help="Invented people and records, every one marked.")


@demo.command("fill")
@click.option("--seed", type=int, default=demonstration.DEFAULT_SEED, show_default=True)
def fill(seed: int) -> None:
    """Fills an empty installation with a loaded plan; refuses any other."""
    click.echo("Filling the demonstration …")
    try:
        cast_ = demonstration.fill(_app(), seed)
    except demonstration.DemoRefused as refused:
        raise refusal([str(refused)]) from None
    _tell(cast_)


@demo.command("sign-ins")
def sign_ins() -> None:
    """Tells again who may sign in, with a fresh enrolment code for the first officer."""
    _tell(demonstration.sign_ins(_app()))


def _tell(cast_: Iterable[SignIn]) -> None:
    people_ = list(cast_)
    click.echo(f"Demonstration: every record is invented. Desk: {config.current().public_url}/desk")
    for person in people_:
        if person.password:
            click.echo(f"  {person.login:<16} {person.password}  {person.role:<14} {person.name}, {person.unit}")
    officers = [person for person in people_ if not person.password]
    click.echo(f"Officers (flask --app wsgi enrol LOGIN): {', '.join(person.login for person in officers)}")
    click.echo("")
    for officer in officers[:1]:
        click.echo(_card(officer))


def _card(officer: SignIn) -> str:
    account = people.account_by_login(db.session(), officer.login)
    if account is None:
        raise refusal([f"There is no person with the login {officer.login!r}."])
    with transaction() as session:
        code = enrolment.issue(session, account.id, account.unit_id, clock.now())
    return card(officer.name, officer.unit, code)


def _app() -> Flask:
    return cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
