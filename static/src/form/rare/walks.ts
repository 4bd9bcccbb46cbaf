// A pattern of regex() walked letter by letter, on all its ways at once: never more steps than letters of both. For those that
// would keep the browser's own matcher, and with it the page, busy; forms/xpath/walks.py draws them, and is the twin of this.

interface Drawn { states: string[][]; known: Map<string, string> }
const MOST_KNOWN = 5_000; // steps kept in mind
const drawn = new Map<string, Drawn>();

/** A line for each state: its letters as a class, then the states that may follow; "." is the end. */
function read(drawing: string): Drawn {
  let found = drawn.get(drawing);
  if (!found) drawn.set(drawing, (found = { states: drawing.split("\n").map((line) => line.split(" ")), known: new Map() }));
  return found;
}

const after = (states: string[][], live: string): string[] => [...new Set(live.split(" ").flatMap((at) => states[Number(at)]!.slice(1)))];

/** Whether the text leads from the first state to the end; `stands`: whether a class has a letter. */
export function walked(text: string, drawing: string, stands: (letter: string, letters: string) => boolean): boolean {
  const { states, known } = read(drawing);
  let live = "0";
  for (const letter of text) {
    const key = letter + live;
    let next = known.get(key);
    if (next === undefined) {
      if (known.size >= MOST_KNOWN) known.clear();
      next = after(states, live).filter((to) => to !== "." && stands(letter, states[Number(to)]![0]!)).sort().join(" ");
      known.set(key, next);
    }
    if (!next) return false;
    live = next;
  }
  return after(states, live).includes(".");
}
