// What stands beside a label: its picture, its sound, its film, and further help behind a "?".

import { useState } from "preact/hooks";
import type { Asked } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { idOf } from "../walk.ts";
import { Sound, useFile } from "./files.tsx";
import { RareIcon } from "./icons.tsx";
import { say } from "./say.ts";

export function Label({ question, path }: Asked) {
  const { engine } = useFilling();
  const { image, audio, video } = engine.media(path);
  const [picture, film] = [useFile(image), useFile(video)];
  if (!question.media && !question.guidance) return null;
  return (
    <div class="beside">
      {audio && <Sound file={audio} of={engine.label(path)} />}
      {picture && <img class="beside-picture" src={picture.url} alt={say("Ảnh minh họa của câu hỏi", "Picture of the question")} />}
      {film && <video class="beside-picture" src={film.url} controls playsInline preload="metadata" />}
      {question.guidance && <Guidance text={engine.guidance(path)} id={`${idOf(path)}-g`} />}
    </div>
  );
}

function Guidance({ text, id }: { text: string; id: string }) {
  const [opened, open] = useState(false);
  if (!text) return null;
  return (
    <>
      <button class="btn btn-quiet btn-small help" type="button" aria-expanded={opened} aria-controls={id} onClick={() => open(!opened)}><RareIcon name="help" small />{say("Giải thích thêm", "More help")}</button>
      <p class="say" id={id} hidden={!opened}>{text}</p>
    </>
  );
}
