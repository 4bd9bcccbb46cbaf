"""Forms at the desk: which there are, their versions and states, what became of an upload, a version in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forms import model_json
from forms.model import Form
from forms.xform_rules import rules_in
from server.pages import form_preview, form_words, titles
from server.pages.blueprint import desk
from server.pages.form_preview import Preview
from server.pages.form_words import FaultShown, QuestionShown
from server.pages.frame import page, scope, session
from server.pages.statuses import Status
from server.pages.words import said
from server.people import door
from server.people.policy import policy
from server.people.principal import ADMINISTRATOR, REVIEWER, STAFF
from server.plan import form_diff, form_held, form_life
from server.plan.form_uploads import FILE_KINDS, FORM_KINDS
from server.queries import form_trials, form_uploads
from server.queries import forms as rows
from server.queries.form_uploads import WAITING, UploadLine
from server.queries.forms import VersionLine
from server.queries.scope import Scope
from sync.problems import Problem

READERS = "desk:administrator,staff"
MOST_TRIALS = 50
LOOK_AGAIN_S = 2


@dataclass(frozen=True, slots=True)
class FormListed:
    """One entry of the list of forms."""

    form_id: str
    title: str
    current: str | None
    accepted: int
    draft: bool
    href: str


@dataclass(frozen=True, slots=True)
class VersionShown:
    line: VersionLine
    status: Status
    changed: str
    dangerous: bool
    records: int
    phones: int
    href: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """One form with its versions, the newest first; `shown` is the one that the preview shows."""

    form_id: str
    title: str
    indicators: tuple[tuple[str, str], ...]  # key and name
    versions: Sequence[VersionShown]
    current: VersionLine | None
    uploads: Sequence[UploadLine]


@desk.get("/forms")
@policy(READERS)
def forms() -> str:
    listed = form_list()
    return page("forms.html", section="forms", listed=listed, may=may_change())


@desk.get("/forms/of/<form_id>")
@policy(READERS)
def form(form_id: str) -> str:
    found = _form_page(form_id)
    shown = found.current or found.versions[0].line
    return page(
        "form.html",
        section="forms",
        listed=form_list(),
        form=found,
        shown=shown,
        preview=preview_of(shown),
        questions_found=_questions(shown),
        trials=trials_of(form_id),
        may=may_change(),
    )


@desk.get("/forms/of/<form_id>/<int(max=2147483647):number>")
@policy(READERS)
def form_version(form_id: str, number: int) -> str:
    return version_page(found_version(form_id, number))


@desk.get("/forms/new")
@policy("desk:administrator")
def new_form() -> str:
    return upload_page(request.args.get("form"), {})


@desk.get("/forms/uploads/<int(max=2147483647):number>")
@policy(READERS)
def form_upload(number: int) -> ResponseReturnValue:
    found = form_uploads.line(session(), number)
    if found is None:
        raise Problem("not-found")
    answer = page(
        "form_upload.html",
        section="forms",
        listed=form_list(),
        upload=found,
        faults=told(found.faults),
        warnings=told(found.warnings),
        draft=_draft_href(found),
        waiting=found.status == WAITING,
        look_again_s=LOOK_AGAIN_S,
        may=may_change(),
    )
    return answer, 200


def version_page(found: VersionLine, code: str | None = None, qr: Markup | None = None) -> str:
    """`code`: of a trial, told this one time."""
    lines = rows.versions(session(), found.form_id)
    current = rows.current(lines)
    return page(
        "form_version.html",
        section="forms",
        listed=form_list(),
        form_id=found.form_id,
        version=found,
        title=said(found.title),
        status=form_words.state_of(found, current),
        current=current,
        changes=changes_of(found, current),
        missing=missing_feeds(found),
        preview=preview_of(found),
        questions_found=_questions(found),
        warnings=told(found.warnings),
        files=rows.files(session(), [found.id]).get(found.id, []),
        records=rows.records(session(), _readable(), found.form_id).get(found.version, 0),
        takers=form_trials.takers(session(), _readable(), found.id),
        trials=[trial for trial in trials_of(found.form_id) if trial.version == found.version],
        code=code,
        qr=qr,
        may=may_change(),
    )


def upload_page(form_id: str | None, faults: Mapping[str, str]) -> str:
    return page(
        "form_new.html",
        section="forms",
        listed=form_list(),
        form_id=form_id,
        title=said(_title(form_id)) if form_id else "",
        faults=faults,
        form_kinds=",".join(f".{kind}" for kind in FORM_KINDS),
        file_kinds=",".join(f".{kind}" for kind in FILE_KINDS),
        may=may_change(),
    )


def found_version(form_id: str, number: int) -> VersionLine:
    """The version by its number within its form; Problem not-found."""
    found = next((line for line in rows.versions(session(), form_id) if line.id == number), None)
    if found is None:
        raise Problem("not-found")
    return found


def compiled(version: VersionLine) -> Form:
    found = titles.form_named(version.form_id, version.version)
    return found or model_json.loads(rows.model(session(), version.id))


def changes_of(version: VersionLine, against: VersionLine | None) -> list[form_words.ChangeShown]:
    """What it would change against the version in force; nothing where there is none."""
    if against is None or against.id == version.id:
        return []
    old, new = compiled(against), compiled(version)
    found = form_diff.changes(old, new)
    return [form_words.change(old if c.kind == "choice-dropped" else new, c) for c in found]


def missing_feeds(version: VersionLine) -> list[tuple[str, str]]:
    return form_life.missing_feeds(compiled(version), rows.feeds(session(), version.form_id))


def may_change() -> bool:
    return door.principal().has(ADMINISTRATOR)


def trials_of(form_id: str) -> list[rows.TrialRecord]:
    """Whoever is not responsible for a unit sees no trials of it."""
    return rows.trial_records(session(), _readable(), form_id, MOST_TRIALS)


def _readable() -> Scope:
    """Forms are the same for everybody; records, their numbers and who tries a form are told unit by unit."""
    return scope(REVIEWER, STAFF, ADMINISTRATOR)


def told(lines: Sequence[Mapping[str, object]]) -> list[FaultShown]:
    return [form_words.fault(line) for line in lines]


def form_list() -> list[FormListed]:
    """Every form, by the title of its version in force."""
    counted = rows.accepted(session(), _readable())
    found = []
    for form_id, lines in groupby(rows.versions(session()), key=lambda line: line.form_id):
        versions = list(lines)
        current = rows.current(versions)
        found.append(
            FormListed(
                form_id,
                said((current or versions[0]).title) or form_id,
                current.version if current else None,
                counted.get(form_id, 0),
                any(line.state == rows.DRAFT for line in versions),
                url_for("desk.form", form_id=form_id),
            )
        )
    return sorted(found, key=lambda one: (one.current is None, one.title))


def _form_page(form_id: str) -> FormPage:
    lines = rows.versions(session(), form_id)
    if not lines:
        raise Problem("not-found")
    current = rows.current(lines)
    indicators = {feed.indicator: said(feed.label) for feed in rows.feeds(session(), form_id)}
    counted, before = rows.records(session(), _readable(), form_id), [*lines[1:], None]
    phones = _phones(form_id, lines)
    return FormPage(
        form_id,
        said((current or lines[0]).title) or form_id,
        tuple(indicators.items()),
        [_version_shown(*pair, current, counted, phones) for pair in zip(lines, before, strict=True)],
        current,
        form_uploads.newest(session(), form_id),
    )


def _phones(form_id: str, lines: Sequence[VersionLine]) -> dict[int, int]:
    """version → phones that hold it; of a draft: people who try it."""
    held = form_held.held(lines, rows.contacts(session(), _readable()))
    return held | rows.trying(session(), _readable(), form_id)


def _version_shown(
    line: VersionLine,
    before: VersionLine | None,
    current: VersionLine | None,
    records: Mapping[str, int],
    phones: Mapping[int, int],
) -> VersionShown:
    found = form_diff.changes(compiled(before), compiled(line)) if before else []
    href = url_for("desk.form_version", form_id=line.form_id, number=line.id)
    changed = form_words.in_short(form_diff.in_short(found))
    dangerous = any(change.dangerous for change in found)
    counts = records.get(line.version, 0), phones.get(line.id, 0)
    return VersionShown(line, form_words.state_of(line, current), changed, dangerous, *counts, href)


def preview_of(version: VersionLine) -> Preview:
    """The part and the language that the address names."""
    part = request.args.get("part", "1")
    wanted = int(part) if part.isascii() and part.isdigit() and len(part) < 5 else 1
    return form_preview.of(compiled(version), version.title, wanted, request.args.get("language", ""))


def _questions(version: VersionLine) -> list[QuestionShown]:
    return form_words.questions(compiled(version), rules_in(rows.source(session(), version.id).xform))


def _draft_href(found: UploadLine) -> str | None:
    if found.version is None or found.form_id is None:
        return None
    version = rows.version(session(), found.form_id, found.version)
    return url_for("desk.form_version", form_id=found.form_id, number=version.id) if version else None


def _title(form_id: str) -> Mapping[str, object]:
    lines = rows.versions(session(), form_id)
    if not lines:
        raise Problem("not-found")
    return (rows.current(lines) or lines[0]).title
