"""axe-core on the page as it stands: no violation of WCAG 2.2 A or AA may be found."""

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.e2e.running import ROOT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
STILL = """() => Promise.allSettled(document.getAnimations()
  .filter((it) => it.effect?.getComputedTiming().iterations !== Infinity).map((it) => it.finished))"""
RUN = """(rules) => axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] })
  .then(({ violations }) => violations.map(({ id, help, nodes }) =>
    ({ id, help, where: nodes.map((node) => `${node.target.join(' ')} | ${node.failureSummary}`) })))"""


@cache
def _source() -> str:
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text()


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds, once nothing moves any more (a colour half faded in is no colour)."""
    page.evaluate(STILL)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(RUN, RULES)
    return found


def expect_no_violation(page: Page) -> None:
    """Fails with rule, element and reason."""
    found = violations(page)
    told = "\n".join(f"{one['id']}: {one['help']}\n  " + "\n  ".join(one["where"]) for one in found)
    assert not found, f"{page.url} ({page.title()})\n{told}"
