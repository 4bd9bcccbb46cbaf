// Screens that stand before the app: opened inside Zalo, in an iPhone's tab, over http, or with an emptied store.

import { useState } from "preact/hooks";
import { t, type Key } from "../i18n/index.ts";
import { Actions, Screen } from "../ui/frame.tsx";
import { Icon, Mark } from "../ui/icon.tsx";
import { Banner, Button } from "../ui/parts.tsx";
import { openedAt } from "../ui/router.ts";
import { toast } from "../ui/sheet.tsx";

export async function copy(text: string, said: Key): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(t(said));
  } catch {
    prompt(t(said), text); // the browser refuses: the text stands there to be copied by hand
  }
}

function Coach() {
  return (
    <svg class="coach" width="216" height="56" viewBox="0 0 216 56" aria-hidden="true">
      <path d="M6 44C90 56 180 50 200 10" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-dasharray="1 8" />
      <path d="M189 20L201 6l9 16" fill="none" stroke="currentColor" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

const isApple = (): boolean => /iPhone|iPad|iPod/.test(navigator.userAgent);
const appName = (): string => ([["Zalo", "Zalo"], ["FBAN", "Facebook"], ["FBAV", "Facebook"], ["FB_IAB", "Facebook"], ["TikTok", "TikTok"], ["Viber", "Viber"]]
  .find(([mark]) => navigator.userAgent.includes(mark!))?.[1] ?? t("inapp.other"));

/** Android's way to open a page in Chrome. The last "#" begins the intent's own part, so the code's may stay before it. */
export function intentOf(address: string): string {
  const page = address.replace(/^https?:\/\//, "");
  return `intent://${page}#Intent;scheme=https;package=com.android.chrome;S.browser_fallback_url=${encodeURIComponent(address)};end`;
}

/** U46: the code must not be spent where nothing is kept. */
export function OpenInBrowser() {
  const [apple, choose] = useState(isApple());
  const browser = apple ? "Safari" : "Chrome";
  const steps: Key[] = apple ? ["inapp.i1", "inapp.i2", "inapp.i3"] : ["inapp.a1", "inapp.a2", "inapp.a3"];
  const intent = intentOf(openedAt);
  return (
    <Screen name="open-in-browser" title={t("inapp.title", { browser })}>
      <main class="body hint-body">
        <Coach />
        <Mark />
        <h1>{t("inapp.title", { browser })}</h1>
        <p>{t("inapp.why", { app: appName() })}</p>
        <div class="segments" role="radiogroup" aria-label={t("inapp.kind")}>
          {[false, true].map((kind) => (
            <label class="pick">
              <input type="radio" name="kind" checked={apple === kind} onChange={() => choose(kind)} />
              <span class="chip"><Icon name="check" small class="when-on" />{kind ? "iPhone" : "Android"}</span>
            </label>
          ))}
        </div>
        <ol class="numbered">{steps.map((key) => <li><p>{t(key)}</p></li>)}</ol>
        <div class="push"><Banner>{apple ? t("iphone.wipe") : t("inapp.safe")}</Banner></div>
      </main>
      <Actions column>
        <Button kind={apple ? "primary" : "quiet"} icon="copy" small={!apple} onClick={() => void copy(openedAt, "inapp.copied")}>{t("inapp.copy")}</Button>
        {!apple && <a class="btn btn-primary" href={intent}><Icon name="open" />{t("inapp.title", { browser })}</a>}
      </Actions>
    </Screen>
  );
}

/** Safari's tab and the Home-Screen app don't share their stores: the code is spent only inside the latter (D5). */
export function AddToHomeScreen() {
  return (
    <Screen name="iphone" title={t("iphone.title")}>
      <main class="body hint-body">
        <Mark />
        <h1>{t("iphone.title")}</h1>
        <p>{t("iphone.why")}</p>
        <ol class="numbered">
          <li><p class="with-icon"><Icon name="share" small /> {t("iphone.1")}</p></li>
          <li><p>{t("iphone.2")}</p></li>
          <li><p>{t("iphone.3")}</p></li>
        </ol>
        <div class="push"><Banner>{t("inapp.safe")} {t("iphone.wipe")}</Banner></div>
      </main>
      <Actions><Button kind="primary" icon="copy" onClick={() => void copy(openedAt, "inapp.copied")}>{t("inapp.copy")}</Button></Actions>
    </Screen>
  );
}

/** Without https there is no service worker, no key, no camera: nothing may pretend to be kept. */
export function NotSecure() {
  return (
    <Screen name="not-secure" title={t("unsafe.title")}>
      <main class="body hint-body">
        <Mark />
        <h1>{t("unsafe.title")}</h1>
        <Banner tone="error" icon="lock">{t("unsafe.why")}</Banner>
        <p>{t("unsafe.do")}</p>
        <p class="muted">{t("unsafe.ask")}</p>
      </main>
      <Actions><a class="btn btn-primary" href={location.href.replace(/^http:/, "https:")}><Icon name="lock" />{t("unsafe.go")}</a></Actions>
    </Screen>
  );
}

export function StoreEmptied({ onEnrol }: { onEnrol: () => void }) {
  return (
    <Screen name="store-emptied" title={t("empty.title")}>
      <main class="body hint-body">
        <Mark />
        <h1>{t("empty.title")}</h1>
        <Banner tone="attn" alert>{t("empty.why")}</Banner>
        <p>{t("empty.safe")}</p>
        <p>{t("empty.do")}</p>
      </main>
      <Actions><Button kind="primary" onClick={onEnrol}>{t("empty.go")}</Button></Actions>
    </Screen>
  );
}

export function BootFault({ fault }: { fault: unknown }) {
  const said = fault instanceof Error ? `${fault.name}: ${fault.message}\n${fault.stack ?? ""}` : String(fault);
  return (
    <Screen name="boot-fault" title={t("boot.fault")}>
      <main class="body hint-body">
        <Mark />
        <h1>{t("boot.fault")}</h1>
        <Banner tone="error" alert>{t("boot.fault.sub")}</Banner>
      </main>
      <Actions>
        <Button kind="secondary" icon="copy" onClick={() => void copy(said, "boot.copied")}>{t("boot.copy")}</Button>
        <Button kind="primary" icon="refresh" onClick={() => location.reload()}>{t("go.retry")}</Button>
      </Actions>
    </Screen>
  );
}
