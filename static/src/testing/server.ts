// A server in memory that keeps to the wire: signed receipts and statements, tus offsets, files by hash.
// A test breaks the line by `weather`: it may answer instead of the server, or throw away what the server answered.
import { base64url, fromBase64url, sha256, utf8 } from "../keys.ts";
import type { Fetch } from "../api.ts";
import type { Changes, Envelope, FormModel, HaveStatement, MediaState, Receipt, RegisterSet, ReviewNews, SealedRecord } from "../shapes.ts";

export interface Asked { method: string; path: string; headers: Headers; body: Uint8Array<ArrayBuffer> }
/** Null: let it through. "lost": the server does it, the answer never comes. */
export type Weather = (asked: Asked) => Response | "lost" | null | Promise<Response | "lost" | null>;
interface Stored { sealed: SealedRecord; receipt: Receipt; device_id: string }
interface Upload { size: number; sha256: string; bytes: Uint8Array; state: MediaState }

export const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/json", ...headers } });
export const problem = (type: string, status: number, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify({ type, title: type, status }), { status, headers: { "Content-Type": "application/problem+json", ...headers } });
export const portal = (): Response => new Response("<html>Log in to the network</html>", { headers: { "Content-Type": "text/html" } });

export const FORM: FormModel = {
  model_format: 1, form_id: "outreach_session", version: "1", title: { vi: "Buổi tuyên truyền" }, languages: ["vi"], children: [], choices: {}, registers: [],
};
export const HAMLETS: RegisterSet = { register: "hamlets", unit: "31522@2024-09-01", columns: ["name", "label", "unit"], rows: [["h1", "Lâm Dồ", "31522@2024-09-01"]] };

export class FakeServer {
  records = new Map<string, Stored>();
  uploads = new Map<string, Upload>();
  asked: Asked[] = [];
  epoch = 1; seq = 0; backup_seq = 0; cursor = 0;
  reviews: ReviewNews[] = [];
  device: Changes["device"] = { state: "active" };
  weather: Weather = () => null;
  now = (): Date => new Date("2026-11-22T02:00:00.000Z");
  devices = new Map<string, { id: string; account: string; key: CryptoKey }>();
  private enrolled = 0;
  private constructor(private readonly key: CryptoKeyPair, readonly key_id: string, readonly spki: string) {}

  static async open(): Promise<FakeServer> {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    const der = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
    return new FakeServer(pair, (await sha256(der)).slice(0, 16), base64url(der));
  }

  readonly fetch: Fetch = async (path, init = {}) => {
    const asked: Asked = { method: init.method ?? "GET", path, headers: new Headers(init.headers), body: await bytesOf(init) };
    this.asked.push(asked);
    const instead = await this.weather(asked);
    if (instead instanceof Response) return instead;
    const answer = await this.answer(asked);
    if (instead === "lost") throw new TypeError("network error");
    return answer;
  };

  paths(): string[] { return this.asked.map(({ method, path }) => `${method} ${path.replace(/[0-9a-f]{32,}/, "…")}`); }

  /** As after a restore from a backup that ends before `seq`. */
  restore(seq: number): void {
    this.epoch += 1;
    for (const [id, { receipt }] of this.records) if (receipt.seq > seq) this.records.delete(id);
    this.uploads.clear();
  }

