// A field that opens a sheet with the choices: little room on the page, large rows in the sheet.

import { useState } from "preact/hooks";
import type { Item } from "../../../shapes.ts";
import { Icon } from "../../../ui/icon.tsx";
import { Button } from "../../../ui/parts.tsx";
import { Sheet } from "../../../ui/sheet.tsx";
import { Frame, type Asked } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { chosenOf, toggled } from "../typed.ts";
import { idOf } from "../walk.ts";
import type { Chosen } from "./columns.tsx";
import { say } from "./say.ts";

export function Minimal({ asked, items }: Chosen) {
  const filling = useFilling();
  const [opened, open] = useState(false);
  const [id, chosen] = [idOf(asked.path), chosenOf(filling.get(asked.path))];
  const labels = chosen.map((name) => items.find((item) => item.name === name)?.label ?? name);
  return (
    <Frame asked={asked}>
      <button class="field field-button" type="button" aria-haspopup="dialog" aria-labelledby={`${id}-l ${id}-v`} onClick={() => open(true)}>
        <span class="grow" id={`${id}-v`}>{labels.length > 0 ? labels.join(", ") : <span class="muted">{say("Chọn", "Choose")}</span>}</span>
        <Icon name="down" />
      </button>
      {opened && <Choices asked={asked} items={items} onClose={() => { open(false); filling.leave([asked.path]); }} />}
    </Frame>
  );
}

function Choices({ asked, items, onClose }: { asked: Asked; items: Item[]; onClose: () => void }) {
  const filling = useFilling();
  const { question, path } = asked;
  const many = question.type === "select_multiple";
  const value = filling.get(path);
  const take = (name: string) => filling.set(path, many ? toggled(value, name) : name);
  return (
    <Sheet title={filling.engine.label(path)} onClose={onClose}>
      <ul class="rows sheet-rows">
        {items.map((item) => {
          const on = chosenOf(value).includes(item.name);
          return (
            <li key={item.name}>
              <label class={`item tickable${on ? " is-on" : ""}`}>
                <input class="tick" type={many ? "checkbox" : "radio"} name={`${idOf(path)}-s`} checked={on} onChange={() => take(item.name)} />
                <span class={many ? "box" : "box box-round"} aria-hidden="true"><Icon name="check" /></span><span class="grow">{item.label}</span>
              </label>
            </li>
          );
        })}
      </ul>
      <div class="actions">
        {value !== "" && !filling.engine.required(path) && <Button kind="quiet" onClick={() => filling.set(path, "")}>{say("Bỏ chọn", "Clear")}</Button>}
        <Button kind="primary" onClick={onClose}>{say("Xong", "Done")}</Button>
      </div>
    </Sheet>
  );
}
