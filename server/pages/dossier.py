"""A chain as its page shows it: which record is read, what a correction changed, who may see which half of it.

Codes of managed persons and photos stand side by side for the commune's own reviewer only (U6).
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from server import payload, review
from server.pages import answers, findings, steps, titles
from server.pages.answers import Asked, Reading, Section
from server.pages.frame import session
from server.pages.phrases import gettext
from server.pages.statuses import Status, of_record
from server.pages.steps import Step
from server.pages.words import moment, number, said
from server.people import door
from server.people.principal import REVIEWER
from server.queries import desk_words, records, units
from server.queries.dossier import LinkLine, MediaLine
from server.review.reading import Dossier

MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class PhotoShown:
    """`href` is None while the bytes are not there; `missing` then says why."""

    href: str | None
    alt: str
    caption: str
    missing: str
    picture: bool = True  # else a sound or a document, which is only downloaded


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """Everything on the page of one record, in words."""

    pk: int
    record_id: str
    title: str
    place_line: str
    form_line: str
    status: Status
    revision: int
    synthetic: bool
    officer: str
    device: str
    finished_at: datetime
    received_at: datetime
    receipt: str
    held: str
    withdrawal: str
    findings: tuple[str, ...]
    good: tuple[str, ...]
    sections: tuple[Section, ...]
    photos: tuple[PhotoShown, ...]
    photos_hidden: bool
    photos_href: str
    codes_href: str
    codes_told: bool
    steps: tuple[Step, ...]
    copies: int
    may_decide: bool
    may_return: bool
    may_accept: bool
    may_reverse: bool
    why_not: str
    decide_href: str
    place: str
    before_href: str | None
    after_href: str | None


@dataclass(frozen=True, slots=True)
class Sight:
    """What this person sees of codes and photos."""

    codes: bool
    photos: bool
    split: bool  # the two are kept apart for this person


def sheet_of(found: Dossier, codes_wanted: bool) -> RecordSheet:
    """`codes_wanted`: a reader above the commune asked for codes instead of photos."""
    latest, shown = found.latest, _shown(found)
    sight = _sight(found, shown, codes_wanted)
    sections, changed = _sections(found, shown, sight)
    beside = review.beside(session(), door.principal(), found.chain.chain_id)
    here = url_for("desk.record", record_id=latest.record_id)
    return RecordSheet(
        pk=latest.pk,
        record_id=latest.record_id,
        title=titles.of(shown.form_id, shown.form_version, shown.summary),
        place_line=_place(found, shown),
        form_line=_form_line(shown),
        status=of_record(found.chain.state),
        revision=sum(link.intent == "correct" for link in found.links),
        synthetic=latest.synthetic,
        officer=latest.officer,
        device=desk_words.device_name(session(), latest.device_uid),
        finished_at=latest.finished_at,
        received_at=latest.received_at,
        receipt=f"{latest.record_id[:4]}-{latest.record_id[4:8]}".upper(),
        held=findings.held(latest.held_reason) if latest.status == "held" else "",
        withdrawal=latest.reason or gettext("Không ghi lý do.") if latest.intent == "withdraw" else "",
        findings=tuple(_findings(shown)),
        good=tuple(_good(found, changed)),
        sections=tuple(sections),
        photos=tuple(_media(shown, media, n) for n, media in enumerate(shown.media, start=1)) if sight.photos else (),
        photos_hidden=not sight.photos,
        photos_href=here,
        codes_href=url_for("desk.record", record_id=latest.record_id, show="codes")
        if sight.split and not sight.codes
        else "",
        codes_told=sight.split and sight.codes,
        steps=tuple(steps.of(found, _question_words(shown))),
        copies=found.copies,
        may_decide=bool(found.may - {"reversed"}),
        may_return="returned" in found.may,
        may_accept="accepted" in found.may,
        may_reverse="reversed" in found.may and found.chain.state != "waiting",
        why_not=_why_not(found),
        decide_href=url_for("desk.decide", record_id=latest.record_id),
        place=gettext("%(place)s trên %(total)s", place=beside.place, total=beside.total) if beside else "",
        before_href=url_for("desk.record", record_id=beside.before) if beside and beside.before else None,
        after_href=url_for("desk.record", record_id=beside.after) if beside and beside.after else None,
    )


def _shown(found: Dossier) -> LinkLine:
    """The latest record with answers: a withdrawal has none of its own."""
    with_answers = [link for link in found.links if link.intent != "withdraw"]
    if found.latest.intent != "withdraw" or not with_answers:
        return found.latest
    named = (link for link in with_answers if link.record_id == found.latest.replaces)
    return next(named, with_answers[-1])


def _sight(found: Dossier, shown: LinkLine, codes_wanted: bool) -> Sight:
    me = door.principal()
    unit = units.by_id(session(), found.chain.unit_id)
    in_commune = unit is not None and unit.level == "commune"  # quarantine of an unknown unit lies at the root (D29)
    own_commune = in_commune and any(g.role == REVIEWER and g.unit_id == found.chain.unit_id for g in me.grants)
    if own_commune or not shown.media:
        return Sight(codes=True, photos=True, split=False)
    return Sight(codes=codes_wanted, photos=not codes_wanted, split=True)


def _sections(found: Dossier, shown: LinkLine, sight: Sight) -> tuple[list[Section], frozenset[str]]:
    """The answers, and the paths of questions that the correction changed."""
    form = titles.form_named(shown.form_id, shown.form_version)
    now = payload.answers(shown.payload)
    if form is None or now is None:
        return [], frozenset()
    replaced = next(
        (link for link in found.links if link.record_id == shown.replaces and link.form_id == shown.form_id), None
    )
    before = payload.answers(replaced.payload) if replaced else None
    wanted = frozenset(finding.question or "" for finding in shown.findings)
    reading = Reading(_labels_of(shown), () if sight.codes else (MEMBERS,), wanted)
    sections = answers.sections(form, now, before, reading)
    return sections, frozenset(row.path for section in sections for row in section.rows if row.changed)


def _labels_of(shown: LinkLine) -> answers.Labels:
    """Labels of the form's own files first, then of registers."""
    files = {
        one["register"]: one
        for one in map(json.loads, records.form_files(session(), shown.form_id, shown.form_version))
    }

    def labels(register: str, names: list[str]) -> dict[str, str]:
        return _in_file(files[register], names) if register in files else _labels(register, names)

    return labels


