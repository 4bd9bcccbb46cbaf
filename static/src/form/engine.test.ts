// Whole forms, filled step by step: the scenarios of tests/vectors, as pytest runs them too (tests/forms/test_scenarios.py).
import { beforeAll, describe, expect, test } from "vitest";
import contactScenarios from "../../../tests/vectors/individual_contact.json";
import cornersScenarios from "../../../tests/vectors/corners.json";
import openingScenarios from "../../../tests/vectors/opening.json";
import eventsScenarios from "../../../tests/vectors/events.json";
import familiesScenarios from "../../../tests/vectors/families.json";
import logicScenarios from "../../../tests/vectors/logic.json";
import cornersModel from "../../../tests/vectors/models/corners.json";
import openingModel from "../../../tests/vectors/models/opening.json";
import eventsModel from "../../../tests/vectors/models/events.json";
import familiesModel from "../../../tests/vectors/models/families.json";
import contactModel from "../../../tests/vectors/models/individual_contact.json";
import logicModel from "../../../tests/vectors/models/logic.json";
import sessionModel from "../../../tests/vectors/models/outreach_session.json";
import rowsModel from "../../../tests/vectors/models/rows.json";
import sessionScenarios from "../../../tests/vectors/outreach_session.json";
import registers from "../../../tests/vectors/registers.json";
import rowsScenarios from "../../../tests/vectors/rows.json";
import type { Answers, FormModel, Item, Language } from "../shapes.ts";
import { Engine } from "./engine.ts";
import { functionsFor } from "./functions.ts";

interface Scenario { name: string; now?: string; language?: Language; me?: Record<string, string>; answers?: Answers; last_saved?: Answers; preloads?: Record<string, string>; steps: Record<string, unknown>[] }

class Filling {
  engine: Engine;
  now: string;
  constructor(readonly model: unknown, readonly scenario: Scenario) {
    this.now = scenario.now ?? "2024-11-22T02:00:00Z";
    const lists: Record<string, unknown> = { ...registers, me: [{ ...registers.me[0], ...scenario.me }] };
    this.engine = new Engine(model as FormModel, {
      now: () => new Date(this.now), zone: "Asia/Ho_Chi_Minh", language: scenario.language ?? "vi",
      register: (name) => (lists[name] ?? []) as Item[],
      ...(scenario.preloads && { preloads: scenario.preloads }), ...(scenario.last_saved && { lastSaved: scenario.last_saved }),
    }, scenario.answers);
  }

  change(kind: string, given: unknown): boolean {
    if (kind === "set") for (const [path, value] of Object.entries(given as object)) this.engine.set(path, value as string);
    else if (kind === "add") this.engine.addRepeat(given as string);
    else if (kind === "remove") this.engine.removeRepeat(...(given as [string, number]));
    else if (kind === "language") this.#speak(given as Language);
    else if (kind === "again") this.#again(given as string);
    else if (kind === "now") this.now = given as string;
    else return false;
    return true;
  }

  #speak(language: Language): void {
    this.engine.context.language = language;
    this.engine.languageChanged();
  }

  /** Put away as a draft and opened again. */
  #again(now: string): void {
    this.now = now || this.now;
    this.engine = new Engine(this.engine.model, this.engine.context, JSON.parse(JSON.stringify(this.engine.answers())) as Answers);
  }

  see(kind: string, given: unknown): unknown {
    const each = (look: (path: string) => unknown): unknown => Object.fromEntries(Object.keys(given as object).map((path) => [path, look(path)]));
    if (kind === "get") return each((path) => this.engine.get(path));
    if (kind === "relevant") return each((path) => this.engine.relevant(path));
    if (kind === "label") return each((path) => this.engine.label(path));
    if (kind === "hint") return each((path) => this.engine.hint(path));
    if (kind === "guidance") return each((path) => this.engine.guidance(path));
    if (kind === "media") return each((path) => this.engine.media(path));
    if (kind === "readonly") return each((path) => this.engine.readonly(path));
    if (kind === "required") return each((path) => this.engine.required(path));
    if (kind === "message") return each((path) => this.engine.words(this.engine.findings(path)[0]?.message));
    if (kind === "choice_labels") return each((path) => Object.fromEntries(this.engine.choices(path).map((item) => [item.name, item.label])));
    if (kind === "answers") return this.engine.answers();
    if (kind === "instance_name") return this.engine.instanceName();
    if (kind === "instances") return each((path) => this.engine.instances(path));
    if (kind === "choices") return each((path) => this.engine.choices(path).map((item) => item.name));
    if (kind === "findings") return this.#short(this.engine.findings());
    const finished = this.engine.finished();
    const sent: Record<string, unknown> = { ...finished, findings: this.#short(finished.findings) };
    return Object.fromEntries(Object.keys(given as object).map((name) => [name, sent[name]]));
  }

  #short(findings: { code: string; path: string }[]): string[][] {
    return findings.map(({ code, path }) => [code, path]);
  }
}

