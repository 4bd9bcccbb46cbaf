// Answers forms that tests write by chance: one JSON line in (a form and its edits), one JSON line out (what the engine said
// after each). Run by tests/forms/phone_engine.py under Node; no part of the app imports it.
import { createInterface } from "node:readline";
import type { Answers, FormModel, Item, Language } from "../shapes.ts";
import { Engine } from "./engine.ts";
import { functionsFor } from "./functions.ts";

interface Request {
  model: FormModel; registers: Record<string, Item[]>; zone: string; now: string; language: Language;
  answers?: Answers; preloads?: Record<string, string>; last_saved?: Answers; finished_at?: string; steps: [kind: string, ...given: unknown[]][];
}
interface Moment { now: string; language: Language }

function opened(request: Request, moment: Moment, answers: Answers | undefined): Engine {
  const context = {
    zone: request.zone, now: () => new Date(moment.now), language: moment.language,
    register: (name: string) => request.registers[name] ?? [], preloads: request.preloads ?? {},
    ...(request.last_saved && { lastSaved: request.last_saved }),
  };
  Object.defineProperty(context, "language", { get: () => moment.language });
  return new Engine(request.model, context, answers);
}

function speak(engine: Engine, moment: Moment, language: Language): void {
  moment.language = language;
  engine.languageChanged();
}

const copied = (answers: Answers): Answers => JSON.parse(JSON.stringify(answers)) as Answers;

/** The engine after a step: another one where the record was put away and opened again, as a draft or sent and returned. */
function stepped(engine: Engine, moment: Moment, request: Request, step: Request["steps"][number]): Engine {
  if (step[0] === "again") return opened(request, moment, copied(engine.answers()));
  if (step[0] === "returned") return opened(request, moment, copied(engine.finished().answers));
  change(engine, moment, step);
  return engine;
}

function change(engine: Engine, moment: Moment, [kind, ...given]: Request["steps"][number]): void {
  if (kind === "set") engine.set(given[0] as string, given[1] as string);
  else if (kind === "add") engine.addRepeat(given[0] as string);
  else if (kind === "remove") engine.removeRepeat(given[0] as string, given[1] as number);
  else if (kind === "now") moment.now = given[0] as string;
  else if (kind === "language") speak(engine, moment, given[0] as Language);
  else throw new Error(`unknown step ${kind}`);
}

const short = (findings: { code: string; path: string }[]): string[][] => findings.map(({ code, path }) => [code, path]);

function state(engine: Engine): unknown {
  const paths = engine.everyPath();
  const live = paths.filter((path) => engine.relevant(path));
  const filled = (look: (path: string) => unknown[] | string): Record<string, unknown> =>
    Object.fromEntries(live.map((path) => [path, look(path)] as const).filter(([, said]) => said.length));
  return {
    paths, live, values: filled((path) => engine.get(path)), required: live.filter((path) => engine.required(path)),
    choices: filled((path) => engine.choices(path).map((item) => [item.name, item.label])), findings: short(engine.findings()),
    labels: filled((path) => engine.label(path)), name: engine.instanceName(),
  };
}

function answered(request: Request): unknown {
  const moment = { now: request.now, language: request.language };
  let engine = opened(request, moment, request.answers);
  const states = [state(engine)];
  for (const step of request.steps) {
    engine = stepped(engine, moment, request, step);
    states.push(state(engine));
  }
  const draft = copied(engine.answers());
  moment.now = request.finished_at ?? moment.now;
  const [sent, again] = [engine.finished(), opened(request, moment, draft).finished()];
  return { states, draft, finished: { ...sent, findings: short(sent.findings) }, reopened: { ...again, findings: short(again.findings) } };
}

async function line(text: string): Promise<string> {
  try {
    const request = JSON.parse(text) as Request;
    await functionsFor(request.model);
    return JSON.stringify(answered(request));
  } catch (error) {
    return JSON.stringify({ error: error instanceof Error ? error.stack : String(error) });
  }
}

for await (const text of createInterface({ input: process.stdin })) process.stdout.write(`${await line(text)}\n`);
