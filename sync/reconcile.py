"""`have`: what of all that a phone still holds does the server lack? This, not a cursor, reconciles (D7).

The answer is a text, signed as it stands, over the phone's nonce: an old or a foreign answer proves nothing.
"""

import json
from datetime import datetime

from sync.encoding import instant
from sync.messages import Have
from sync.signatures import Keyring, statement_signature
from sync.store import Device, Store


def answer(store: Store, keyring: Keyring, device: Device, have: Have, at: datetime) -> dict[str, str]:
    """`{statement, key_id, signature}`."""
    here = store.installation()
    # P-20: the statement repeats the nonce; P-21: it names every record whose bytes are not held.
    statement = {
        "server_id": here.server_id,
        "epoch": here.epoch,
        "backup_seq": here.backup_seq,
        "nonce": have.nonce,
        "at": instant(at),
        "missing": store.lacking(device, have.records),
        "media": [
            {"id": media.media_id, "state": media.state, "offset": media.offset_bytes}
            for media in store.standings(device, have.media)
        ],
    }
    return statement_signature(keyring, json.dumps(statement, ensure_ascii=False, separators=(",", ":")))


def wipe_order(store: Store, keyring: Keyring, device: Device, at: datetime) -> dict[str, str]:
    """P-18: the signed order to a revoked device to forget everything that has a receipt."""
    here = store.installation()
    order = {
        "order": "wipe",
        "server_id": here.server_id,
        "epoch": here.epoch,
        "device_id": device.uid,
        "at": instant(at),
    }
    return statement_signature(keyring, json.dumps(order, separators=(",", ":")))
