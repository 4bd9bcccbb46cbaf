// The phone app's first lines: the look before the first paint, then the stage that the session says, then the screen of the address.

import { signal } from "@preact/signals";
import { render } from "preact";
import { t } from "./i18n/index.ts";
import { listenForInstall } from "./install.ts";
import { BootFault, AddToHomeScreen, NotSecure, OpenInBrowser, StoreEmptied } from "./screens/doors.tsx";
import { Enrol } from "./screens/enrol.tsx";
import { desk, leaveEnrol, stage, start, startEnrol, storage } from "./session.ts";
import { startLook } from "./ui/look.ts";
import { replace, startRouter } from "./ui/router.ts";
import { toast, toastFault, Toasts } from "./ui/sheet.tsx";

type Part = { Inside: () => preact.JSX.Element | null };
/** Asked for at once: it comes over the line while the code is typed, or from the phone while the store opens. */
const inside = signal<Part | null>(null);
const missing = signal<unknown>(null);
void import("./screens/inside.tsx").then((part) => { inside.value = part; }, (fault: unknown) => { missing.value = fault; });

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
    case "ready": return <Ready />;
  }
}

/** U46: whether this browser promised to keep the store is said at once; "Máy này" goes on saying it. */
function enrolled(): void {
  replace("home");
  storage.value?.persisted ? toast(t("enrol.kept")) : toastFault(t("enrol.unkept"));
}

function Ready() {
  if (inside.value) return <inside.value.Inside />;
  return missing.value ? <BootFault fault={missing.value} /> : null;
}

startLook();
startRouter();
listenForInstall();
render(<App />, document.getElementById("app")!);
void start();
