// What a list says about a record, and what the next one may copy: taken from the answers by the questions' kinds and names.
// The names are those of the shipped forms (forms.md 1, 2); a form without them simply has a shorter line.
import type { LastSession, Outline } from "./db.ts";
import type { FormModel, Node, Question } from "./shapes.ts";

/** What an engine answers about a form being filled. */
export interface Reading { get(path: string): string; labels(path: string): string[] }

const COPIED = ["commune", "hamlet", "place_name", "method", "method_other", "led_by", "presenters", "presenter_other", "language"];
const HEADS = ["attendees_total", "people_count"];

/** Every question outside repeats, in the form's order. */
export function questionsOf(nodes: Node[]): Question[] {
  return nodes.flatMap((node) => (node.kind === "question" ? [node] : node.kind === "group" ? questionsOf(node.children) : []));
}

/** `unit` and `held_on` are what the envelope says: the first unit chosen and the first date given, else `own` and `today`. */
export function outlineOf(model: FormModel, reading: Reading, own: string, today: string): Outline {
  const questions = questionsOf(model.children);
  const given = (wanted: (question: Question) => boolean): string =>
    questions.filter(wanted).map((question) => reading.get(question.path)).find((value) => value !== "") ?? "";
  const said = (...names: string[]): string => questions.filter((question) => names.includes(question.name))
    .flatMap((question) => reading.labels(question.path)).filter(Boolean).join(", ");
  return {
    held_on: given((question) => question.type === "date") || today,
    unit: given((question) => question.type === "select_one" && question.options?.register === "units") || own,
    place: said("place_name", "hamlet") || said("commune"),
    method: said("method_other") || said("method", "contact_kind"),
    heads: given((question) => HEADS.includes(question.name)),
  };
}

/** What "Giống buổi trước" copies: place, method, presenters. Never heads, codes, photos or notes. */
export function lastOf(model: FormModel, reading: Reading, outline: Outline): LastSession {
  const copied = questionsOf(model.children).filter((question) => COPIED.includes(question.name))
    .map((question): [string, string] => [question.path, reading.get(question.path)]).filter(([, value]) => value !== "");
  return { ...outline, form_id: model.form_id, answers: Object.fromEntries(copied) };
}
