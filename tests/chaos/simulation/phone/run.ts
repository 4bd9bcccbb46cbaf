// `node run.ts PROGRAM QUESTIONS ANSWERS FIRST COUNT [STOP]`: plays COUNT histories from seed FIRST on and prints a line of
// JSON for each that is no pass, then one with the sums. STOP: end at the first fault.
import "./disk.ts";
import { readFileSync } from "node:fs";
import { Script } from "node:vm";
import { play } from "./history.ts";
import { Pipe } from "./pipe.ts";
import type { Load } from "./phone.ts";

const [program, questions, answers, first, count, stop] = process.argv.slice(2) as [string, string, string, string, string, string?];
const GLOBALS = ["indexedDB", "crypto", "CompressionStream", "caches", "navigator", "setTimeout", "clearTimeout"];
const make = new Script(`(function (${GLOBALS.join(", ")}) { const module = { exports: {} }; const exports = module.exports;\n${readFileSync(program, "utf8")}\nreturn module.exports; })`,
  { filename: program }).runInThisContext() as (...given: unknown[]) => ReturnType<Load>;
const load: Load = (surroundings) => make(...GLOBALS.map((name) => surroundings[name]));

// What a killed app's promises still have to say is nobody's business.
process.on("unhandledRejection", () => undefined);

const pipe = new Pipe(questions, answers);
const sums = { histories: 0, pass: 0, fault: 0, unknown: 0, acknowledged: 0, recovered: 0, records: 0, photos: 0, asked: 0, acts: 0, fingerprint: 0 };
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const { verdict, trace, asked, acts } = await play(seed, pipe, load);
  sums.histories += 1;
  sums[verdict.word] += 1;
  sums.acknowledged += verdict.acknowledged;
  sums.recovered += verdict.recovered;
  sums.records += verdict.records;
  sums.photos += verdict.photos;
  sums.asked += asked;
  sums.acts += acts;
  for (const letter of trace.join("\n")) sums.fingerprint = (Math.imul(sums.fingerprint, 31) + letter.charCodeAt(0)) | 0;
  if (verdict.word !== "fault") continue;
  console.log(JSON.stringify({ seed, found: verdict.found, details: verdict.details, trace }));
  if (stop) break;
}
console.log(JSON.stringify({ sums }));
