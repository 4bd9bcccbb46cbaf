"""Builders for the server's tests: a small province with a plan, people and registers, and records put into it.

Everything has a default; a test names only what it is about. Rows are written as intake writes them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from forms import model_json
from server import coverage
from server.models.people import Account, Device, Grant
from server.models.plan import FormVersion, Indicator, Period, Plan, Target, Term
from server.models.records import Record, RecordItem
from server.models.registers import Item, ItemCategory
from server.models.system import Installation
from server.models.units import Unit, UnitLink
from server.people.principal import GrantSpan, Principal
from server.queries.review import take_seq
from server.review import chains
from server.review.chains import Arrived
from server.units import paths
from tests.small_form import small_form

YEAR_FIRST, YEAR_LAST = date(2024, 1, 1), date(2024, 12, 31)
MERGED_ON = date(2024, 9, 1)
NOON = datetime(2024, 6, 15, 5, 0, tzinfo=UTC)
T2_FILTER = "${t2_provisions} > 0"
GROUPS = (("SG01", "giam giữ", "yes"), ("SG03", "cộng đồng", "yes"), ("SG19", "cộng đồng", "optional"))


@dataclass
class World:
    """Ids of what was made, by short names."""

    units: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    devices: dict[str, int] = field(default_factory=dict)
    indicators: dict[str, int] = field(default_factory=dict)
    periods: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    plan_id: int = 0
    made: int = 0

    def next(self) -> int:
        self.made += 1
        return self.made


def world(session: Session, register_mode: Sequence[str] = ("A", "B", "C")) -> World:
    """A province, two districts, four communes of which A and B became AB; plan, forms, people, 4 rules, 4 members."""
    made = World()
    if session.get(Installation, 1) is None:
        session.add(Installation(id=1, server_id="5e" * 16, epoch=1, seq=0, backup_seq=0, created_at=NOON))
    _units(session, made, register_mode)
    _plan(session, made)
    _forms(session)
    _people(session, made)
    for number in range(1, 5):
        provision(session, made, f"rule{number}", t2="yes" if number == 1 else "no")
    for name, unit in (("a1", "A"), ("a2", "A"), ("b1", "B"), ("c1", "C")):
        member(session, made, name, unit=unit)
    session.flush()
    coverage.rebase(session)
    return made


def unit(
    session: Session,
    made: World,
    name: str,
    level: str = "commune",
    parent: str | None = None,
    first: date = date(2023, 1, 1),
    last: date | None = None,
    t2_mode: str = "declared",
) -> int:
    row = Unit(
        key=f"{name}@{first}",
        code=name,
        level=level,
        kind={"province": "tỉnh", "district": "huyện"}.get(level, "xã"),
        label={"vi": f"Đơn vị {name}"},
        parent_id=made.units[parent] if parent else None,
        valid_from=first,
        valid_to=last,
        search_key=name.lower(),
        sort_key=name.lower(),
        t2_mode=t2_mode,
    )
    session.add(row)
    session.flush()
    made.units[name] = row.id
    return row.id


def merger(session: Session, made: World, old: Sequence[str], new: str, on: date = MERGED_ON) -> None:
    """Units became another one on a day; paths follow, figures follow when `recount_all` is called."""
    for name in old:
        link = UnitLink(
            predecessor_id=made.units[name], successor_id=made.units[new], on_date=on, basis="nghị quyết thử"
        )
        session.add(link)
    session.flush()
    paths.rebuild(session)


def indicator(session: Session, made: World, key: str, **columns: Any) -> int:
    defaults: dict[str, Any] = {
        "plan_id": made.plan_id,
        "key": key,
        "kind": "reach",
        "register": None,
        "decided_by": "record_unit",
        "base": "any_day",
        "feeds": [],
        "label": {"vi": key},
        "short": {"vi": key},
        "counted_in": {"vi": "người"},
        "quote": "",
        "section": "",
        "reading": {},
        "settings": {},
        "position": len(made.indicators),
    }
    row = Indicator(**defaults | columns)
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


def account(
    session: Session, made: World, name: str, unit: str = "A", roles: Sequence[str] = (), rapporteur: str | None = None
) -> int:
    """An account of that unit with these roles over it, and a phone."""
    row = Account(
        uid=f"{made.next():032x}",
        login=name,
        name=f"Người {name}",
        office="Trung úy",
        unit_id=made.units[unit],
        rapporteur_uid=rapporteur,
        created_at=NOON,
    )
    session.add(row)
    session.flush()
    made.accounts[name] = row.id
    for role in roles:
        session.add(Grant(account_id=row.id, role=role, unit_id=made.units[unit], valid_from=YEAR_FIRST))
    device = Device(
        uid=f"{made.next():032x}",
        account_id=row.id,
        unit_id=made.units[unit],
        public_key="",
        token_hash=f"{made.next():064x}",
        token_issued_at=NOON,
        state="active",
        enrolled_at=NOON,
    )
    session.add(device)
    session.flush()
    made.devices[name] = device.id
    return row.id


def principal(made: World, name: str, unit: str = "P", roles: Sequence[str] = ("reviewer",)) -> Principal:
    """`name` signed in, with these roles over the unit."""
    grants = tuple(GrantSpan(role, made.units[unit]) for role in roles)
    return Principal(made.accounts[name], name, name, f"Người {name}", "Trung úy", made.units[unit], grants, "csrf")


def provision(
    session: Session,
    made: World,
    name: str,
    t2: str = "no",
    first: date | None = None,
    last: date | None = None,
    excluded: bool = False,
) -> int:
    data = {"t2": t2, "field": "L01", "law": "", **({"excluded": "yes"} if excluded else {})}
    return _item(session, made, name, register="provisions", data=data, valid_from=first, valid_to=last)


def member(
    session: Session,
    made: World,
    name: str,
    unit: str = "A",
    first: date | None = YEAR_FIRST,
    last: date | None = None,
    state: str = "confirmed",
    alias_of: str | None = None,
    categories: Sequence[tuple[str, date | None, date | None]] = (("SG03", None, None),),
) -> int:
    """A person under management, known by the code of the unit's book."""
    item_id = _item(
        session,
        made,
        name,
        register="members",
        unit_id=made.units[unit],
        issuing_unit_id=made.units[unit],
        code=name,
        norm_code=None if alias_of else name,
        valid_from=first,
        valid_to=last,
        state=state,
        alias_of_id=made.items[alias_of] if alias_of else None,
    )
    for code, since, until in categories:
        session.add(ItemCategory(item_id=item_id, category=code, valid_from=since, valid_to=until))
    session.flush()
    return item_id


