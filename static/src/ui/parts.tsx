// Small parts of many screens: buttons, banners, status words, meters.

import type { ComponentChildren } from "preact";
import { t, type Key } from "../i18n/index.ts";
import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps {
  kind?: "primary" | "secondary" | "quiet" | "error" | "onwater" | "onwater-quiet"; icon?: IconName; end?: IconName; small?: boolean; grow?: boolean; square?: boolean;
  soft?: boolean; label?: string; class?: string; onClick?: (() => void) | undefined; children?: ComponentChildren;
}

/** `soft` = not ready, but never dead: a tap leads to what is missing. */
export function Button(props: ButtonProps) {
  const { kind = "secondary", icon, end, small, grow, square, soft, label, children, onClick } = props;
  const look = `btn btn-${kind}${small ? " btn-small" : ""}${grow ? " grow" : ""}${square ? " btn-square" : ""} ${props.class ?? ""}`;
  return (
    <button class={look} type="button" aria-label={label} aria-disabled={soft ? "true" : undefined} onClick={onClick}>
      {icon && <Icon name={icon} small={small} />}{children}{end && <Icon name={end} small={small} />}
    </button>
  );
}

type Tone = "info" | "attn" | "error";
const TONE_ICON: Record<Tone, IconName> = { info: "info", attn: "alert", error: "buoy" };

export function Banner({ tone = "info", icon, title, alert, children }: { tone?: Tone; icon?: IconName; title?: string; alert?: boolean; children?: ComponentChildren }) {
  return (
    <div class={`banner${tone === "info" ? "" : ` banner-${tone}`}`} role={alert ? "alert" : undefined}>
      <Icon name={icon ?? TONE_ICON[tone]} />
      <div class="grow">{title && <b>{title}</b>}{children}</div>
    </div>
  );
}

export type StatusWord = "draft" | "waiting" | "sending" | "sent" | "accepted" | "returned" | "help" | "rejected" | "same" | "withdrawn" | "trial";
const STATUS: Record<StatusWord, readonly [look: string, icon: IconName]> = {
  draft: ["draft", "pencil"], waiting: ["ready", "clock"], sending: ["sending", "up"], sent: ["sent", "check"],
  accepted: ["accepted", "accepted"], returned: ["returned", "return"], help: ["help", "buoy"], rejected: ["rejected", "slash"],
  same: ["sent", "copy"], withdrawn: ["rejected", "trash"], trial: ["draft", "check"],
};

/** One word per record, each with its own shape. */
export function Status({ word }: { word: StatusWord }) {
  const [look, icon] = STATUS[word];
  return <span class={`status status-${look}`} data-status={word}><Icon name={icon} />{t(`status.${word}` as Key)}</span>;
}

/** A share, with its mark. `sentence` says the same for those who can't see it. */
export function Meter({ share, mark, sentence }: { share: number | null; mark: number | null; sentence: string }) {
  if (share === null) return <span class="meter" role="img" aria-label={sentence}><svg class="meter-bar meter-none" aria-hidden="true" /></span>;
  return (
    <span class="meter" role="img" aria-label={sentence}>
      <svg class="meter-bar" aria-hidden="true"><rect class="done" width={`${Math.min(100, Math.max(0, share))}%`} height="16" /></svg>
      {mark !== null && <Flag at={mark} />}
    </span>
  );
}

function Flag({ at }: { at: number }) {
  return (
    <svg class="meter-goal" aria-hidden="true">
      <svg x={`${at}%`} overflow="visible">
        <path class="goal-halo" d="M0 0V16" /><path class="goal" d="M0 -5V20" /><path class="goal-head" d="M1 -6h9l-3 3.5 3 3.5H1z" />
      </svg>
    </svg>
  );
}

export function FlagWord({ children }: { children: ComponentChildren }) {
  return (
    <span class="row goal-word">
      <svg class="goal-flag" viewBox="0 0 14 18" aria-hidden="true"><path d="M2 1v16M3 2h9l-3 3.5 3 3.5H3z" /></svg>{children}
    </span>
  );
}

/** A plain bar, always beside a number. */
export function Bar({ share }: { share: number }) {
  return <svg class="bar" aria-hidden="true"><rect class="done" width={`${Math.round(share * 100)}%`} height="100%" /></svg>;
}

/** A row that leads somewhere, or just says something. */
export function Row({ icon, title, sub, href, onClick, children }: { icon?: IconName; title: string; sub?: string; href?: string; onClick?: () => void; children?: ComponentChildren }) {
  const inside = (
    <>
      {icon && <Icon name={icon} class="lead" />}
      <span class="grow"><b>{title}</b>{sub && <span class="sub">{sub}</span>}</span>
      {children}
      {(href || onClick) && <Icon name="next" small class="muted" />}
    </>
  );
  if (href) return <a class="item" href={href}>{inside}</a>;
  if (onClick) return <button class="item" type="button" onClick={onClick}>{inside}</button>;
  return <div class="item">{inside}</div>;
}
