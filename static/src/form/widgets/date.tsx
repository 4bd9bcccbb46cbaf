// A day: today, yesterday, or another one by the browser's own calendar.

import { useState } from "preact/hooks";
import { addDays, day, dayOf, weekday } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { Icon } from "../../ui/icon.tsx";
import { useFilling } from "./filling.ts";
import { Frame, faultOf, type Asked } from "./asked.tsx";
import { idOf } from "./walk.ts";

type Pick = "today" | "yesterday" | "pick";

export function DateField(asked: Asked) {
  const filling = useFilling();
  const { path } = asked;
  const id = idOf(path);
  const today = dayOf(filling.doors.now());
  const days: Record<"today" | "yesterday", string> = { today, yesterday: addDays(today, -1) };
  const value = filling.get(path);
  const [picking, pick] = useState(value !== "" && value !== days.today && value !== days.yesterday);
  const now: Pick | null = picking ? "pick" : value === days.today ? "today" : value === days.yesterday ? "yesterday" : null;
  const choose = (kind: Pick) => {
    pick(kind === "pick");
    if (kind !== "pick") filling.set(path, days[kind]);
  };
  return (
    <Frame asked={asked} role="radiogroup" aside={value && <p class="q-value">{weekday(value)}, {day(value)}</p>}>
      <div class="segments">
        {(["today", "yesterday", "pick"] as const).map((kind) => (
          <label class="pick">
            <input type="radio" name={id} checked={now === kind} onChange={() => choose(kind)} />
            <span class="chip"><Icon name="check" small class="when-on" />{t(`date.${kind}`)}</span>
          </label>
        ))}
      </div>
      {picking && (
        <label class={`field${faultOf(filling, asked) ? " is-fault" : ""}`}>
          <Icon name="calendar" /><span class="sr-only">{t("date.pick")}</span>
          <input type="date" value={value} onInput={(event) => filling.set(path, event.currentTarget.value)} onBlur={() => filling.leave([path])} />
        </label>
      )}
    </Frame>
  );
}
