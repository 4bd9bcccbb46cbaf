// A form being filled: answers, relevance, calculations, choices and findings; an edit settles only what depends on it.
// Reads trees that the server parsed: no XPath text, no XML, no DOM here. How answers are kept safe is drafts.ts.
import type { Answers, Finding, FormModel, Item, MediaWords, Question, Tree, Words } from "../shapes.ts";
import { lexical } from "./answer_kinds.ts";
import { Actions, isIn, preloaded } from "./engine_actions.ts";
import type { EngineContext, Media } from "./engine_context.ts";
import { Offers, outputsOf, rowsOfList } from "./engine_choices.ts";
import { Watchers, type RowChange } from "./engine_watch.ts";
import { Faults } from "./faults.ts";
import { Graph, pathsBelow, type Def, type Step } from "./graph.ts";
import { rowsOf, XNode, type Rows } from "./nodes.ts";
import { questionOf, RecordNodes } from "./record.ts";
import { boolean, number, string, type Value } from "./values.ts";
import { compiled, scopeAt, type Run, type World } from "./xpath.ts";

export type { EngineContext, Media } from "./engine_context.ts";

const LAST_SAVED = "__last-saved";
const isCounted = (def: Def): boolean => def.node?.kind === "repeat" && def.node.count !== undefined;
const MOST_ROWS = 1_000; // of a counted repeat: a slip of the thumb must not stop the phone

export class Engine implements World {
  readonly #graph: Graph;
  readonly #record: RecordNodes;
  readonly #faults: Faults;
  readonly #runs = new Map<Tree, Run>();
  readonly #lists = new Map<string, Rows>();
  readonly #offers: Offers;
  readonly #actions: Actions;
  readonly #watchers: Watchers;
  readonly #listeners = new Set<(changed: string[]) => void>();
  #pending: (Set<XNode> | undefined)[] = [];
  #first = 0; // no step before it is marked
  #changed = new Set<XNode>();
  #rowsChanged: RowChange[] = [];
  #spoken: string;

