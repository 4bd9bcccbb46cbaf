// The requests of the phone, typed. Answers come as one of four kinds and never as an exception:
// a portal's page, a cut line and a proxy's error are ordinary weather here. When to ask is sync.ts's matter.
import { base64url, utf8 } from "./keys.ts";
import type { Changes, Enrolled, FormRef, Problem, Receipt, SealedRecord } from "./shapes.ts";

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;
/** `portal`: somebody answered, but not our server. `silent`: nobody did. */
export type Reply<T> =
  | { kind: "ok"; value: T }
  | { kind: "problem"; problem: Problem; retry_after_ms: number | null }
  | { kind: "portal" }
  | { kind: "silent" };

export interface EnrolRequest { code: string; public_key: string; device_name: string; app_version: string; storage_persisted: boolean; format: number }
export interface HaveRequest {
  nonce: string; records: [string, string][]; media: string[];
  report: { app_version: string; waiting: number; storage_persisted: boolean; storage_free: number | null };
}
export interface SignedStatement { statement: string; key_id: string; signature: string }
export type RecordResult = { receipt: Receipt; problem?: undefined } | { problem: Problem; receipt?: undefined };
export interface RecordResults { server_id: string; epoch: number; results: RecordResult[] }
export interface UploadTarget { id: string; sha256: string; size: number; record_id: string; question: string }

/** The newest format of form models that this engine reads. */
export const MODEL_FORMAT = 2;
const TEXT_MS = 45_000, PIECE_MS = 120_000;
const GZIP_FROM_BYTES = 1024;
const TUS = { "Tus-Resumable": "1.0.0" };
/** `slug` of a problem's type, which is an address or the bare slug. */
export const slugOf = (problem: Problem): string => problem.type.split(/[/#:]/).at(-1) ?? problem.type;

export class Api {
  constructor(private readonly fetch: Fetch, private readonly token: string | null = null) {}

  enrol(request: EnrolRequest): Promise<Reply<Enrolled>> { return this.post("/sync/enrol", request); }
  have(request: HaveRequest): Promise<Reply<SignedStatement>> { return this.post("/sync/have", request); }
  records(records: SealedRecord[]): Promise<Reply<RecordResults>> { return this.post("/sync/records", { records }); }
  changes(since: number): Promise<Reply<Changes>> { return this.ask(`/sync/changes?since=${since}&format=${MODEL_FORMAT}`, { method: "GET" }, jsonOf<Changes>); }
  trial(code: string): Promise<Reply<FormRef>> { return this.post("/sync/trials", { code }); }
  file(sha256: string): Promise<Reply<ArrayBuffer>> { return this.ask(`/sync/files/${sha256}`, { method: "GET", cache: "default" }, bytesOf); }
  photo(mediaId: string): Promise<Reply<ArrayBuffer>> { return this.ask(`/sync/media/${mediaId}`, { method: "GET" }, bytesOf); }

  /** Tus creation; the value is how many bytes are already there. */
  createUpload({ id, sha256, size, record_id, question }: UploadTarget): Promise<Reply<number>> {
    const metadata = Object.entries({ media_id: id, sha256, record_id, question }).map(([key, value]) => `${key} ${base64(value)}`).join(",");
    return this.ask("/sync/media", { method: "POST", headers: { ...TUS, "Upload-Length": String(size), "Upload-Metadata": metadata } }, offsetOrZero);
  }
  uploadOffset(mediaId: string): Promise<Reply<number>> {
    return this.ask(`/sync/media/${mediaId}`, { method: "HEAD", headers: TUS }, offsetOf);
  }
  /** The value is the new offset. */
  sendPiece(mediaId: string, offset: number, piece: Uint8Array<ArrayBuffer>): Promise<Reply<number>> {
    const headers = { ...TUS, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    return this.ask(`/sync/media/${mediaId}`, { method: "PATCH", headers, body: piece }, offsetOf, PIECE_MS);
  }

  private async post<T>(path: string, body: unknown): Promise<Reply<T>> {
    const bytes = utf8(JSON.stringify(body));
    const packed = bytes.length >= GZIP_FROM_BYTES ? await gzip(bytes) : null;
    const headers = { "Content-Type": "application/json", ...(packed ? { "Content-Encoding": "gzip" } : {}) };
    return this.ask(path, { method: "POST", headers, body: packed ?? bytes }, jsonOf<T>);
  }

  private async ask<T>(path: string, init: RequestInit, read: (response: Response) => Promise<T>, timeoutMs = TEXT_MS): Promise<Reply<T>> {
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), timeoutMs);
    const bearer: Record<string, string> = this.token ? { Authorization: `Bearer ${this.token}` } : {};
    try {
      const response = await this.fetch(path, {
        cache: "no-store", credentials: "omit", redirect: "manual", referrerPolicy: "no-referrer",
        ...init, headers: { ...bearer, ...init.headers as Record<string, string> }, signal: cut.signal,
      });
      return await replyOf(response, read);
    } catch {
      return { kind: "silent" };
    } finally {
      clearTimeout(timer);
    }
  }
}

async function replyOf<T>(response: Response, read: (response: Response) => Promise<T>): Promise<Reply<T>> {
  if (response.ok) return read(response).then((value): Reply<T> => ({ kind: "ok", value }), (fault: unknown) => whyUnread(fault));
  const retry_after_ms = retryAfterMs(response.headers.get("Retry-After"));
  if (typeOf(response) === "application/problem+json") return { kind: "problem", problem: await response.json() as Problem, retry_after_ms };
  // A redirect (opaque here) or a page instead of an answer: a portal. Bare statuses come from proxies before our server, or on HEAD.
  if (response.type === "opaqueredirect" || response.status < 400 || response.status === 511) return { kind: "portal" };
  return { kind: "problem", problem: { type: `http-${response.status}`, title: response.statusText, status: response.status }, retry_after_ms };
}

const typeOf = (response: Response): string => (response.headers.get("Content-Type") ?? "").split(";")[0]?.trim() ?? "";

/** A 200 that is not our server's: the mark of a portal. */
class NotOurs extends Error {}

function whyUnread<T>(fault: unknown): Reply<T> {
  return { kind: fault instanceof NotOurs || fault instanceof SyntaxError ? "portal" : "silent" };
}

async function jsonOf<T>(response: Response): Promise<T> {
  if (typeOf(response) !== "application/json") throw new NotOurs();
  const value = await response.json() as T | null;
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new NotOurs();
  return value;
}
const bytesOf = (response: Response): Promise<ArrayBuffer> => response.arrayBuffer();

async function offsetOf(response: Response): Promise<number> {
  const offset = response.headers.get("Upload-Offset");
  if (!response.headers.has("Tus-Resumable") || offset === null || !/^\d+$/.test(offset)) throw new NotOurs();
  return Number(offset);
}
async function offsetOrZero(response: Response): Promise<number> {
  return response.headers.has("Upload-Offset") ? offsetOf(response) : 0;
}

/** Seconds, or an HTTP date measured by this phone's clock (never more than a day). */
export function retryAfterMs(value: string | null, now = Date.now()): number | null {
  if (!value) return null;
  const wait = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 86_400_000) : null;
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer | null> {
  if (typeof CompressionStream !== "function") return null;
  return new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}

/** Tus wants padded, plain base64. */
function base64(text: string): string {
  const bare = base64url(utf8(text)).replaceAll("-", "+").replaceAll("_", "/");
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, "=");
}
