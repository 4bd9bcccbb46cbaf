// A picture made by hand: the page shows it small, a sheet of paper opens to draw on. A photo can always be chosen instead.

import { useRef, useState } from "preact/hooks";
import { edgeOf, photoFromFile } from "../../../camera.ts";
import { Icon } from "../../../ui/icon.tsx";
import { Banner, Button } from "../../../ui/parts.tsx";
import { Frame, type Asked } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { problemOf, usePicture } from "../photos.tsx";
import { has } from "../walk.ts";
import { drop, faultWords, keepBlob, keepBytes } from "./kept.ts";
import { Paper, type Made } from "./paper.tsx";
import { say } from "./say.ts";

export type Kind = "signature" | "draw" | "annotate";

export function Drawn(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const kind: Kind = has(question, "signature") ? "signature" : has(question, "annotate") ? "annotate" : "draw";
  const value = filling.get(path);
  const [paper, open] = useState<Blob | "blank" | null>(null);
  const [problem, tell] = useState("");
  const edge = edgeOf(question.parameters?.["max-pixels"]);
  const keep = async ({ blob, upon }: Made) => {
    open(null);
    // Marks upon a photo are a photo: as JPEG it has a tenth of the bytes.
    const kept = upon ? keepBytes(filling, asked, async (now, most) => ({ ...await photoFromFile(blob, now, most), source: "camera" as const })) : keepBlob(filling, asked, blob, "camera");
    await kept.catch((fault: unknown) => tell(faultWords(fault)));
  };
  const begin = async (file: File) => {
    tell("");
    if (kind === "annotate") return open(file);
    await keepBytes(filling, asked, (now, most) => photoFromFile(file, now, most)).catch((fault: unknown) => tell(problemOf(fault, file.name)));
  };
  return (
    <Frame asked={asked} role="group">
      {value !== "" && <Shown key={value} id={value} kind={kind} onDrop={() => drop(filling, asked)} onMore={open} />}
      {value === "" && (
        <div class="row wrap">
          {kind !== "annotate" && <Button kind="secondary" icon="pencil" grow onClick={() => open("blank")}>{kind === "signature" ? say("Ký tên", "Sign") : say("Vẽ", "Draw")}</Button>}
          {kind === "annotate" && <Choose icon="camera" words={say("Chụp ảnh", "Take a photo")} capture onFile={begin} />}
          {!(kind === "annotate" && has(question, "new")) && <Choose icon="image" words={say("Chọn ảnh", "Choose a photo")} quiet onFile={begin} />}
        </div>
      )}
      {problem && <Banner tone="attn" alert>{problem}</Banner>}
      {paper && <Paper kind={kind} edge={edge} upon={paper === "blank" ? null : paper} place={`${filling.draft.record_id} ${path} ${value}`} title={filling.engine.label(path)} onDone={(made) => void keep(made)} onClose={() => open(null)}
        onUnread={() => { open(null); tell(say("Tệp này không phải ảnh đọc được.", "This file is no picture that can be read.")); }} />}
    </Frame>
  );
}

function Shown({ id, kind, onDrop, onMore }: { id: string; kind: Kind; onDrop: () => void; onMore: (upon: Blob | "blank") => void }) {
  const { doors } = useFilling();
  const picture = usePicture(doors.photo, id);
  const more = () => { if (kind === "signature" || !picture) onMore("blank"); else void fetch(picture.url).then((reply) => reply.blob()).then(onMore); };
  const name = kind === "signature" ? say("Chữ ký", "Signature") : kind === "draw" ? say("Hình vẽ", "Drawing") : say("Ảnh có ghi chú", "Marked photo");
  return (
    <div class="drawn">
      {picture ? <img src={picture.url} alt={name} /> : <span class="muted">{picture === null ? say("Ảnh ở trên máy chủ", "The picture is on the server") : ""}</span>}
      <div class="row wrap">
        <Button kind="secondary" small icon="pencil" onClick={more}>{kind === "signature" ? say("Ký lại", "Sign again") : say("Vẽ thêm", "Draw more")}</Button>
        <button class="btn btn-quiet btn-small" type="button" onClick={onDrop}><Icon name="trash" small />{say("Bỏ", "Remove")}</button>
      </div>
    </div>
  );
}

interface ChooseProps { icon: "camera" | "image"; words: string; quiet?: boolean; capture?: boolean; onFile: (file: File) => void }

function Choose({ icon, words, quiet, capture, onFile }: ChooseProps) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button kind={quiet ? "quiet" : "secondary"} icon={icon} grow={!quiet} onClick={() => field.current?.click()}>{words}</Button>
      <input ref={field} class="sr-only" type="file" accept="image/*" capture={capture ? "environment" : undefined} tabIndex={-1} aria-label={words}
        onChange={(event) => { const file = event.currentTarget.files?.[0]; event.currentTarget.value = ""; if (file) onFile(file); }} />
    </>
  );
}
