// Answers that the form presets stand as one quiet line each; a tap opens the question. So the ordinary case stays short.

import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Question } from "../../shapes.ts";
import { Icon } from "../../ui/icon.tsx";
import { open as openPlace } from "../../ui/router.ts";
import { labelsOf } from "./answer_text.ts";
import { isByPicker } from "./choose.tsx";
import { useFilling, type Filling } from "./filling.ts";
import type { Asked } from "./asked.tsx";
import { QuestionView } from "./question.tsx";
import { idOf } from "./walk.ts";

/** Up to so many short choices are quicker to tap than to open. */
const QUICK = 3;

/** A choice that came filled, needs no answer of its own and fits: nobody has to look at it. */
export function isPreset(filling: Filling, { question, path }: Asked): boolean {
  const chosen = question.type === "select_one" || question.type === "select_multiple";
  const filled = Boolean(question.default || question.dynamic_default) && filling.get(path) !== "";
  if (!chosen || !filled || filling.engine.required(path)) return false;
  return filling.engine.findings(path).length === 0 && (Boolean(question.options?.register) || filling.engine.offered(path) > QUICK);
}

export function Presets({ asked: all }: { asked: Asked[] }) {
  const filling = useFilling();
  const asked = all.filter(({ path }) => filling.engine.relevant(path));
  const [opened, open] = useState<ReadonlySet<string>>(new Set());
  const closed = asked.filter(({ path }) => !opened.has(path));
  const change = (one: Asked) => {
    filling.returnTo = one.path;
    if (isByPicker(filling, one)) openPlace({ pick: one.path });
    else open(new Set([...opened, one.path]));
  };
  return (
    <>
      {closed.length > 0 && <ul class="card card-flush rows presets">{closed.map((one) => <li key={one.path}><Preset asked={one} onChange={() => change(one)} /></li>)}</ul>}
      {asked.filter(({ path }) => opened.has(path)).map((one) => <QuestionView key={one.path} {...one} />)}
    </>
  );
}

function Preset({ asked: { question, path }, onChange }: { asked: Asked; onChange: () => void }) {
  const filling = useFilling();
  const labels = labelsOf(question as Question, path, filling.engine, filling.registers);
  return (
    <button class="item preset" type="button" id={idOf(path)} data-question={question.path} onClick={onChange}>
      <span class="grow"><span class="sub" lang={filling.lang}>{filling.engine.label(path)}</span><b>{labels.join(", ")}</b></span>
      <span class="preset-change">{t("go.change")}<Icon name="next" small /></span>
    </button>
  );
}
