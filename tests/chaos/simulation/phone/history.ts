// One history: a seed decides who does what in which order and what breaks meanwhile; in the end the faults cease, the
// phones get time, and the judge counts.
import { Chance } from "./chance.ts";
import { Line } from "./line.ts";
import { Machine, settle, turns } from "./machine.ts";
import { Phone, type Load } from "./phone.ts";
import { holdings, Tale } from "./tale.ts";
import type { Pipe } from "./pipe.ts";
import type * as Program from "./program.ts";

const UNIT = "31522@2024-09-01";
const OUTLINE = { held_on: "2026-11-22", unit: UNIT, place: "Ấp 1", method: "Họp ấp", heads: "46" };
const HOUR = 3_600_000, DAY = 24 * HOUR;
const ACTS = {
  save: 30, "save with photo": 16, "save twice": 5, correct: 8, withdraw: 4, "save a draft": 5, send: 26, "send in two tabs": 5, "time passes": 14, "a day passes": 6, "ten days pass": 3, "forty days pass": 3,
  kill: 9, "power cut": 4, "kill soon": 10, "disk full": 4, "clock jumps": 3, review: 5, "back up": 5, prove: 4, restore: 3, "other person": 2, "phone is copied": 1,
  "late arrivals": 3, "enrol anew": 2, "the line rests": 4,
} as const;
type Act = keyof typeof ACTS;
/** What a history is mostly about; how often the line is bad in it, and how much happens. */
const THEMES: Record<string, { acts: Partial<Record<Act, number>>; rough: number[]; least: number; most: number }> = {
  everything: { acts: ACTS, rough: [0, 0.2, 0.5, 0.8], least: 2, most: 6 },
  store: { acts: { save: 6, "save with photo": 6, kill: 4, "power cut": 6, "kill soon": 10, "disk full": 8, send: 4 }, rough: [0, 0.3], least: 2, most: 4 },
  line: { acts: { save: 8, "save with photo": 4, "save twice": 2, correct: 4, send: 10, "send in two tabs": 4, "time passes": 8, "late arrivals": 3 }, rough: [0.5, 0.8], least: 2, most: 5 },
  keeping: { acts: { "save with photo": 8, save: 2, send: 8, "back up": 5, prove: 5, "a day passes": 3, "ten days pass": 5, "forty days pass": 1, restore: 4, "enrol anew": 2, "clock jumps": 4 }, rough: [0, 0, 0.2], least: 4, most: 9 },
  people: { acts: { save: 6, "save with photo": 3, "other person": 5, send: 5, "phone is copied": 2, "enrol anew": 3, kill: 2, "a day passes": 2 }, rough: [0, 0.3], least: 2, most: 5 },
};
const THEME_WEIGHTS = { everything: 3, store: 3, line: 3, keeping: 2, people: 1 };

export interface Verdict { word: "pass" | "fault" | "unknown"; found: Record<string, number>; details: string[]; acknowledged: number; recovered: number; records: number; photos: number }
export interface Ended { seed: number; verdict: Verdict; acts: number; asked: number; trace: string[] }

/** Plays the history of a seed. */
export async function play(seed: number, pipe: Pipe, load: Load): Promise<Ended> {
  const one = new History(seed, pipe, load);
  return one.play();
}

class History {
  private readonly chance: Chance;
  private readonly machine = new Machine();
  private readonly line: Line;
  private readonly tale = new Tale((id, sha256) => this.tell({ do: "holds", id, sha256 })["holds"] === true);
  private readonly phones: Phone[] = [];
  private readonly people = new Map<Phone, string[]>();
  private marks = 0;
  private proven = 0;
  private epoch = 1;
  private copied = false;
  private readonly kept = new Map<string, string>();
  private saved: { phone: Phone; uid: string; id: string }[] = [];

  constructor(private readonly seed: number, private readonly pipe: Pipe, private readonly load: Load) {
    this.chance = new Chance(seed);
    this.line = new Line(pipe, this.machine, new Chance(seed ^ 0x5bd1e995));
  }

