// Which widget answers a question: by its type, its register and its appearance. The frame around it: asked.tsx.

import { Acknowledge } from "./acknowledge.tsx";
import { answerText } from "./answer_text.ts";
import { Frame, type Asked } from "./asked.tsx";
import { Choose } from "./choose.tsx";
import { Codes } from "./codes.tsx";
import { DateField } from "./date.tsx";
import { useFilling } from "./filling.ts";
import { NumberField } from "./number.tsx";
import { Note } from "./note.tsx";
import { Photos } from "./photos.tsx";
import { isPictured, partOf } from "../../parts.ts";
import { Rare } from "./rare.tsx";
import { TextField } from "./text.tsx";
import { isShown } from "./walk.ts";

export function QuestionView(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  if (!isShown(question) || !filling.engine.relevant(path)) return null;
  if (filling.engine.readonly(path) && question.type !== "note") return <ReadOnly {...asked} />;
  const part = partOf(question, isPictured(filling.model, question));
  if (part) return <Rare part={part} asked={asked} />;
  switch (question.type) {
    case "note": return <Note {...asked} />;
    case "acknowledge": return <Acknowledge {...asked} />;
    case "image": return <Photos images={[asked]} {...(asked.missing ? { missing: true } : {})} />;
    case "date": return <DateField {...asked} />;
    case "integer": return <NumberField {...asked} />;
    case "select_one":
    case "select_multiple": return question.options?.register === "members" ? <Codes {...asked} /> : <Choose {...asked} />;
    default: return <TextField {...asked} />;
  }
}

/** What the form fills in itself: read, not written. */
function ReadOnly(asked: Asked) {
  const { engine, registers } = useFilling();
  return <Frame asked={asked}><p class="q-read">{answerText(asked.question, asked.path, engine, registers) || "–"}</p></Frame>;
}
