// The words of rare widgets: they stand beside their widget, so that the app's own word lists don't grow with them.

import { language } from "../../../i18n/language.ts";

export const say = (vi: string, en: string): string => (language.value === "en" ? en : vi);
