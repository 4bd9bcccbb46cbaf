// A year, a month of a year, or a day without a calendar: by lists and a typed year.

import { useState } from "preact/hooks";
import { Icon } from "../../../ui/icon.tsx";
import { faultOf, Frame, type Asked } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { has, idOf } from "../walk.ts";
import { dayOfPieces, daysIn, piecesOf } from "./moments.ts";
import { say } from "./say.ts";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const two = (n: number): string => String(n).padStart(2, "0");

export function Days(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const coarse = has(question, "month-year") ? "month" : has(question, "year") ? "year" : "day";
  const [id, fault] = [idOf(path), faultOf(filling, asked)];
  const [half, keep] = useState<[string, string, string] | null>(null);
  const pieces = half ?? piecesOf(filling.get(path));
  const [year, month, day] = pieces;
  const put = (changed: [string, string, string]) => {
    const whole = dayOfPieces(changed, coarse);
    keep(whole ? null : changed);
    filling.set(path, whole);
  };
  const numbers = (n: number): [string, string][] => Array.from({ length: n }, (_, at) => [two(at + 1), String(at + 1)]);
  return (
    <Frame asked={asked} role="group">
      <div class={`days days-${coarse}`}>
        {coarse === "day" && <Listed name={say("Ngày", "Day")} value={day} items={numbers(daysIn(year, month))} onPick={(to) => put([year, month, to])} />}
        {coarse !== "year" && <Listed name={say("Tháng", "Month")} value={month} items={MONTHS.map((name, at) => [two(at + 1), say(`Tháng ${at + 1}`, name)])} onPick={(to) => put([year, to, day])} />}
        <label class={`field${fault ? " is-fault" : ""}`}>
          <span class="sr-only">{say("Năm", "Year")}</span>
          <input id={`${id}-n`} type="text" inputmode="numeric" maxLength={4} autocomplete="off" value={year} placeholder={say("Năm", "Year")}
            onInput={(event) => { event.currentTarget.value = event.currentTarget.value.replace(/\D/g, ""); put([event.currentTarget.value, month, day]); }} onBlur={() => filling.leave([path])} />
        </label>
      </div>
    </Frame>
  );
}

function Listed({ name, value, items, onPick }: { name: string; value: string; items: [string, string][]; onPick: (value: string) => void }) {
  return (
    <label class="field field-select">
      <span class="sr-only">{name}</span>
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        <option value="">{name}</option>
        {items.map(([code, label]) => <option value={code} selected={code === value}>{label}</option>)}
      </select>
      <Icon name="down" />
    </label>
  );
}
