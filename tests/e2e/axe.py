"""axe-core on the page as it stands: no violation of WCAG 2.2 A or AA may be found."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.e2e.browser import DESK, PHONE
from tests.e2e.running import ROOT

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast"]}  # all that another theme can change
STILL = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const moving = () => document.getAnimations().filter((it) => it.effect?.getComputedTiming().endTime !== Infinity);
  await frame(); await frame();
  while (moving().length > 0) { await Promise.allSettled(moving().map((it) => it.finished)); await frame(); }
}"""
RUN = """(rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })
  .then(({ violations }) => violations.map(({ id, help, nodes }) =>
    ({ id, help, where: nodes.map((node) => `${node.target.join(' ')} | ${node.failureSummary}`) })))"""


@cache
def _source() -> str:
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text()


def violations(page: Page, rules: dict[str, Any] = RULES) -> list[dict[str, Any]]:
    """What axe finds, once nothing moves any more (a colour half faded in is no colour)."""
    page.evaluate(STILL)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(RUN, rules)
    return found


def told(page: Page, name: str, found: list[dict[str, Any]]) -> str:
    """Where, which rule, which element, why."""
    lines = [f"{name} ({page.url})"]
    for one in found:
        lines += [f"  {one['id']}: {one['help']}", *(f"    {where}" for where in one["where"])]
    return "\n".join(lines)


def expect_no_violation(page: Page) -> None:
    """Fails with rule, element and reason."""
    found = violations(page)
    assert not found, told(page, page.title(), found)


@dataclass
class Walk:
    """Looks at page after page in three ways, and fails at the end with everything that was found."""

    phone_first: bool = True
    faults: list[str] = field(default_factory=list)
    looks: int = 0

    def look(self, page: Page, name: str) -> None:
        """The page as it is, then in the other width, then dark."""
        here, other = (PHONE, DESK) if self.phone_first else (DESK, PHONE)
        self._look(page, name)
        page.set_viewport_size(other)  # type: ignore[arg-type]
        self._look(page, f"{name}, {other['width']} wide")
        page.set_viewport_size(here)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="dark")
        self._look(page, f"{name}, dark", COLOURS)
        page.emulate_media(color_scheme="light")

    def _look(self, page: Page, name: str, rules: dict[str, Any] = RULES) -> None:
        self.looks += 1
        if found := violations(page, rules):
            self.faults.append(told(page, name, found))

    def expect_clean(self) -> None:
        """Nothing was found, and something was looked at."""
        assert self.looks > 0
        assert not self.faults, "\n".join(self.faults)
