"""The life of a form version: draft → published → closed, and back open; each act with its audit, in one transaction.

What a version would change against the one in force is told by `form_diff`; deciding is the administrator's.
"""

import re
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from forms.model import Form
from server import audit
from server.queries import forms as rows
from server.queries import registers as items
from server.queries.forms import CLOSED, DRAFT, PUBLISHED, Feed, VersionLine
from sync import problems
from sync.problems import Problem

_NAMED = re.compile(r"\$\{\s*([^}\s]+)\s*\}")

problems.add("form-state-differs", 409, "The version is in another state by now")
problems.add("form-feeds-missing", 409, "An indicator counts a question that this version does not have")


def missing_feeds(form: Form, feeds: Collection[Feed]) -> list[tuple[str, str]]:
    """(indicator, question) of everything that an indicator counts and this form does not ask."""
    names = {question.name for question in form.questions()}
    wanted = [(feed.indicator, name) for feed in feeds for name in _names(feed)]
    return [pair for pair in dict.fromkeys(wanted) if pair[1] not in names]


def _names(feed: Feed) -> list[str]:
    return [*([feed.question] if feed.question else []), *_NAMED.findall(feed.text)]


def publish(
    session: Session, version: VersionLine, form: Form, against: int | None, account_id: int, at: datetime
) -> None:
    """`against`: the version in force that it was compared with. Problems form-feeds-missing, -state-differs 409."""
    alone(session)
    current = rows.current(rows.versions(session, version.form_id))
    if (current.id if current else None) != against:
        raise Problem("form-state-differs")
    if missing_feeds(form, rows.feeds(session, version.form_id)):
        raise Problem("form-feeds-missing")
    _move(session, version, (DRAFT,), PUBLISHED, "form.published", account_id, at)


def close(session: Session, version: VersionLine, account_id: int, at: datetime) -> None:
    _move(session, version, (PUBLISHED,), CLOSED, "form.closed", account_id, at)


def reopen(session: Session, version: VersionLine, account_id: int, at: datetime) -> None:
    """Only what was published before: a draft that was given up stays so."""
    if version.published_at is None:
        raise Problem("form-state-differs")
    _move(session, version, (CLOSED,), PUBLISHED, "form.reopened", account_id, at)


def give_up(session: Session, version: VersionLine, account_id: int, at: datetime) -> None:
    """Deletes a draft; one that was tried is closed, so that its records stay what they were: trials."""
    alone(session)
    now = rows.version(session, version.form_id, version.version)
    if now is None or now.id != version.id or now.state != DRAFT:
        raise Problem("form-state-differs")
    if now.tried:
        _move(session, version, (DRAFT,), CLOSED, "form.draft-dropped", account_id, at)
        return
    rows.drop_version(session, version.id)
    _note(session, version, "form.draft-dropped", account_id, at)


def alone(session: Session) -> None:
    """Two administrators, or one and the worker, at once: the row that every act on forms moves is locked before the
    second one looks."""
    items.move_stamp(session)


def _move(
    session: Session, version: VersionLine, before: Collection[str], to: str, act: str, account_id: int, at: datetime
) -> None:
    if not rows.move(session, version.id, before, to, at):
        raise Problem("form-state-differs")
    _note(session, version, act, account_id, at)


def _note(session: Session, version: VersionLine, act: str, account_id: int, at: datetime) -> None:
    items.move_stamp(session)
    audit.note(session, act, f"form:{version.form_id}", account_id, None, {"version": version.version}, at)
