// A question as it is asked: its label, hint and fault around whatever widget answers it. Which widget: question.tsx.

import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Finding, Question } from "../../shapes.ts";
import { Icon } from "../../ui/icon.tsx";
import { useFilling, type Filling } from "./filling.ts";
import { plain } from "./plain.ts";
import { idOf } from "./walk.ts";

/** `missing` = shown on the check page or a returned record: framed, without the quiet forms of a widget. */
export interface Asked { question: Question; path: string; missing?: boolean }

/** Pictures, sounds and further help of a label: set by the rare part that shows them. */
export const beside: { Label?: (asked: Asked) => VNode | null } = {};

interface FrameProps { asked: Asked; role?: "group" | "radiogroup"; aside?: ComponentChildren; children: ComponentChildren }

/** Label, aside, widget, hint, fault. A field names itself by `${id}-l`, a fault describes it by `${id}-f`. */
export function Frame({ asked, role, aside, children }: FrameProps) {
  const filling = useFilling();
  const { question, path } = asked;
  const id = idOf(path);
  const fault = faultOf(filling, asked);
  const frame = useKeptFocus();
  const needed = asked.missing || filling.engine.readonly(path) || filling.engine.required(path) || Boolean(question.default || question.dynamic_default);
  const hint = filling.engine.hint(path);
  const Beside = question.media || question.guidance ? beside.Label : undefined;
  return (
    <div ref={frame} id={id} class={`q${asked.missing || (fault && filling.tried.value && !filling.get(path)) ? " is-missing" : ""}`} data-question={question.path}
      role={role} aria-labelledby={role ? `${id}-l` : undefined} aria-describedby={role && fault ? `${id}-f` : undefined} tabIndex={-1}>
      <div class="q-head">
        <p class="q-label" id={`${id}-l`}>
          {asked.missing && <Icon name="alert" />}
          <span lang={filling.lang}>{plain(filling.engine.label(path))}</span>{!needed && <small> {t("fill.optional")}</small>}
        </p>
        {aside}
      </div>
      {hint ? <p class="q-hint" lang={filling.lang}>{plain(hint)}</p> : null /* an empty text would be written, and laid out, at every drawing */}
      {Beside && <Beside {...asked} />}
      {asked.missing && <Fault id={id} fault={fault} />}
      {children}
      {!asked.missing && <Fault id={id} fault={fault} />}
    </div>
  );
}

/** What held the focus may go with what it did (a button that took a photo away): the question has it then. */
function useKeptFocus(): { current: HTMLDivElement | null } {
  const frame = useRef<HTMLDivElement>(null);
  const held = frame.current?.contains(document.activeElement);
  useLayoutEffect(() => { if (held && document.activeElement === document.body) frame.current!.focus(); });
  return frame;
}

function Fault({ id, fault }: { id: string; fault: string }) {
  return fault ? <p class="q-fault" id={`${id}-f`}><Icon name="alert" /><span>{fault}</span></p> : null;
}

const FAULTS: Record<Finding["code"], "q.required" | "q.constraint" | "q.type" | "q.choice"> =
  { required: "q.required", constraint: "q.constraint", type: "q.type", unknown_choice: "q.choice" };

/** What is wrong with the answer, in words, once the person had the time to finish it. */
export function faultOf(filling: Filling, { path, missing }: Asked): string {
  const finding = filling.engine.findings(path)[0];
  if (!finding) return "";
  const told = missing || filling.left.has(path) || filling.tried.value;
  if (!told) return "";
  if (finding.code === "required" && missing) return "";
  return filling.words(finding.message) || t(FAULTS[finding.code]);
}