def record(
    session: Session,
    made: World,
    by: str = "officer",
    unit: str = "A",
    held_on: date = date(2024, 3, 5),
    rules: Sequence[str] = ("rule1",),
    members: Sequence[str] = (),
    presenters: Sequence[str] = (),
    attendees: int = 30,
    form: str = "outreach_session",
    intent: str = "new",
    replaces: str | None = None,
    record_id: str | None = None,
    finished_at: datetime | None = None,
    status: str = "stored",
    held_reason: str | None = None,
    reason: str | None = None,
    at: datetime = NOON,
) -> str:
    """A record as intake stores it, placed into its chain; its record id."""
    number = made.next()
    name = record_id or f"{number:032x}"
    placed = ("new", None) if status == "held" else (intent, replaces)  # quarantine touches no other chain
    arrived = Arrived(name, *placed, form, made.units[unit], made.accounts[by], held_on, at)
    chain_id = chains.receive(session, [arrived])[0]
    row = Record(
        record_id=name,
        chain_id=chain_id,
        intent=intent,
        replaces=replaces,
        form_id=form,
        form_version="2",
        unit_id=made.units[unit],
        unit_key=unit,
        account_id=made.accounts[by],
        device_id=made.devices[by],
        device_seq=number,
        held_on=held_on,
        finished_at=finished_at or datetime(2024, 6, 1, tzinfo=UTC).replace(microsecond=number),
        received_at=at,
        app_version="0.1.0",
        status=status,
        held_reason=held_reason,
        payload_type="answers/1",
        payload=_payload(form, rules, members, presenters, attendees, intent),
        content_sha256=f"{number:064x}",
        envelope=json.dumps({"reason": reason}).encode(),
        signature="",
        seq=take_seq(session, 1),
        epoch=1,
        receipt={},
        summary={"attendance": attendees},
    )
    session.add(row)
    session.flush()
    named = {"provisions": rules, "members": members, "presenters": presenters} if intent != "withdraw" else {}
    for question, uids in named.items():
        for uid in dict.fromkeys(uids):
            path = f"/{form}/{'managed' if question == 'members' else 'content'}/{question}"
            session.add(RecordItem(record_pk=row.id, question=path, item_uid=uid))
    session.flush()
    chains.settle(session, [chain_id], at)
    return name