def _in_file(found: dict[str, Any], names: list[str]) -> dict[str, str]:
    rows = (dict(zip(found["columns"], row, strict=False)) for row in found["rows"])
    return {row["name"]: row.get("label") or row["name"] for row in rows if row.get("name") in names}


def _labels(register: str, names: list[str]) -> dict[str, str]:
    return {name: said(label) for name, label in desk_words.labels(session(), register, names).items()}


def _question_words(shown: LinkLine) -> steps.Wording:
    form = titles.form_named(shown.form_id, shown.form_version)
    return lambda path: answers.label_of(form, path) if form else path.rpartition("/")[2]


def _place(found: Dossier, shown: LinkLine) -> str:
    unit = units.by_id(session(), found.chain.unit_id)
    above = units.by_id(session(), unit.parent_id) if unit and unit.parent_id else None
    return ", ".join(part for part in (said(found.chain.unit_label), said(above.label) if above else "") if part)


def _form_line(shown: LinkLine) -> str:
    text = desk_words.form(session(), shown.form_id, shown.form_version)
    title = said(text.title) if text else shown.form_id
    return gettext("%(form)s, phiên bản %(version)s", form=title, version=shown.form_version)


def _findings(shown: LinkLine) -> list[str]:
    words = _question_words(shown)
    ordered = sorted(shown.findings, key=lambda finding: finding.severity != "fault")
    return [findings.said(f.code, words(f.question) if f.question else "", f.detail) for f in ordered]


def _good(found: Dossier, changed: frozenset[str]) -> list[str]:
    """That a correction touched what it was returned for."""
    returned = [line for line in found.reviews if line.outcome == "returned" and line.record_pk != found.latest.pk]
    if found.latest.intent != "correct" or not returned or not returned[-1].fields:
        return []
    return [gettext("Đã sửa mọi câu bị trả lại.")] if set(returned[-1].fields) <= changed else []


def _media(shown: LinkLine, media: MediaLine, n: int) -> PhotoShown:
    return _photo(media, n) if media.kind.startswith("image/") else _file(shown, media)


def _file(shown: LinkLine, media: MediaLine) -> PhotoShown:
    """A sound or a document, named by its question: its own name never travels."""
    there, name = media.state == "there", _question_words(shown)(media.question)
    kind = gettext("Ghi âm") if media.kind.startswith("audio/") else gettext("Tệp đính kèm")
    size = gettext("%(size)s kB", size=number(-(-media.size_bytes // 1024)))
    return PhotoShown(
        href=url_for("desk.media_file", media_id=media.media_id) if there else None,
        alt=gettext("Tải về: %(name)s", name=name),
        caption=" · ".join((kind, name, media.kind.rpartition("/")[2], size)),
        missing="" if there else gettext("Tệp chưa lên hết, máy sẽ tự gửi tiếp."),
        picture=False,
    )


def _photo(media: MediaLine, n: int) -> PhotoShown:
    states = {
        "expected": gettext("Ảnh chưa lên hết, máy sẽ tự gửi tiếp."),
        "partial": gettext("Ảnh chưa lên hết, máy sẽ tự gửi tiếp."),
        "unreadable": gettext("Đã nhận đủ, nhưng không mở được như một tấm ảnh."),
        "erased": gettext("Ảnh đã xóa theo hạn."),
    }
    there = media.state == "there"
    source = (
        gettext("chụp trong ứng dụng") if media.source == "camera" else gettext("lấy từ tệp") if media.source else ""
    )
    return PhotoShown(
        href=url_for("desk.photo", media_id=media.media_id) if there else None,
        alt=gettext("Ảnh %(n)s của bản ghi", n=n),
        caption=" · ".join(part for part in (gettext("Ảnh %(n)s", n=n), moment(media.taken_at), source) if part),
        missing=states.get(media.state, media.state),
    )


def _why_not(found: Dossier) -> str:
    if found.may or not door.principal().has(REVIEWER):
        return ""
    if found.own:
        return gettext("Bạn ghi hoặc trình bày buổi này nên người khác phải duyệt.")
    return gettext("Bản ghi này không thuộc đơn vị bạn duyệt.") if found.chain.state == "waiting" else ""


__all__ = ["Asked", "RecordSheet", "sheet_of"]