  async play(): Promise<Ended> {
    this.tell({ do: "begin", at: this.machine.now });
    const phone = this.newPhone();
    await this.enrol(phone, "lan");
    const { acts: weights, rough, least, most } = THEMES[this.chance.pick(THEME_WEIGHTS)]!;
    this.line.roughness = rough[this.chance.below(rough.length)] as number;
    const acts = this.chance.between(least, most);
    await this.act("save"); // a history in which nothing is ever acknowledged proves nothing
    for (let n = 1; n < acts; n++) await this.act(this.chance.pick(weights as Record<Act, number>));
    await this.heal();
    return { seed: this.seed, verdict: await this.judged(), acts, asked: this.line.asked, trace: this.tale.trace };
  }

  private newPhone(): Phone {
    const phone = new Phone(`phone${this.phones.length + 1}`, this.load, this.machine, this.line, this.chance);
    this.phones.push(phone);
    return phone;
  }
  private tell(question: Record<string, unknown>): Record<string, unknown> { return this.pipe.ask({ at: this.machine.now, ...question }).told; }
  private anyPhone(): Phone { return this.phones[this.chance.below(this.phones.length)] as Phone; }
  private peopleOf(phone: Phone): string[] { return this.people.get(phone) ?? []; }

  /** In good weather: what enrolling does in bad weather is told elsewhere. */
  private async enrol(phone: Phone, officer: string): Promise<void> {
    const before = this.line.roughness;
    this.line.roughness = 0;
    const { code } = this.tell({ do: "code", officer }) as { code: string };
    const { program } = phone.app;
    const tools = { fetch: phone.app.tools().fetch, clock: { now: () => phone.now() }, appVersion: "0.0.0+simulated", deviceName: phone.name, persist: async () => true };
    const uid = (await this.ended(phone, program.enrol(code, tools))).value; // the app may die meanwhile
    if (uid && !this.peopleOf(phone).includes(uid)) this.people.set(phone, [...this.peopleOf(phone), uid]);
    this.line.roughness = before;
  }

  private async act(act: Act): Promise<void> {
    const phone = this.anyPhone();
    this.tale.note(`${phone.name}: ${act}`);
    if (phone.app.dead) phone.restart();
    await this.acts[act](phone);
    await turns(this.chance.below(40));
    if (phone.app.dead) phone.restart();
    await this.look();
  }

  private readonly acts: Record<Act, (phone: Phone) => Promise<void>> = {
    save: (phone) => this.save(phone),
    "save with photo": (phone) => this.save(phone, { photos: this.chance.between(1, 2) }),
    "save twice": (phone) => this.save(phone, { taps: this.chance.between(2, 3) }),
    "save a draft": (phone) => this.keepDraft(phone),
    correct: (phone) => this.correct(phone),
    withdraw: (phone) => this.withdraw(phone),
    send: async (phone) => { void phone.app.syncer.nudge(this.chance.happens(0.5) ? "button" : "online"); await turns(this.chance.below(200)); },
    "send in two tabs": async (phone) => { for (const tab of phone.app.tabs) void tab.nudge("button"); await turns(this.chance.below(300)); },
    "time passes": async () => { await settle(); await this.machine.pass(this.chance.between(1, 7200) * 1000, 3); },
    "a day passes": async () => { await settle(); await this.machine.pass(DAY, 2); },
    "ten days pass": async () => { await settle(); await this.machine.pass(10 * DAY, 2); },
    "forty days pass": async () => { await settle(); await this.machine.pass(40 * DAY, 2); },
    kill: async (phone) => phone.restart(),
    "power cut": async (phone) => phone.restart(true),
    "kill soon": async (phone) => { phone.app.power = this.chance.happens(0.3); phone.app.diesAfter = this.chance.between(1, 25); await this.save(phone, { photos: this.chance.below(2) }); void phone.app.syncer.nudge("button"); await turns(400); },
    "disk full": async (phone) => { phone.disk.fullAfter = this.chance.between(1, 6); await this.save(phone, { photos: this.chance.below(2) }); },
    "clock jumps": async (phone) => { phone.skewMs = (this.chance.next() - 0.5) * 20 * 365 * DAY; },
    review: async () => { await settle(); const one = this.saved[this.chance.below(this.saved.length)]; if (one) this.tell({ do: "decide", record_id: one.id, outcome: ["accepted", "returned", "rejected"][this.chance.below(3)] }); },
    "back up": async () => { await settle(); this.tell({ do: "back-up" }); },
    prove: async () => { await settle(); this.proven = Math.max(this.proven, this.tell({ do: "prove" })["backup_seq"] as number); },
    restore: async () => { await settle(); await this.look(); const told = this.tell({ do: "restore" }); this.epoch = told["epoch"] as number; this.proven = told["backup_seq"] as number; },
    "other person": async (phone) => { await settle(); await this.enrol(phone, "sophia"); },
    "phone is copied": async (phone) => {
      await settle();
      if (this.phones.length > 2) return;
      this.copied = true;
      const twin = phone.twin(`phone${this.phones.length + 1}`);
      this.phones.push(twin);
      this.people.set(twin, [...this.peopleOf(phone)]);
    },
    "late arrivals": async () => { this.line.arriveLate(true); },
    "enrol anew": async (phone) => { await settle(); await this.enrol(phone, "lan"); },
    "the line rests": async () => { await settle(); this.line.roughness = this.chance.happens(0.5) ? 0 : 0.6; },
  };

