// What a form does by itself: defaults and metadata when it opens or a row is made, setvalues on events, the end at finish.
// ODK XForms, "Events and Actions" and "Preload Attributes - Metadata". How a value is settled is the engine's matter.
import type { Action, Question } from "../shapes.ts";
import { dateTimeText } from "./dates.ts";
import type { EngineContext } from "./engine_context.ts";
import type { Def, Graph } from "./graph.ts";
import type { XNode } from "./nodes.ts";
import { questionOf, type RecordNodes } from "./record.ts";

/** What is asked of the engine. */
interface Hand {
  /** The value of an action, or of a default, at its question; "" for none. */
  made(tree: Action["value"], node: XNode): string;
  preload(kind: string): string;
  write(node: XNode, text: string): void;
}
interface Deed { def: Def; action: Action }

export class Actions {
  readonly #deeds = new Map<string, Deed[]>(); // by event and place: "change /f/age"
  readonly #before = new Map<XNode, string>(); // what a trigger's answer was when it was last looked at

  readonly bare = new Set<XNode>(); // rows that came and have not got their defaults yet: nothing in them is calculated
  readonly #fresh = new Set<XNode>(); // rows that came since all was settled, or the whole record
  early = false; // what is written is settled later

  constructor(readonly hand: Hand, readonly record: RecordNodes, graph: Graph) {
    for (const def of graph.byPath.values()) {
      const actions = def.node?.kind === "question" && !def.node.calculate ? def.node.actions ?? [] : [];
      for (const action of actions) this.#keep(`${action.event} ${action.on ?? ""}`, { def, action });
    }
  }

  #keep(key: string, deed: Deed): void {
    const known = this.#deeds.get(key);
    if (known) known.push(deed);
    else this.#deeds.set(key, [deed]);
  }

  /** The form opens, for the first time or again. */
  open(isNew: boolean): void {
    this.early = isNew;
    if (isNew) this.#fresh.add(this.record.root);
    for (const node of [...this.record.below()]) {
      const question = questionOf(node);
      if (!question || question.calculate) continue;
      if (isNew) this.#preset(question, node);
      for (const { event, value } of question.actions ?? []) {
        if (event === "load" || (event === "first-load" && isNew)) this.hand.write(node, this.hand.made(value, node));
      }
    }
    this.early = false;
  }

  /** A row came. */
  came(row: XNode): void {
    this.bare.add(row);
    this.#fresh.add(row);
  }

  /** Rows that came get their defaults and what else they set, in the order in which they came. */
  furnish(): XNode[] {
    const rows = [...this.bare];
    this.early = true;
    rows.forEach((row) => this.#rowMade(row));
    this.early = false;
    this.bare.clear();
    return rows;
  }

  /** What is calculated for the first time, in a row or a record, is no change. */
  settled(): void {
    for (const node of this.#before.keys()) if (questionOf(node)!.calculate && isIn(this.#fresh, node)) this.#before.delete(node);
    this.#fresh.clear();
  }

  #rowMade(row: XNode): void {
    const deeds = this.#deeds.get(`new-repeat ${row.def!.path}`) ?? [];
    for (const node of [...this.record.below(row)]) {
      const question = questionOf(node);
      if (question && !question.calculate) this.#preset(question, node);
      for (const deed of deeds) if (deed.def === node.def) this.#do(deed, node);
    }
    const outside = deeds.filter(({ def }) => !def.path.startsWith(`${row.def!.path}/`));
    for (const deed of outside) this.record.nearest(deed.def, row).forEach((node) => this.#do(deed, node));
  }

  #do({ action }: Deed, node: XNode): void { this.hand.write(node, this.hand.made(action.value, node)); }

  #preset(question: Question, node: XNode): void {
    const preload = question.parameters?.["preload"];
    if (node.text || (!question.dynamic_default && (!preload || preload === "end"))) return;
    const text = question.dynamic_default ? this.hand.made(question.dynamic_default, node) : this.hand.preload(preload!);
    if (text) this.hand.write(node, text);
  }

  /** The record is finished now. */
  finish(): void {
    for (const node of [...this.record.below()]) {
      if (questionOf(node)?.parameters?.["preload"] === "end") this.hand.write(node, this.hand.preload("end"));
    }
  }

  /** Call before an answer is overwritten. */
  willChange(node: XNode): void {
    if (this.#deeds.has(`change ${node.def?.path}`) && !this.#before.has(node)) this.#before.set(node, node.text);
  }

  /** What was there from the start has not changed. */
  forget(): void { this.#before.clear(); }

  /** Round by round until nothing changes; an action writes a question once, so that two that trigger each other end. */
  fire(): void {
    const done = new Map<Action, Set<XNode>>();
    for (let round = this.#round(); round.length; round = this.#round()) {
      for (const node of round) {
        for (const deed of this.#deeds.get(`change ${node.def!.path}`)!) this.#spread(deed, node, done);
      }
    }
  }

  #spread(deed: Deed, from: XNode, done: Map<Action, Set<XNode>>): void {
    const written = done.get(deed.action) ?? new Set();
    done.set(deed.action, written);
    for (const node of this.record.nearest(deed.def, from)) {
      if (!written.has(node)) this.#do(deed, node);
      written.add(node);
    }
  }

  /** The triggers whose answer is another one now, in the record's order. */
  #round(): XNode[] {
    const changed = new Set([...this.#before].filter(([node, text]) => node.text !== text).map(([node]) => node));
    this.#before.clear();
    return changed.size ? [...this.record.below()].filter((node) => changed.has(node)) : [];
  }
}

/** Whether it is one of these rows or in one. */
export function isIn(rows: Set<XNode>, node: XNode): boolean {
  for (let here: XNode | undefined = rows.size ? node : undefined; here; here = here.parent) if (rows.has(here)) return true;
  return false;
}

/** What metadata is now; deviceid, username and the like are the phone's to tell. */
export function preloaded(kind: string, { now, zone, preloads }: EngineContext): string {
  if (kind === "start" || kind === "end") return dateTimeText(now(), zone);
  if (kind === "today") return dateTimeText(now(), zone).slice(0, 10);
  return kind === "uid" ? `uuid:${crypto.randomUUID()}` : preloads?.[kind] ?? "";
}
