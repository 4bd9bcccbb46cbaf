// The four kinds of value and how one turns into another: XPath 1.0 with ODK's differences. Twin of forms/xpath/values.py.
import { daysOf } from "./dates.ts";
import type { XNode } from "./nodes.ts";

export type Value = string | number | boolean | XNode[];

const NUMBER = /^[ \t\r\n]*-?(\d+(\.\d*)?|\.\d+)[ \t\r\n]*$/;

/** a node-set is its first node's text, an empty one is "". */
export function string(value: Value): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value[0] ? textOf(value[0]) : "";
  return typeof value === "boolean" ? String(value) : numberText(value);
}

/** Never an exponent: XPath 1.0, 4.2. */
export function numberText(value: number): string {
  const text = String(value);
  const [head = "", power] = text.split("e");
  if (!power) return text;
  const digits = head.replace(/[-.]/g, "");
  const sign = value < 0 ? "-" : "";
  const point = head.replace("-", "").indexOf(".");
  const whole = (point < 0 ? digits.length : point) + Number(power);
  return sign + (whole > 0 ? digits.padEnd(whole, "0") : `0.${"0".repeat(-whole)}${digits}`);
}

/** "" and other text are NaN; dates and date-times are days since 1970 in the plan's zone. */
export function number(value: Value, zone: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const text = string(value);
  if (!text) return NaN;
  return NUMBER.test(text) ? Number(text) : daysOf(text, zone);
}

/** a node-set is true if its text is not empty, since an unanswered question is an element without text. */
export function boolean(value: Value): boolean {
  if (!Array.isArray(value)) return Boolean(value);
  const [first, second] = value;
  return first !== undefined && (second !== undefined || first.children !== undefined || textOf(first) !== "");
}

export function textOf(node: XNode): string {
  return node.children ? node.everyChild().map(textOf).join("") : node.text;
}