  private uidOf(phone: Phone): string { const all = this.peopleOf(phone); return all[this.chance.below(all.length)] as string; }

  private async save(phone: Phone, { photos = 0, taps = 1 } = {}): Promise<void> {
    const { app } = phone;
    const [uid, mark, id] = [this.uidOf(phone), `m${++this.marks}`, app.program.newId()];
    const row = { ...app.program.drafts.newDraft(id, { form_id: "outreach_session", version: "1" } as never, phone.now().toISOString()), answers: { mark } as never, outline: OUTLINE };
    const whole = await this.withPhotos(phone, uid, row, photos);
    if (!whole) return;
    await Promise.all(Array.from({ length: taps }, () => this.finish(phone, uid, whole, mark)));
    if (this.chance.happens(0.7)) void app.syncer.nudge("finish");
  }

  private async keepDraft(phone: Phone): Promise<void> {
    const { program } = phone.app;
    const row = { ...program.drafts.newDraft(program.newId(), { form_id: "outreach_session", version: "1" } as never, phone.now().toISOString()), answers: { mark: "draft" } as never };
    await program.drafts.saveDraft(this.uidOf(phone), row).catch(() => undefined);
  }

  /** Null: a photo could not be kept, and the person left it there. */
  private async withPhotos(phone: Phone, uid: string, row: Program.drafts.DraftRow, photos: number): Promise<Program.drafts.DraftRow | null> {
    const { drafts, newId, sha256 } = phone.app.program;
    const names: string[] = [];
    for (let n = 0; n < photos; n++) {
      const bytes = this.chance.bytes(this.chance.between(1, 300) * (this.chance.happens(0.1) ? 700 : 10)).buffer as ArrayBuffer;
      const taken = { bytes, sha256: await sha256(bytes), size: bytes.byteLength, kind: "image/jpeg", taken_at: "2026-11-22T01:00:00.000Z", source: "camera" as const };
      const kept = await this.ended(phone, drafts.addMedia(uid, row, `/outreach_session/photos/photo${n + 1}`, taken, newId()));
      if (!kept.value) return null;
      names.push(kept.value.id);
      this.kept.set(kept.value.id, taken.sha256);
    }
    const whole = { ...row, answers: { ...row.answers, photos: Object.fromEntries(names.map((name, n) => [`photo${n + 1}`, name])) } };
    await this.ended(phone, drafts.saveDraft(uid, whole));
    return whole;
  }

  private async finish(phone: Phone, uid: string, row: Program.drafts.DraftRow, mark: string): Promise<void> {
    this.tale.say({ act: "save", id: row.record_id, outcome: "invoke", mark, client: phone.name });
    const sealing = { now: phone.now(), language: "vi", appVersion: "0.0.0+simulated" };
    const ended = await this.ended(phone, phone.app.program.outbox.finish(uid, row, { answers: row.answers, calculated: {} }, OUTLINE, null, sealing));
    await this.told(phone, uid, row.record_id, ended);
    if (ended.kind !== "ok") return;
    for (const name of Object.values(row.answers["photos"] ?? {})) this.tale.say({ act: "photo", id: name as string, outcome: "ok", sha256: this.kept.get(name as string) ?? "" });
  }

