"""What an end-to-end test starts from: this year's plan, people of two communes, rolls where a unit may keep one.

Made inside the app of one installation. Everything is synthetic.
"""

import secrets
from datetime import UTC, datetime
from pathlib import Path

from server import clock
from server.db import transaction
from server.people import accounts
from server.people.accounts import Person
from server.plan import presets
from server.queries import system
from server.registers import rolls
from server.units import t2_mode

YEAR = datetime.now(UTC).year
PRESET = Path(__file__).resolve().parents[2] / "presets/soc_trang_2024"
PASSWORD = "mot mat khau dai 2026"


def key(code: str) -> str:
    """The key of a unit that stands since the plan's first day."""
    return f"{code}@{YEAR - 1}-01-01"


PROVINCE, DISTRICT = key("94"), key("951")
DAI_AN_2, LIEU_TU, TAI_VAN = key("31672"), key("31675"), key("31687")
PEOPLE = (
    Person("lan", "Nguyễn Thị Lan", "officer", DAI_AN_2),
    Person("minh", "Trần Văn Minh", "officer", LIEU_TU),
    Person("khai", "Lâm Khải", "officer", TAI_VAN),
    Person(
        "khanh", "Trần Minh Khánh", "reviewer", DISTRICT, office="Trung tá, Công an huyện Trần Đề", password=PASSWORD
    ),
    Person("ha", "Lê Thị Minh Hà", "staff", PROVINCE, office="Phòng Tham mưu", password=PASSWORD),
    Person("la", "Người huyện khác", "reviewer", key("942"), password=PASSWORD),
    Person("quan", "Quản trị", "administrator", PROVINCE, password=PASSWORD),
)
MEMBERS = "unit,code,category,valid_from,valid_to\n" + "".join(
    f"{unit},{code}-{number:04d},SG03,{YEAR}-01-05,\n"
    for unit, code in ((DAI_AN_2, "31672"), (LIEU_TU, "31675"))
    for number in range(1, 6)
)


def make() -> None:
    """Fills an empty installation."""
    with transaction() as session:
        system.ensure_installation(session, secrets.token_hex(16), clock.now())
    presets.load(PRESET, YEAR)
    newcomers = [accounts.prepare(person) for person in PEOPLE]
    with transaction() as session:
        added = [accounts.add(session, newcomer, clock.now(), clock.today()) for newcomer in newcomers]
        by = added[-1].account_id
        for unit in (DAI_AN_2, LIEU_TU):
            t2_mode.switch(session, unit, "register", f"Công văn thử 1/{YEAR}", by, clock.now())
        roll = rolls.preview(session, rolls.MEMBERS, "members.csv", MEMBERS, lambda: secrets.token_hex(16))
        rolls.bring(session, roll, by, clock.now())
