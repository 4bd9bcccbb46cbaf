// What is missing or wrong in the answers, question by question, in words. Twin of the findings in forms/reading.py.
import type { Finding, Question, Tree, Words } from "../shapes.ts";
import { fits } from "./answer_kinds.ts";
import { tokens } from "./functions.ts";
import type { Offers } from "./engine_choices.ts";
import type { XNode } from "./nodes.ts";
import { questionOf, type RecordNodes } from "./record.ts";
import { boolean, type Value } from "./values.ts";

const WORDS: Record<Finding["code"], Words> = {
  required: { vi: "Mục này cần có câu trả lời.", en: "This needs an answer." },
  constraint: { vi: "Câu trả lời chưa hợp lệ.", en: "This answer does not fit." },
  type: { vi: "Câu trả lời chưa đúng dạng.", en: "This is not the kind of answer asked for." },
  unknown_choice: { vi: "Lựa chọn này không có trong danh sách.", en: "This choice is not in the list." },
};
const SILENT = ["calculate", "hidden", "note"];
const NEW_ITEM = "new:"; // an item entered in the field: new:<uuid>:<code>

/** What is asked of the engine: a rule's value, a text with its answers filled in. */
interface Reading {
  evaluate(tree: Tree, node: XNode): Value;
  filled(text: string, node: XNode): string;
}

export class Faults {
  constructor(readonly engine: Reading, readonly record: RecordNodes, readonly offers: Offers) {}

  isRequired(node: XNode): boolean {
    const rule = questionOf(node)?.required;
    return rule !== undefined && boolean(this.engine.evaluate(rule, node));
  }

  below(node: XNode): Finding[] {
    if (!node.live || this.record.isEmptyRow(node)) return [];
    const question = questionOf(node);
    if (question) return this.#codes(question, node).map((code) => this.#finding(code, question, node));
    return [...(node.children?.values() ?? [])].flatMap((nodes) => nodes.flatMap((child) => this.below(child)));
  }

  #codes(question: Question, node: XNode): Finding["code"][] {
    if (SILENT.includes(question.type)) return [];
    if (!node.text) return this.isRequired(node) ? ["required"] : [];
    const codes: Finding["code"][] = [];
    if (!fits(question, node.text) || !this.#isWhole(question, node)) codes.push("type");
    if (question.options && this.#isStrange(question, node)) codes.push("unknown_choice");
    if (question.constraint && !boolean(this.engine.evaluate(question.constraint, node))) codes.push("constraint");
    return codes;
  }

  /** A ranking names every choice. */
  #isWhole({ type, options }: Question, node: XNode): boolean {
    if (type !== "rank" || !options) return true;
    return new Set(this.offers.at(node, options).map((item) => item.name)).size === tokens(node.text).length;
  }

  #isStrange(question: Question, node: XNode): boolean {
    const { options, type } = question;
    const chosen = type === "select_multiple" || type === "rank" ? tokens(node.text) : [node.text];
    return chosen.some((name) => !(options!.register && name.startsWith(NEW_ITEM)) && !this.offers.has(node, options!, name));
  }

  #finding(code: Finding["code"], question: Question, node: XNode): Finding {
    const own = { required: question.required_message, constraint: question.constraint_message, type: undefined, unknown_choice: undefined }[code];
    const words = own ?? WORDS[code];
    const filled = Object.entries(words).map(([language, text]) => [language, this.engine.filled(text, node)]);
    return { code, path: this.record.pathOf(node), message: Object.fromEntries(filled) as Words };
  }
}
