// The phone app's first lines: the look before the first paint, then the stage that the session says, then the screen of the address.

import { effect } from "@preact/signals";
import { render } from "preact";
import { learnZone, systemClock } from "./clock.ts";
import { t } from "./i18n/index.ts";
import { bringWords } from "./i18n/language.ts";
import { listenForInstall } from "./install.ts";
import { askForFilling } from "./screens/begin.ts";
import { BootFault, AddToHomeScreen, NotSecure, OpenInBrowser, StoreEmptied } from "./screens/doors.tsx";
import { Enrol } from "./screens/enrol.tsx";
import { Inside } from "./screens/inside.tsx";
import { desk, leaveEnrol, settings, stage, start, startEnrol, storage } from "./session.ts";
import { startLook } from "./ui/look.ts";
import { change } from "./settings.ts";
import { replace, startRouter } from "./ui/router.ts";
import { toast, toastFault, Toasts } from "./ui/sheet.tsx";

function App() {
  return <><Stage /><Toasts /></>;
}

function Stage() {
  const now = stage.value;
  switch (now.kind) {
    case "starting": return null;
    case "insecure": return <NotSecure />;
    case "door": return now.door === "ios-tab" ? <AddToHomeScreen /> : <OpenInBrowser />;
    case "enrol": return <Enrol key={now.code ?? ""} code={now.code} onDone={enrolled} onCancel={desk.value ? leaveEnrol : undefined} />;
    case "lost": return <StoreEmptied onEnrol={startEnrol} />;
    case "broken": return <BootFault fault={now.detail} />;
    case "ready": return <Inside />;
  }
}

/** U46: whether this browser promised to keep the store is said at once; "Máy này" goes on saying it. */
function enrolled(): void {
  replace(settings.value.trial ? "trial" : "home");
  storage.value?.persisted ? toast(t("enrol.kept")) : toastFault(t("enrol.unkept"));
}

startLook();
startRouter();
addEventListener("hashchange", takeTrial);
listenForInstall();
void bringWords(settings.value.language).catch(() => undefined).then(() => render(<App />, document.getElementById("app")!));
void start();

/** A code to try a form with: its screen is behind enrolment, and the code waits until then. At a door it stays in the address. */
function takeTrial(): void {
  const trial = new URLSearchParams(location.hash.slice(1)).get("trial");
  if (!trial || !["ready", "enrol"].includes(stage.peek().kind)) return;
  change({ trial });
  replace("trial");
}

/** Filling is on its way while the code is typed, or after home was drawn; who needs it before asks for it. */
const ask = (): void => void askForFilling().catch(() => undefined);
const afterHome = (): void => {
  ask();
  if (desk.value) learnZone(desk.value.me.zone, systemClock.now());
};
effect(() => {
  if (stage.value.kind) takeTrial();
  if (stage.value.kind === "enrol") ask();
  if (stage.value.kind === "ready") requestAnimationFrame(() => setTimeout(afterHome, 50));
});
