// Where one stands, by the phone's satellites: the accuracy is told while it improves, and stops by itself when it is good.
// Coordinates are never typed.

import { useEffect, useState } from "preact/hooks";
import { number } from "../../../i18n/number.ts";
import { Icon } from "../../../ui/icon.tsx";
import { Banner, Button } from "../../../ui/parts.tsx";
import { Frame, type Asked } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { answerOf, fixOf, limitsOf, type Fix } from "./position.ts";
import { say } from "./say.ts";
import { Clear } from "./range.tsx";

const metres = (accuracy: number): string => `${number(Math.max(1, Math.round(accuracy)), 0)} m`;

export function Place(asked: Asked) {
  const filling = useFilling();
  const [seeking, seek] = useState(false);
  const [problem, tell] = useState("");
  const fix = fixOf(filling.get(asked.path));
  const take = (found: Fix) => { seek(false); filling.set(asked.path, answerOf(found)); };
  return (
    <Frame asked={asked} role="group">
      {fix && !seeking && <p class="kept"><Icon name="pin" /><span class="grow"><b>{number(fix.latitude, 5)}; {number(fix.longitude, 5)}</b><span class="sub">{say(`lệch khoảng ${metres(fix.accuracy)}`, `within ${metres(fix.accuracy)}`)}</span></span></p>}
      {seeking ? <Seeking limits={limitsOf(asked.question.parameters)} onTake={take} onStop={() => seek(false)} onFault={(why) => { seek(false); tell(why); }} />
        : <Button kind="secondary" icon="pin" onClick={() => { tell(""); seek(true); }}>{fix ? say("Lấy lại vị trí", "Take the place again") : say("Lấy vị trí", "Take the place")}</Button>}
      {fix && !seeking && !filling.engine.required(asked.path) && <Clear onClick={() => filling.set(asked.path, "")} />}
      {!fix && !seeking && !problem && <p class="q-hint">{say("Không cần mạng. Đứng ngoài trời thì nhanh hơn.", "No network needed. It is quicker outdoors.")}</p>}
      {problem && <Banner tone="attn" alert>{problem}</Banner>}
    </Frame>
  );
}

interface SeekingProps { limits: { capture: number; warning: number }; onTake: (fix: Fix) => void; onStop: () => void; onFault: (why: string) => void }

function Seeking({ limits, onTake, onStop, onFault }: SeekingProps) {
  const [best, better] = useState<Fix | null>(null);
  const [asking, ask] = useState(false);
  const [long, wait] = useState(false);
  useEffect(() => {
    if (!navigator.geolocation) return onFault(say("Trình duyệt này không cho lấy vị trí.", "This browser gives no place."));
    let least = Infinity;
    const watch = navigator.geolocation.watchPosition(({ coords }) => {
      const fix = { latitude: coords.latitude, longitude: coords.longitude, altitude: coords.altitude, accuracy: coords.accuracy };
      if (fix.accuracy <= limits.capture) return onTake(fix);
      if (fix.accuracy < least) { least = fix.accuracy; better(fix); }
    }, (fault) => {
      if (fault.code === fault.TIMEOUT) wait(true);
      else if (least === Infinity || fault.code === fault.PERMISSION_DENIED) onFault(whyNot(fault)); // a roof on the way: what was found stays
    }, { enableHighAccuracy: true, maximumAge: 0, timeout: 60_000 });
    return () => navigator.geolocation.clearWatch(watch);
  }, []);
  const use = () => { if (!best) return; if (best.accuracy > limits.warning) ask(true); else onTake(best); };
  return (
    <div class="seeking">
      <p class="banner banner-center"><Icon name="pin" /><span class="grow" role="status">{best ? <><b>{say(`Lệch khoảng ${metres(best.accuracy)}`, `Within ${metres(best.accuracy)}`)}</b>{say(`Tự dừng khi còn ${metres(limits.capture)}. Không cần mạng.`, `Stops by itself at ${metres(limits.capture)}. No network needed.`)}</> : long ? say("Chưa thấy vệ tinh. Ra chỗ thoáng và chờ thêm, hoặc bấm Thôi.", "No satellites yet. Go outdoors and wait, or stop.") : say("Đang dò vệ tinh, không cần mạng…", "Looking for satellites, no network needed…")}</span></p>
      {asking && best ? (
        <Banner tone="attn" title={say(`Còn lệch tới ${metres(best.accuracy)}. Vẫn dùng?`, `Still off by up to ${metres(best.accuracy)}. Use it all the same?`)} alert>
          <div class="row wrap"><Button kind="secondary" small onClick={() => onTake(best)}>{say("Vẫn dùng", "Use it")}</Button><Button kind="quiet" small onClick={() => ask(false)}>{say("Chờ thêm", "Wait")}</Button></div>
        </Banner>
      ) : (
        <div class="row wrap">
          {best && <Button kind="secondary" grow icon="check" onClick={use}>{say("Dùng vị trí này", "Use this place")}</Button>}
          <Button kind="quiet" onClick={onStop}>{say("Thôi", "Stop")}</Button>
        </div>
      )}
    </div>
  );
}

function whyNot(fault: GeolocationPositionError): string {
  if (fault.code === fault.PERMISSION_DENIED) return say("Trình duyệt chưa cho lấy vị trí. Bấm ổ khóa cạnh địa chỉ, cho phép Vị trí rồi thử lại.", "The browser may not tell the place. Tap the lock beside the address, allow Location and try again.");
  return say("Máy chưa tìm được vị trí. Bật định vị của máy, ra chỗ thoáng rồi thử lại.", "The phone found no place. Switch its location on, go outdoors and try again.");
}
