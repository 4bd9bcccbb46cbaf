"""Big forms on a slow phone: opening one, answering in it, adding the 301st row.

The page measures itself, from the dispatch of the event. An answer and a row have two figures: until the document is
changed, styled and laid out, and until the frame after that, whose turn the screen decides. Opening ends in the frame
after. Whatever still changes before that frame is in both, but the word of the draft, which follows the store.

Beside the time on the slowed processor stands `work_ms`: script, style and layout of the page's thread by its own
clock, at full speed, times six. Other programs on the machine can't lengthen it much, so that two versions can be
compared on a busy one; reading the store and painting are not in it.
"""

import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import CDPSession, Page

from bench import big_form
from bench.chrome import HOME, driven, opened, seen
from bench.installation import enrolment_code, installed
from bench.line import say
from tests.e2e import officer

SLOWER = 6.0
ROUNDS = 9
ANSWERS = 20
ROWS = 300
WORKS = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")

# Laid out after the act's own microtasks, and again after whatever changes the document until the frame is drawn.
WORK = """
globalThis.benchWork = (act) => new Promise((done) => {
  const began = performance.now();
  let laid_out = 0;
  const look = () => { document.body.offsetHeight; laid_out = performance.now(); };
  const ofTheDraft = ({ target }) => (target.closest ? target : target.parentElement)?.closest(".appbar") != null;
  const watch = new MutationObserver((changes) => { if (!changes.every(ofTheDraft)) look(); });
  watch.observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
  act();
  Promise.resolve().then(() => Promise.resolve()).then(look);
  requestAnimationFrame(() => setTimeout(() => {
    watch.disconnect();
    done([laid_out - began, performance.now() - began]);
  }));
});
globalThis.benchRest = () => new Promise((done) => {
  requestAnimationFrame(() => setTimeout(() => requestIdleCallback(done, { timeout: 1000 }), 100));
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


@dataclass(frozen=True, slots=True)
class Taken:
    """One act: milliseconds until it was done, until the frame after, of the page's own work; layouts of the page."""

    ms: float
    frame_ms: float
    work_ms: float
    layouts: int


def main() -> None:
    """Prints how long the big form takes to open and to answer, and a row of the other to add."""
    forms = {
        big_form.BIG: (big_form.TITLES[big_form.BIG], big_form.big()),
        big_form.ROWS: (big_form.TITLES[big_form.ROWS], big_form.rows()),
    }
    with phone_with(forms) as (page, processor, _):
        processor.send("Performance.enable", {"timeDomain": "threadTicks"})
        opened_at = {rate: [_opening(page, processor, rate) for _ in range(ROUNDS)] for rate in (1.0, SLOWER)}
        _say("form_open_ms", opened_at, "<= 300")
        answered = {rate: _answers(page, processor, rate) for rate in (SLOWER, 1.0)}
        _say_worst("form_answer_ms", answered, "<= 16")
        frames = {rate: {kind: _framed(kinds[kind]) for kind in kinds} for rate, kinds in answered.items()}
        _say_worst("form_answer_frame_ms", frames, None)
        added = _rows(page, processor)
        _say("repeat_add_ms", added, "<= 50")
        _say("repeat_add_frame_ms", _until_the_frame(added), None)


def taken(processor: CDPSession, act: Callable[..., list[float]], *given: object) -> Taken:
    """What `act`, which returns its own two times in milliseconds, takes of the page's thread."""
    before, (ms, frame_ms), after = _metrics(processor), act(*given), _metrics(processor)
    work_s = sum(after[name] - before[name] for name in WORKS)
    return Taken(ms, frame_ms, work_s * 1000 * SLOWER, round(after["LayoutCount"] - before["LayoutCount"]))


def _metrics(processor: CDPSession) -> dict[str, float]:
    return {one["name"]: one["value"] for one in processor.send("Performance.getMetrics")["metrics"]}


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


def open_form(page: Page, processor: CDPSession, form_id: str, rate: float = SLOWER) -> float:
    """Opened anew after a reload: nothing of the form is in memory."""
    _to_the_list(page)
    slow(processor, rate)
    ms = _press(page, form_id)
    slow(processor, 1)
    return ms


def _opening(page: Page, processor: CDPSession, rate: float) -> Taken:
    _to_the_list(page)
    slow(processor, rate)
    one = taken(processor, lambda: [_press(page, big_form.BIG)] * 2)
    slow(processor, 1)
    return one


def _to_the_list(page: Page) -> None:
    home(page)
    page.get_by_role("button", name="Ghi việc khác").click()


def _press(page: Page, form_id: str) -> float:
    return float(
        page.evaluate(
            """(title) => {
              const rows = [...document.querySelectorAll("dialog button, dialog a")];
              const row = rows.find((it) => it.textContent.includes(title));
              return benchShown(() => row.click(), "[data-question] input, [data-question] button");
            }""",
            big_form.TITLES[form_id],
        )
    )


def home(page: Page) -> None:
    """The app started anew, at home, all its parts loaded."""
    page.goto(page.url.split("#")[0] + "#/home")
    page.reload()
    seen(page, "home")
    page.wait_for_load_state("networkidle")


