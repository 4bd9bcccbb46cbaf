// The shapes that travel between the parts of the phone app, and between phone and server.
// The form model mirrors forms/model.py (MODEL_FORMAT 2; format 1 lacks only what is optional here); the wire mirrors sync/PROTOCOL.md.

/** By language: the code of its XLSForm name, "Tiếng Việt (vi)", else that name in small letters. */
export type Words = { vi?: string; en?: string; km?: string } & { [language: string]: string };
export type Language = "vi" | "en";

// ── Form model ────────────────────────────────────────────────────────────────
export type Tree = [string, ...unknown[]];
export type QuestionType =
  | "text" | "integer" | "decimal" | "range" | "date" | "time" | "dateTime"
  | "select_one" | "select_multiple" | "rank" | "note" | "acknowledge"
  | "image" | "audio" | "file" | "barcode" | "geopoint" | "calculate" | "hidden";

/** File names by language; the files travel beside the form. */
export type MediaWords = { image?: Words; audio?: Words; video?: Words };
export interface Choice { name: string; label: Words; extra?: Record<string, string>; media?: MediaWords }
/** `nodes`: choices are answers of the record itself, `value` and `label` elements below them. */
export interface Options {
  choices?: string; register?: string; filter?: Tree; nodes?: Tree; value?: string; label?: string; shuffled?: boolean; seed?: Tree;
}
/** A setvalue: writes `value` (missing: nothing) into its question when `event` happens; `on`: the repeat or the question that triggers. */
export interface Action { event: "first-load" | "load" | "new-repeat" | "change"; on?: string; value?: Tree }

export interface Question {
  kind: "question"; name: string; path: string; type: QuestionType;
  label?: Words; hint?: Words; appearance?: string;
  required?: Tree; required_message?: Words; relevant?: Tree;
  constraint?: Tree; constraint_message?: Words;
  calculate?: Tree; default?: string; dynamic_default?: Tree; readonly?: boolean | Tree;
  options?: Options; parameters?: Record<string, string>; actions?: Action[]; guidance?: Words; media?: MediaWords;
}
export interface Group { kind: "group"; name: string; path: string; label?: Words; hint?: Words; appearance?: string; relevant?: Tree; children: Node[] }
export interface Repeat { kind: "repeat"; name: string; path: string; label?: Words; appearance?: string; relevant?: Tree; count?: Tree; children: Node[] }
export type Node = Question | Group | Repeat;

export interface FormModel {
  model_format: number; form_id: string; version: string; title: Words; languages: string[];
  children: Node[]; choices: Record<string, Choice[]>; registers: string[];
  /** What `${#n}` in a text stands for. */
  outputs?: Tree[]; instance_name?: Tree; functions?: string[];
  /** The form's own `style`: "pages" asks one screen at a time. */
  style?: string;
}

/** The answers document (D6): groups nested, repeats lists, every answer a string in XForms lexical form. */
export type Answers = { [name: string]: string | Answers | Answers[] };

/** One row of a register set; `name` is the item's uid and its value in answers. All values are strings. */
export type Item = { name: string; label: string; [column: string]: string };
/** A register set as it travels: columns once, rows as arrays. */
export interface RegisterSet { register: string; unit: string | null; columns: string[]; rows: string[][] }

export interface Finding { code: "required" | "constraint" | "type" | "unknown_choice"; path: string; message: Words }

// ── Wire ──────────────────────────────────────────────────────────────────────
/** `kind`: image/jpeg, image/png, audio/…, application/…, text/…. `source`: made here (photographed, drawn, recorded) or chosen. */
export interface MediaPromise { id: string; question: string; sha256: string; size: number; kind: string; taken_at: string; source: "camera" | "file" }

/** Signed by the device; names no person (D3). Its bytes are kept and re-sent unchanged. */
export interface Envelope {
  v: 1; record_id: string; intent: "new" | "correct" | "withdraw"; replaces: string | null; root_id: string; reason: string | null;
  form_id: string; form_version: string; unit: string; held_on: string;
  device_id: string; device_seq: number; finished_at: string; clock_offset_ms: number | null; zone: string; language: string;
  app_version: string; payload_type: "answers/1"; content_sha256: string; media: MediaPromise[]; trial?: true;
}
/** What is stored in the outbox and sent: all four strings never change once made. */
export interface SealedRecord { envelope: string; signature: string; payload_type: "answers/1"; payload: string }

export type ReceiptStatus = "stored" | "duplicate" | "conflict_kept" | "held" | "incomplete";
export interface Receipt {
  server_id: string; epoch: number; seq: number; record_id: string; content_sha256: string;
  status: ReceiptStatus; received_at: string; key_id: string; signature: string;
}
export interface Problem { type: string; title: string; status: number; detail?: string; errors?: { pointer: string; detail: string }[] }

export type MediaState = "unknown" | "expected" | "partial" | "there" | "unreadable" | "erased";

export interface FileRef { sha256: string; size: number }
/** A file beside a form, by the name that the form uses; a CSV travels as a register set. */
export interface AttachedRef extends FileRef { name: string; kind: "csv" | "image" | "audio" }
/** `trial`: a draft of a form that this officer tries. */
export interface FormRef extends FileRef { form_id: string; version: string; title: Words; current: boolean; trial?: boolean; files?: AttachedRef[] }
export interface SetRef extends FileRef { register: string; unit: string | null; sensitive: boolean; rows: number }
export interface Me {
  account: string; name: string; unit: string; unit_label: string; unit_kind: string; parent_label: string;
  organisation: string; rapporteur: string; t2_mode: "register" | "declared"; zone: string;
}
export interface ReviewNews {
  seq: number; record_id: string; root_id: string; outcome: "accepted" | "returned" | "rejected" | "same_as" | "reversed" | "withdrawn";
  reason: string | null; fields: string[]; by: string; at: string;
}
export interface FigureNews {
  indicator: string; label: Words; short: Words; counted_in: Words; period: Words;
  numerator: number; denominator: number | null; target: number | null; measure: string; mode: "register" | "declared" | null;
}
export interface Changes {
  server_id: string; epoch: number; cursor: number; at: string; demo: boolean;
  me: Me; forms: FormRef[]; sets: SetRef[]; reviews: ReviewNews[]; figures: FigureNews[];
  device: { state: "active" | "revoked"; next_token?: string };
  /** The format of a published form that this app cannot read. */
  newer_format?: number;
}
export interface Enrolled {
  account: string; device_id: string; token: string; server_id: string; epoch: number; zone: string;
  receipt_keys: { key_id: string; spki: string }[]; seal_keys: { key_id: string; spki: string }[];
  changes: Changes;
  /** Hash → text of the files that `changes` names; what is not there is fetched. */
  files?: Record<string, string>;
}
export interface HaveStatement {
  server_id: string; epoch: number; backup_seq: number; nonce: string; at: string;
  missing: string[]; media: { id: string; state: MediaState; offset: number }[];
}
