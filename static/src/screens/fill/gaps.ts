// What a form still lacks: required answers that are missing, and answers that don't fit, in the form's order.

import type { Filling } from "../../form/widgets/filling.ts";
import type { Page } from "../../form/widgets/pages.ts";
import { holds, questionsIn, type Found } from "../../form/widgets/walk.ts";

export function gapsIn(filling: Filling, pages: Page[]): Found[] {
  const at = new Set(filling.engine.findings().map((finding) => finding.path));
  return at.size === 0 ? [] : pages.flatMap((page) => questionsIn(page.nodes, filling.engine)).filter((found) => at.has(found.path));
}

/** Per page: answers that are missing and answers that don't fit. */
export function stateOf(filling: Filling, pages: Page[]): Map<Page, { missing: number; wrong: number }> {
  const findings = filling.engine.findings();
  return new Map(pages.map((page) => {
    const own = findings.filter(({ path }) => holds(page.nodes, path));
    const missing = own.filter(({ code }) => code === "required").length;
    return [page, { missing, wrong: own.length - missing }];
  }));
}
