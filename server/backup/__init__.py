"""Backups: made while the service goes on, proved by reading all of it, restored into an empty place.

`DIR/<server>-<epoch>-<seq>/` holds the database and its manifest, `DIR/media/<ab>/<sha256>` the photos of all backups.
No private key is ever in one: the keys are the second step of the drill (docs/backup.md).
"""

from server.backup.create import Made, create
from server.backup.faults import BackupFault
from server.backup.manifest import Manifest, read_manifest
from server.backup.offsite import confirm, confirm_seq, note_verified
from server.backup.restore import Restored, restore
from server.backup.verify import Verified, verify

__all__ = [
    "BackupFault",
    "Made",
    "Manifest",
    "Restored",
    "Verified",
    "confirm",
    "confirm_seq",
    "create",
    "note_verified",
    "read_manifest",
    "restore",
    "verify",
]