  /** What the screen said: saved, or that it could not; a killed app said nothing. */
  private async told(phone: Phone, uid: string, id: string, ended: Ending<Program.outbox.RecordRow>): Promise<void> {
    if (ended.kind === "unknown") return this.tale.say({ act: "save", id, outcome: "unknown" });
    if (ended.kind === "fail") return this.tale.say({ act: "save", id, outcome: "fail" });
    const made = ended.value?.record_id ?? id; // whatever the call gave: the screen said "saved"
    const row = await (await phone.app.program.accountDb(uid)).get("outbox", made).catch(() => undefined);
    this.tale.say({ act: "save", id: made, outcome: "ok", ...(row ? { sha256: row.content_sha256 } : {}) });
    this.saved.push({ phone, uid, id: made });
  }

  private async correct(phone: Phone): Promise<void> {
    const own = this.ownOf(phone);
    if (!own) return;
    const { program } = phone.app;
    const mark = `m${++this.marks}`;
    const old = (await program.outbox.listRecords(own.uid)).find((record) => record.record_id === own.id);
    if (!old) return;
    const row = program.drafts.correctionOf(old, { mark }, program.newId(), phone.now().toISOString(), "sai số người");
    await this.finish(phone, own.uid, row, mark);
    void phone.app.syncer.nudge("finish");
  }

  private async withdraw(phone: Phone): Promise<void> {
    const own = this.ownOf(phone);
    if (!own) return;
    const { program } = phone.app;
    const id = program.newId();
    this.tale.say({ act: "save", id, outcome: "invoke", client: phone.name });
    const sealing = { now: phone.now(), language: "vi", appVersion: "0.0.0+simulated" };
    const ended = await this.ended(phone, program.outbox.withdraw(own.uid, own.id, "nhầm", id, sealing));
    await this.told(phone, own.uid, id, ended);
  }

  private ownOf(phone: Phone): { uid: string; id: string } | undefined {
    const own = this.saved.filter((one) => one.phone === phone);
    return own[this.chance.below(own.length)];
  }

  /** Waits for the act, at most until the app dies. */
  private async ended<T>(phone: Phone, act: Promise<T>): Promise<Ending<T>> {
    const { app } = phone;
    let end: Ending<T> | null = null;
    act.then((value) => { end ??= app.dead ? { kind: "unknown" } : { kind: "ok", value }; }, () => { end ??= app.dead ? { kind: "unknown" } : { kind: "fail" }; });
    for (let n = 0; n < 5000 && !end; n++) {
      await turns(1);
      if (app.dead) end ??= { kind: "unknown" };
    }
    return end ?? { kind: "unknown" };
  }

  private async look(): Promise<void> {
    for (const phone of this.phones) if (!phone.app.dead) await this.tale.look(phone, this.peopleOf(phone), this.proven, this.epoch);
  }

  /** The faults cease: every phone is opened, enrolled anew where the server forgot it, and given time. */
  private async heal(): Promise<void> {
    this.tale.note("the faults cease");
    await settle();
    this.line.roughness = 0;
    this.line.arriveLate(true);
    for (const phone of this.phones) { phone.disk.fullAfter = 0; phone.skewMs = 0; phone.restart(); }
    for (let round = 0; round < 12; round++) {
      for (const phone of this.phones) await this.sendAll(phone);
      await this.look();
      if ((await this.stillWaiting()) === 0) return;
      await this.machine.pass(2 * HOUR, 4);
    }
  }

  private async sendAll(phone: Phone): Promise<void> {
    if (phone.app.dead) phone.restart();
    void phone.app.syncer.nudge("button");
    await settle();
    const { problem } = phone.app.syncer.state.value;
    if (problem !== "enrol-again") return;
    if (this.epoch === 1 && !this.copied) this.tale.say({ act: "turned-away", id: phone.name, outcome: "fail" });
    for (const uid of this.peopleOf(phone)) await this.enrol(phone, uid);
    void phone.app.syncer.nudge("button");
    await settle();
  }

  private async stillWaiting(): Promise<number> {
    return (await holdings(this.phones, (phone) => this.peopleOf(phone))).waiting.length;
  }

  private async judged(): Promise<Verdict> {
    const held = await holdings(this.phones, (phone) => this.peopleOf(phone));
    return this.tell({ do: "judge", operations: this.tale.lines, ...held }) as unknown as Verdict;
  }
}

type Ending<T> = { kind: "ok"; value: T } | { kind: "fail"; value?: undefined } | { kind: "unknown"; value?: undefined };