  async sign(text: string): Promise<string> {
    return base64url(new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, this.key.privateKey, utf8(text))));
  }

  private async answer(asked: Asked): Promise<Response> {
    if (asked.path === "/sync/enrol") return this.enrol(read(asked));
    if (asked.path.startsWith("/sync/files/")) return this.file(asked.path);
    const device = this.devices.get(asked.headers.get("Authorization")?.slice("Bearer ".length) ?? "");
    if (!device) return problem("token-unknown", 401);
    if (asked.path === "/sync/records") return this.take(read(asked), device);
    if (asked.path === "/sync/have") return this.have(read(asked));
    if (asked.path.startsWith("/sync/changes")) return json(this.changes(device.account));
    return this.tus(asked);
  }

  private async enrol({ public_key, code }: { public_key: string; code: string }): Promise<Response> {
    if (!code.startsWith("0")) return problem("enrolment-code-unknown", 404);
    const key = await crypto.subtle.importKey("spki", fromBase64url(public_key), { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
    const [account, token] = [`account${code.at(-1)}`, `token-${++this.enrolled}`];
    this.devices.set(token, { id: `device-${this.enrolled}`, account, key });
    const pins = [{ key_id: this.key_id, spki: this.spki }];
    const changes = await this.changesNow(account);
    return json({
      account, device_id: `device-${this.enrolled}`, token, server_id: "server", epoch: this.epoch, zone: "Asia/Ho_Chi_Minh",
      receipt_keys: pins, seal_keys: [], changes, files: this.brings(),
    }, 201);
  }

  /** Which of its files the answer to enrolling brings along. */
  brings: () => Record<string, string> = () => ({});
  readonly files = new Map<string, string>();
  private async changesNow(account: string): Promise<Changes> {
    for (const content of [JSON.stringify(FORM), JSON.stringify(HAMLETS)]) this.files.set(await sha256(utf8(content)), content);
    return this.changes(account);
  }
  private changes(account: string): Changes {
    const [form, hamlets] = [...this.files.keys()] as [string, string];
    return {
      server_id: "server", epoch: this.epoch, cursor: this.cursor, at: this.now().toISOString(), demo: false, figures: [], reviews: this.reviews, device: this.device,
      me: {
        account, name: "Thạch Sô Phia", unit: "31522@2024-09-01", unit_label: "Xã Đại Ân 2", unit_kind: "commune", parent_label: "Trần Đề",
        organisation: "o1", rapporteur: "r1", t2_mode: "register", zone: "Asia/Ho_Chi_Minh",
      },
      forms: [{ form_id: "outreach_session", version: "1", title: FORM.title, current: true, sha256: form, size: 1 }],
      sets: [{ register: "hamlets", unit: HAMLETS.unit, sensitive: false, rows: 1, sha256: hamlets, size: 1 }],
    };
  }
  private file(path: string): Response {
    const content = this.files.get(path.slice("/sync/files/".length));
    return content ? new Response(content) : problem("not-found", 404);
  }

  private async take({ records }: { records: SealedRecord[] }, device: { id: string; key: CryptoKey }): Promise<Response> {
    const results = [];
    for (const sealed of records) results.push(await this.takeOne(sealed, device));
    return json({ server_id: "server", epoch: this.epoch, results });
  }
  private async takeOne(sealed: SealedRecord, device: { id: string; key: CryptoKey }): Promise<unknown> {
    const envelope = JSON.parse(sealed.envelope) as Envelope;
    const scheme = { name: "ECDSA", hash: "SHA-256" };
    const fits = await crypto.subtle.verify(scheme, device.key, fromBase64url(sealed.signature), utf8(sealed.envelope));
    if (envelope.device_id !== device.id) return { problem: { type: "device-foreign", title: "", status: 422 } };
    if (!fits) return { problem: { type: "signature-invalid", title: "", status: 422 } };
    if (await sha256(utf8(sealed.payload)) !== envelope.content_sha256) return { problem: { type: "digest-mismatch", title: "", status: 422 } };
    const first = this.records.get(envelope.record_id);
    if (first) return { receipt: first.receipt };
    const receipt = await this.receipt(envelope.record_id, envelope.content_sha256);
    this.records.set(envelope.record_id, { sealed, receipt, device_id: device.id });
    return { receipt };
  }
  async receipt(record_id: string, content_sha256: string): Promise<Receipt> {
    const said = { server_id: "server", epoch: this.epoch, seq: ++this.seq, record_id, content_sha256, status: "stored" as const, received_at: this.now().toISOString(), key_id: this.key_id };
    return { ...said, signature: await this.sign(Object.values(said).join("\n")) };
  }

  private async have({ nonce, records, media }: { nonce: string; records: [string, string][]; media: string[] }): Promise<Response> {
    const said: HaveStatement = {
      server_id: "server", epoch: this.epoch, backup_seq: this.backup_seq, nonce, at: this.now().toISOString(),
      missing: records.filter(([id]) => !this.records.has(id)).map(([id]) => id),
      media: media.map((id) => ({ id, state: this.uploads.get(id)?.state ?? "unknown", offset: this.uploads.get(id)?.bytes.length ?? 0 })),
    };
    const statement = JSON.stringify(said);
    return json({ statement, key_id: this.key_id, signature: await this.sign(statement) });
  }

  private async tus({ method, path, headers, body }: Asked): Promise<Response> {
    if (method === "POST") return this.create(headers);
    const upload = this.uploads.get(path.split("/").at(-1) ?? "");
    if (!upload) return problem("not-found", 404);
    if (method === "PATCH") {
      if (Number(headers.get("Upload-Offset")) !== upload.bytes.length) return problem("media-offset-differs", 409);
      upload.bytes = new Uint8Array([...upload.bytes, ...body]);
      upload.state = "partial";
      if (upload.bytes.length === upload.size) {
        if (await sha256(upload.bytes as Uint8Array<ArrayBuffer>) !== upload.sha256) { upload.bytes = new Uint8Array(); return problem("media-digest-mismatch", 460); }
        upload.state = "there";
      }
    }
    return tusAnswer(method === "PATCH" ? 204 : 200, upload.bytes.length);
  }
  private create(headers: Headers): Response {
    const said = Object.fromEntries((headers.get("Upload-Metadata") ?? "").split(",").map((pair) => pair.split(" ")).map(([key, value]) => [key, atob(value ?? "")]));
    const known = this.uploads.get(said["media_id"]);
    if (!known) this.uploads.set(said["media_id"], { size: Number(headers.get("Upload-Length")), sha256: said["sha256"], bytes: new Uint8Array(), state: "expected" });
    return tusAnswer(201, known?.bytes.length ?? 0);
  }
}

const tusAnswer = (status: number, offset: number): Response =>
  new Response(null, { status, headers: { "Tus-Resumable": "1.0.0", "Upload-Offset": String(offset) } });
const read = <T>({ body }: Asked): T => JSON.parse(new TextDecoder().decode(body)) as T;

async function bytesOf({ body, headers }: RequestInit): Promise<Uint8Array<ArrayBuffer>> {
  if (!body) return new Uint8Array();
  const raw = new Response(body as ArrayBuffer);
  if (new Headers(headers).get("Content-Encoding") !== "gzip") return new Uint8Array(await raw.arrayBuffer());
  return new Uint8Array(await new Response(raw.body?.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}
