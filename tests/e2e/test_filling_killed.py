"""Twenty kills while rows and photos are filled: the same question again, and all answers but at most the last."""

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e import filler, forms, officer
from tests.e2e.browser import Browser
from tests.e2e.conftest import copied, enrolment_link
from tests.e2e.running import Running

pytestmark = pytest.mark.browser

KILLS = 20
LATEST_S = 0.3  # after the last answer
SEED = 20261122
TITLE, ROWS = "Chợ có ảnh", "Quầy hàng"
SOURCE = """
| survey |
| | type | name | label | parameters |
| | begin group | market | Chợ | |
| | text | place | Tên chợ | |
| | end group | | | |
| | begin repeat | stall | Quầy hàng | |
| | text | called | Tên quầy | |
| | integer | sellers | Bao nhiêu người bán? | |
| | select_one goods | sold | Bán gì? | |
| | image | picture | Ảnh quầy | max-pixels=640 |
| | end repeat | | | |
| choices |
| | list_name | name | label |
| | goods | fish | Cá |
| | goods | rice | Gạo |
| | goods | fruit | Trái cây |
| settings |
| | form_id | form_title | version |
| | market_photos | Chợ có ảnh | 1 |
"""
GOODS = {"fish": "Cá", "rice": "Gạo", "fruit": "Trái cây"}
# The one draft as the store has it, and the bytes of its photos that are there.
DRAFT = """async () => {
  const done = (asked) => new Promise((tell) => { asked.onsuccess = () => tell(asked.result); });
  const { name } = (await indexedDB.databases()).find((one) => /^lantoa-/.test(one.name));
  const db = await done(indexedDB.open(name));
  const all = (of) => done(db.transaction(of).objectStore(of).getAll());
  const drafts = await all('drafts');
  const outbox = (await all('outbox')).map((row) => JSON.parse(row.sealed.payload).answers);
  const sizes = {};
  for (const row of await all('media')) {
    const range = IDBKeyRange.bound([row.id, 0], [row.id, Infinity]);
    const pieces = await done(db.transaction('chunks').objectStore('chunks').getAll(range));
    sizes[row.id] = pieces.reduce((sum, one) => sum + one.byteLength, 0) === row.size && row.size > 0;
  }
  db.close();
  return { drafts: drafts.map((one) => one.answers), outbox, sizes };
}"""


@pytest.fixture
def market(filled: Path, tmp_path: Path) -> Iterator[Running]:
    one = copied(filled, tmp_path / "market")
    with one.app() as app, app.app_context():
        forms.publish(SOURCE)
    one.start()
    yield one
    one.stop()


@dataclass
class Told:
    """What a person has answered by now, and where: the row that is open, the question that was touched last."""

    rows: list[dict[str, Any]] = field(default_factory=lambda: [{}])
    row: int = 1
    question: str | None = None


@dataclass
class Officer:
    """Answers by chance on the page of a row; `before` is what was told before the last answer."""

    chance: random.Random
    photo: Path
    now: Told = field(default_factory=Told)
    before: Told = field(default_factory=Told)

    def act(self, page: Page) -> None:
        self.before = deepcopy(self.now)
        row = self.now.rows[self.now.row - 1]
        wanted = ["called", "sellers", "sold", "picture", "row"]
        if "picture" in row:
            wanted.remove("picture")
        if not row:
            wanted.remove("row")
        what = self.chance.choice(wanted)
        getattr(self, f"_{what}")(page, row)

    def _called(self, page: Page, row: dict[str, Any]) -> None:
        row["called"] = f"Quầy {self.chance.randrange(1000)}"
        self.now.question = "called"
        filler.field(page, "Tên quầy").fill(row["called"])

    def _sellers(self, page: Page, row: dict[str, Any]) -> None:
        row["sellers"] = str(self.chance.randrange(1, 90))
        self.now.question = "sellers"
        page.get_by_role("spinbutton").fill(row["sellers"])

    def _sold(self, page: Page, row: dict[str, Any]) -> None:
        row["sold"] = self.chance.choice([one for one in GOODS if one != row.get("sold")])
        self.now.question = "sold"
        officer.question(page, "sold").get_by_text(GOODS[row["sold"]], exact=True).click()

    def _picture(self, page: Page, row: dict[str, Any]) -> None:
        """Where it is the last answer the kill may come while it is made smaller."""
        row["picture"] = True
        officer.question(page, "picture").locator('input[type="file"]').set_input_files(str(self.photo))

    def _row(self, page: Page, row: dict[str, Any]) -> None:
        self.now.rows.append({})
        self.now.row, self.now.question = len(self.now.rows), None
        while page.get_by_role("button", name="Danh sách").count():
            page.get_by_role("button", name="Danh sách").click()
        if not page.get_by_role("button", name="Thêm dòng").count():
            page.get_by_role("button", name="Xong").click()
        page.get_by_role("button", name="Thêm dòng").click()
        filler.at(page, f"{ROWS} {self.now.row}/{self.now.row}")

    def settle(self, page: Page) -> None:
        """A photo that comes before another answer is there before it is given."""
        if "picture" in self.now.rows[self.now.row - 1]:
            expect(page.get_by_role("button", name="Bỏ ảnh 1")).to_be_visible(timeout=officer.LONG_MS)


