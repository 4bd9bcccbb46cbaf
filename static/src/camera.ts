// Photos: from the camera in the page, or from a file; upright, at most 1600 px and 250 kB, without metadata.
// Re-encoding strips every tag; when the photo was taken is read before that. Keeping photos is drafts.ts's matter.
import { exifTakenAt } from "./exif.ts";
import { sha256 } from "./keys.ts";
import { stamp } from "./clock.ts";
import type { Media } from "./drafts.ts";

export const MAX_EDGE_PX = 1600;
export const MAX_BYTES = 250_000;
const QUALITIES = [0.82, 0.74, 0.66, 0.58, 0.5, 0.42];
const SMALLER = 0.8;

/** The chosen bytes are no picture that this browser can read. */
export class NotAPhoto extends Error { override name = "NotAPhoto" }
export type CameraRefusal = "denied" | "none" | "busy";
/** No camera to be had; the file picker is the way that remains. */
export class CameraUnavailable extends Error {
  override name = "CameraUnavailable";
  constructor(readonly why: CameraRefusal) { super(why); }
}

export interface Camera {
  stream: MediaStream;
  /** What the finder shows now. */
  capture(now: Date, edge?: number): Promise<Media>;
  stop(): void;
}

/** Opens the back camera into `video` (which must be muted and playsinline). Call stop() when the screen closes. */
export async function openCamera(video: HTMLVideoElement): Promise<Camera> {
  const stream = await askForCamera();
  const stop = (): void => { for (const track of stream.getTracks()) track.stop(); video.srcObject = null; };
  video.srcObject = stream;
  // The page may be closed while the camera opens: its lamp must not stay on.
  await video.play().catch((fault: unknown) => { stop(); throw fault; });
  return { stream, stop, capture: async (now, edge) => finishPhoto(await createImageBitmap(video), stamp(now), "camera", edge) };
}

async function askForCamera(): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraUnavailable("none");
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1440 } },
    });
  } catch (fault) {
    throw new CameraUnavailable(refusalOf(fault));
  }
}

function refusalOf(fault: unknown): CameraRefusal {
  const name = fault instanceof DOMException ? fault.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotReadableError" ? "busy" : "none";
}

/** From `<input type=file accept="image/*" capture="environment">`. `now` stands in where the file doesn't say when. */
export async function photoFromFile(file: Blob, now: Date, edge?: number): Promise<Media> {
  const takenAt = exifTakenAt(await file.slice(0, 128 * 1024).arrayBuffer()) ?? now;
  // "from-image" turns the picture as its orientation tag says, so that what is re-encoded stands upright.
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch((cause: unknown) => {
    throw new NotAPhoto("unreadable", { cause });
  });
  return finishPhoto(picture, stamp(takenAt), "file", edge);
}

async function finishPhoto(picture: ImageBitmap, takenAt: string, source: Media["source"], edge = MAX_EDGE_PX): Promise<Media> {
  try {
    return await mediaOf(await shrink(picture, edge), takenAt, source);
  } finally {
    picture.close();
  }
}

/** Anything that an answer keeps as bytes: its kind is the blob's own, its name is left behind. */
export async function mediaOf(blob: Blob, takenAt: string, source: Media["source"]): Promise<Media> {
  const bytes = await blob.arrayBuffer();
  return { bytes, sha256: await sha256(bytes), size: bytes.byteLength, kind: blob.type, taken_at: takenAt, source };
}

/** `max-pixels` of a question: the longer side of its photo; never more than this app sends. */
export function edgeOf(maxPixels: string | undefined): number {
  const wanted = Number(maxPixels);
  return wanted > 0 ? Math.min(wanted, MAX_EDGE_PX) : MAX_EDGE_PX;
}

/** Lower the quality step by step; only when the lowest is still too big, the picture gets smaller. */
async function shrink(picture: ImageBitmap, edge: number): Promise<Blob> {
  for (;;) {
    const { width, height } = fitInto(picture.width, picture.height, edge);
    const encode = draw(picture, width, height);
    for (const quality of QUALITIES) {
      const blob = await encode(quality);
      if (blob.size <= MAX_BYTES) return blob;
    }
    edge = Math.floor(edge * SMALLER);
  }
}

/** Sides scaled so that the longer one is at most `edge`; never enlarged. */
export function fitInto(width: number, height: number, edge: number): { width: number; height: number } {
  const scale = Math.min(1, edge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function draw(picture: ImageBitmap, width: number, height: number): (quality: number) => Promise<Blob> {
  if (typeof OffscreenCanvas === "function") {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    if (context) {
      onPaper(context, picture, width, height);
      return (quality) => canvas.convertToBlob({ type: "image/jpeg", quality });
    }
  }
  return drawOnPage(picture, width, height);
}

/** JPEG knows no transparency: what was clear in a PNG would turn black. */
function onPaper(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D, picture: ImageBitmap, width: number, height: number): void {
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
}

/** Safari before 16.4 has no OffscreenCanvas with a 2d context. */
function drawOnPage(picture: ImageBitmap, width: number, height: number): (quality: number) => Promise<Blob> {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  if (context) onPaper(context, picture, width, height);
  return (quality) => new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new NotAPhoto("not encoded"))), "image/jpeg", quality);
  });
}
