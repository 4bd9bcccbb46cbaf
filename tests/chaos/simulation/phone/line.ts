// The line between a phone and the server, and the weather on it. The server's answers are the server's own; what gets
// through, twice, late, cut or changed, is chance.
import type { Chance } from "./chance.ts";
import type { Machine } from "./machine.ts";
import type { Pipe } from "./pipe.ts";

export const WEATHER = {
  fair: 40, unsent: 6, unheard: 9, silence: 3, deaf: 3, twice: 5, late: 4, portal: 4, redirect: 1, gateway: 3, busy: 3, "too-large": 2, refused: 1,
  stale: 4, "flipped-answer": 3, "cut-answer": 3, "flipped-question": 4, "cut-question": 3, imposter: 4,
} as const;
type Sky = keyof typeof WEATHER;

interface Question { method: string; path: string; headers: Record<string, string>; body: Uint8Array }
interface Answer { status: number; headers: [string, string][]; body: Uint8Array<ArrayBuffer> }

export class Line {
  /** How often anything but fair weather is met. */
  roughness = 0;
  asked = 0;
  private readonly heard = new Map<string, Answer>();
  private waiting: Question[] = [];

  constructor(private readonly pipe: Pipe, private readonly machine: Machine, private readonly chance: Chance) {}

  /** As fetch does it: an answer, or an error, or nothing until the asker gives up. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    this.asked += 1;
    const question = asQuestion(path, init);
    const sky: Sky = this.chance.happens(this.roughness) ? this.chance.pick(WEATHER) : "fair";
    this.arriveLate();
    const answer = this.through(sky, question);
    if (answer === "never") return silence(init.signal ?? null);
    if (answer === null) throw new TypeError("network error");
    return responseOf(answer, sky === "redirect");
  }

  /** What was thought lost reaches the server after all, long after the phone asked again. */
  arriveLate(all = false): void {
    const now = this.waiting.filter(() => all || this.chance.happens(0.3));
    this.waiting = this.waiting.filter((question) => !now.includes(question));
    for (const question of now) this.ask(question);
  }

  private through(sky: Sky, question: Question): Answer | null | "never" {
    switch (sky) {
      case "unsent": return null;
      case "unheard": this.ask(question); return null;
      case "silence": return "never";
      case "deaf": this.ask(question); return "never";
      case "twice": this.ask(question); return this.ask(question);
      case "late": this.waiting.push(question); return null;
      case "portal": return page(200);
      case "redirect": return { status: 302, headers: [["Location", "http://portal.example/"]], body: new Uint8Array() };
      case "gateway": return page([502, 503, 504][this.chance.below(3)] as number);
      case "busy": return problem("server-busy", 503, String(this.chance.between(1, 120)));
      case "too-large": return page(413);
      case "refused": return page(403);
      case "stale": return this.heard.get(nameOf(question)) ?? this.ask(question);
      case "flipped-answer": return this.changed(this.ask(question), (body) => this.flipped(body));
      case "cut-answer": return this.changed(this.ask(question), (body) => body.slice(0, this.chance.below(body.length + 1)));
      case "flipped-question": return this.ask({ ...question, body: this.flipped(question.body) });
      case "cut-question": return this.ask({ ...question, body: question.body.slice(0, this.chance.below(question.body.length + 1)) }) && null;
      case "imposter": return imposter(question) ?? this.ask(question);
      default: return this.ask(question);
    }
  }

  private ask(question: Question): Answer {
    const { method, path, headers, body } = question;
    const { told, body: bytes } = this.pipe.ask({ do: "ask", at: this.machine.now, method, path, headers }, body);
    const answer = { status: told["status"] as number, headers: told["headers"] as [string, string][], body: new Uint8Array(bytes) };
    if (answer.status >= 500 && answer.status !== 503 && answer.status !== 507) throw new Error(`the server answered ${answer.status} to ${method} ${path}`);
    this.heard.set(nameOf(question), answer);
    return answer;
  }

  private changed(answer: Answer, change: (body: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): Answer {
    return { ...answer, body: change(answer.body) };
  }

  private flipped(body: Uint8Array): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(body);
    if (copy.length > 0) copy[this.chance.below(copy.length)]! ^= 1 << this.chance.below(8);
    return copy;
  }
}

const nameOf = ({ method, path }: Question): string => `${method} ${path}`;

function asQuestion(path: string, { method = "GET", headers, body }: RequestInit): Question {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body as ArrayBuffer ?? 0);
  const named = Object.fromEntries(new Headers(headers));
  const { pathname, search } = new URL(path, "https://simulated");
  return { method, path: pathname + search, headers: { ...named, "content-length": String(bytes.length) }, body: bytes };
}

function page(status: number): Answer {
  return { status, headers: [["Content-Type", "text/html"]], body: new TextEncoder().encode("<html>Please sign in</html>") };
}

/** A server of somebody else's that speaks our language and knows what we want to hear; only our key it does not have. */
function imposter({ path, body }: Question): Answer | null {
  const asked = ((): Record<string, unknown> => { try { return JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>; } catch { return {}; } })();
  const signed = { key_id: "0".repeat(16), signature: "A".repeat(86) };
  const said = { server_id: "5e".repeat(16), epoch: 1 };
  if (path === "/sync/records" && Array.isArray(asked["records"])) return plain({ ...said, results: asked["records"].map((sealed) => ({ receipt: madeUp(sealed as { envelope: string }, said, signed) })) });
  if (path !== "/sync/have") return null;
  const media = (asked["media"] as string[]).map((id) => ({ id, state: "there", offset: 0 }));
  return plain({ statement: JSON.stringify({ ...said, backup_seq: 1e9, nonce: asked["nonce"], at: "2026-11-22T02:00:00.000Z", missing: [], media }), ...signed });
}

function madeUp({ envelope }: { envelope: string }, said: object, signed: object): object {
  const { record_id, content_sha256 } = JSON.parse(envelope) as { record_id: string; content_sha256: string };
  return { ...said, seq: 1, record_id, content_sha256, status: "stored", received_at: "2026-11-22T02:00:00.000Z", ...signed };
}

const plain = (document: object): Answer => ({ status: 200, headers: [["Content-Type", "application/json"]], body: new TextEncoder().encode(JSON.stringify(document)) });

function problem(type: string, status: number, retryAfter: string): Answer {
  const body = new TextEncoder().encode(JSON.stringify({ type, title: type, status }));
  return { status, headers: [["Content-Type", "application/problem+json"], ["Retry-After", retryAfter]], body };
}

/** `fetch` with `redirect: "manual"` shows nothing of where it would have led. */
function responseOf({ status, headers, body }: Answer, opaque: boolean): Response {
  if (opaque) return Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" });
  return new Response([204, 304].includes(status) ? null : body, { status, headers });
}

function silence(signal: AbortSignal | null): Promise<Response> {
  return new Promise((_, fail) => signal?.addEventListener("abort", () => fail(new DOMException("given up", "AbortError"))));
}