def _answers(page: Page, processor: CDPSession, rate: float) -> dict[str, list[Taken]]:
    """Four kinds of answers in the open form, each several times with other values."""
    done: dict[str, list[Taken]] = {"number": [], "relevance": [], "index_of_5000": [], "filter_of_5000": []}
    slow(processor, rate)
    for n in range(ANSWERS):
        region = n % big_form.REGIONS
        _focus(page, "n_0_5")
        done["number"].append(taken(processor, _type, page, "n_0_5", str(20 + n)))
        _focus(page, "y_0_5")
        done["relevance"].append(taken(processor, _tick, page, "y_0_5", ("yes", "no")[n % 2]))
        _tick_unmeasured(page, processor, "region_0", f"r{region}", rate)
        _focus(page, "district_0")
        done["index_of_5000"].append(taken(processor, _tick, page, "district_0", f"d{region}"))
        text = big_form.name_of(n * 7)[: 3 + n % 3]
        _focus(page, "word_0")
        done["filter_of_5000"].append(taken(processor, _type, page, "word_0", text))
    slow(processor, 1)
    return done


def _focus(page: Page, question: str) -> None:
    """The finger has come to the box before anything is typed; then the page comes to rest."""
    page.evaluate(
        """async (question) => {
          document.querySelector(`[data-question$="/${question}"] :is(input, textarea)`).focus();
          await benchRest();
        }""",
        question,
    )


def _type(page: Page, question: str, text: str) -> list[float]:
    return list(
        page.evaluate(
            """([question, text]) => {
              const box = document.querySelector(`[data-question$="/${question}"] :is(input, textarea)`);
              return benchWork(() => {
                box.value = text;
                box.dispatchEvent(new InputEvent("input", { bubbles: true }));
                box.dispatchEvent(new Event("change", { bubbles: true }));
              });
            }""",
            [question, text],
        )
    )


def _tick(page: Page, question: str, name: str) -> list[float]:
    return list(
        page.evaluate(
            """([question, name]) => {
              const box = document.querySelector(`[data-question$="/${question}"] input[value="${name}"]`);
              return benchWork(() => box.click());
            }""",
            [question, name],
        )
    )


def _tick_unmeasured(page: Page, processor: CDPSession, question: str, name: str, rate: float) -> None:
    """Through the list's own page where the list is long."""
    box = page.locator(f'[data-question$="/{question}"] input[value="{name}"]')
    if box.count():
        box.evaluate("(it) => it.click()")
        return
    slow(processor, 1)
    page.locator(f'[data-question$="/{question}"]').get_by_role("button").first.click()
    page.locator(f'label.item input[value="{name}"]').evaluate("(it) => it.click()")
    page.locator('[data-question$="/word_0"]').wait_for()
    slow(processor, rate)


def _rows(page: Page, processor: CDPSession) -> dict[float, list[Taken]]:
    """300 rows first, on a quick phone; then each further one, until its own page is drawn."""
    open_form(page, processor, big_form.ROWS)
    page.evaluate(f"async () => {{ while ({ROW_COUNT} < {ROWS}) {{ await benchWork({ADD}); await benchBack(); }} }}")
    done: dict[float, list[Taken]] = {SLOWER: [], 1.0: []}
    for rate, times in done.items():
        for _ in range(ROUNDS):
            page.evaluate("() => benchRest()")
            slow(processor, rate)
            times.append(taken(processor, lambda: page.evaluate(f"() => benchWork({ADD})")))
            slow(processor, 1)
            page.evaluate("() => benchBack()")
    return done


ROW_COUNT = "Number(document.querySelector('[data-rows]').dataset.rows)"
ADD = "() => [...document.querySelectorAll('button')].find((it) => it.textContent.includes('Thêm dòng')).click()"


def _until_the_frame(done: dict[float, list[Taken]]) -> dict[float, list[Taken]]:
    return {rate: _framed(times) for rate, times in done.items()}


def _framed(done: list[Taken]) -> list[Taken]:
    """The same acts, their time taken until the frame."""
    return [replace(one, ms=one.frame_ms) for one in done]


def _say(name: str, done: dict[float, list[Taken]], goal: str | None) -> None:
    say(name, _median(done[SLOWER]), "ms", goal, **_detail(done[SLOWER], done[1.0]), runs=_spread(done[SLOWER]))


def _say_worst(name: str, answered: dict[float, dict[str, list[Taken]]], goal: str | None) -> None:
    slowed, quick = answered[SLOWER], answered[1.0]
    worst = max(slowed, key=lambda kind: _median(slowed[kind]))
    kinds = {kind: {**_detail(slowed[kind], quick[kind]), "runs": _spread(slowed[kind])} for kind in slowed}
    say(name, _median(slowed[worst]), "ms", goal, kind=worst, **kinds)


def _detail(slowed: list[Taken], quick: list[Taken]) -> dict[str, float]:
    work = statistics.median(one.work_ms for one in quick)
    layouts = statistics.median(one.layouts for one in quick)
    return {"best": round(min(one.ms for one in slowed), 1), "work_ms": round(work, 1), "layouts": layouts}


def _median(done: list[Taken]) -> float:
    return statistics.median(one.ms for one in done)


def _spread(done: list[Taken]) -> list[int]:
    return sorted(round(one.ms) for one in done)
