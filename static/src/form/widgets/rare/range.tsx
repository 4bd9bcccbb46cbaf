// A number on a scale: a slider with its number and keys beside it, stars, or a list. Nothing is answered until it is touched.

import { number } from "../../../i18n/number.ts";
import { Icon } from "../../../ui/icon.tsx";
import { faultOf, Frame, type Asked } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { has, idOf } from "../walk.ts";
import { answerAt, countOf, marksOf, spanOf, stepOf, type Span } from "./range_steps.ts";
import { say } from "./say.ts";

const shown = (answer: string): string => number(Number(answer), 6);

export function Range(asked: Asked) {
  if (has(asked.question, "rating")) return <Rating {...asked} />;
  return has(asked.question, "picker") ? <Picker {...asked} /> : <Slider {...asked} />;
}

function Slider(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const span = spanOf(question.parameters);
  const [last, value, id] = [countOf(span) - 1, filling.get(path), idOf(path)];
  const at = stepOf(span, value);
  const upright = has(question, "vertical");
  const go = (n: number) => filling.set(path, answerAt(span, Math.min(Math.max(n, 0), last)));
  return (
    <Frame asked={asked} aside={<output class={value === "" ? "muted" : "range-value"} for={id}>{value === "" ? "–" : shown(value)}</output>}>
      <div class={`range${upright ? " range-upright" : ""}${at < 0 ? " is-unset" : ""}`}>
        <button class="range-key" type="button" aria-label={say("Bớt một nấc", "One step less")} onClick={() => go(at - 1)}><Icon name="minus" /></button>
        <span class="range-line">
          <Scale span={span} at={at} ticks={!has(question, "no-ticks")} />
          <input id={`${id}-n`} type="range" min={0} max={last} step={1} value={Math.max(at, 0)} aria-labelledby={`${id}-l`} aria-describedby={faultOf(filling, asked) ? `${id}-f` : undefined}
            aria-valuetext={value === "" ? say("chưa trả lời", "not answered") : shown(value)} aria-orientation={upright ? "vertical" : undefined}
            onInput={(event) => go(Number(event.currentTarget.value))} onClick={(event) => go(Number(event.currentTarget.value))} onBlur={() => filling.leave([path])} />
        </span>
        <button class="range-key" type="button" aria-label={say("Thêm một nấc", "One step more")} onClick={() => go(at + 1)}><Icon name="plus" /></button>
      </div>
      {!has(question, "no-ticks") && !upright && <p class="range-ends" aria-hidden="true"><span>{shown(answerAt(span, 0))}</span><span>{shown(answerAt(span, last))}</span></p>}
      {value !== "" && !filling.engine.required(path) && <Clear onClick={() => filling.set(path, "")} />}
    </Frame>
  );
}

export function Clear({ onClick }: { onClick: () => void }) {
  return <button class="btn btn-quiet btn-small clear" type="button" onClick={onClick}><Icon name="close" small />{say("Bỏ trả lời", "Take the answer back")}</button>;
}

/** Drawn under the native slider: the way gone is filled, each step has a mark. */
function Scale({ span, at, ticks }: { span: Span; at: number; ticks: boolean }) {
  const last = Math.max(countOf(span) - 1, 1);
  const share = (n: number): string => `${(100 * n) / last}%`;
  return (
    <svg class="range-scale" aria-hidden="true">
      <rect class="range-track" x="0" y="40%" width="100%" height="20%" rx="5" />
      {at > 0 && <rect class="range-gone" x="0" y="40%" width={share(at)} height="20%" rx="5" />}
      {ticks && marksOf(span).map((n) => <circle class={n <= at ? "range-mark is-gone" : "range-mark"} cx={share(n)} cy="50%" r="3.5" />)}
    </svg>
  );
}

function Rating(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const span = spanOf(question.parameters);
  const [count, value] = [countOf(span), filling.get(path)];
  const at = stepOf(span, value);
  const letGo = (n: number) => { if (n === at && !filling.engine.required(path)) filling.set(path, ""); };
  return (
    <Frame asked={asked} role="radiogroup" aside={value !== "" && <p class="range-value">{shown(value)}<small>/{shown(answerAt(span, count - 1))}</small></p>}>
      <div class="stars">
        {Array.from({ length: count }, (_, n) => (
          <label class={`star${n <= at ? " is-on" : ""}`}>
            <input type="radio" name={idOf(path)} checked={n === at} aria-label={say(`${shown(answerAt(span, n))} sao`, `${shown(answerAt(span, n))} stars`)}
              onClick={() => letGo(n)} onChange={() => filling.set(path, answerAt(span, n))} />
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3.2l2.7 5.6 6.1.8-4.5 4.3 1.1 6.1L12 17l-5.4 3 1.1-6.1L3.2 9.6l6.1-.8z" /></svg>
          </label>
        ))}
      </div>
    </Frame>
  );
}

/** The phone's own list: a wheel on iPhones, a list on Android. */
function Picker(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const span = spanOf(question.parameters);
  const [id, value, fault] = [idOf(path), filling.get(path), faultOf(filling, asked)];
  return (
    <Frame asked={asked}>
      <span class={`field field-select${fault ? " is-fault" : ""}`}>
        <select value={value} aria-labelledby={`${id}-l`} aria-describedby={fault ? `${id}-f` : undefined} onChange={(event) => filling.set(path, event.currentTarget.value)}>
          <option value="">{say("Chọn một số", "Choose a number")}</option>
          {Array.from({ length: countOf(span) }, (_, n) => answerAt(span, n)).map((answer) => <option value={answer} selected={answer === value}>{shown(answer)}</option>)}
        </select>
        <Icon name="down" />
      </span>
    </Frame>
  );
}
