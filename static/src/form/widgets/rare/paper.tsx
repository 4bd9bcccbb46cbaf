// The paper: white whatever the theme, as large as the screen gives, with a pen, a way back and a fresh start.

import { useEffect, useRef, useState } from "preact/hooks";
import { fitInto } from "../../../camera.ts";
import { Icon } from "../../../ui/icon.tsx";
import { Button } from "../../../ui/parts.tsx";
import { Sheet } from "../../../ui/sheet.tsx";
import type { Kind } from "./drawn.tsx";
import { RareIcon } from "./icons.tsx";
import { say } from "./say.ts";
import { onPaper, paint, type Stroke } from "./strokes.ts";

export interface Made { blob: Blob; upon: boolean }
interface PaperProps { kind: Kind; edge: number; upon: Blob | null; place: string; title: string; onDone: (made: Made) => void; onClose: () => void; onUnread: () => void }

const INKS = [["#12262a", "đen", "black"], ["#0b5fd0", "xanh", "blue"], ["#c4281c", "đỏ", "red"]] as const;
/** Width by height of a blank paper, before max-pixels. */
const SIZES: Record<Kind, { width: number; height: number }> = { signature: { width: 1200, height: 600 }, draw: { width: 1000, height: 1000 }, annotate: { width: 1000, height: 1000 } };

/** What was drawn when a paper was closed by a slip (a tap beside it, Esc, back): there again when it is opened. */
const unfinished = new Map<string, readonly Stroke[]>();

export function Paper({ kind, edge, upon, place: answer, title, onDone, onClose, onUnread }: PaperProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const place = `${answer} ${upon?.size ?? ""}`;
  const [ground, lay] = useState<ImageBitmap | null>(null);
  const [strokes, draw] = useState<readonly Stroke[]>(() => unfinished.get(place) ?? []);
  const [ink, dip] = useState<string>(INKS[kind === "annotate" ? 2 : 0][0]);
  useEffect(() => {
    if (upon) createImageBitmap(upon, { imageOrientation: "from-image" }).then(lay, onUnread);
  }, []);
  const size = ground ? fitInto(ground.width, ground.height, edge) : fitInto(SIZES[kind].width, SIZES[kind].height, edge);
  useEffect(() => { repaint(canvas.current, ground, strokes); unfinished.set(place, strokes); }, [ground, strokes]);
  const pen = usePen(canvas, size, ink, draw);
  const drop = () => { unfinished.delete(place); onClose(); };
  const made = (blob: Blob | null) => { if (!blob) return; unfinished.delete(place); onDone({ blob, upon: ground !== null && kind === "annotate" }); };
  const done = () => {
    if (strokes.length === 0 && !ground) return onClose();
    canvas.current?.toBlob(made, ground && kind === "annotate" ? "image/jpeg" : "image/png", 0.92);
  };
  return (
    <Sheet title={title} onClose={onClose}>
      <div class="paper-sheet">
        <canvas ref={canvas} class={`paper${kind === "signature" ? " paper-sign" : ""}`} width={size.width} height={size.height} role="img" aria-label={say("Giấy để vẽ bằng ngón tay", "Paper to draw on with a finger")} {...pen} />
        <div class="row spread">
          <div class="row">
            <button class="btn btn-quiet btn-small" type="button" aria-disabled={strokes.length === 0 ? "true" : undefined} onClick={() => draw(strokes.slice(0, -1))}><RareIcon name="undo" small />{say("Lùi", "Undo")}</button>
            <button class="btn btn-quiet btn-small" type="button" aria-disabled={strokes.length === 0 ? "true" : undefined} onClick={() => draw([])}><Icon name="trash" small />{say("Xóa", "Clear")}</button>
          </div>
          {kind !== "signature" && <Inks ink={ink} onDip={dip} />}
        </div>
        <div class="actions"><Button kind="secondary" onClick={drop}>{say("Hủy", "Cancel")}</Button><Button kind="primary" soft={strokes.length === 0} onClick={done}>{say("Giữ lại", "Keep")}</Button></div>
      </div>
    </Sheet>
  );
}

function Inks({ ink, onDip }: { ink: string; onDip: (ink: string) => void }) {
  return (
    <div class="row" role="radiogroup" aria-label={say("Màu mực", "Ink")}>
      {INKS.map(([colour, vi, en], n) => (
        <label class={`ink ink-${n}${colour === ink ? " is-on" : ""}`}><input class="tick" type="radio" name="ink" checked={colour === ink} aria-label={say(vi, en)} onChange={() => onDip(colour)} /><span class="ink-drop" aria-hidden="true" /></label>
      ))}
    </div>
  );
}

function repaint(canvas: HTMLCanvasElement | null, ground: ImageBitmap | null, strokes: readonly Stroke[]): void {
  const context = canvas?.getContext("2d");
  if (!canvas || !context) return;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (ground) context.drawImage(ground, 0, 0, canvas.width, canvas.height);
  paint(context, strokes);
}

function usePen(canvas: { current: HTMLCanvasElement | null }, size: { width: number; height: number }, colour: string, draw: (change: (before: readonly Stroke[]) => readonly Stroke[]) => void) {
  const down = useRef(false);
  const at = (event: PointerEvent) => onPaper(event, canvas.current!.getBoundingClientRect(), size);
  const width = Math.max(3, Math.max(size.width, size.height) / 160);
  return {
    onPointerDown: (event: PointerEvent) => { down.current = true; canvas.current?.setPointerCapture(event.pointerId); draw((before) => [...before, { colour, width, points: [at(event)] }]); },
    onPointerMove: (event: PointerEvent) => {
      if (!down.current) return;
      const more = (event.getCoalescedEvents?.() ?? [event]).map(at);
      draw((before) => [...before.slice(0, -1), { ...before.at(-1)!, points: [...before.at(-1)!.points, ...more] }]);
    },
    onPointerUp: () => { down.current = false; }, onPointerCancel: () => { down.current = false; },
  };
}
