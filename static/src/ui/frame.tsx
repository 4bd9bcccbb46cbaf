// The frame of a screen: bar above, body that scrolls, actions at the thumb, tabs below.
// Reading order is bar, heading, content, actions, tabs; a new screen takes the focus to its heading.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { Icon, type IconName } from "./icon.tsx";
import { paintBar } from "./look.ts";
import { hrefOf } from "./router.ts";

interface ScreenProps { name: string; title: string; water?: boolean; tabs?: boolean; keepFocus?: boolean; children: ComponentChildren }

export function Screen({ name, title, water, tabs, keepFocus, children }: ScreenProps) {
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    document.title = `${title} – ${t("app.name")}`;
    paintBar(water ?? false);
  }, [title, water]);
  useLayoutEffect(() => {
    if (keepFocus) return;
    scrollTo(0, 0);
    focusHeading(root.current);
  }, [name]);
  return <div ref={root} class={`app${water ? " water" : ""}${tabs ? " app-tabs" : ""}`} data-screen={name}>{children}</div>;
}

/** Only after the first screen: a page just opened lets the reader start at the top. */
let opened = false;
function focusHeading(root: HTMLElement | null): void {
  const heading = root?.querySelector<HTMLElement>("[data-heading]") ?? root?.querySelector<HTMLElement>("h1");
  if (opened && heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  opened = true;
}

interface BarProps { title: string; children?: ComponentChildren; before?: ComponentChildren; after?: ComponentChildren }

export function AppBar({ title, children, before, after }: BarProps) {
  return (
    <header class={`appbar${before ? "" : " appbar-root"}`}>
      {before}
      <div class="appbar-title"><h1>{title}</h1>{children}</div>
      {after}
    </header>
  );
}

export function IconButton({ icon, label, onClick, ...rest }: { icon: IconName; label: string; onClick: () => void; class?: string }) {
  return (
    <button class={`icon-btn ${rest.class ?? ""}`} type="button" aria-label={label} title={label} onClick={onClick}><Icon name={icon} /></button>
  );
}

const TABS = [["home", "home", "tab.home"], ["records", "list", "tab.records"], ["commune", "rings", "tab.commune"], ["phone", "phone", "tab.phone"]] as const;

export type Tab = (typeof TABS)[number][0];

export function Tabs({ now, unit }: { now: Tab; unit: string }) {
  return (
    <nav class="tabs" aria-label={t("tab.nav")}>
      {TABS.map(([name, icon, key]) => (
        <a class="tab" href={hrefOf(name)} aria-current={name === now ? "page" : undefined}>
          <span class="icon-pad"><Icon name={icon} /></span>{t(key, { unit })}
        </a>
      ))}
    </nav>
  );
}

export function Actions({ plain, column, children }: { plain?: boolean; column?: boolean; children: ComponentChildren }) {
  return <div class={`actions${plain ? " actions-plain" : ""}${column ? " actions-column" : ""}`}>{children}</div>;
}