  /** Opens the form: literal defaults, dynamic ones and what is set on opening, then calculations. `answers` of a draft or of a returned
   * record stay as they are, and are calculated first. `seen`: the record is only looked at, opening it sets nothing. */
  constructor(readonly model: FormModel, readonly context: EngineContext, answers?: Answers, seen = false) {
    this.#spoken = context.language;
    this.#graph = new Graph(model);
    this.#record = new RecordNodes(this.#graph, answers);
    this.#offers = new Offers(this, (list) => outputsOf(model.choices[list]).length > 0);
    this.#faults = new Faults(this, this.#record, this.#offers);
    this.#watchers = new Watchers(model, this.#graph, this.#record);
    this.#actions = new Actions({
      made: (tree, node) => (tree ? lexical(this.evaluate(tree, node), questionOf(node)!, this.zone) : ""),
      preload: (kind) => preloaded(kind, context), write: (node, text) => this.#write(node, text),
    }, this.#record, this.#graph);
    const isNew = !answers && !seen;
    if (!isNew) this.#settleAll();
    this.#actions.forget();
    if (!seen) this.#actions.open(isNew);
    if (isNew) this.#settleAll();
    this.#actions.fire();
    this.#changed.clear();
    this.#rowsChanged = [];
  }

  // ── World ──
  get zone(): string { return this.context.zone; }
  get language(): string { return this.context.language; }
  get document(): XNode { return this.#record.document; }
  now(): Date { return this.context.now(); }
  named(name: string): XNode[] { return this.#graph.named(name).flatMap((def) => this.#record.instances(def)); }
  rows(instance: string): Rows {
    const list = this.model.choices[instance];
    if (!list && instance !== LAST_SAVED) return rowsOf(this.context.register(instance));
    const key = `${instance} ${this.language}`;
    let rows = this.#lists.get(key);
    if (!rows) this.#lists.set(key, (rows = list ? rowsOfList(list, (words) => this.words(words)) : this.#lastSaved()));
    return rows;
  }
  /** `instance('__last-saved')/form/question`. */
  #lastSaved(): Rows {
    const rows = rowsOf([]);
    rows.root.children = new RecordNodes(this.#graph, this.context.lastSaved ?? {}).document.children;
    return rows;
  }
  choiceLabel(path: string, value: string): string {
    const def = this.#graph.byPath.get(path);
    const options = def?.node?.kind === "question" ? def.node.options : undefined;
    return options ? this.#offers.label(options, value, this.#record.instances(def!)[0] ?? this.#record.root) : "";
  }

  // ── Reading ──
  get(path: string): string { return this.#record.find(path)?.text ?? ""; }
  relevant(path: string): boolean {
    const node = this.#record.find(path);
    if (node) return node.live;
    const [parent, def] = this.#rowsAt(path) ?? [];
    return parent !== undefined && def !== undefined && parent.live && this.#wouldBeLive(def, parent);
  }
  /** A repeat whose rows were all taken away is still there to get one. */
  #wouldBeLive(def: Def, parent: XNode): boolean {
    const rule = def.node?.relevant;
    return !rule || boolean(this.evaluate(rule, new XNode(def.name, parent)));
  }
  /** True while the person may not write the answer: it is calculated, or read-only now. */
  readonly(path: string): boolean {
    const node = this.#record.find(path);
    const question = node && questionOf(node);
    if (!question || question.calculate) return question !== undefined;
    return Array.isArray(question.readonly) ? boolean(this.evaluate(question.readonly, node)) : question.readonly === true;
  }
  required(path: string): boolean {
    const node = this.#record.find(path);
    return node !== undefined && this.#faults.isRequired(node);
  }
  /** What is missing or wrong among relevant questions, at `path` and below it. */
  findings(path?: string): Finding[] {
    const rows = path ? this.#rowsAt(path)?.[2] : undefined;
    const node = path ? this.#record.find(path) : this.#record.root;
    return (rows ?? (node ? [node] : [])).flatMap((one) => this.#faults.below(one));
  }
  label(path: string): string {
    const [parent, def] = this.#rowsAt(path) ?? [];
    const node = this.#record.find(path) ?? parent;
    return node ? this.filled(this.words((def ?? node.def)?.node?.label), node) : "";
  }
  hint(path: string): string { return this.#said(path, "hint"); }
  guidance(path: string): string { return this.#said(path, "guidance"); }
  #said(path: string, what: "hint" | "guidance"): string {
    const node = this.#record.find(path);
    const words = (node?.def?.node as Partial<Question> | undefined)?.[what];
    return node && words ? this.filled(this.words(words), node) : "";
  }
  /** Files beside the question's label. */
  media(path: string): Media {
    const node = this.#record.find(path);
    return this.#files(node && questionOf(node)?.media);
  }
  /** Files beside the label of one of the question's choices. */
  choiceMedia(path: string, name: string): Media {
    const node = this.#record.find(path);
    const list = this.model.choices[(node && questionOf(node)?.options?.choices) ?? ""];
    return this.#files(list?.find((choice) => choice.name === name)?.media);
  }
  #files(media: MediaWords | undefined): Media {
    return Object.fromEntries(Object.entries(media ?? {}).map(([kind, files]) => [kind, this.words(files)]).filter(([, file]) => file));
  }
  /** What the form calls this record; "" if it has no name for it. */
  instanceName(): string {
    const tree = this.model.instance_name;
    const value = tree ? this.evaluate(tree) : "";
    return typeof value === "number" && Number.isNaN(value) ? "" : string(value);
  }
  /** The choices that the question offers now, in the language in use; not to be changed. */
  choices(path: string): Item[] {
    const node = this.#record.find(path);
    return node ? (this.candidates(node) as Item[]) : [];
  }
  /** How many they are. */
  offered(path: string): number {
    const node = this.#record.find(path);
    const options = node && questionOf(node)?.options;
    return options ? this.#offers.count(node, options) : 0;
  }
  /** What a choice is called that is on offer now. */
  offeredLabel(path: string, name: string): string | undefined {
    const node = this.#record.find(path);
    const options = node && questionOf(node)?.options;
    return options && this.#offers.offeredLabel(node, options, name);
  }
  instances(repeatPath: string): number { return this.#rowsAt(repeatPath)?.[2].filter((row) => !row.beyond).length ?? 0; }
  /** Every place of the record as it is now, groups and rows too. */
  everyPath(): string[] { return [...this.#record.below()].map((node) => this.#record.pathOf(node)); }
  evaluate(tree: Tree, node: XNode = this.#record.root, current: XNode = node): Value {
    let run = this.#runs.get(tree);
    if (!run) this.#runs.set(tree, (run = compiled(tree)));
    return run(current === node ? scopeAt(this, node) : { ...scopeAt(this, node), current });
  }
  /** The value of a tree at a path, for tests that share vectors with the server. */
  evaluateAt(tree: Tree, path: string): Value { return this.evaluate(tree, this.#record.find(path)); }

  candidates(node: XNode): readonly Item[] {
    const options = questionOf(node)?.options;
    return options ? this.#offers.at(node, options) : [];
  }

  words(words: Words = {}): string { return words[this.language] ?? words.vi ?? words.en ?? Object.values(words)[0] ?? ""; }

  /** `${/form/question}` in a text: the answer of the instance nearest to the reader; `${#2}`: what an expression says there. */
  filled(text: string, node: XNode): string {
    if (!text.includes("${")) return text;
    return text.replace(/\$\{([^}]*)\}/g, (_, path: string) => {
      const output = /^#\d+$/.test(path) ? this.model.outputs?.[Number(path.slice(1))] : undefined;
      if (output) return string(this.evaluate(output, node));
      const def = this.#graph.byPath.get(path);
      const found = def && this.#record.nearest(def, node)[0];
      return found?.live ? found.text : "";
    });
  }

  // ── Writing ──
  // What the form calculates or keeps read-only, or how many rows it counts, is not for the person to write.
  set(path: string, value: string): void {
    const node = this.#record.find(path);
    if (!node || !questionOf(node) || node.text === value || this.readonly(path)) return;
    this.#listen();
    this.#write(node, value);
    this.#finish();
  }

  addRepeat(repeatPath: string): void {
    const found = this.#rowsAt(repeatPath);
    if (!found || isCounted(found[1])) return;
    this.#listen();
    this.#addRow(found[0], found[1]);
    this.#finish();
  }

  removeRepeat(repeatPath: string, index: number): void {
    const found = this.#rowsAt(repeatPath);
    if (!found || isCounted(found[1]) || !found[2][index - 1]) return;
    this.#listen();
    const [row] = found[2].splice(index - 1, 1);
    this.#record.moved();
    this.#noteRows(row!, true);
    this.#finish();
  }

  /** Another language is read now: answers stay, what the form says is said anew. */
  languageChanged(): void {
    this.#listen();
    this.#finish();
    this.#watchers.tellAll();
  }

  /** Rules may read words (names of choices, of months): they follow the language. At the end they follow the clock too. */
  #listen(always = false): void {
    if (!always && this.#spoken === this.language) return;
    this.#spoken = this.language;
    this.#settleAll();
  }

  /** Told when the answer, relevance, requiredness, choices, words or faults at that place may be others; for a repeat: its rows. */
  watch(path: string, listener: () => void): () => void { return this.#watchers.add(path, listener); }

  subscribe(listener: (changed: string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Everything that was given, irrelevant answers too: what a draft keeps. */
  answers(): Answers { return this.#record.write("draft"); }

  /** What is sent: irrelevant answers and empty rows left out; calculations apart, since the server makes them again. */
  finished(): { answers: Answers; calculated: Record<string, string>; findings: Finding[] } {
    this.#listen(true);
    this.#actions.finish();
    this.#finish();
    if (!this.#record.hasEmptyRows()) return { answers: this.#record.write("sent"), calculated: this.#record.calculated(), findings: this.findings() };
    // Rules count rows: they are read once more without the empty ones, as the server will see the record.
    const sent = new Engine(this.model, this.context, this.#record.write("pruned"), true).finished();
    return { ...sent, findings: sent.findings.map((one) => ({ ...one, path: this.#record.pathBefore(one.path) })) };
  }

  // ── Repeats ──
  #rowsAt(repeatPath: string): [parent: XNode, def: Def, rows: XNode[]] | undefined {
    const cut = repeatPath.lastIndexOf("/");
    const parent = cut > 0 ? this.#record.find(repeatPath.slice(0, cut)) : undefined;
    const def = parent?.def?.children.find((child) => child.name === repeatPath.slice(cut + 1));
    const rows = def && parent?.children?.get(def.name);
    return parent && def?.node?.kind === "repeat" && rows ? [parent, def, rows] : undefined;
  }

  #addRow(parent: XNode, def: Def): void {
    const row = this.#record.addRow(parent, def);
    this.#actions.came(row);
    this.#noteRows(row, false);
    for (const node of this.#record.below(row)) node.live = (node.parent?.live ?? true) && node.own;
  }

  /** Counts and sums look at rows from outside; only a removal moves the places of other rows. */
  #noteRows(row: XNode, moved: boolean): void {
    this.#offers.forget();
    this.#changed.add(row.parent!);
    this.#rowsChanged.push({ def: row.def!, moved });
    for (const path of pathsBelow(row.def)) {
      for (const { step, near } of this.#graph.dependents.get(path) ?? []) {
        const [own, inside] = [path === row.def!.path, step.at.path.startsWith(row.def!.path)];
        if (!near || (moved && own)) this.#mark(step, this.#record.instances(step.at));
        else if (!inside) this.#mark(step, this.#record.nearest(step.at, row.parent!)); // looks down into these rows
      }
    }
  }

  // ── Settling ──
  #write(node: XNode, text: string): void {
    if (node.text === text) return;
    this.#actions.willChange(node);
    node.text = text;
    this.#note(node);
    if (!this.#actions.early) this.#settle();
  }

  #mark(step: Step, nodes: XNode[]): void {
    const marked = (this.#pending[step.order] ??= new Set());
    this.#first = Math.min(this.#first, step.order);
    nodes.forEach((node) => marked.add(node));
  }

  /** The value or the relevance of a node changed: what reads it has to be settled again. */
  #note(node: XNode): void {
    this.#offers.forget();
    this.#changed.add(node);
    for (const { step, near } of this.#graph.dependents.get(node.def?.path ?? "") ?? []) {
      this.#mark(step, near ? this.#record.nearest(step.at, node) : this.#record.instances(step.at));
    }
  }

  #settleAll(): void {
    for (const step of this.#graph.steps) this.#mark(step, this.#record.instances(step.at));
    this.#settle();
  }

  /** A row that came gets its defaults before anything in it is calculated; counts may bring more rows. */
  #settle(): void {
    do {
      for (const row of this.#actions.furnish()) this.#markAll(row);
      this.#pass();
    } while (this.#actions.bare.size);
    this.#actions.settled();
  }

  #markAll(row: XNode): void {
    for (const node of this.#record.below(row)) for (const step of this.#graph.stepsAt(node.def!)) this.#mark(step, [node]);
  }

  /** One pass in the graph's order; a step that reads its own place in other rows goes on until nothing moves. */
  #pass(): void {
    for (let order = this.#first; order < this.#pending.length; order += 1) {
      const [step, marked] = [this.#graph.steps[order], this.#pending[order]];
      if (!step || !marked) continue;
      let left = marked.size + MOST_ROWS;
      for (const node of marked) {
        marked.delete(node);
        if (left-- > 0) this.#run(step, node);
      }
    }
    this.#pending = [];
    this.#first = this.#graph.steps.length;
  }

  #run(step: Step, node: XNode): void {
    if (isIn(this.#actions.bare, node)) return;
    if (step.kind === "live") this.#weigh(node, boolean(step.run(scopeAt(this, node))));
    else if (step.kind === "calc") this.#calculate(step, node);
    else this.#count(step, node);
  }

  #weigh(node: XNode, own: boolean): void {
    node.own = own;
    this.#spread(node);
  }

  #spread(node: XNode): void {
    const live = (node.parent?.live ?? true) && node.own && !node.beyond;
    if (live === node.live) return;
    node.live = live;
    this.#note(node);
    const calculation = live ? this.#graph.stepsOf.get(node.def!)?.find((step) => step.kind === "calc") : undefined;
    if (calculation) this.#mark(calculation, [node]);
    for (const nodes of node.children?.values() ?? []) nodes.forEach((child) => this.#spread(child));
  }

  #calculate(step: Step, node: XNode): void {
    const question = questionOf(node);
    if (!question || !node.live) return;
    const text = lexical(step.run(scopeAt(this, node)), question, this.zone);
    if (text === node.text) return;
    this.#actions.willChange(node);
    node.text = text;
    this.#note(node);
  }

  /** M-18: rows beyond the count are kept and come back with it, so that a slip of the thumb loses nothing; they are not sent.
   *  `node` holds the rows; the count is read as if from a row, since its path starts there. */
  #count(step: Step, node: XNode): void {
    const rows = node.children?.get(step.def.name);
    if (!rows) return;
    const wanted = number(step.run(scopeAt(this, new XNode(step.def.name, node))), this.zone);
    const most = Number.isFinite(wanted) ? Math.min(Math.max(Math.trunc(wanted), 0), MOST_ROWS) : 0;
    rows.forEach((row, at) => { row.beyond = at >= most; this.#spread(row); });
    while (rows.length < most) this.#addRow(node, step.def);
  }

  #finish(): void {
    this.#settle();
    this.#actions.fire();
    const [changed, rows] = [this.#changed, this.#rowsChanged];
    [this.#changed, this.#rowsChanged] = [new Set(), []];
    this.#watchers.told(changed, rows);
    const paths = changed.size && this.#listeners.size ? [...changed].map((node) => this.#record.pathOf(node)) : [];
    if (paths.length) this.#listeners.forEach((listener) => listener(paths));
  }
}
