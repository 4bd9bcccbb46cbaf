// What a list says about a record, and what the next one may copy: taken from the answers by the questions' kinds and names.
// The names are those of the shipped forms (forms.md 1, 2); a form without them simply has a shorter line. What a form marks with
// the appearance `same` is kept for the next one.
import type { LastSession, Outline } from "./db.ts";
import type { FormModel, Node, Question } from "./shapes.ts";

/** What an engine answers about a form being filled. */
export interface Reading { get(path: string): string; labels(question: Question): string[] }

/** The appearance by which a form says that the next record may begin with this answer. */
const SAME = /\bsame\b/;
const HEADS = ["attendees_total", "people_count"];

/** Every question outside repeats, in the form's order; asked for at each answer, read off the form once. */
export function questionsOf({ children }: Pick<FormModel, "children">): Question[] {
  let known = outside.get(children);
  if (!known) outside.set(children, (known = walked(children)));
  return known;
}
const outside = new WeakMap<Node[], Question[]>();
const walked = (nodes: Node[]): Question[] =>
  nodes.flatMap((node) => (node.kind === "question" ? [node] : node.kind === "group" ? walked(node.children) : []));

/** `unit` and `held_on` are what the envelope says: the first unit chosen and the first date given, else `own` and `today`. */
export function outlineOf(model: FormModel, reading: Reading, own: string, today: string): Outline {
  const questions = questionsOf(model);
  const given = (wanted: (question: Question) => boolean): string => {
    const found = questions.find((question) => wanted(question) && reading.get(question.path) !== "");
    return found ? reading.get(found.path) : "";
  };
  const said = (...names: string[]): string => questions.filter((question) => names.includes(question.name))
    .flatMap(reading.labels).filter(Boolean).join(", ");
  return {
    held_on: given((question) => question.type === "date") || today,
    unit: given((question) => question.type === "select_one" && question.options?.register === "units") || own,
    place: said("place_name", "hamlet") || said("commune"),
    method: said("method_other") || said("method", "contact_kind"),
    heads: given((question) => HEADS.includes(question.name)),
  };
}

/** What "Giống buổi trước" copies: the answers that the form marks with `same`, and no other. */
export function lastOf(model: FormModel, reading: Reading, outline: Outline): LastSession {
  const copied = questionsOf(model).filter((question) => SAME.test(question.appearance ?? ""))
    .map((question): [string, string] => [question.path, reading.get(question.path)]).filter(([, value]) => value !== "");
  return { ...outline, form_id: model.form_id, answers: Object.fromEntries(copied) };
}