def _payload(
    form: str, rules: Sequence[str], members: Sequence[str], presenters: Sequence[str], attendees: int, intent: str
) -> bytes:
    answers = {
        "content": {"provisions": " ".join(rules), "presenters": " ".join(presenters)},
        "attendance": {"attendees_total": str(attendees)},
        "managed": {"members_count": str(len(members)), "members": " ".join(members)},
    }
    document = {"form": form, "version": "2", "answers": {} if intent == "withdraw" else answers}
    return json.dumps(document).encode()


def _item(session: Session, made: World, name: str, **columns: Any) -> int:
    defaults: dict[str, Any] = {
        "uid": name,
        "label": {"vi": name},
        "data": {},
        "search_key": name,
        "sort_key": name,
        "position": len(made.items),
        "created_at": NOON,
    }
    row = Item(**defaults | columns)
    session.add(row)
    session.flush()
    made.items[name] = row.id
    return row.id


def _units(session: Session, made: World, register_mode: Sequence[str]) -> None:
    unit(session, made, "P", "province")
    unit(session, made, "D1", "district", "P")
    unit(session, made, "D2", "district", "P")
    before = date.fromordinal(MERGED_ON.toordinal() - 1)
    for name, parent, first, last in (
        ("A", "D1", date(2023, 1, 1), before),
        ("B", "D1", date(2023, 1, 1), before),
        ("AB", "D1", MERGED_ON, None),
        ("C", "D2", date(2023, 1, 1), None),
        ("D", "D2", date(2023, 1, 1), None),
    ):
        mode = "register" if name in register_mode else "declared"
        unit(session, made, name, "commune", parent, first, last, mode)
    merger(session, made, ["A", "B"], "AB")


def _plan(session: Session, made: World) -> None:
    plan = Plan(key="thu", label={"vi": "Thử"}, zone="Asia/Ho_Chi_Minh", first_day=YEAR_FIRST, last_day=YEAR_LAST)
    session.add(plan)
    session.flush()
    made.plan_id = plan.id
    period(session, made, "year", YEAR_FIRST, YEAR_LAST)
    period(session, made, "report-6m", date(2023, 11, 15), date(2024, 5, 31))
    period(session, made, "q1", YEAR_FIRST, date(2024, 3, 31))
    period(session, made, "m03", date(2024, 3, 1), date(2024, 3, 31))
    talk, contact = "outreach_session", "individual_contact"
    indicator(session, made, "T1", register="provisions", feeds=[{"form": talk, "question": "provisions"}])
    reached = [{"form": form, "question": "members", "filter": T2_FILTER} for form in (talk, contact)]
    indicator(session, made, "T2", register="members", decided_by="item_unit", feeds=reached)
    indicator(session, made, "sessions", kind="count", feeds=[{"form": talk}])
    indicator(session, made, "attendance", kind="sum", feeds=[{"form": talk, "question": "attendees_total"}])
    for key in ("T1", "T2"):
        span = {"valid_from": YEAR_FIRST, "valid_to": YEAR_LAST}
        at_least = {"op": ">=", "value": 80, "measure": "percent", "level": "province"}
        session.add(Target(indicator_id=made.indicators[key], **at_least, **span))
    for code, setting, in_scope in (
        ("SG01", "giam giữ", "yes"),
        ("SG03", "cộng đồng", "yes"),
        ("SG19", "cộng đồng", "optional"),
    ):
        data = {"setting": setting, "in_scope": in_scope}
        session.add(Term(list_name="categories", code=code, label={"vi": code}, data=data, position=0))
    session.flush()


def _people(session: Session, made: World) -> None:
    for name, unit_name, role in (
        ("officer", "A", "officer"),
        ("colleague", "A", "officer"),
        ("officer_c", "C", "officer"),
        ("chief", "A", "reviewer"),
        ("district1", "D1", "reviewer"),
        ("district2", "D2", "reviewer"),
        ("staff", "P", "staff"),
    ):
        account(session, made, name, unit_name, [role])
    account(session, made, "province", "P", ["reviewer"], rapporteur="speaker")


def _forms(session: Session) -> None:
    for form_id in ("outreach_session", "individual_contact"):
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
