// The phone app's first lines: the look before the first paint, then the stage that the session says, then the screen of the address.

import { render } from "preact";
import { t } from "./i18n/index.ts";
import { zone } from "./i18n/format.ts";
import { BootFault, AddToHomeScreen, NotSecure, OpenInBrowser, StoreEmptied } from "./screens/doors.tsx";
import { Enrol } from "./screens/enrol.tsx";
import { Commune } from "./screens/commune.tsx";
import { Fill } from "./screens/fill/fill.tsx";
import { Home } from "./screens/home.tsx";
import { listenForInstall, Phone } from "./screens/phone.tsx";
import { RecordScreen } from "./screens/record.tsx";
import { Records } from "./screens/records.tsx";
import { startReminders } from "./screens/reminders.ts";
import { Saved } from "./screens/saved.tsx";
import { desk, leaveEnrol, stage, start, startEnrol, storage } from "./session.ts";
import { startLook } from "./ui/look.ts";
import { place, replace, startRouter } from "./ui/router.ts";
import { toast, Toasts } from "./ui/sheet.tsx";

const SCREENS: Record<string, () => preact.JSX.Element | null> = {
  home: Home, records: Records, record: RecordScreen, commune: Commune, phone: Phone, fill: Fill, saved: Saved,
};

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
  replace("home");
  toast(t(storage.value?.persisted ? "enrol.kept" : "enrol.unkept"));
}

function Inside() {
  const me = desk.value?.me;
  if (!me) return null;
  zone.value = me.zone;
  const Now = SCREENS[place.value.path[0] ?? "home"] ?? Home;
  return <Now />;
}

startLook();
startRouter();
listenForInstall();
startReminders();
render(<App />, document.getElementById("app")!);
void start();
