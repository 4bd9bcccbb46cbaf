// The screens behind enrolment, by the address. Filling and reading a record are a part of their own (begin.ts).

import { useEffect, useState } from "preact/hooks";
import { zone } from "../i18n/format.ts";
import { desk, unread } from "../session.ts";
import { place } from "../ui/router.ts";
import { askForFilling, askForTrial, beginForm, filling, trial } from "./begin.ts";
import { Commune } from "./commune.tsx";
import { BootFault } from "./faults.tsx";
import { Home } from "./home.tsx";
import { Phone } from "./phone.tsx";
import { Records } from "./records.tsx";
import { startAgain } from "./again.ts";
import { startReminders } from "./reminders.ts";
import { Saved } from "./saved.tsx";

const SCREENS: Record<string, () => preact.JSX.Element | null> = {
  home: Home, records: Records, record: RecordScreen, commune: Commune, phone: Phone, fill: Fill, saved: Saved, trial: Trial,
};

startReminders();
startAgain();

function Fill() {
  return filling.value ? <filling.value.Fill /> : <Coming />;
}

function RecordScreen() {
  return filling.value ? <filling.value.RecordScreen /> : <Coming />;
}

function Trial() {
  return trial.value ? <trial.value.Trial begin={({ form_id, version }) => void beginForm(form_id, version)} /> : <Coming ask={askForTrial} />;
}

/** Only where the app was opened at such a place: elsewhere the part has come before anybody gets there. */
function Coming({ ask = askForFilling }: { ask?: () => Promise<unknown> }) {
  const [fault, tell] = useState<unknown>(null);
  useEffect(() => { ask().catch(tell); }, []);
  return fault ? <BootFault fault={fault} /> : null;
}

export function Inside() {
  const me = desk.value?.me;
  if (!me) return null;
  zone.value = me.zone;
  const Now = SCREENS[place.value.path[0] ?? "home"] ?? Home;
  return unread.value && Now !== Home ? null : <Now />;
}
