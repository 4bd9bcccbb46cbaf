// What a form still lacks: required answers that are missing, and answers that don't fit, in the form's order.

import type { Filling } from "../../form/widgets/filling.ts";
import { questionsIn, type Found, type Page } from "../../form/widgets/walk.ts";

export function gapsIn(filling: Filling, pages: Page[]): Found[] {
  const at = new Set(filling.engine.findings().map((finding) => finding.path));
  return pages.flatMap((page) => questionsIn(page.nodes, filling.engine)).filter((found) => at.has(found.path));
}
