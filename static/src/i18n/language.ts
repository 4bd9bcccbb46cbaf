// Which language the person reads: the choice kept on this phone.

import { computed } from "@preact/signals";
import { settings } from "../settings.ts";

export const language = computed(() => settings.value.language);
