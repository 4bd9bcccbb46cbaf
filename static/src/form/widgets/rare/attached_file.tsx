// A document from the phone: any kind, up to a size that is told. Its name may name people, so it stays on the phone.

import { useRef, useState } from "preact/hooks";
import { bytes } from "../../../i18n/format.ts";
import { Icon } from "../../../ui/icon.tsx";
import { Banner, Button } from "../../../ui/parts.tsx";
import { faultOf, Frame, type Asked } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { usePicture } from "../photos.tsx";
import { idOf } from "../walk.ts";
import { RareIcon } from "./icons.tsx";
import { drop, faultWords, isTooBig, keepBlob, MOST_BYTES } from "./kept.ts";
import { say } from "./say.ts";

export function AttachedFile(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const [id, value] = [idOf(path), filling.get(path)];
  return (
    <Frame asked={asked} role="group">
      {value !== "" && <Kept key={value} id={value} onDrop={() => drop(filling, asked)} />}
      <ChooseFile asked={asked} accept={question.parameters?.["accept"]} described={faultOf(filling, asked) ? `${id}-f` : undefined} />
      <p class="q-hint">{say(`Tối đa ${bytes(MOST_BYTES)}. Tên tệp không gửi đi.`, `Up to ${bytes(MOST_BYTES)}. The file's name is not sent.`)}</p>
    </Frame>
  );
}

const SHORT: Record<string, string> = { "application/pdf": "PDF", "text/csv": "CSV", "text/plain": "TXT", "image/jpeg": "JPEG", "image/png": "PNG" };
const wordOf = (kind = ""): string => SHORT[kind] ?? (/sheet|excel/.test(kind) ? "Excel" : /word/.test(kind) ? "Word" : "");

function Kept({ id, onDrop }: { id: string; onDrop: () => void }) {
  const { doors } = useFilling();
  const file = usePicture(doors.photo, id);
  return (
    <p class="kept">
      <RareIcon name="clip" />
      <span class="grow"><b>{say("Đã đính kèm", "Attached")} {wordOf(file?.kind)}</b>{file && file.size > 0 && <span class="sub">{bytes(file.size)}</span>}</span>
      <button class="icon-btn" type="button" aria-label={say("Bỏ tệp", "Remove the file")} onClick={onDrop}><Icon name="trash" /></button>
    </p>
  );
}

interface ChooseProps { asked: Asked; accept: string | undefined; described?: string | undefined; words?: string; quiet?: boolean }

/** Bytes as they are, of any kind; too large ones are refused in words. */
export function ChooseFile({ asked, accept, described, words, quiet }: ChooseProps) {
  const filling = useFilling();
  const field = useRef<HTMLInputElement>(null);
  const [problem, tell] = useState("");
  const there = filling.get(asked.path) !== "";
  const take = async (file: File) => {
    if (isTooBig(file.size)) return tell(file.size === 0 ? say("Tệp này rỗng.", "This file is empty.") : say(`Tệp nặng ${bytes(file.size)}, quá ${bytes(MOST_BYTES)}. Chọn tệp nhẹ hơn.`, `The file has ${bytes(file.size)}, more than ${bytes(MOST_BYTES)}. Choose a smaller one.`));
    tell("");
    await keepBlob(filling, asked, file, "file").catch((fault: unknown) => tell(faultWords(fault)));
  };
  const said = words ?? (there ? say("Chọn tệp khác", "Choose another file") : say("Chọn tệp", "Choose a file"));
  return (
    <>
      <Button kind={quiet ? "quiet" : "secondary"} icon="open" onClick={() => field.current?.click()}>{said}</Button>
      <input ref={field} class="sr-only" type="file" accept={accept} tabIndex={-1} aria-label={said} aria-describedby={described} data-file={asked.path}
        onChange={(event) => { const file = event.currentTarget.files?.[0]; event.currentTarget.value = ""; if (file) void take(file); }} />
      {problem && <Banner tone="attn" alert>{problem}</Banner>}
    </>
  );
}
