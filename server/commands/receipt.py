"""`receipt verify FILE`: was this signed here, and are the bytes that it speaks of still held?

FILE is a receipt as JSON, an object that has one under `receipt`, or a text with one in it (what a phone copies).
"""

import json
from typing import Any

import click
from flask.cli import AppGroup

from server import config
from server import keys as rings
from server.commands.telling import refusal
from server.db import db
from server.queries import records
from sync.receipts import FIELDS, Receipt, holds

receipt = AppGroup("receipt", help="Receipts that phones were given.")


@receipt.command("verify")
@click.argument("file", type=click.File(encoding="utf-8"))
def verify(file: Any) -> None:
    """Verifies the receipt in FILE (- reads standard input); status 2 when it does not hold."""
    found = _receipt(file.read())
    if found is None:
        raise refusal(["There is no receipt in this file."])
    spki = rings.KeyRing(config.current().keys_dir).spki_of(found.key_id)
    if spki is None:
        raise refusal([f"The key {found.key_id} was never this server's."])
    if not holds(found, spki):
        raise refusal(["The signature does not hold: something in the receipt was changed."])
    click.echo(f"Signed by this server with the key {found.key_id}.")
    for name in FIELDS[:-1]:
        click.echo(f"  {name}: {getattr(found, name)}")
    click.echo(_held(found))


def _held(found: Receipt) -> str:
    """What the database says: a receipt may outlive it, after a restore."""
    session = db.session()
    known = records.known(session, [found.record_id]).get(found.record_id)
    if known and known.content_sha256 == found.content_sha256:
        return "The record is here with these bytes."
    if records.copy_of(session, found.record_id, found.content_sha256):
        return "These bytes are kept beside the record."
    return "The record is not here: the database is older than the receipt. The phone offers it again by itself."


def _receipt(text: str) -> Receipt | None:
    """The first JSON object in the text that has a receipt's members."""
    decoder, start = json.JSONDecoder(), text.find("{")
    while start >= 0:
        try:
            document, _ = decoder.raw_decode(text, start)
        except ValueError:
            document = None
        if found := _of(document):
            return found
        start = text.find("{", start + 1)
    return None


def _of(document: Any) -> Receipt | None:
    if isinstance(document, dict) and isinstance(document.get("receipt"), dict):
        document = document["receipt"]
    names = (*FIELDS, "signature")
    if not isinstance(document, dict) or not all(isinstance(document.get(name), str | int) for name in names):
        return None
    return Receipt.from_json({name: document[name] for name in names})
