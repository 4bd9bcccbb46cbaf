"""Reads all of a backup and says whether it would bring the service back: every byte by its hash, every table by its
rows, every figure by its recomputation."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server import coverage
from server.backup.faults import BackupFault
from server.backup.files import photo_path
from server.backup.manifest import Manifest, read_manifest
from server.backup.opened import opened
from server.queries import backup as rows
from sync.media import digest_of

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations" / "versions"
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Verified:
    """`faults` of the database: with one of them nothing is restored. `lacking`: photos that are not there whole.

    `unproven`: why its figures could not be recounted here; after a restore they can.
    """

    manifest: Manifest
    faults: tuple[str, ...]
    lacking: tuple[str, ...]
    unproven: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not (self.faults or self.lacking or self.unproven)


def verify(folder: Path, url: URL) -> Verified:
    """`url`: the service's own database, beside which a dump is opened. Raises BackupFault when nothing can be read."""
    manifest = read_manifest(folder)
    faults = tuple(_of_file(folder, manifest)) or tuple(_of_database(folder, manifest, url))
    lacking = (*manifest.lacking, *_lacking(folder.resolve().parent, manifest))
    return Verified(manifest, faults, lacking, tuple(_unproven(manifest)))


def newest_migration() -> str:
    """The newest one that this program knows."""
    return max(path.name.partition("_")[0] for path in MIGRATIONS.glob("[0-9]*.py"))


def _of_file(folder: Path, manifest: Manifest) -> Iterator[str]:
    file = folder / manifest.database
    if not file.is_file():
        yield f"{file.name} is missing."
    elif (file.stat().st_size, digest_of(file)) != (manifest.size_bytes, manifest.sha256):
        yield f"{file.name} is damaged: its bytes are not those that were backed up."
    if manifest.migration > newest_migration():
        yield f"The backup was made by a newer version of this program (migration {manifest.migration})."


def _of_database(folder: Path, manifest: Manifest, url: URL) -> Iterator[str]:
    try:
        with opened(folder, manifest, url) as session:
            yield from list(_of_rows(session, manifest))[:MOST_TOLD]
    except SQLAlchemyError as error:
        yield f"{manifest.database} cannot be read: {type(error).__name__}."


def _of_rows(session: Session, manifest: Manifest) -> Iterator[str]:
    yield from (f"{manifest.database}: {word}." for word in rows.integrity(session))
    found = rows.row_counts(session)
    for table in sorted(found.keys() | manifest.rows.keys()):
        if found.get(table) != manifest.rows.get(table):
            yield f"Table {table} has {found.get(table)} rows, not {manifest.rows.get(table)}."
    life = rows.life(session)
    if life is None or (life.server_id, life.epoch, life.seq) != (manifest.server_id, manifest.epoch, manifest.seq):
        yield "The database is of another server or another moment than the manifest says."
    told, named = set(rows.photos(session)), set(manifest.media)
    if {sha256 for sha256, _ in told} != {sha256 for sha256, _ in named} | set(manifest.lacking):
        yield "The manifest names other photos than the database."
    yield from _of_figures(session, manifest)


def _of_figures(session: Session, manifest: Manifest) -> Iterator[str]:
    if not list(_unproven(manifest)):
        yield from (f"A figure differs from its recomputation: {one}." for one in coverage.verify(session))


def _unproven(manifest: Manifest) -> Iterator[str]:
    """Only tables of this very version can be recounted; a restore brings older ones up to date."""
    if manifest.migration < newest_migration():
        made, now = manifest.migration, newest_migration()
        yield f"Made before an update (migration {made}, now {now}): make a new one; its figures are not recounted."


def _lacking(root: Path, manifest: Manifest) -> Iterator[str]:
    for sha256, size in manifest.media:
        place = photo_path(root, sha256)
        if not place.is_file() or place.stat().st_size != size or digest_of(place) != sha256:
            yield sha256


def refuse(found: Verified) -> None:
    """Raises BackupFault with everything that is wrong."""
    photos = [f"Photo {sha256} is not there whole." for sha256 in found.lacking[:MOST_TOLD]]
    if more := len(found.lacking) - len(photos):
        photos.append(f"… and {more} more photos.")
    if not found.whole:
        raise BackupFault([*found.faults, *found.unproven, *photos])
