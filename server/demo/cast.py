"""Who plays in the demonstration: invented people of every role in two districts, marked "(mẫu)".

Desk people share one password, made at random when the demonstration is filled and kept beside the keys; it comes
here derived.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.orm import Session

from server.demo.sealing import DemoPhone
from server.keys import base64url
from server.people import accounts
from server.people.accounts import Newcomer, Person
from server.people.principal import ADMINISTRATOR, OFFICER, REVIEWER, STAFF, GrantSpan, Principal
from server.queries import enrolment, people, registers, units
from server.queries.enrolment import NewDevice
from server.queries.units import UnitLine

DISTRICTS = ("951", "941")  # Trần Đề and Sóc Trăng city; another preset gets its first two districts
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Lâm", "Thạch", "Sơn", "Lý", "Kim", "Danh")
MIDDLES = ("Văn", "Thị", "Minh", "Hoàng", "Ngọc", "Quốc", "Thanh")
GIVEN = ("An", "Bình", "Chiến", "Dung", "Đào", "Hạnh", "Hùng", "Lan", "Nam", "Phúc", "Quân", "Sang", "Thảo", "Yến")
CURVE_ORDER_BITS = 255


@dataclass(frozen=True, slots=True)
class Officer:
    """A commune officer with a phone."""

    account_id: int
    commune: UnitLine
    phone: DemoPhone


@dataclass(frozen=True, slots=True)
class Cast:
    officers: tuple[Officer, ...]
    reviewers: dict[int, Principal]  # unit id → who decides there

    def reviewer_of(self, commune: UnitLine) -> Principal:
        """The commune's own chief where it has one, else the district."""
        return self.reviewers.get(commune.id) or self.reviewers[commune.parent_id or 0]


def stage(session: Session, day: date) -> list[tuple[UnitLine, list[UnitLine]]]:
    """The two districts with their communes of that day."""
    districts = units.standing(session, day, "district")
    wanted = [d for code in DISTRICTS for d in districts if d.code == code] or districts[:2]
    communes = units.standing(session, day, "commune")
    return [(district, [c for c in communes if c.parent_id == district.id]) for district in wanted]


def engage(session: Session, chance: Random, password_hash: str, since: date, at: datetime, day: date) -> Cast:
    """Adds everybody, with a role since `since`."""
    scenes = stage(session, day)
    root = _root(session, scenes[0][0])
    _add(session, chance, ADMINISTRATOR, "quantri", root, "Quản trị hệ thống", password_hash, since, at)
    _add(session, chance, STAFF, "thammuu", root, "Phòng Tham mưu", password_hash, since, at)
    reviewers: dict[int, Principal] = {}
    officers: list[Officer] = []
    for district, communes in scenes:
        reviewers[district.id] = _reviewer(session, chance, district, "Công an cấp huyện", password_hash, since, at)
        chief = communes[0]
        reviewers[chief.id] = _reviewer(session, chance, chief, "Trưởng Công an cấp xã", password_hash, since, at)
        officers += [_officer(session, chance, commune, since, at) for commune in communes]
    return Cast(tuple(officers), reviewers)


def invented_name(chance: Random) -> str:
    return f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)} (mẫu)"


def _root(session: Session, district: UnitLine) -> UnitLine:
    root = units.by_id(session, district.parent_id or district.id)
    return root or district


def _reviewer(
    session: Session, chance: Random, unit: UnitLine, office: str, password_hash: str, since: date, at: datetime
) -> Principal:
    login = f"duyet.{unit.code}"
    account_id = _add(session, chance, REVIEWER, login, unit, office, password_hash, since, at)
    row = people.account_by_id(session, account_id)
    assert row is not None  # added a line above
    return Principal(
        account_id, row.uid, login, row.name, row.office, unit.id, (GrantSpan(REVIEWER, unit.id),), csrf=""
    )


def _officer(session: Session, chance: Random, commune: UnitLine, since: date, at: datetime) -> Officer:
    login = f"canbo.{commune.code}"
    account_id = _add(session, chance, OFFICER, login, commune, "Cán bộ Công an cấp xã", None, since, at)
    key = ec.derive_private_key(chance.getrandbits(CURVE_ORDER_BITS) | 1, ec.SECP256R1())
    uid = f"{chance.getrandbits(128):032x}"
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    nobody_knows = hashlib.sha256(secrets.token_bytes(32)).hexdigest()  # no phone is behind it: nobody can send as it
    device = NewDevice(uid, account_id, commune.id, base64url(der), nobody_knows)
    enrolment.add_device(session, device, {"app_version": "mẫu", "waiting": 0, "storage_persisted": True}, at)
    return Officer(account_id, commune, DemoPhone(uid, commune.key, key))


def _add(
    session: Session,
    chance: Random,
    role: str,
    login: str,
    unit: UnitLine,
    office: str,
    password_hash: str | None,
    since: date,
    at: datetime,
) -> int:
    """An officer's own organisation and rapporteur are what the forms preset."""
    own = (police_of(session, unit), rapporteur_uid(unit, 1)) if role == OFFICER else (None, None)
    person = Person(login, invented_name(chance), role, unit.key, f"{office}, {unit.label['vi']}", None, *own)
    return accounts.add(session, Newcomer(person, password_hash), at, since).account_id


def police_of(session: Session, commune: UnitLine) -> str | None:
    """The uid of the commune's own police in the register of organisations."""
    bodies = registers.lines(session, "organisations", [commune.id])
    return next((body.uid for body in bodies if body.data.get("kind") == "police"), None)


def rapporteur_uid(commune: UnitLine, number: int) -> str:
    return f"mau-bcv-{commune.code}-{number}"
