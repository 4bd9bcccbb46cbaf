// The screens behind enrolment, as one part of the program: it is on its way while a person still enrols.

import { zone } from "../i18n/format.ts";
import { desk } from "../session.ts";
import { place } from "../ui/router.ts";
import { Commune } from "./commune.tsx";
import { Fill } from "./fill/fill.tsx";
import { Home } from "./home.tsx";
import { Phone } from "./phone.tsx";
import { RecordScreen } from "./record.tsx";
import { Records } from "./records.tsx";
import { startReminders } from "./reminders.ts";
import { Saved } from "./saved.tsx";

const SCREENS: Record<string, () => preact.JSX.Element | null> = {
  home: Home, records: Records, record: RecordScreen, commune: Commune, phone: Phone, fill: Fill, saved: Saved,
};

/** For the rare parts, which are built apart. */
export * from "../form/widgets/kit.ts";

startReminders();

export function Inside() {
  const me = desk.value?.me;
  if (!me) return null;
  zone.value = me.zone;
  const Now = SCREENS[place.value.path[0] ?? "home"] ?? Home;
  return <Now />;
}
