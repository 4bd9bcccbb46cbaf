"""`backup create | verify | restore | confirm-offsite`: the drill is in docs/backup.md."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.engine import make_url

from server import backup as backups
from server import clock, config, coverage, keys
from server.backup.faults import BackupFault
from server.backup.verify import refuse
from server.commands import database
from server.commands.telling import refusal
from server.db import db, transaction

FOLDER = click.Path(file_okay=False, path_type=Path)
BACKUP = click.Path(exists=True, file_okay=False, path_type=Path)

backup = AppGroup("backup", help="Backups of database and photos; never of keys.")


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except BackupFault as fault:
        raise refusal(fault.faults) from None
    except OSError as error:
        raise refusal([f"{error.filename or 'The disk'}: {error.strerror or error}."]) from None


@backup.command("create")
@click.argument("folder", metavar="DIR", type=FOLDER)
def create(folder: Path) -> None:
    """Makes a new backup in DIR while the service goes on; photos that are in DIR already are not copied again."""
    with _refusing():
        made = backups.create(folder, config.current(), keys.current(), clock.now())
    told = f"{sum(made.manifest.rows.values())} rows, {len(made.manifest.media)} photos ({made.copied} new)"
    click.echo(f"Made a backup of {told}:", err=True)
    click.echo(made.folder)
    for sha256 in made.manifest.lacking:
        click.echo(f"Photo {sha256} is not whole on the server any more; phones are asked for it.", err=True)


@backup.command("verify")
@click.argument("path", type=BACKUP)
def verify(path: Path) -> None:
    """Reads all of the backup at PATH: hashes, integrity, rows, figures; status 2 when anything is wrong."""
    with _refusing():
        manifest = _verified(path).manifest
        _note(manifest)
    click.echo(
        f"{path} is whole: {manifest.kind}, made {manifest.made_at:%Y-%m-%d %H:%M} UTC, ends with {manifest.seq}."
    )


@backup.command("restore")
@click.argument("path", type=BACKUP)
def restore(path: Path) -> None:
    """Brings the backup at PATH back into an empty data folder or database. The keys must be back before."""
    url = make_url(config.current().database_url)
    with _refusing():
        found = backups.verify(path, url)
        restored = backups.restore(path, found, config.current(), keys.current(), clock.now())
    database.upgrade()
    differences = coverage.verify(db.session())
    db.session.remove()
    db.engine.dispose()
    click.echo(f"Restored {restored.manifest.name}: {restored.photos} photos, epoch {restored.epoch}.")
    for difference in differences:
        click.echo(f"A figure differs from its recomputation: {difference}.", err=True)
    if restored.asked:
        click.echo(f"{restored.asked} photos are not whole in the backup; phones are asked for them.", err=True)
    click.echo(f"The server is marked as restored: see {config.current().public_url}/desk/restoration.")


@backup.command("confirm-offsite")
@click.argument("path", type=BACKUP, required=False)
@click.option("--seq", type=int, help="Instead of PATH: the number that a backup verified here ends with.")
def confirm_offsite(path: Path | None, seq: int | None) -> None:
    """Says that the backup at PATH lies off this machine; it is verified where it lies. Phones may then forget."""
    if (path is None) == (seq is None):
        raise refusal(["Give either PATH or --seq N."])
    with _refusing():
        manifest = _verified(path).manifest if path else None
        with transaction() as session:
            if manifest:
                moved = backups.confirm(session, manifest, clock.now())
            else:
                moved = backups.confirm_seq(session, seq or 0, clock.now())
    reached = manifest.seq if manifest else seq
    click.echo(f"Phones may forget what is up to {reached}." if moved else f"{reached} was confirmed already.")


def _verified(path: Path) -> backups.Verified:
    found = backups.verify(path, make_url(config.current().database_url))
    refuse(found)
    return found


def _note(manifest: backups.Manifest) -> None:
    """On another machine, or after the loss of the server, there is nobody to remember it."""
    if database.is_ready():
        with transaction() as session:
            backups.note_verified(session, manifest, clock.now())
