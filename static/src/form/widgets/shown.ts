// Whether a list to choose from shows anything new: an answer may filter many lists anew, and most look as before.

import { isPictured, partOf } from "../../parts.ts";
import type { FormModel } from "../../shapes.ts";
import type { Engine } from "../engine.ts";
import { nodeAt } from "./walk.ts";

/** Of longer lists only what is chosen is on the page (choose.tsx). */
const FEW = 16;

/** Asked whenever something that the place reads has changed: true when it has to be drawn again. Only choices from the form's own lists can be told. */
export function otherThanShown({ model, engine }: { model: FormModel; engine: Engine }, path: string): () => boolean {
  const node = nodeAt(model.children, path);
  if (node?.kind !== "question" || !node.options?.choices || partOf(node, isPictured(model, node))) return () => true;
  let before = "";
  return () => {
    const [last, n, value] = [before, engine.offered(path), engine.get(path)];
    const items = n > FEW ? [n, value.split(" ").map((name) => engine.offeredLabel(path, name))] : engine.choices(path);
    before = JSON.stringify([value, engine.relevant(path), engine.readonly(path), engine.required(path), engine.label(path), engine.hint(path), engine.guidance(path), engine.findings(path), items]);
    return before !== last;
  };
}
