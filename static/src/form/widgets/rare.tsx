// Widgets that few forms need: each family is a part of the program of its own, imported while such a form opens.
// Which question needs which part, and holding parts on the phone: parts.ts.

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { PartMissing, widgetPartsOf, type Part } from "../../parts.ts";
import type { FormModel } from "../../shapes.ts";
import { Banner, Button } from "../../ui/parts.tsx";
import type { Asked } from "./asked.tsx";

/** What a rare part gives: the widget of a question, and whatever only its own callers know. */
export interface RarePart { css: string; View(asked: Asked): VNode | null }

const LOAD: Record<Part, () => Promise<RarePart>> = {
  rare_select: () => import("./rare_select.tsx"),
  rare_value: () => import("./rare_value.tsx"),
  rare_media: () => import("./rare_media.tsx"),
  rare_draw: () => import("./rare_draw.tsx"),
};
const there: Partial<Record<Part, RarePart>> = {};

/** Before the form opens; PartMissing when one is neither on the phone nor to be had. */
export async function loadParts(model: FormModel): Promise<void> {
  await Promise.all(widgetPartsOf(model).map(load));
}

async function load(part: Part): Promise<void> {
  if (there[part]) return;
  const loaded = await LOAD[part]().catch((cause: unknown) => { throw new PartMissing(part, { cause }); });
  dress(loaded.css);
  there[part] = loaded;
}

/** A constructed sheet: the page's policy allows no style elements. Its layers have their places from phone.css. */
function dress(css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** The widget of `part`, or a calm word until it is there. */
export function Rare({ part, asked }: { part: Part; asked: Asked }): VNode | null {
  const [state, turn] = useState<"coming" | "there" | "failed">("coming");
  const fetch = () => { turn("coming"); load(part).then(() => turn("there"), () => turn("failed")); };
  useEffect(() => { if (!there[part]) fetch(); }, [part]);
  const loaded = there[part];
  if (loaded) return <loaded.View {...asked} />;
  if (state !== "failed") return <p class="muted" role="status">{t("fill.opening")}</p>;
  return <Banner tone="attn"><p>{t("fill.part.offline")}</p><Button kind="quiet" small icon="refresh" onClick={fetch}>{t("go.retry")}</Button></Banner>;
}
