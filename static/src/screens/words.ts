// Words that several screens share: the kind of the own unit, the status word of a record.

import { t, type Key } from "../i18n/index.ts";
import type { RecordView } from "../session.ts";
import type { StatusWord } from "../ui/parts.tsx";

/** A unit's kind comes as the Vietnamese word of the plan's data. */
const UNITS: Record<string, Key> = {
  "xã": "unit.commune", "phường": "unit.ward", "thị trấn": "unit.township", "huyện": "unit.district", "tỉnh": "unit.province",
};

export const unitWord = (kind: string): string => t(UNITS[kind] ?? "unit.other");

export function statusWord(view: Pick<RecordView, "status" | "review">): StatusWord {
  if (view.status === "needs_help") return "help";
  if (view.review?.outcome === "same_as" && view.status === "accepted") return "same";
  return view.status;
}

/** The first characters of the record's digest, short enough to be read out over the phone. */
export const receiptNumber = (contentSha256: string): string => `${contentSha256.slice(0, 4)}-${contentSha256.slice(4, 8)}`.toUpperCase();
