"""One record: answers, photos, findings, history, and the decision on it. Deciding is left to `review`."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from server import audit, clock, review
from server.db import transaction
from server.pages import paging
from server.pages.blueprint import desk
from server.pages.dossier import RecordSheet, sheet_of
from server.pages.frame import page, session
from server.pages.phrases import gettext
from server.people import door
from server.people.policy import policy
from server.review.reading import Dossier, chain_of_record, detail
from sync.problems import Fault, Problem

ANSWERED_HERE = (
    "decision-invalid",
    "already-decided",
    "record-changed",
    "record-held",
    "nothing-to-reverse",
    "own-record",
    "unit-out-of-scope",
)


@desk.get("/records/<record_id>")
@policy("desk:reviewer,staff")
def record(record_id: str) -> ResponseReturnValue:
    found = _found(record_id)
    return _page(found, _sheet(found))


@desk.post("/records/<record_id>/decision")
@policy("desk:reviewer")
def decide(record_id: str) -> ResponseReturnValue:
    found = _found(record_id)
    outcome = request.form.get("outcome", "")
    following = review.beside(session(), door.principal(), found.chain.chain_id)
    try:
        _decide(found, outcome)
    except Problem as problem:
        if problem.type not in ANSWERED_HERE:
            raise
        return _refused(record_id, problem), problem.status
    if outcome != "reversed" and following and following.after:
        return redirect(url_for("desk.record", record_id=following.after, done=outcome), 303)
    return redirect(url_for("desk.records", done=outcome), 303)


def _decide(found: Dossier, outcome: str) -> None:
    given, by = request.form, door.principal()
    seen = paging.whole(given.get("seen", ""))
    with transaction() as writing:
        chain_id, reason = found.chain.chain_id, given.get("reason")
        review.decide(writing, by, chain_id, outcome, reason, _pins(found), clock.now(), seen=seen)


def _found(record_id: str) -> Dossier:
    chain_id = chain_of_record(session(), record_id)
    if chain_id is None:
        raise Problem("not-found")
    return detail(session(), door.principal(), chain_id)


def _sheet(found: Dossier) -> RecordSheet:
    sheet = sheet_of(found, request.args.get("show") == "codes")
    if sheet.codes_told:
        _note_codes_seen(found)
    return sheet


def _note_codes_seen(found: Dossier) -> None:
    """Codes shown to somebody above the commune are in the audit (U14)."""
    with transaction() as writing:
        subject = f"chain:{found.chain.chain_id}"
        audit.note(writing, "record.codes-seen", subject, door.principal().account_id, None, None, clock.now())


def _page(found: Dossier, sheet: RecordSheet, refusal: str | None = None) -> str:
    return page(
        "record.html",
        section="records",
        record=sheet,
        back=url_for("desk.records", state="held" if sheet.held else found.chain.state),
        refusal=refusal,
        pinned=frozenset(request.form.getlist("pin")),
        reason=request.form.get("reason", ""),
    )


def _refused(record_id: str, problem: Problem) -> str:
    """The same page again: what was written is kept, and it says what stands in the way."""
    found = _found(record_id)
    return _page(found, sheet_of(found, False), _words_of(problem))


def _pins(found: Dossier) -> list[str]:
    """Question paths of this record's form only; anything else that a form could bring is left out."""
    return [
        path
        for path in dict.fromkeys(request.form.getlist("pin"))
        if path.startswith(f"/{found.latest.form_id}/") and len(path) < 300
    ]


def _words_of(problem: Problem) -> str:
    if any(isinstance(fault, Fault) and fault.pointer == "/reason" for fault in problem.errors):
        return gettext("Ghi lý do (nhiều nhất 1.000 ký tự): cán bộ sẽ đọc để biết cần sửa gì.")
    words = {
        "already-decided": gettext("Người khác đã quyết định trước. Quyết định của bạn chưa được ghi."),
        "record-changed": gettext(
            "Cán bộ vừa gửi bản sửa mới. Xem lại rồi quyết định; quyết định vừa rồi chưa được ghi."
        ),
        "record-held": gettext("Bản ghi đang cách ly nên chưa duyệt được."),
        "nothing-to-reverse": gettext("Không có bản nào đang được tính để hủy."),
        "own-record": gettext("Bạn ghi hoặc trình bày buổi này nên người khác phải duyệt."),
        "unit-out-of-scope": gettext("Bản sửa đổi đơn vị; cần người duyệt phụ trách cả hai đơn vị."),
    }
    return words.get(problem.type) or gettext("Chọn một quyết định.")
