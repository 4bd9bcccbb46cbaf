// Screens that stand before the app: opened inside Zalo, in an iPhone's tab, or over http. A part of its own: a phone that gets past
// them never brings it, one that does not has a network, since it has just opened the page.

import { useState } from "preact/hooks";
import { Actions, Screen } from "../ui/frame.tsx";
import { Icon, Mark } from "../ui/icon.tsx";
import { Banner, Button } from "../ui/parts.tsx";
import { openedAt } from "../ui/router.ts";
import { said, type DoorKey } from "./door_words.ts";
import { copy } from "./faults.tsx";

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
  .find(([mark]) => navigator.userAgent.includes(mark!))?.[1] ?? said("inapp.other"));

/** Android's way to open a page in Chrome. The last "#" begins the intent's own part, so the code's may stay before it. */
export function intentOf(address: string): string {
  const page = address.replace(/^https?:\/\//, "");
  return `intent://${page}#Intent;scheme=https;package=com.android.chrome;S.browser_fallback_url=${encodeURIComponent(address)};end`;
}

/** U46: the code must not be spent where nothing is kept. */
export function OpenInBrowser() {
  const [apple, choose] = useState(isApple());
  const browser = apple ? "Safari" : "Chrome";
  const steps: DoorKey[] = apple ? ["inapp.i1", "inapp.i2", "inapp.i3"] : ["inapp.a1", "inapp.a2", "inapp.a3"];
  const intent = intentOf(openedAt);
  return (
    <Screen name="open-in-browser" title={said("inapp.title", { browser })}>
      <main class="body hint-body">
        <Coach />
        <Mark />
        <h1>{said("inapp.title", { browser })}</h1>
        <p>{said("inapp.why", { app: appName() })}</p>
        <div class="segments" role="radiogroup" aria-label={said("inapp.kind")}>
          {[false, true].map((kind) => (
            <label class="pick">
              <input type="radio" name="kind" checked={apple === kind} onChange={() => choose(kind)} />
              <span class="chip"><Icon name="check" small class="when-on" />{kind ? "iPhone" : "Android"}</span>
            </label>
          ))}
        </div>
        <ol class="numbered">{steps.map((key) => <li><p>{said(key)}</p></li>)}</ol>
        <div class="push"><Banner>{apple ? said("iphone.wipe") : said("inapp.safe")}</Banner></div>
      </main>
      <Actions column>
        <Button kind={apple ? "primary" : "quiet"} icon="copy" small={!apple} onClick={() => void copy(openedAt, said("inapp.copied"))}>{said("inapp.copy")}</Button>
        {!apple && <a class="btn btn-primary" href={intent}><Icon name="open" />{said("inapp.title", { browser })}</a>}
      </Actions>
    </Screen>
  );
}

/** Safari's tab and the Home-Screen app don't share their stores: the code is spent only inside the latter (D5). */
export function AddToHomeScreen() {
  return (
    <Screen name="iphone" title={said("iphone.title")}>
      <main class="body hint-body">
        <Mark />
        <h1>{said("iphone.title")}</h1>
        <p>{said("iphone.why")}</p>
        <ol class="numbered">
          <li><p class="with-icon"><Icon name="share" small /> {said("iphone.1")}</p></li>
          <li><p>{said("iphone.2")}</p></li>
          <li><p>{said("iphone.3")}</p></li>
        </ol>
        <div class="push"><Banner>{said("inapp.safe")} {said("iphone.wipe")}</Banner></div>
      </main>
      <Actions><Button kind="primary" icon="copy" onClick={() => void copy(openedAt, said("inapp.copied"))}>{said("inapp.copy")}</Button></Actions>
    </Screen>
  );
}

/** Without https there is no service worker, no key, no camera: nothing may pretend to be kept. */
export function NotSecure() {
  return (
    <Screen name="not-secure" title={said("unsafe.title")}>
      <main class="body hint-body">
        <Mark />
        <h1>{said("unsafe.title")}</h1>
        <Banner tone="error" icon="lock">{said("unsafe.why")}</Banner>
        <p>{said("unsafe.do")}</p>
        <p class="muted">{said("unsafe.ask")}</p>
      </main>
      <Actions><a class="btn btn-primary" href={location.href.replace(/^http:/, "https:")}><Icon name="lock" />{said("unsafe.go")}</a></Actions>
    </Screen>
  );
}
