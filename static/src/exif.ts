// When a JPEG was taken, and how it must be turned: two tags out of its EXIF block. Anything odd means "not said".

const DATE_TIME = 0x0132, ORIENTATION = 0x0112, EXIF_POINTER = 0x8769, DATE_TIME_ORIGINAL = 0x9003, OFFSET_TIME_ORIGINAL = 0x9011;

interface Tiff { view: DataView; start: number; little: boolean }
type Tags = Map<number, { type: number; count: number; at: number }>;

/** DateTimeOriginal (else DateTime); without a written offset the phone's own zone is meant. */
export function exifTakenAt(head: ArrayBuffer): Date | null {
  return reading(head, (tiff, first, exif) => {
    const written = textAt(tiff, exif.get(DATE_TIME_ORIGINAL)) ?? textAt(tiff, first.get(DATE_TIME));
    return written ? momentOf(written, textAt(tiff, exif.get(OFFSET_TIME_ORIGINAL))) : null;
  });
}

/** 1–8 as EXIF says, or null. */
export function exifOrientation(head: ArrayBuffer): number | null {
  return reading(head, (tiff, first) => {
    const tag = first.get(ORIENTATION);
    const value = tag ? tiff.view.getUint16(tag.at, tiff.little) : 0;
    return value >= 1 && value <= 8 ? value : null;
  });
}

function reading<T>(head: ArrayBuffer, read: (tiff: Tiff, first: Tags, exif: Tags) => T | null): T | null {
  try {
    const tiff = tiffIn(new DataView(head));
    if (!tiff) return null;
    const first = tagsAt(tiff, tiff.view.getUint32(tiff.start + 4, tiff.little));
    const pointer = first.get(EXIF_POINTER);
    return read(tiff, first, pointer ? tagsAt(tiff, tiff.view.getUint32(pointer.at, tiff.little)) : new Map());
  } catch (fault) {
    if (fault instanceof RangeError) return null; // cut short, or an offset that leads nowhere
    throw fault;
  }
}

/** The APP1 segment that begins with "Exif\0\0". */
function tiffIn(view: DataView): Tiff | null {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 4 <= view.byteLength; ) {
    const marker = view.getUint16(at);
    if ((marker & 0xff00) !== 0xff00 || marker === 0xffda) return null;
    if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) {
      const start = at + 10;
      return { view, start, little: view.getUint16(start) === 0x4949 };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function tagsAt({ view, start, little }: Tiff, offset: number): Tags {
  const tags: Tags = new Map();
  const count = view.getUint16(start + offset, little);
  for (let n = 0; n < count; n++) {
    const entry = start + offset + 2 + n * 12;
    tags.set(view.getUint16(entry, little), { type: view.getUint16(entry + 2, little), count: view.getUint32(entry + 4, little), at: entry + 8 });
  }
  return tags;
}

function textAt({ view, start, little }: Tiff, tag: { type: number; count: number; at: number } | undefined): string | null {
  if (tag?.type !== 2) return null;
  const from = tag.count > 4 ? start + view.getUint32(tag.at, little) : tag.at;
  let text = "";
  for (let n = 0; n < Math.min(tag.count, 40); n++) text += String.fromCharCode(view.getUint8(from + n));
  return text.replace(/\0.*$/, "");
}

function momentOf(written: string, offset: string | null): Date | null {
  const parts = /^(\d{4}):(\d{2}):(\d{2}) (\d{2}):(\d{2}):(\d{2})/.exec(written);
  if (!parts) return null;
  const zone = offset && /^[+-]\d{2}:\d{2}$/.test(offset) ? offset : "";
  const moment = new Date(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}${zone}`);
  return Number.isNaN(moment.getTime()) ? null : moment;
}
