// A sentence of the form that asks nothing. One that applies only under a condition is a warning, others are information.

import { Banner } from "../../ui/parts.tsx";
import { useFilling } from "./filling.ts";
import { beside, type Asked } from "./asked.tsx";
import { plain } from "./plain.ts";
import { idOf } from "./walk.ts";

/** What pyxform calls the note that carries the name of a table-list. */
const TABLE_NAME = "generated_table_list_label_";

export function Note(asked: Asked) {
  const { question, path } = asked;
  const filling = useFilling();
  const [label, hint] = [plain(filling.engine.label(path)), plain(filling.engine.hint(path))];
  if (question.name.startsWith(TABLE_NAME)) return <h3 class="section-name" id={idOf(path)} lang={filling.lang}>{label}</h3>;
  return (
    <div id={idOf(path)} data-question={question.path} role="status">
      <Banner tone={question.relevant ? "attn" : "info"}><span class="note-text" lang={filling.lang}>{label}</span>{hint && <p>{hint}</p>}{beside.Label && <beside.Label {...asked} />}</Banner>
    </div>
  );
}
