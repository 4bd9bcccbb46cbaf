"""A register of 100,000 items on a slow phone: brought as any set, searched letter by letter in the list's own page.

The page measures itself: from the input event until the list shows the hits of the new query, drawn and laid out.
"""

import sqlite3
import statistics
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page

from bench import big_form, filling
from bench.line import say
from server.text import search_key, sort_key

ITEMS = 100_000
TYPED = ("tan phu", "dong 47", "quoi yen lo", "99999", "an an a")
TYPE = """([text]) => new Promise((done) => {
  const box = document.querySelector("input[type=search]"), list = document.querySelector("main.picker-body");
  const began = performance.now();
  box.value = text;
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  const look = () => {
    if (list.getAttribute("aria-busy") === "true") return setTimeout(look);
    document.body.offsetHeight;
    done(performance.now() - began);
  };
  Promise.resolve().then(() => Promise.resolve()).then(look);
})"""
KEPT = """async (register) => {
  const result = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith("lantoa-"));
  const db = await result(indexedDB.open(name));
  const rows = await result(db.transaction("big").objectStore("big").getAll());
  db.close();
  return rows.filter((row) => row.register === register).reduce((sum, row) => sum + row.count, 0);
}"""


def main() -> None:
    """Prints the median of all letters, what each word's first letter took, and how long the set took to come."""
    form = {big_form.PICK: (big_form.TITLES[big_form.PICK], big_form.picking())}
    with filling.phone_with(form) as (page, processor, folder):
        fill(folder)
        came_s = _bring(page)
        filling.open_form(page, processor, big_form.PICK)
        page.locator('[data-question$="/whole"]').get_by_role("button").first.click()
        page.locator("label.item").first.wait_for()
        filling.slow(processor)
        taken = {word: [_type(page, word[: n + 1]) for n in range(len(word))] for word in TYPED}
        filling.slow(processor, 1)
    every = sorted(round(one) for times in taken.values() for one in times)
    first = [round(times[0]) for times in taken.values()]
    detail = {"items": ITEMS, "first_letters": first, "most_ms": every[-1], "brought_s": round(came_s, 1)}
    say("register_search_ms", statistics.median(every), "ms", "<= 100", **detail, runs=every)


def fill(folder: Path) -> None:
    """Made-up bodies without a unit: every phone is told of them."""
    now = datetime.now(UTC).isoformat(sep=" ")
    columns = "uid, register, label, data, state, synthetic, search_key, sort_key, position, created_at"
    rows = (
        (f"bench{n:06}", big_form.REGISTER, f'{{"vi": "{name}"}}', f'{{"kind": "k{n % 50}"}}', "confirmed", True,
         search_key(name), sort_key(name), n, now)
        for n, name in ((n, big_form.name_of(n)) for n in range(ITEMS))
    )  # fmt: skip
    with closing(sqlite3.connect(folder / "data/lantoa.db", timeout=30)) as database:
        database.executemany(f"INSERT INTO item ({columns}) VALUES ({', '.join('?' * 10)})", rows)
        database.execute("UPDATE installation SET register_stamp = register_stamp + 1")
        database.commit()


def _bring(page: Page) -> float:
    """The app opened anew asks for news; seconds until the set is in use."""
    began = time.monotonic()
    page.reload()
    while page.evaluate(KEPT, big_form.REGISTER) < ITEMS:
        time.sleep(0.2)
    return time.monotonic() - began


def _type(page: Page, text: str) -> float:
    return float(page.evaluate(TYPE, [text]))
