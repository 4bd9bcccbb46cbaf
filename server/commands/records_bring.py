"""`records bring FILE`: takes in what a phone that can't send any more has written into a hand-over file.

`records reread`: opens held records again, when forms, units or the program have changed since.
"""

from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app
from flask.cli import AppGroup

from server import audit, clock, handover, keys, media_files
from server.commands.telling import refusal
from server.config import Config
from server.db import db, transaction
from server.handover import BrokenFile, Head
from server.queries import devices_sync, people
from server.stores import STORE, reread
from server.stores.sql import device_of
from sync.media import Folder
from sync.receipts import Receipt
from sync.store import Device, Store
from sync.uploads import Uploads

records = AppGroup("records", help="Records that come by another way than the phone's own line.")


@records.command("bring")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "login", required=True, help="Who brings it: the login that stands in the audit.")
def bring(file: Path, login: str) -> None:
    """Takes in the hand-over file FILE and lists a receipt per record. Brought twice, it gives the same receipts."""
    account = people.account_by_login(db.session(), login.strip().lower())
    if account is None or not account.active:
        raise refusal([f"There is no active person with the login {login!r}."])
    with file.open("rb") as content:
        try:
            head = handover.read_head(content)
            device = _sender(head)
            with transaction() as session:
                counts = {"records": head.records, "media": head.media}
                audit.note(session, "handover.brought", f"device:{device.uid}", account.id, None, counts, clock.now())
            faults = _take_in(content, head, device)
        except BrokenFile as broken:
            raise refusal([f"{file.name}: {broken}."]) from None
    if faults:
        raise refusal([f"{faults} of {head.records + head.media} could not be taken in."])


def _sender(head: Head) -> Device:
    store: Store = current_app.extensions[STORE]
    if head.server_id != store.installation().server_id:
        raise BrokenFile("it was made for another server")
    bearer = devices_sync.by_uid(db.session(), head.device_uid)
    if bearer is None:
        raise BrokenFile("the phone that made it is unknown here")
    return device_of(bearer)


def _take_in(content: BinaryIO, head: Head, device: Device) -> int:
    """How many were refused; each is told on its line."""
    store: Store = current_app.extensions[STORE]
    config: Config = current_app.extensions["lantoa_config"]
    uploads = Uploads(store, Folder(config.media_dir), media_files.readable)
    faults = 0
    for name, result in handover.bring_records(content, head, store, keys.current(), device, clock.now()):
        if isinstance(result.outcome, Receipt):
            click.echo(f"{name}  {result.outcome.status:13}  seq {result.outcome.seq}  {result.outcome.received_at}")
        else:
            click.echo(f"{name}  refused        {result.outcome.type}")
            faults += 1
    for photo in handover.bring_photos(content, head, uploads, device, clock.now()):
        click.echo(f"{photo.media_id}  photo          {photo.state}")
        faults += photo.state not in ("there", "unreadable")
    return faults


@records.command("reread")
def reread_held() -> None:
    """Opens again what could not be opened when it came; what opens waits for a reviewer."""
    store = current_app.extensions[STORE]
    found = reread.all_held(store, keys.current(), clock.now())
    for record_id in found.opened:
        click.echo(f"{record_id}  waits for a reviewer")
    click.echo(f"{len(found.opened)} of {found.looked_at} held records could be opened.")
