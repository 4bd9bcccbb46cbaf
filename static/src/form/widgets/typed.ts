// What a tap or a key makes of an answer: plain text in, plain text out.

/** Digits only, on the pad at most seven; "" is no answer, which is not zero. */
export const digitsOf = (typed: string, most = 7): string => typed.replace(/\D/g, "").slice(0, most).replace(/^0+(?=\d)/, "");
/** A whole number as it is typed; fifteen digits are kept exactly. */
export const wholeOf = (typed: string): string => (/^\s*[-−]/.test(typed) ? "-" : "") + digitsOf(typed, 15);
/** `least`: where the steps down end. A number typed below it goes its own way. */
export const stepped = (value: string, by: number, least = 0): string =>
  (value === "" && by < 0 && !least ? "" : String(Math.max(Math.min(least, +value || 0), (+value || 0) + by)));

export const chosenOf = (value: string): string[] => value.split(" ").filter(Boolean);

/** The answer with one item put in or taken out, in the order of choosing. */
export function toggled(value: string, name: string): string {
  const chosen = chosenOf(value);
  return (chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name]).join(" ");
}

/** "Trong đó: nữ (nếu biết)" stands under "Trong đó" already: what is left is "Nữ". */
export function shortLabel(label: string): string {
  const bare = label.replace(/\s*\([^)]*\)\s*$/, "").replace(/^[^:]{1,20}:\s*/, "");
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}