const FORMS: [string, unknown, { scenarios: unknown }][] = [
  ["outreach_session", sessionModel, sessionScenarios], ["individual_contact", contactModel, contactScenarios],
  ["rows", rowsModel, rowsScenarios], ["events", eventsModel, eventsScenarios], ["logic", logicModel, logicScenarios], ["families", familiesModel, familiesScenarios],
  ["corners", cornersModel, cornersScenarios], ["opening", openingModel, openingScenarios],
];

beforeAll(async () => { for (const [, given] of FORMS) await functionsFor(given as FormModel); });

describe.each(FORMS)("%s", (_, model, { scenarios }) => {
  test.each((scenarios as Scenario[]).map((scenario) => [scenario.name, scenario] as const))("%s", (_name, scenario) => {
    const filling = new Filling(model, scenario);
    for (const step of scenario.steps) {
      const [kind, given] = Object.entries(step)[0]!;
      if (!filling.change(kind, given)) expect(filling.see(kind, given)).toEqual(given);
    }
  });

  // What a draft keeps opens as it was: the same screen, the same record.
  test.each((scenarios as Scenario[]).map((scenario) => [scenario.name, scenario] as const))("reopened: %s", (_name, scenario) => {
    const filling = new Filling(model, scenario);
    for (const step of scenario.steps) filling.change(...Object.entries(step)[0]!);
    if (filling.engine.model.form_id === "events") return; // what it sets on each opening makes it another record
    const reopened = new Filling(model, { ...scenario, language: filling.engine.context.language as Language, now: "2025-03-01T00:00:00Z", answers: JSON.parse(JSON.stringify(filling.engine.answers())) as Answers });
    expect(reopened.engine.finished()).toEqual(filling.engine.finished());
  });
});

const model = sessionModel as unknown as FormModel;
const context = { now: () => new Date("2024-11-22T02:00:00Z"), zone: "Asia/Ho_Chi_Minh", language: "vi" as Language, register: (name: string) => ((registers as Record<string, unknown>)[name] ?? []) as Item[] };

test("an edit tells which paths changed, and nothing when nothing did", () => {
  const engine = new Engine(model, context);
  const told: string[][] = [];
  const stop = engine.subscribe((changed) => told.push(changed));
  engine.set("/outreach_session/content/method", "F99");
  engine.set("/outreach_session/content/method", "F99");
  stop();
  engine.set("/outreach_session/content/method", "F01");
  expect(told).toEqual([["/outreach_session/content/method", "/outreach_session/content/method_other"]]);
});

test("findings of one page are those below its group", () => {
  const engine = new Engine(model, context);
  expect(engine.findings("/outreach_session/place").map(({ path }) => path)).toEqual(["/outreach_session/place/hamlet"]);
});

test("a message of the form speaks before the engine's own words", () => {
  const engine = new Engine(model, context);
  engine.set("/outreach_session/attendance/attendees_total", "1");
  const [finding] = engine.findings("/outreach_session/attendance/attendees_total");
  expect(finding?.message.vi).toContain("Từ 2 đến 5.000 người");
  expect(engine.findings("/outreach_session/place/hamlet")[0]?.message).toEqual({ vi: "Mục này cần có câu trả lời.", en: "This needs an answer." });
});

test("the language can change in mid-form", () => {
  const speaking = { ...context };
  const engine = new Engine(model, speaking);
  speaking.language = "en" as Language;
  expect(engine.label("/outreach_session/place/hamlet")).toBe("Hamlet");
  expect(engine.choices("/outreach_session/place/session_part").map((item) => item.label)).toEqual(["Morning", "Afternoon", "Evening"]);
});

