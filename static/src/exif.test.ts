import { expect, it } from "vitest";
import { exifOrientation, exifTakenAt } from "./exif.ts";

/** A JPEG's head with an EXIF block: orientation, DateTimeOriginal and, if given, its offset from UTC. */
function jpeg({ little = true, orientation = 6, taken = "2026:06:07 08:15:30", offset = "" } = {}): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(400));
  const start = 12;
  const put16 = (at: number, value: number): void => view.setUint16(start + at, value, little);
  const put32 = (at: number, value: number): void => view.setUint32(start + at, value, little);
  const text = (at: number, value: string): void => [...value].forEach((letter, n) => view.setUint8(start + at + n, letter.charCodeAt(0)));
  const tag = (at: number, id: number, type: number, count: number, value: number): void => { put16(at, id); put16(at + 2, type); put32(at + 4, count); type === 3 ? put16(at + 8, value) : put32(at + 8, value); };
  view.setUint16(0, 0xffd8); view.setUint16(2, 0xffe1); view.setUint16(4, 390); view.setUint32(6, 0x45786966);
  view.setUint16(start, little ? 0x4949 : 0x4d4d); put16(2, 42); put32(4, 8);
  put16(8, 2); tag(10, 0x0112, 3, 1, orientation); tag(22, 0x8769, 4, 1, 60);
  put16(60, offset ? 2 : 1); tag(62, 0x9003, 2, 20, 120); text(120, `${taken}\0`);
  if (offset) { tag(74, 0x9011, 2, 7, 160); text(160, `${offset}\0`); }
  return view.buffer;
}

it.each([true, false])("reads when a photo was taken and how it lies (little-endian: %s)", (little) => {
  expect(exifTakenAt(jpeg({ little, offset: "+07:00" }))).toEqual(new Date("2026-06-07T01:15:30Z"));
  expect(exifOrientation(jpeg({ little }))).toBe(6);
});

it("takes the phone's own zone where none is written", () => {
  expect(exifTakenAt(jpeg())).toEqual(new Date("2026-06-07T08:15:30"));
});

it.each([
  ["no JPEG", new TextEncoder().encode("not a picture").buffer], ["nothing", new ArrayBuffer(0)], ["cut short", jpeg().slice(0, 40)],
  ["an impossible date", jpeg({ taken: "0000:00:00 00:00:00" })], ["words for a date", jpeg({ taken: "yesterday, at ten.." })],
])("says nothing about %s", (_, bytes) => { expect(exifTakenAt(bytes)).toBeNull(); });

it("refuses an orientation that does not exist", () => { expect(exifOrientation(jpeg({ orientation: 9 }))).toBeNull(); });
