"""The one place that moves `backup_seq`: phones may forget what a proven backup off the machine holds.

Only a verified backup of this server and this epoch counts, and the number only goes forward.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from server import audit
from server.backup.faults import BackupFault
from server.backup.manifest import Manifest
from server.queries import backup as rows


def note_verified(session: Session, manifest: Manifest, at: datetime) -> None:
    """Remembers that this backup was read whole, for a `confirm_seq` later; not one of another server or life."""
    here = rows.life(session)
    if here and (here.server_id, here.epoch) == (manifest.server_id, manifest.epoch):
        detail = {"sha256": manifest.sha256}
        audit.note(session, rows.VERIFIED, rows.subject(manifest.epoch, manifest.seq), None, None, detail, at)


def confirm(session: Session, manifest: Manifest, at: datetime) -> bool:
    """For a backup that was just verified where it lies. Whether the number moved; raises BackupFault."""
    here = rows.life(session)
    if here is None or here.server_id != manifest.server_id:
        raise BackupFault("This is a backup of another server.")
    if here.epoch != manifest.epoch:
        raise BackupFault("This backup is from before a restore: make and confirm a new one.")
    return _moved(session, here, manifest.seq, at)


def confirm_seq(session: Session, seq: int, at: datetime) -> bool:
    """For one that was verified here before it was carried away. Whether the number moved; raises BackupFault."""
    here = rows.life(session)
    if here is None or not rows.was_verified(session, here.epoch, seq):
        raise BackupFault(f"No backup that ends with {seq} was verified here since the server's last restore.")
    return _moved(session, here, seq, at)


def _moved(session: Session, here: rows.Life, seq: int, at: datetime) -> bool:
    if seq == here.backup_seq:
        return False
    if not rows.move_backup_seq(session, here.epoch, seq):
        raise BackupFault(f"A later backup ({here.backup_seq}) is confirmed already; the number only goes forward.")
    audit.note(session, "backup.confirmed", rows.subject(here.epoch, seq), None, None, None, at)
    return True
