"""What an administrator does with forms: uploads, tries, publishes, closes, opens again, gives a draft up."""

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

import server.pages.forms as pages
from server import clock
from server.config import Config
from server.db import transaction
from server.pages import qr_pictures
from server.pages.blueprint import desk
from server.pages.frame import page, session
from server.pages.phrases import gettext
from server.people import door
from server.people.policy import policy
from server.plan import form_life, form_trials, form_uploads
from server.plan.form_uploads import Handed
from server.queries import forms as rows
from server.queries.forms import VersionLine

ADMINISTRATORS = "desk:administrator"


@desk.post("/forms/uploads")
@policy(ADMINISTRATORS)
def upload_form() -> ResponseReturnValue:
    form_id = request.form.get("form") or None
    form, files = _handed(request.files.get("file")), _files()
    faults = form_uploads.faults_of(form, files)
    if faults or form is None:
        return pages.upload_page(_known(form_id), _words_of(faults)), 422
    with transaction() as writing:
        me = door.principal().account_id
        number = form_uploads.take(writing, me, _known(form_id), form, files, clock.now())
    return redirect(url_for("desk.form_upload", number=number), 303)


@desk.post("/forms/of/<form_id>/<int(max=2147483647):number>/trial")
@policy(ADMINISTRATORS)
def try_form(form_id: str, number: int) -> ResponseReturnValue:
    found = pages.found_version(form_id, number)
    with transaction() as writing:
        code = form_trials.issue(writing, found.id, door.principal().account_id, clock.now())
    return pages.version_page(pages.found_version(form_id, number), code, _qr(code))


@desk.get("/forms/of/<form_id>/<int(max=2147483647):number>/publish")
@policy(ADMINISTRATORS)
def publish_page(form_id: str, number: int) -> str:
    return _confirm(pages.found_version(form_id, number))


@desk.post("/forms/of/<form_id>/<int(max=2147483647):number>/publish")
@policy(ADMINISTRATORS)
def publish_form(form_id: str, number: int) -> ResponseReturnValue:
    found = pages.found_version(form_id, number)
    current = rows.current(rows.versions(session(), form_id))
    wanted = {change.key for change in pages.changes_of(found, current) if change.dangerous}
    if wanted - set(request.form.getlist("agree")) or request.form.get("against", "") != _name(current):
        return _confirm(found, refused=True), 422
    with transaction() as writing:
        against, me = current.id if current else None, door.principal().account_id
        form_life.publish(writing, found, pages.compiled(found), against, me, clock.now())
    return redirect(url_for("desk.form", form_id=form_id, done="form-published"), 303)


@desk.post("/forms/of/<form_id>/<int(max=2147483647):number>/close")
@policy(ADMINISTRATORS)
def close_form(form_id: str, number: int) -> ResponseReturnValue:
    found = pages.found_version(form_id, number)
    with transaction() as writing:
        form_life.close(writing, found, door.principal().account_id, clock.now())
    return redirect(url_for("desk.form_version", form_id=form_id, number=number, done="form-closed"), 303)


@desk.post("/forms/of/<form_id>/<int(max=2147483647):number>/reopen")
@policy(ADMINISTRATORS)
def reopen_form(form_id: str, number: int) -> ResponseReturnValue:
    found = pages.found_version(form_id, number)
    with transaction() as writing:
        form_life.reopen(writing, found, door.principal().account_id, clock.now())
    return redirect(url_for("desk.form_version", form_id=form_id, number=number, done="form-reopened"), 303)


@desk.post("/forms/of/<form_id>/<int(max=2147483647):number>/drop")
@policy(ADMINISTRATORS)
def drop_form(form_id: str, number: int) -> ResponseReturnValue:
    found = pages.found_version(form_id, number)
    with transaction() as writing:
        form_life.give_up(writing, found, door.principal().account_id, clock.now())
    left = rows.versions(session(), form_id)
    there = url_for("desk.form", form_id=form_id, done="form-dropped") if left else None
    return redirect(there or url_for("desk.forms", done="form-dropped"), 303)


def _confirm(found: VersionLine, refused: bool = False) -> str:
    """What publishing would change; dangerous changes stand first and are agreed to one by one."""
    current = rows.current(rows.versions(session(), found.form_id))
    changes = pages.changes_of(found, current)
    return page(
        "form_publish.html",
        section="forms",
        listed=pages.form_list(),
        form_id=found.form_id,
        version=found,
        current=current,
        against=_name(current),
        dangerous=[change for change in changes if change.dangerous],
        changes=[change for change in changes if not change.dangerous],
        agreed=frozenset(request.form.getlist("agree")),
        missing=pages.missing_feeds(found),
        refused=refused,
        may=True,
    )


def _name(current: VersionLine | None) -> str:
    """The version that was compared with: another one may have come into force meanwhile."""
    return str(current.id) if current else ""


def _handed(given: FileStorage | None) -> Handed | None:
    if given is None or not given.filename:
        return None
    return Handed(form_uploads.named(given.filename), given.stream.read())


def _files() -> list[Handed]:
    return [handed for given in request.files.getlist("files") if (handed := _handed(given))]


def _known(form_id: str | None) -> str | None:
    return form_id if form_id and rows.versions(session(), form_id) else None


def _qr(code: str) -> Markup:
    config: Config = current_app.extensions["lantoa_config"]
    return qr_pictures.of(form_trials.link(config.public_url, code))


def _words_of(faults: list[str]) -> dict[str, str]:
    words = {
        "no-file": gettext("Chọn một tệp biểu mẫu."),
        "form-kind": gettext("Biểu mẫu là tệp .xlsx, .md, .csv hoặc .xml. Tệp .xls thì mở rồi lưu lại thành .xlsx."),
        "form-size": gettext("Tệp biểu mẫu lớn quá 5 MB."),
        "file-kind": gettext("Tệp kèm theo là .csv, ảnh (.png, .jpg, .webp) hoặc tiếng (.mp3, .ogg, .wav, .m4a)."),
        "file-size": gettext("Một tệp kèm theo lớn quá 6 MB."),
        "files": gettext("Nhiều nhất 60 tệp kèm theo, mỗi tên một tệp."),
    }
    at = {"no-file": "file", "form-kind": "file", "form-size": "file"}
    return {at.get(code, "files"): words[code] for code in faults}
