"""Big forms on a slow phone: opening one, answering in it, adding the 301st row.

The page measures itself, from a press to the end of the work that it led to: handlers, engine, drawing, layout. What an
answer costs is read at the end of that work, without waiting for the screen's next turn; opening ends in the frame
after.
"""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import CDPSession, Page

from bench import big_form
from bench.chrome import HOME, driven, opened, seen
from bench.installation import enrolment_code, installed
from bench.line import say
from tests.e2e import officer

SLOWER = 6.0
ROUNDS = 7
ROWS = 300

# Until nothing of what the press started is left in the queue before the next task; then the page is laid out.
WORK = """
globalThis.benchWork = (act) => new Promise((done) => {
  const channel = new MessageChannel();
  const began = performance.now();
  channel.port1.onmessage = () => { document.body.offsetHeight; done(performance.now() - began); };
  act();
  channel.port2.postMessage(0);
});
globalThis.benchBack = () => new Promise((done) => {
  addEventListener("popstate", () => requestAnimationFrame(() => setTimeout(done)), { once: true });
  history.back();
});
globalThis.benchShown = (act, selector) => new Promise((done) => {
  const began = performance.now();
  const look = () => {
    if (!document.querySelector(selector)?.getClientRects().length) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  };
  const watch = new MutationObserver(look);
  watch.observe(document, { childList: true, subtree: true, attributes: true });
  act();
});
"""


def main() -> None:
    """Prints how long the big form takes to open and to answer, and a row of the other to add."""
    forms = {
        big_form.BIG: (big_form.TITLES[big_form.BIG], big_form.big()),
        big_form.ROWS: (big_form.TITLES[big_form.ROWS], big_form.rows()),
    }
    with phone_with(forms) as (page, processor, _):
        _say("form_open_ms", [open_form(page, processor, big_form.BIG) for _ in range(ROUNDS)], "<= 300")
        kinds = _answers(page, processor)
        worst = max(kinds, key=lambda kind: statistics.median(kinds[kind]))
        detail = {kind: _spread(times) for kind, times in kinds.items()}
        say("form_answer_ms", statistics.median(kinds[worst]), "ms", "<= 16", kind=worst, **detail)
        _say("repeat_add_ms", _rows(page, processor), "<= 50")


@contextmanager
def phone_with(forms: dict[str, tuple[str, str]]) -> Iterator[tuple[Page, CDPSession, Path]]:
    """An enrolled phone at home, these forms on it; its processor is slowed by the caller."""
    with installed(forms) as running, driven() as driver, tempfile.TemporaryDirectory() as profile:
        running.start()
        browser, page = opened(driver, Path(profile), 1.0, HOME)
        assert browser.context is not None
        page.add_init_script(WORK)
        page.goto(f"{running.origin}/#enrol={enrolment_code(running)}")
        officer.enrol(page)
        officer.installed(page)
        yield page, browser.context.new_cdp_session(page), running.folder
        browser.close()


def slow(processor: CDPSession, rate: float = SLOWER) -> None:
    """From now on this many times slower."""
    processor.send("Emulation.setCPUThrottlingRate", {"rate": rate})


def open_form(page: Page, processor: CDPSession, form_id: str) -> float:
    """Opened anew after a reload: nothing of the form is in memory."""
    home(page)
    page.get_by_role("button", name="Ghi việc khác").click()
    slow(processor)
    taken = page.evaluate(
        """(title) => {
          const rows = [...document.querySelectorAll("dialog button, dialog a")];
          const row = rows.find((it) => it.textContent.includes(title));
          return benchShown(() => row.click(), "[data-question] input, [data-question] button");
        }""",
        big_form.TITLES[form_id],
    )
    slow(processor, 1)
    return float(taken)


def home(page: Page) -> None:
    """The app started anew, at home, all its parts loaded."""
    page.goto(page.url.split("#")[0] + "#/home")
    page.reload()
    seen(page, "home")
    page.wait_for_load_state("networkidle")


def _answers(page: Page, processor: CDPSession) -> dict[str, list[float]]:
    """Four kinds of answers in the open form, each several times with other values."""
    taken: dict[str, list[float]] = {"number": [], "relevance": [], "index_of_5000": [], "filter_of_5000": []}
    slow(processor)
    for n in range(ROUNDS):
        taken["number"].append(_type(page, "n_0_5", str(20 + n)))
        taken["relevance"].append(_tick(page, "y_0_5", ("yes", "no")[n % 2]))
        _tick_unmeasured(page, processor, "region_0", f"r{n}")
        taken["index_of_5000"].append(_tick(page, "district_0", f"d{n}"))
        taken["filter_of_5000"].append(_type(page, "word_0", big_form.name_of(n * 7)[: 3 + n % 3]))
    slow(processor, 1)
    return taken


def _type(page: Page, question: str, text: str) -> float:
    return float(
        page.evaluate(
            """([question, text]) => {
              const box = document.querySelector(`[data-question$="/${question}"] :is(input, textarea)`);
              return benchWork(() => {
                box.focus();
                box.value = text;
                box.dispatchEvent(new InputEvent("input", { bubbles: true }));
                box.dispatchEvent(new Event("change", { bubbles: true }));
              });
            }""",
            [question, text],
        )
    )


def _tick(page: Page, question: str, name: str) -> float:
    return float(
        page.evaluate(
            """([question, name]) => {
              const box = document.querySelector(`[data-question$="/${question}"] input[value="${name}"]`);
              return benchWork(() => box.click());
            }""",
            [question, name],
        )
    )


def _tick_unmeasured(page: Page, processor: CDPSession, question: str, name: str) -> None:
    """Through the list's own page where the list is long."""
    box = page.locator(f'[data-question$="/{question}"] input[value="{name}"]')
    if box.count():
        box.evaluate("(it) => it.click()")
        return
    slow(processor, 1)
    page.locator(f'[data-question$="/{question}"]').get_by_role("button").first.click()
    page.locator(f'label.item input[value="{name}"]').evaluate("(it) => it.click()")
    page.locator('[data-question$="/word_0"]').wait_for()
    slow(processor)


def _rows(page: Page, processor: CDPSession) -> list[float]:
    """300 rows first, on a quick phone; then each further one on a slow one, until its own page is drawn."""
    open_form(page, processor, big_form.ROWS)
    page.evaluate(f"async () => {{ while ({ROW_COUNT} < {ROWS}) {{ await benchWork({ADD}); await benchBack(); }} }}")
    taken = []
    for _ in range(ROUNDS):
        slow(processor)
        taken.append(float(page.evaluate(f"() => benchWork({ADD})")))
        slow(processor, 1)
        page.evaluate("() => benchBack()")
    return taken


ROW_COUNT = "Number(document.querySelector('[data-rows]').dataset.rows)"
ADD = "() => [...document.querySelectorAll('button')].find((it) => it.textContent.includes('Thêm dòng')).click()"


def _spread(times: list[float]) -> list[int]:
    return sorted(round(one) for one in times)


def _say(name: str, times: list[float], goal: str) -> None:
    say(name, statistics.median(times), "ms", goal, runs=_spread(times))
