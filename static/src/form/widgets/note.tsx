// A sentence of the form that asks nothing: said once, when it applies.

import { words } from "../../i18n/index.ts";
import { Banner } from "../../ui/parts.tsx";
import { useFilling } from "./filling.ts";
import { beside, type Asked } from "./asked.tsx";
import { plain } from "./plain.ts";
import { idOf } from "./walk.ts";

export function Note(asked: Asked) {
  const { question, path } = asked;
  const filling = useFilling();
  const hint = filling.engine.hint(path);
  return (
    <div id={idOf(path)} data-question={question.path} role="status">
      <Banner tone="attn"><span class="note-text">{plain(filling.engine.label(path) || words(question.label))}</span>{hint && <p>{hint}</p>}{beside.Label && <beside.Label {...asked} />}</Banner>
    </div>
  );
}
