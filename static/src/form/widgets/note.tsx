// A sentence of the form that asks nothing: said once, when it applies.

import { words } from "../../i18n/index.ts";
import { Banner } from "../../ui/parts.tsx";
import { useFilling } from "./filling.ts";
import type { Asked } from "./asked.tsx";
import { idOf } from "./walk.ts";

export function Note({ question, path }: Asked) {
  const filling = useFilling();
  return <div id={idOf(path)} data-question={question.path} role="status"><Banner tone="attn">{filling.engine.label(path) || words(question.label)}</Banner></div>;
}