test("a repeat without rows is still relevant and has its label, so that a row can be added", () => {
  const { engine } = new Filling(rowsModel, { name: "", steps: [] });
  engine.removeRepeat("/rows/house", 1);
  expect([engine.instances("/rows/house"), engine.relevant("/rows/house"), engine.label("/rows/house")]).toEqual([0, true, "Nhà"]);
  engine.addRepeat("/rows/house");
  engine.set("/rows/house[1]/people", "3");
  engine.removeRepeat("/rows/house[1]/child", 1);
  expect(engine.relevant("/rows/house[1]/child")).toBe(true);
  engine.set("/rows/house[1]/people", "1");
  expect(engine.relevant("/rows/house[1]/child")).toBe(false);
});

test("a repeat in an irrelevant group does not keep a record from being finished", () => {
  const text = { kind: "question", type: "text", label: {} };
  const repeat = { kind: "repeat", name: "r", path: "/f/g/r", label: {}, children: [{ ...text, name: "a", path: "/f/g/r/a" }] };
  const group = { kind: "group", name: "g", path: "/f/g", label: {}, relevant: ["=", ["p", "/", ["f"], ["q"]], ["s", "yes"]], children: [repeat] };
  const form = { model_format: 1, form_id: "f", version: "1", title: {}, languages: ["vi"], choices: {}, registers: [], children: [{ ...text, name: "q", path: "/f/q" }, group] };
  const { engine } = new Filling(form, { name: "", steps: [] });
  engine.set("/f/q", "no");
  expect(engine.finished()).toEqual({ answers: { q: "no" }, calculated: {}, findings: [] });
  engine.set("/f/q", "yes");
  expect(engine.finished().answers).toEqual({ q: "yes" });
});

test("paths that lead nowhere change nothing and say nothing", () => {
  const { engine } = new Filling(rowsModel, { name: "", steps: [] });
  const before = engine.answers();
  engine.set("/rows/nowhere", "x");
  engine.set("/rows/house[9]/people", "x");
  engine.addRepeat("/rows/limit");
  engine.removeRepeat("/rows/house", 9);
  expect(engine.answers()).toEqual(before);
  expect([engine.get("/rows/nowhere"), engine.relevant("/rows/nowhere"), engine.label("/rows/nowhere"), engine.choices("/rows/limit"), engine.findings("/rows/nowhere")])
    .toEqual(["", false, "", [], []]);
});

/** Small seeded chance: the same edits on every run. */
function chance(seed: number): (most: number) => number {
  let state = seed;
  return (most) => { state = (state * 1_103_515_245 + 12_345) % 2_147_483_648; return Math.floor((state / 2_147_483_648) * most); };
}

const VALUES = ["", "", "1", "2", "3", "6", "11", "x", "yes", "no", "people", "managed", "F99", "F03", "p1", "p2 p3", "m1", "m1 m2", "u1", "u2", "h11", "2024-11-22", "2024-10-01", "OK", "red", "blue gold"];

// An edit settles only what depends on it: after any edits the engine must say what one that settles everything says.
test.each(FORMS.flatMap(([name, given]) => Array.from({ length: 8 }, (_, seed) => [name, seed, given] as const)))("%s after chance edits %i", (_name, seed, given) => {
  const pick = chance(seed + 1);
  const { engine } = new Filling(given, { name: "", steps: [] });
  const fresh = (): Engine => new Engine(engine.model, engine.context, JSON.parse(JSON.stringify(engine.answers())) as Answers, true);
  const paths = (): string[] => engine.everyPath().filter((path) => !/\/(recorded_on|started|ticket|source)$/.test(path));
  for (let edit = 0; edit < 60; edit += 1) {
    const every = paths();
    const rows = every.filter((path) => path.endsWith("]"));
    const path = every[pick(every.length)]!;
    const turn = pick(8);
    if (turn === 0 && rows.length) engine.removeRepeat(...rowOf(rows[pick(rows.length)]!));
    else if (turn === 1 && rows.length) engine.addRepeat(rowOf(rows[pick(rows.length)]!)[0]);
    else engine.set(path, VALUES[pick(VALUES.length)]!);
  }
  const other = fresh();
  expect(engine.finished()).toEqual(other.finished());
  const seen = (one: Engine): unknown => paths().map((path) => [path, one.get(path), one.relevant(path), one.choices(path).map((item) => item.name)]);
  expect(seen(engine)).toEqual(seen(other));
});

function rowOf(path: string): [string, number] {
  const [, repeat = "", place = "1"] = /^(.*)\[(\d+)\]$/.exec(path) ?? [];
  return [repeat, Number(place)];
}
