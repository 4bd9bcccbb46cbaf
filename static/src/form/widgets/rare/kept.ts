// An answer made of bytes: kept as media of the draft, the one before it dropped. Its name is never kept.

import { mediaOf } from "../../../camera.ts";
import type { Media } from "../../../drafts.ts";
import type { Asked } from "../asked.tsx";
import type { Filling } from "../filling.ts";
import { keepPhoto } from "../photos.tsx";
import { say } from "./say.ts";

/** A round number below what the server takes in one file (sync/PROTOCOL.md). */
export const MOST_BYTES = 16_000_000;

/** `audio/webm;codecs=opus` → `audio/webm`; what the browser can't name is bytes. */
export const kindOf = (type: string): string => type.split(";")[0]?.trim().toLowerCase() || "application/octet-stream";

export const bare = (blob: Blob): Blob => new Blob([blob], { type: kindOf(blob.type) });

/** Throws StorageFull. */
export async function keepBytes(filling: Filling, asked: Asked, make: (now: Date, edge: number) => Promise<Media>): Promise<void> {
  const before = filling.engine.get(asked.path);
  await keepPhoto(filling, asked, make);
  if (before) void filling.doors.dropMedia(before);
}

export const keepBlob = (filling: Filling, asked: Asked, blob: Blob, source: Media["source"]): Promise<void> =>
  keepBytes(filling, asked, (now) => mediaOf(bare(blob), now.toISOString(), source));

export function drop(filling: Filling, asked: Asked): void {
  const id = filling.engine.get(asked.path);
  filling.set(asked.path, "");
  if (id) void filling.doors.dropMedia(id);
}

export function faultWords(fault: unknown): string {
  if (fault instanceof Error && fault.name === "StorageFull") return say("Máy hết chỗ nên chưa giữ được. Dọn bớt máy rồi thử lại.", "This phone is full, so it was not kept. Make room and try again.");
  return say("Chưa giữ được. Thử lại.", "It was not kept. Try again.");
}

export const isTooBig = (size: number): boolean => size > MOST_BYTES || size === 0;
