// A code: read by the camera where the browser can, or typed. What was read can be mended by hand.

import { useEffect, useRef, useState } from "preact/hooks";
import { openCamera } from "../../../camera.ts";
import { Icon } from "../../../ui/icon.tsx";
import { Banner, Button } from "../../../ui/parts.tsx";
import { faultOf, Frame, type Asked } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { idOf } from "../walk.ts";
import { RareIcon } from "./icons.tsx";
import { say } from "./say.ts";

interface Detector { detect(picture: HTMLVideoElement): Promise<{ rawValue: string }[]> }
const reader = (): (new () => Detector) | undefined => (globalThis as { BarcodeDetector?: new () => Detector }).BarcodeDetector;

export function Barcode(asked: Asked) {
  const filling = useFilling();
  const { path } = asked;
  const [scanning, scan] = useState(false);
  const [problem, tell] = useState("");
  const [id, fault] = [idOf(path), faultOf(filling, asked)];
  const found = (code: string) => { scan(false); navigator.vibrate?.(80); filling.set(path, code); };
  return (
    <Frame asked={asked} role="group">
      {scanning && <Finder onFound={found} onClose={() => scan(false)} onFault={() => { scan(false); tell(say("Trình duyệt chưa cho dùng máy ảnh. Gõ mã vào ô.", "The browser may not use the camera. Type the code.")); }} />}
      <div class="code-row">
        <span class={`field${fault ? " is-fault" : ""}`}>
          <input class="code-in" id={`${id}-n`} type="text" autocomplete="off" autocapitalize="characters" value={filling.get(path)} placeholder={say("Gõ mã", "Type the code")} aria-labelledby={`${id}-l`}
            aria-describedby={fault ? `${id}-f` : undefined} onInput={(event) => filling.set(path, event.currentTarget.value)} onBlur={() => filling.leave([path])} />
        </span>
        {reader() && !scanning && <button class="btn btn-secondary" type="button" onClick={() => { tell(""); scan(true); }}><RareIcon name="barcode" />{say("Quét", "Scan")}</button>}
      </div>
      {problem && <Banner tone="attn" alert>{problem}</Banner>}
    </Frame>
  );
}

const LOOK_MS = 250;

function Finder({ onFound, onClose, onFault }: { onFound: (code: string) => void; onClose: () => void; onFault: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    let gone = false, timer: ReturnType<typeof setTimeout>;
    const opening = openCamera(video.current!);
    const detector = new (reader()!)();
    const look = async () => {
      const [code] = await detector.detect(video.current!).catch(() => []);
      if (gone) return;
      if (code?.rawValue) onFound(code.rawValue);
      else timer = setTimeout(() => void look(), LOOK_MS);
    };
    opening.then(() => void look(), () => { if (!gone) onFault(); });
    return () => { gone = true; clearTimeout(timer); opening.then((camera) => camera.stop(), () => undefined); };
  }, []);
  return (
    <div class="scanner">
      <video ref={video} class="finder" muted playsInline autoplay aria-hidden="true" />
      <p class="over-note scanner-note" role="status"><Icon name="info" small />{say("Đưa mã vào giữa khung", "Hold the code in the middle")}</p>
      <Button kind="quiet" small onClick={onClose}>{say("Thôi quét", "Stop scanning")}</Button>
    </div>
  );
}
