"""What the invented officers told where, and when: answers of the two forms, varied but from one seed.

Every text that a person reads says "dữ liệu mẫu". Some records have faults on purpose: the desk is to show findings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from server.clock import PLAN_ZONE
from server.demo.cast import Officer, rapporteur_uid
from server.demo.pictures import hall
from server.demo.sealing import Filled, Promise
from server.queries.registers import ItemLine

MARK = "dữ liệu mẫu"
SESSION, CONTACT = "outreach_session", "individual_contact"
PHOTO_PATH = f"/{SESSION}/photos/photo"
PLACES = ("Nhà văn hóa", "Chùa", "Trường học", "Trụ sở ủy ban", "Chợ")
METHODS = ("F01", "F03", "F03", "F03", "F04", "F07", "F20")
PARTS = {"am": 8, "pm": 14, "eve": 19}
MOST_TOPICS = 8
UNREADABLE = 0.03


@dataclass(frozen=True, slots=True)
class Ground:
    """What there is to choose from in one commune."""

    officer: Officer
    keeps_roll: bool
    hamlets: Sequence[ItemLine]
    members: Sequence[ItemLine]
    topics: Sequence[ItemLine]
    police: str | None


def session_record(chance: Random, ground: Ground, held_on: date, odd: bool, with_photo: bool) -> Filled:
    """One outreach session; `odd`: with something that a check finds."""
    part = chance.choice(tuple(PARTS))
    held_at = datetime.combine(held_on, time(PARTS[part], chance.randrange(60)), ZoneInfo(PLAN_ZONE))
    finished_at = held_at + timedelta(minutes=chance.randint(70, 130), seconds=chance.randrange(60))
    number = f"{chance.getrandbits(128):032x}"
    managed = ground.keeps_roll and bool(ground.members) and chance.random() < 0.4
    topics = _topics(chance, ground.topics, managed and chance.random() < 0.85)
    people = chance.choice((18, 22, 25, 31, 34, 40, 47, 55, 63, 80, 112, 150))
    answers: dict[str, Any] = {
        "recorded_on": finished_at.date().isoformat(),
        "place": _place(chance, ground, held_on, part),
        "content": _content(chance, ground, topics),
        "attendance": {"attendees_total": str(people), "count_method": chance.choice(("counted", "counted", "list"))},
        "more": {"note": f"{MARK.capitalize()}, không phải buổi có thật."},
    }
    if chance.random() < 0.5:
        answers["attendance"]["attendance_more"] = {"attendees_women": str(people * chance.randint(30, 65) // 100)}
    missing = _add_managed(chance, ground, answers) if managed else 0
    photos = (_photo(chance, ground, number),) if with_photo else ()
    answers["photos"] = _photos(chance, photos)
    if odd:
        _spoil(chance, answers)
    calculated = _calculated(ground, SESSION, topics) | {f"/{SESSION}/managed/members_missing": str(missing)}
    return Filled(number, SESSION, answers, calculated, held_on, finished_at, photos)


def contact_record(chance: Random, ground: Ground, held_on: date) -> Filled:
    """Managed persons met one by one, or advice where the unit keeps no roll here."""
    finished_at = datetime.combine(held_on, time(chance.randint(8, 16), chance.randrange(60)), ZoneInfo(PLAN_ZONE))
    kind = "managed" if ground.keeps_roll and ground.members else chance.choice(("advice", "case", "mediation"))
    topics = _topics(chance, ground.topics, kind == "managed" and chance.random() < 0.9)
    persons: dict[str, str] = {"people_count": str(chance.randint(1, 6))}
    if kind == "managed":
        chosen = chance.sample(list(ground.members), min(len(ground.members), chance.randint(1, 5)))
        persons = {"members": " ".join(member.uid for member in chosen)}
    answers = {
        "recorded_on": finished_at.date().isoformat(),
        "meeting": {"contact_date": held_on.isoformat(), "commune": ground.officer.commune.key, "contact_kind": kind},
        "persons": persons,
        "content": {
            "provisions": " ".join(topics),
            "content_more": {"language": "vi", "presenters": rapporteur_uid(ground.officer.commune, 1)},
        },
    }
    number = f"{chance.getrandbits(128):032x}"
    return Filled(number, CONTACT, answers, _calculated(ground, CONTACT, topics), held_on, finished_at)


def corrected(chance: Random, first: Filled, finished_at: datetime) -> Filled:
    """The same session with what was asked for mended."""
    attendance = {**first.answers["attendance"], "attendees_total": "38", "count_method": "list"}
    answers = {**first.answers, "attendance": attendance}
    number = f"{chance.getrandbits(128):032x}"
    return Filled(
        number, first.form_id, answers, first.calculated, first.held_on, finished_at, first.photos,
        "correct", first.record_id, first.root_id or first.record_id, f"Sửa theo ý kiến duyệt ({MARK})",
    )  # fmt: skip


def withdrawn(chance: Random, first: Filled, finished_at: datetime) -> Filled:
    number = f"{chance.getrandbits(128):032x}"
    return Filled(
        number, first.form_id, {}, {}, first.held_on, finished_at, (),
        "withdraw", first.record_id, first.root_id or first.record_id, f"Ghi nhầm ngày ({MARK})",
    )  # fmt: skip


def _place(chance: Random, ground: Ground, held_on: date, part: str) -> dict[str, str]:
    return {
        "session_date": held_on.isoformat(),
        "session_part": part,
        "commune": ground.officer.commune.key,
        "hamlet": chance.choice(ground.hamlets).uid,
        "place_name": f"{chance.choice(PLACES)} ({MARK})",
    }


def _content(chance: Random, ground: Ground, topics: Sequence[str]) -> dict[str, Any]:
    content: dict[str, Any] = {
        "method": chance.choice(METHODS),
        "audience": chance.choice(("people", "people", "people khmer", "students", "workers")),
        "provisions": " ".join(topics),
        "language": chance.choice(("vi", "vi", "vi km")),
        "presenters": rapporteur_uid(ground.officer.commune, chance.choice((1, 1, 2))),
    }
    if ground.police:
        content["led_by"] = ground.police
    return content


def _topics(chance: Random, topics: Sequence[ItemLine], for_managed: bool) -> list[str]:
    """Topics of everyday, those at the head of the list more often; one for managed persons where asked."""
    everyday = [topic.uid for topic in topics if topic.data.get("t2") != "yes"]
    special = [topic.uid for topic in topics if topic.data.get("t2") == "yes"]
    count = min(chance.randint(1, 4), len(everyday))
    chosen = {everyday[min(int(chance.paretovariate(0.9) - 1), len(everyday) - 1)] for _ in range(count)}
    if for_managed and special:
        chosen |= set(chance.sample(special, min(2, len(special))))
    return sorted(chosen)[:MOST_TOPICS]


def _add_managed(chance: Random, ground: Ground, answers: dict[str, Any]) -> int:
    """Some of the unit's members were there; how many codes are still to follow."""
    chosen = chance.sample(list(ground.members), min(len(ground.members), chance.randint(1, 6)))
    tokens = [member.uid for member in chosen]
    if chance.random() < 0.12:
        code = f"{ground.officer.commune.code}-{chance.randint(100, 999):04d}"
        tokens.append(f"new:{chance.getrandbits(128):032x}:{code}")
    told = tokens[:-1] if len(tokens) > 2 and chance.random() < 0.2 else tokens
    answers["managed"] = {"members_count": str(len(tokens)), "members": " ".join(told)}
    return len(tokens) - len(told)


