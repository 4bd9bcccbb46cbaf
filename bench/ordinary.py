"""An ordinary session as this officer's phone would record it: from the registers that it fetched, without a fault."""

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.phone import Phone

FORM = "/outreach_session"
METHODS = ("F01", "F03", "F03", "F04", "F07")
TOPICS = 3


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the phone has to choose from."""

    unit: str
    t2_mode: str
    hamlets: tuple[str, ...]
    provisions: tuple[str, ...]


def shelf_of(phone: Phone) -> Shelf:
    """Fetches the sets that the phone was told of."""
    me = phone.enrolled["changes"]["me"]
    own = tuple(row["name"] for row in rows_of(phone, "hamlets") if row["unit"] == me["unit"])
    return Shelf(me["unit"], me["t2_mode"], own, tuple(row["name"] for row in rows_of(phone, "provisions")))


def answers_of(shelf: Shelf, chance: Random, today: str) -> dict[str, Any]:
    """Six answers, and what the form presets."""
    return {
        "recorded_on": today,
        "t2_mode": shelf.t2_mode,
        "own_unit": shelf.unit,
        "place": {
            "session_date": today,
            "session_part": chance.choice(("am", "pm", "eve")),
            "commune": shelf.unit,
            "hamlet": chance.choice(shelf.hamlets),
            "place_name": "Nhà văn hóa (dữ liệu mẫu)",
        },
        "content": {
            "method": chance.choice(METHODS),
            "audience": "people",
            "provisions": " ".join(sorted(chance.sample(shelf.provisions, TOPICS))),
            "language": "vi",
        },
        "attendance": {"attendees_total": str(chance.randint(18, 120)), "count_method": "counted"},
        "photos": {"no_photo": "camera"},
    }


def calculated_of(shelf: Shelf, today: str) -> dict[str, str]:
    """What the phone's engine would have calculated beside them."""
    values = {"recorded_on": today, "t2_mode": shelf.t2_mode, "own_unit": shelf.unit}
    return {f"{FORM}/{name}": value for name, value in values.items()}


def rows_of(phone: Phone, register: str) -> list[dict[str, str]]:
    refs = [ref for ref in phone.enrolled["changes"]["sets"] if ref["register"] == register]
    found = []
    for ref in refs:
        answer = phone.wire("GET", f"/sync/files/{ref['sha256']}", phone.credentials(), b"")
        content = json.loads(answer.body)
        found += [dict(zip(content["columns"], row, strict=True)) for row in content["rows"]]
    return found
