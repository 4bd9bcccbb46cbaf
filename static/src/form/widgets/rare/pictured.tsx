// Choices with pictures or sounds: tiles whose picture is the target; with no-buttons the picture alone, its word for the reading voice.

import type { Item } from "../../../shapes.ts";
import { Icon } from "../../../ui/icon.tsx";
import { Frame, type Asked } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { chosenOf, toggled } from "../typed.ts";
import { has, idOf } from "../walk.ts";
import { lookOf, type Chosen } from "./columns.tsx";
import { Sound, useFile } from "./files.tsx";

export function Pictured({ asked, items }: Chosen) {
  const { question } = asked;
  const look = lookOf(question.appearance ?? "");
  const anyPicture = useFilling().model.choices[question.options?.choices ?? ""]?.some((choice) => choice.media?.image);
  return (
    <Frame asked={asked} role={question.type === "select_multiple" ? "group" : "radiogroup"}>
      <div class={anyPicture ? (look?.startsWith("cols") ? look : "cols cols-2") : "cols cols-1"}>{items.map((item) => <Tile key={item.name} asked={asked} item={item} />)}</div>
    </Frame>
  );
}

function Tile({ asked: { question, path }, item }: { asked: Asked; item: Item }) {
  const filling = useFilling();
  const { image, audio } = filling.engine.choiceMedia(path, item.name);
  const picture = useFile(image);
  const [value, many] = [filling.get(path), question.type === "select_multiple"];
  const on = chosenOf(value).includes(item.name);
  const wordless = has(question, "no-buttons") && picture;
  const letGo = () => { if (!many && on && !filling.engine.required(path)) filling.set(path, ""); };
  return (
    <div class="pictured">
      <label class="pick">
        <input type={many ? "checkbox" : "radio"} name={idOf(path)} value={item.name} checked={on} onClick={letGo} onChange={() => filling.set(path, many ? toggled(value, item.name) : item.name)} />
        <span class="chip tile-chip">
          {picture && <img src={picture.url} alt={wordless ? item.label : ""} />}
          {image && picture === null && <span class="shot-frame shot-empty" aria-hidden="true"><Icon name="image" /></span>}
          {!wordless && <span class="tile-word"><Icon name="check" small class="when-on" />{item.label}</span>}
        </span>
      </label>
      {audio && <Sound file={audio} of={item.label} />}
    </div>
  );
}
