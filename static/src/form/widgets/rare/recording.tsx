// A recording: made here, with its length and loudness in sight, or chosen as a file; played back before it is sent.

import { useEffect, useRef, useState } from "preact/hooks";
import { bytes } from "../../../i18n/format.ts";
import { Icon } from "../../../ui/icon.tsx";
import { Banner } from "../../../ui/parts.tsx";
import { Frame, type Asked } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { usePicture } from "../photos.tsx";
import { ChooseFile } from "./attached_file.tsx";
import { RareIcon } from "./icons.tsx";
import { drop, faultWords, keepBlob } from "./kept.ts";
import { lengthWords, NoMicrophone, record, type Running } from "./microphone.ts";
import { say } from "./say.ts";

const LOOK_MS = 200, LONGEST_S = 30 * 60;

export function Recording(asked: Asked) {
  const filling = useFilling();
  const value = filling.get(asked.path);
  const [running, run] = useState<Running | null>(null);
  const [problem, tell] = useState("");
  const asking = useRef(false), here = useRef(true);
  useEffect(() => () => { here.current = false; }, []);
  const keep = async (blob: Blob) => { if (blob.size > 0) await keepBlob(filling, asked, blob, "camera").catch((fault: unknown) => tell(faultWords(fault))); };
  // The browser may ask for leave to record: by then a second tap may have come, or the person may have gone on.
  const begun = (now: Running) => { if (here.current) run(now); else now.cancel(); };
  const start = () => {
    if (asking.current) return;
    asking.current = true;
    tell("");
    void record(asked.question.parameters?.["quality"]).then(begun, (fault: unknown) => tell(whyNot(fault))).finally(() => { asking.current = false; });
  };
  const stop = async () => { const now = running; run(null); if (now) await filling.during(now.stop().then(keep)); };
  return (
    <Frame asked={asked} role="group">
      {running ? <Meter running={running} onStop={() => void stop()} onLeave={keep} /> : (
        <>
          {value !== "" && <Played key={value} id={value} onDrop={() => drop(filling, asked)} />}
          <div class="row wrap">
            <button class="btn btn-secondary grow" type="button" onClick={start}><RareIcon name="mic" />{value === "" ? say("Ghi âm", "Record") : say("Ghi lại", "Record again")}</button>
            <ChooseFile asked={asked} accept="audio/*" words={say("Chọn tệp", "Choose a file")} quiet />
          </div>
        </>
      )}
      {problem && <Banner tone="attn" alert>{problem}</Banner>}
    </Frame>
  );
}

function whyNot(fault: unknown): string {
  if (fault instanceof NoMicrophone && fault.denied) return say("Trình duyệt chưa cho dùng micrô. Bấm ổ khóa cạnh địa chỉ, cho phép Micrô rồi thử lại; hoặc chọn tệp ghi âm.", "The browser may not use the microphone. Tap the lock beside the address, allow Microphone and try again; or choose a recording.");
  return say("Máy này không có micrô dùng được. Chọn tệp ghi âm.", "This device has no microphone to use. Choose a recording.");
}

interface MeterProps { running: Running; onStop: () => void; onLeave: (blob: Blob) => Promise<void> }

/** Leaving the page ends the recording and keeps it. */
function Meter({ running, onStop, onLeave }: MeterProps) {
  const filling = useFilling();
  const [ticks, tick] = useState(0);
  const stopped = useRef(false);
  const seconds = (ticks * LOOK_MS) / 1000;
  const end = () => { stopped.current = true; onStop(); };
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), LOOK_MS);
    return () => { clearInterval(timer); if (!stopped.current) void filling.during(running.stop().then(onLeave)); };
  }, []);
  useEffect(() => { if (seconds >= LONGEST_S && !stopped.current) end(); }, [ticks]);
  return (
    <div class="recording" role="group" aria-label={say("Đang ghi âm", "Recording")}>
      <span class="recording-dot" aria-hidden="true" /><b class="recording-time" role="timer">{lengthWords(seconds)}</b>
      <svg class="recording-level" aria-hidden="true"><rect class="range-track" width="100%" height="100%" rx="6" /><rect class="range-gone" width={`${Math.round(100 * running.level())}%`} height="100%" rx="6" /></svg>
      <button class="btn btn-primary" type="button" onClick={end}><RareIcon name="stop" />{say("Dừng", "Stop")}</button>
    </div>
  );
}

function Played({ id, onDrop }: { id: string; onDrop: () => void }) {
  const { doors } = useFilling();
  const sound = usePicture(doors.photo, id);
  return (
    <div class="kept kept-sound">
      {sound ? <audio src={sound.url} controls preload="metadata" aria-label={say("Nghe lại", "Play back")} /> : <span class="grow muted">{sound === null ? say("Bản ghi âm ở trên máy chủ", "The recording is on the server") : ""}</span>}
      {sound && sound.size > 0 && <span class="sub nowrap">{bytes(sound.size)}</span>}
      <button class="icon-btn" type="button" aria-label={say("Bỏ bản ghi âm", "Remove the recording")} onClick={onDrop}><Icon name="trash" /></button>
    </div>
  );
}
