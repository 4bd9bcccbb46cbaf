// Rare part: choices in columns, on a scale, as a table, with pictures, in a sheet, put in order, or going on by themselves.

import css from "../../../css/rare_select.css";
import { isPictured } from "../../parts.ts";
import type { Asked } from "./asked.tsx";
import { ByPicker, isByPicker } from "./choose.tsx";
import { useFilling } from "./filling.ts";
import { Columns } from "./rare/columns.tsx";
import { Likert } from "./rare/likert.tsx";
import { Minimal } from "./rare/minimal.tsx";
import { Pictured } from "./rare/pictured.tsx";
import { Quick } from "./rare/quick.tsx";
import { Rank } from "./rare/rank.tsx";
import { TableHead, TableRow } from "./rare/table.tsx";
import { has } from "./walk.ts";

export { css };

const SHEET = 12;

export function View(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const items = filling.engine.choices(path);
  if (question.type === "rank") return <Rank asked={asked} items={items} />;
  if (has(question, "minimal") && items.length <= SHEET) return <Minimal asked={asked} items={items} />;
  if (isByPicker(filling, asked) || has(question, "minimal")) return <ByPicker asked={asked} />;
  if (has(question, "label")) return <TableHead asked={asked} items={items} />;
  if (has(question, "list-nolabel")) return <TableRow asked={asked} items={items} />;
  if (isPictured(filling.model, question)) return <Pictured asked={asked} items={items} />;
  if (has(question, "likert")) return <Likert asked={asked} items={items} />;
  if (has(question, "quick") || has(question, "quickcompact")) return <Quick asked={asked} items={items} />;
  return <Columns asked={asked} items={items} />;
}
