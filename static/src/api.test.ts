import { expect, it } from "vitest";
import { Api, retryAfterMs, slugOf, type Fetch } from "./api.ts";
import { json, portal, problem } from "./testing/server.ts";

const asking = (answer: () => Response | Promise<Response>, seen: RequestInit[] = []): Api =>
  new Api((async (_, init) => { seen.push(init ?? {}); return answer(); }) as Fetch, "secret");

it.each([
  ["our JSON", () => json({ a: 1 }), { kind: "ok", value: { a: 1 } }],
  ["a page", () => portal(), { kind: "portal" }],
  ["JSON cut short", () => new Response("{\"a\":", { headers: { "Content-Type": "application/json" } }), { kind: "portal" }],
  ["a proxy's 502", () => new Response("bad gateway", { status: 502, statusText: "Bad Gateway" }), { kind: "problem", problem: { type: "http-502", title: "Bad Gateway", status: 502 }, retry_after_ms: null }],
  ["our problem", () => problem("token-unknown", 401), { kind: "problem", problem: { type: "token-unknown", title: "token-unknown", status: 401 }, retry_after_ms: null }],
  ["nobody", () => { throw new TypeError("network error"); }, { kind: "silent" }],
])("%s is read for what it is", async (_, answer, reply) => { expect(await asking(answer).changes(0)).toEqual(reply); });

it("a request bears the token, no cookie, and is answered from no cache", async () => {
  const seen: RequestInit[] = [];
  await asking(() => json({}), seen).changes(3);
  expect(seen[0]).toMatchObject({ credentials: "omit", cache: "no-store", redirect: "manual", headers: { Authorization: "Bearer secret" } });
});

it("a long body goes as gzip, a short one as it is", async () => {
  const seen: RequestInit[] = [];
  const api = asking(() => json({}), seen);
  await api.have({ nonce: "n", records: [], media: [], report: { app_version: "1", waiting: 0, storage_persisted: true, storage_free: null } });
  await api.records([{ envelope: "e".repeat(5000), signature: "", payload_type: "answers/1", payload: "" }]);
  expect(seen.map(({ headers }) => (headers as Record<string, string>)["Content-Encoding"])).toEqual([undefined, "gzip"]);
  expect((seen[1]?.body as ArrayBuffer).byteLength).toBeLessThan(500);
});

it.each([["120", 120_000], ["0", 0], [null, null], ["soon", null], ["999999999", 86_400_000], ["Thu, 01 Jan 1970 00:02:00 GMT", 60_000]])("Retry-After %j is %j ms", (value, ms) => {
  expect(retryAfterMs(value, 60_000)).toBe(ms);
});

it.each([["token-unknown", "token-unknown"], ["https://lantoa.example/problems/token-unknown", "token-unknown"]])("the slug of %s is %s", (type, slug) => {
  expect(slugOf({ type, title: "", status: 0 })).toBe(slug);
});
