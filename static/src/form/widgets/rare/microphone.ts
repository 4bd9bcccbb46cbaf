// The microphone: a recording with how long it runs and how loud it is. Who keeps the bytes is not its matter.

export interface Running { level(): number; stop(): Promise<Blob>; cancel(): void }
export class NoMicrophone extends Error { override name = "NoMicrophone"; constructor(readonly denied: boolean) { super(denied ? "denied" : "none"); } }

const BITS: Record<string, number> = { low: 16_000, "voice-only": 16_000, normal: 48_000 };
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

export async function record(quality = "normal"): Promise<Running> {
  const stream = await ask();
  try {
    return running(stream, quality);
  } catch { // the microphone is on already: its light must not stay
    release(stream);
    throw new NoMicrophone(false);
  }
}

const release = (stream: MediaStream): void => { for (const track of stream.getTracks()) track.stop(); };

function running(stream: MediaStream, quality: string): Running {
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS[quality] ?? BITS["normal"]!, ...mimeOf() });
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => { if (data.size > 0) pieces.push(data); };
  recorder.start(1000);
  const loud = loudness(stream);
  const close = () => { loud.close(); release(stream); };
  const stop = () => new Promise<Blob>((done) => {
    recorder.onstop = () => { close(); done(new Blob(pieces, { type: recorder.mimeType })); };
    if (recorder.state === "inactive") recorder.onstop(new Event("stop")); else recorder.stop();
  });
  return { level: loud.level, stop, cancel: () => { recorder.onstop = close; if (recorder.state !== "inactive") recorder.stop(); } };
}

const mimeOf = (): { mimeType?: string } => { const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported?.(kind)); return mimeType ? { mimeType } : {}; };

async function ask(): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia || typeof MediaRecorder === "undefined") throw new NoMicrophone(false);
  return navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } }).catch((fault: unknown) => {
    throw new NoMicrophone(fault instanceof DOMException && (fault.name === "NotAllowedError" || fault.name === "SecurityError"));
  });
}

/** 0 = silence, 1 = as loud as it gets. */
function loudness(stream: MediaStream): { level(): number; close(): void } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(stream).connect(analyser);
  const wave = new Uint8Array(analyser.fftSize);
  const level = () => {
    analyser.getByteTimeDomainData(wave);
    return Math.min(1, 2 * Math.max(...wave.map((sample) => Math.abs(sample - 128))) / 128);
  };
  return { level, close: () => void context.close() };
}

/** 75 → "1:15". */
export const lengthWords = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;