def photo(path: Path, chance: random.Random) -> Path:
    Image.frombytes("RGB", (1000, 750), chance.randbytes(1000 * 750 * 3)).save(path, "JPEG", quality=80)
    return path


def rows_of(page: Page) -> list[dict[str, Any]]:
    """The rows in the store, pictures as whether their bytes are all there."""
    found = page.evaluate(DRAFT)
    [draft] = found["drafts"]
    assert draft["market"] == {"place": "Chợ nổi"}
    return seen(draft["stall"], found["sizes"])


def seen(rows: list[dict[str, str]], sizes: dict[str, bool]) -> list[dict[str, Any]]:
    given = [{name: value for name, value in row.items() if value} for row in rows]
    return [{name: sizes[value] if name == "picture" else value for name, value in row.items()} for row in given]


def place_of(page: Page) -> tuple[int, str | None]:
    """Row on the screen and question in focus."""
    title = filler.heading(page).inner_text()
    row = int(title.removeprefix(ROWS).strip().split("/")[0]) if "/" in title and title.startswith(ROWS) else 0
    asked = page.evaluate("() => document.activeElement?.closest('[data-question]')?.dataset.question ?? null")
    return row, asked and asked.rpartition("/")[2]


def test_twenty_kills_cost_at_most_the_last_answer_and_lead_back_to_the_same_question(
    market: Running, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    phone = open_browser("killed")
    page = phone.open(enrolment_link(market, "lan"))
    officer.enrol(page)
    officer.installed(page)
    filler.begin(page, TITLE)
    filler.field(page, "Tên chợ").fill("Chợ nổi")
    officer.onward(page)
    page.locator(".row-card .item").first.click()
    filler.saved(page)
    market.stop()

    chance = random.Random(SEED)
    one = Officer(chance, photo(tmp_path / "stall.jpg", chance))
    lost = 0
    for kill in range(KILLS):
        for _ in range(chance.randint(1, 4)):
            one.settle(page)
            one.act(page)
        page.wait_for_timeout(chance.uniform(0, LATEST_S) * 1000)
        phone.kill()
        page = phone.open(market.origin + "/")
        expect(page.locator("main.body-form")).to_be_visible()
        kept = rows_of(page)
        told = f"seed {SEED}, kill {kill + 1}"
        assert kept in (one.now.rows, one.before.rows), told
        row, question = place_of(page)
        assert row in (one.now.row, one.before.row, 0), told
        if one.now.row == one.before.row:
            assert row == one.now.row, told
            assert question in (one.now.question, one.before.question, "picture"), told
        if kept != one.now.rows:
            lost += 1
            one.now = deepcopy(one.before)
        reopen(page, one)

    one.settle(page)
    filler.finish_anyway(page)
    found = page.evaluate(DRAFT)
    assert found["drafts"] == []
    assert seen(found["outbox"][0]["stall"], found["sizes"]) == one.now.rows
    assert sum("picture" in row for row in one.now.rows) >= 3


def reopen(page: Page, one: Officer) -> None:
    """On with the row that was filled last."""
    row, _ = place_of(page)
    if row != one.now.row:
        if row:
            page.go_back()
        page.locator(".row-card .item").nth(one.now.row - 1).click()
        filler.at(page, f"{ROWS} {one.now.row}/{len(one.now.rows)}")
