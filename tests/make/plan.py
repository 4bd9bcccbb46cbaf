"""The plan: its periods, indicators, targets and categories, and the two forms that feed it."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from forms import model_json
from server.models.plan import FormVersion, Indicator, Period, Plan, Target, Term
from tests.make.base import NOON, YEAR_FIRST, YEAR_LAST, World
from tests.small_form import small_form

TALK, CONTACT = "outreach_session", "individual_contact"
T2_FILTER = "${t2_provisions} > 0"
GROUPS = (("SG01", "giam giữ", "yes"), ("SG03", "cộng đồng", "yes"), ("SG19", "cộng đồng", "optional"))
PERIODS = (
    ("year", YEAR_FIRST, YEAR_LAST),
    ("report-6m", date(2023, 11, 15), date(2024, 5, 31)),
    ("q1", YEAR_FIRST, date(2024, 3, 31)),
    ("m03", date(2024, 3, 1), date(2024, 3, 31)),
)
ORDINARY: dict[str, Any] = {  # an indicator that is not told otherwise
    "kind": "reach",
    "register": None,
    "decided_by": "record_unit",
    "base": "any_day",
    "feeds": [],
    "counted_in": {"vi": "người"},
    "quote": "",
    "section": "",
    "reading": {},
    "settings": {},
}


def indicator(session: Session, made: World, key: str, **columns: Any) -> int:
    named = {"key": key, "label": {"vi": key}, "short": {"vi": key}}
    placed = {"plan_id": made.plan_id, "position": len(made.indicators)}
    row = Indicator(**ORDINARY | named | placed | columns)
    session.add(row)
    session.flush()
    made.indicators[key] = row.id
    return row.id


def period(session: Session, made: World, key: str, first: date, last: date) -> int:
    row = Period(
        plan_id=made.plan_id, key=key, label={"vi": key}, first_day=first, last_day=last, position=len(made.periods)
    )
    session.add(row)
    session.flush()
    made.periods[key] = row.id
    return row.id


def plan(session: Session, made: World) -> None:
    row = Plan(key="thu", label={"vi": "Thử"}, zone="Asia/Ho_Chi_Minh", first_day=YEAR_FIRST, last_day=YEAR_LAST)
    session.add(row)
    session.flush()
    made.plan_id = row.id
    for key, first, last in PERIODS:
        period(session, made, key, first, last)
    _indicators(session, made)
    for key in ("T1", "T2"):
        span = {"valid_from": YEAR_FIRST, "valid_to": YEAR_LAST}
        at_least = {"op": ">=", "value": 80, "measure": "percent", "level": "province"}
        session.add(Target(indicator_id=made.indicators[key], **at_least, **span))
    for code, setting, in_scope in GROUPS:
        data = {"setting": setting, "in_scope": in_scope}
        session.add(Term(list_name="categories", code=code, label={"vi": code}, data=data, position=0))
    session.flush()


def _indicators(session: Session, made: World) -> None:
    reached = [{"form": form, "question": "members", "filter": T2_FILTER} for form in (TALK, CONTACT)]
    indicator(session, made, "T1", register="provisions", feeds=[{"form": TALK, "question": "provisions"}])
    indicator(session, made, "T2", register="members", decided_by="item_unit", feeds=reached)
    indicator(session, made, "sessions", kind="count", feeds=[{"form": TALK}])
    indicator(session, made, "attendance", kind="sum", feeds=[{"form": TALK, "question": "attendees_total"}])


def forms(session: Session) -> None:
    for form_id in (TALK, CONTACT):
        version = FormVersion(
            form_id=form_id,
            version="2",
            title={"vi": form_id},
            source="",
            xform="",
            model=model_json.dumps(small_form(form_id)),
            model_sha256=f"{form_id}-1",
            created_at=NOON,
            published_at=NOON,
        )
        session.add(version)
    session.flush()
