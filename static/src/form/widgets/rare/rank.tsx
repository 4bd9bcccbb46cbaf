// Putting choices in order: drag by the grip, or one place up and down by buttons. Nothing is answered before the first move or "keep".

import { useRef, useState } from "preact/hooks";
import { Icon } from "../../../ui/icon.tsx";
import { Button } from "../../../ui/parts.tsx";
import { Frame } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import type { Chosen } from "./columns.tsx";
import { RareIcon } from "./icons.tsx";
import { inOrder, moved, rowAt } from "./order.ts";
import { say } from "./say.ts";
import { Clear } from "./range.tsx";

interface Drag { name: string; from: number }

export function Rank({ asked, items }: Chosen) {
  const filling = useFilling();
  const { path } = asked;
  const list = useRef<HTMLOListElement>(null);
  const drag = useRef<Drag | null>(null);
  const [held, hold] = useState<string | null>(null);
  const [told, tell] = useState("");
  const [value, labels] = [filling.get(path), new Map(items.map((item) => [item.name, item.label]))];
  const order = inOrder(items.map((item) => item.name), value);
  const put = (name: string, to: number) => {
    const now = inOrder(items.map((item) => item.name), filling.engine.get(path));
    const next = moved(now, now.indexOf(name), to);
    filling.set(path, next.join(" "));
    tell(say(`${labels.get(name)}: thứ ${next.indexOf(name) + 1} trong ${next.length}`, `${labels.get(name)}: ${next.indexOf(name) + 1} of ${next.length}`));
  };
  const onMove = (event: PointerEvent) => {
    const rows = [...list.current?.children ?? []].map((row) => row.getBoundingClientRect());
    const now = drag.current && inOrder(items.map((item) => item.name), filling.engine.get(path)).indexOf(drag.current.name);
    if (now === null) return;
    const to = rowAt(rows.map((box) => box.top + box.height / 2), now, event.clientY);
    if (to !== now) put(drag.current!.name, to);
  };
  const grip = (name: string, from: number) => ({
    onPointerDown: (event: PointerEvent) => { (event.currentTarget as Element).setPointerCapture(event.pointerId); drag.current = { name, from }; hold(name); },
    onPointerMove: onMove, onPointerUp: () => { drag.current = null; hold(null); }, onPointerCancel: () => { drag.current = null; hold(null); },
  });
  return (
    <Frame asked={asked} role="group">
      <ol class="rank" ref={list}>
        {order.map((name, n) => (
          <li key={name} class={`rank-row${value === "" ? " is-unset" : ""}${held === name ? " is-held" : ""}`}>
            <span class="rank-grip" aria-hidden="true" {...grip(name, n)}><b>{n + 1}</b><RareIcon name="grip" /></span>
            <span class="grow">{labels.get(name)}</span>
            <Step icon="up" label={say(`Đưa lên: ${labels.get(name)}`, `Move up: ${labels.get(name)}`)} off={n === 0} onClick={() => put(name, n - 1)} />
            <Step icon="downward" label={say(`Đưa xuống: ${labels.get(name)}`, `Move down: ${labels.get(name)}`)} off={n === order.length - 1} onClick={() => put(name, n + 1)} />
          </li>
        ))}
      </ol>
      <p class="sr-only" role="status">{told}</p>
      {value === "" ? <Button kind="secondary" small icon="check" onClick={() => filling.set(path, order.join(" "))}>{say("Giữ thứ tự này", "Keep this order")}</Button>
        : !filling.engine.required(path) && <Clear onClick={() => filling.set(path, "")} />}
    </Frame>
  );
}

function Step({ icon, label, off, onClick }: { icon: "up" | "downward"; label: string; off: boolean; onClick: () => void }) {
  return <button class="icon-btn" type="button" aria-label={label} aria-disabled={off ? "true" : undefined} onClick={() => { if (!off) onClick(); }}>{icon === "up" ? <Icon name="up" /> : <RareIcon name="downward" />}</button>;
}
