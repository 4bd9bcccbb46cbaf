"""`roll bring REGISTER FILE`: a whole roll (hamlets; members of a book) from CSV: preview, then all or nothing."""

import secrets
from pathlib import Path

import click
from flask.cli import AppGroup

from server import clock
from server.commands.telling import refusal
from server.db import db, transaction
from server.queries import people
from server.registers import rolls

roll = AppGroup("roll", help="Rolls from files.")


@roll.command("bring")
@click.argument("register", type=click.Choice((rolls.HAMLETS, rolls.MEMBERS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "login", required=True, help="Who brings it: the login that stands in the audit.")
@click.option("--preview", is_flag=True, help="Only say what would change.")
def bring(register: str, file: Path, login: str, preview: bool) -> None:
    """Adds and renews items; faults are told by row and column and nothing is written then."""
    account = people.account_by_login(db.session(), login.strip().lower())
    if account is None or not account.active:
        raise refusal([f"There is no active person with the login {login!r}."])
    with transaction() as session:
        wanted = rolls.preview(session, register, file.name, _text(file), lambda: secrets.token_hex(16))
        if wanted.faults:
            raise refusal(str(fault) for fault in wanted.faults)
        if not preview:
            rolls.bring(session, wanted, account.id, clock.now())
    done = "would be" if preview else "were"
    click.echo(f"{register}: {wanted.new} {done} new, {wanted.changed} {done} changed, {wanted.same} stay as they are")


def _text(file: Path) -> str:
    """Spreadsheets write UTF-8 with a mark in front."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise refusal([f"{file.name} is not UTF-8: save it as «CSV UTF-8»."]) from None
