"""Which jobs there are: what each runs, and how often it comes back. Every job may run twice without harm."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server import config
from server.db import db, transaction
from server.people.sign_in import IDLE, KNOWN_FOR
from server.plan import form_reading, form_uploads
from server.queries import jobs, sign_in
from server.stores.sql import SqlStore
from sync.media import Folder
from sync.problems import Problem

KEEP_FAILED_TRIES = timedelta(days=1)

Run = Callable[[Mapping[str, Any], datetime], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """`every` is None for a job that runs once; `given_up` tells whoever waits for one that will not be tried again."""

    run: Run
    every: timedelta | None = None
    given_up: Run | None = None


def prune_sign_ins(_detail: Mapping[str, Any], at: datetime) -> None:
    """Forgets tries that slow nobody down any more, and desk sessions that ended."""
    with transaction() as session:
        sign_in.prune_attempts(session, at - KEEP_FAILED_TRIES, at - KNOWN_FOR)
        sign_in.prune_sessions(session, at - IDLE, at)


def expire_uploads(_detail: Mapping[str, Any], at: datetime) -> None:
    """Drops uploads that were never finished and that no record names; one that is being written is left for later."""
    folder, store = Folder(config.current().media_dir), SqlStore()
    session = db.session()
    expired = jobs.expired_uploads(session, at)
    session.rollback()
    for media_id in expired:
        with suppress(Problem), folder.writing(media_id):
            folder.drop_partial(media_id)
            store.drop_media(media_id, at)


def optimise(_detail: Mapping[str, Any], _at: datetime) -> None:
    session = db.session()
    jobs.optimise(session)
    session.rollback()


KINDS: Mapping[str, Kind] = {
    "prune-sign-ins": Kind(prune_sign_ins, timedelta(hours=1)),
    "expire-uploads": Kind(expire_uploads, timedelta(minutes=10)),
    form_uploads.JOB: Kind(form_reading.run, given_up=form_reading.give_up),
    "optimise": Kind(optimise, timedelta(hours=6)),
}
