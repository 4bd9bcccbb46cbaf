// The phone app's first lines: the look before the first paint, then the stage that the session says, then the screen of the address.

import { effect } from "@preact/signals";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { learnZone, systemClock } from "./clock.ts";
import { codeInHash } from "./enrol.ts";
import { t } from "./i18n/index.ts";
import { bringWords } from "./i18n/language.ts";
import { listenForInstall } from "./install.ts";
import { askForFilling } from "./screens/begin.ts";
import { Enrol } from "./screens/enrol.tsx";
import { BootFault, StoreEmptied } from "./screens/faults.tsx";
import { Inside } from "./screens/inside.tsx";
import { desk, leaveEnrol, settings, stage, start, startEnrol, storage, unread } from "./session.ts";
import { startLook } from "./ui/look.ts";
import { change } from "./settings.ts";
import { replace, startRouter } from "./ui/router.ts";
import { toast, toastFault, Toasts } from "./ui/sheet.tsx";

/** Filling is on its way while the code is typed, or after home was drawn; who needs it before asks for it. */
const ask = (): void => void askForFilling().catch(() => undefined);

function App() {
  return <><Stage /><Toasts /></>;
}

function Stage() {
  const now = stage.value;
  switch (now.kind) {
    case "starting": return null;
    case "insecure": return <Door name="NotSecure" />;
    case "door": return <Door name={now.door === "ios-tab" ? "AddToHomeScreen" : "OpenInBrowser"} />;
    case "enrol": return <Enrol key={now.code ?? ""} code={now.code} onDone={enrolled} onCancel={desk.value ? leaveEnrol : undefined} />;
    case "lost": return <StoreEmptied onEnrol={startEnrol} />;
    case "broken": return <BootFault fault={now.detail} />;
    case "ready": return <Inside />;
  }
}

type Doors = typeof import("./screens/doors.tsx");

/** Fetched when somebody stands before it. */
function Door({ name }: { name: "NotSecure" | "AddToHomeScreen" | "OpenInBrowser" }) {
  const [doors, open] = useState<Doors | null>(null);
  const [fault, tell] = useState<unknown>(null);
  useEffect(() => { import("./screens/doors.tsx").then(open, tell); }, []);
  if (fault) return <BootFault fault={fault} />;
  const Now = doors?.[name];
  return Now ? <Now /> : null;
}

/** U46: whether this browser promised to keep the store is said at once; "Máy này" goes on saying it. */
function enrolled(): void {
  replace(settings.value.trial ? "trial" : "home");
  storage.value?.persisted ? toast(t("enrol.kept")) : toastFault(t("enrol.unkept"));
}

if (codeInHash(location.hash)) ask(); // the line would lie idle until the store was looked for
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

const afterHome = (): void => {
  ask();
  if (desk.value) learnZone(desk.value.me.zone, systemClock.now());
};
effect(() => {
  if (stage.value.kind) takeTrial();
  if (stage.value.kind === "enrol") ask();
  if (stage.value.kind === "ready" && !unread.value) requestAnimationFrame(() => setTimeout(afterHome, 50));
});
