// What was answered on a page or in a row, in one line: the first answers, without those that came preset.

import { t } from "../../i18n/index.ts";
import type { Node } from "../../shapes.ts";
import { answerText } from "./answer_text.ts";
import type { Filling } from "./filling.ts";
import { shortLabel } from "./typed.ts";
import { has, questionsIn, TOP, type Base, type Found } from "./walk.ts";

const SAID = 3, LONG = 48;
const WORDLESS = new Set(["image", "acknowledge", "note"]);

export function summaryOf(filling: Filling, nodes: Node[], base: Base = TOP): string {
  const found = questionsIn(nodes, filling.engine, base).filter(({ path }) => filling.engine.get(path) !== "");
  const photos = found.filter(({ question }) => question.type === "image").length;
  const said = found.flatMap((one) => saidOf(filling, one));
  if (photos > 0) said.unshift(t("photo.count", { n: photos }));
  return said.length > SAID ? `${said.slice(0, SAID).join(" · ")} …` : said.join(" · ");
}

function saidOf(filling: Filling, { question, path }: Found): string[] {
  const chosen = question.type.startsWith("select_");
  if (WORDLESS.has(question.type) || (chosen && (question.default || question.dynamic_default))) return [];
  if (question.options?.register === "members") return [t("code.count", { n: filling.get(path).split(" ").length })]; // no codes in a summary
  const text = answerText(question, path, filling.engine, filling.registers);
  if (chosen && text.length > LONG && filling.get(path).includes(" ")) return [t("pick.all", { n: filling.get(path).split(" ").length })];
  const isPart = question.type === "integer" && !has(question, "number-pad");
  return [isPart ? `${shortLabel(filling.engine.label(path))}: ${text}` : text];
}