def _photos(chance: Random, photos: Sequence[Promise]) -> dict[str, str]:
    if photos:
        return {"photo_notice": "OK", "photo": photos[0].media_id}
    return {"no_photo": chance.choice(("forbidden", "objected", "camera", "forgot"))}


def _photo(chance: Random, ground: Ground, number: str) -> Promise:
    """A drawn hall; now and then a file that is no photo, which the desk has to show as such."""
    caption = f"{ground.officer.commune.code} {number[:6]}"
    data = hall(chance, caption) if chance.random() > UNREADABLE else f"{MARK} {caption}".encode()
    return Promise(f"{chance.getrandbits(128):032x}", PHOTO_PATH, data)


def _spoil(chance: Random, answers: dict[str, Any]) -> None:
    """One fault of the kinds that reviewers meet."""
    fault = chance.randrange(3)
    if fault == 0:
        del answers["place"]["hamlet"]
    elif fault == 1:
        answers["attendance"]["attendance_more"] = {"attendees_women": "999"}
    else:
        answers["photos"] = {"photo_notice": "OK"}


def _calculated(ground: Ground, form_id: str, topics: Sequence[str]) -> dict[str, str]:
    special = {topic.uid for topic in ground.topics if topic.data.get("t2") == "yes"}
    section = "managed" if form_id == SESSION else "content"
    return {
        f"/{form_id}/t2_mode": "register" if ground.keeps_roll else "declared",
        f"/{form_id}/own_unit": ground.officer.commune.key,
        f"/{form_id}/{section}/t2_provisions": str(len(special & set(topics))),
    }
