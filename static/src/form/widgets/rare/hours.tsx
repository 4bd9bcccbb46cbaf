// An hour, or a day with its hour: by the phone's own clock and calendar, or "now" in one tap.

import { zone } from "../../../i18n/format.ts";
import { Button } from "../../../ui/parts.tsx";
import { faultOf, Frame, type Asked } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { idOf } from "../walk.ts";
import { dateTimeAnswer, dateTimeTyped, timeAnswer, wallOf } from "./moments.ts";
import { say } from "./say.ts";

export function Hours(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const [id, fault, value, withDay] = [idOf(path), faultOf(filling, asked), filling.get(path), question.type === "dateTime"];
  const typed = withDay ? dateTimeTyped(value, zone.value) : value.slice(0, 5);
  const put = (text: string) => filling.set(path, withDay ? dateTimeAnswer(text, zone.value) : timeAnswer(text, zone.value, filling.doors.now()));
  const now = () => { const wall = wallOf(zone.value, filling.doors.now()); put(withDay ? wall : wall.slice(11)); };
  return (
    <Frame asked={asked}>
      <div class={withDay ? "hours hours-day" : "hours"}>
        <label class={`field${fault ? " is-fault" : ""}`}>
          <input id={`${id}-n`} type={withDay ? "datetime-local" : "time"} value={typed} aria-labelledby={`${id}-l`} aria-describedby={fault ? `${id}-f` : undefined}
            aria-invalid={fault ? true : undefined} onInput={(event) => put(event.currentTarget.value)} onBlur={() => filling.leave([path])} />
        </label>
        <Button kind="secondary" small icon="clock" onClick={now}>{say("Bây giờ", "Now")}</Button>
      </div>
    </Frame>
  );
}
