// That no module of the phone waits for itself: what esbuild really links, types left out, has no circle.

import { build } from "esbuild";
import { expect, test } from "vitest";

type Graph = Map<string, string[]>;

async function linked(entry: string): Promise<Graph> {
  const { metafile } = await build({ entryPoints: [entry], bundle: true, write: false, metafile: true, jsx: "automatic", jsxImportSource: "preact", format: "esm", logLevel: "silent", loader: { ".css": "text" } });
  return new Map(Object.entries(metafile.inputs).map(([file, { imports }]) => [file, imports.map((one) => one.path)]));
}

/** The files that are left when everything that leads to no circle has been taken away. */
function circling(graph: Graph): string[] {
  const left = new Map(graph);
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const [file, imports] of left) if (!imports.some((one) => left.has(one))) left.delete(file);
  }
  return [...left.keys()];
}

test.each(["static/src/app.tsx", "static/src/sw.ts", "static/src/sw_sending.ts"])("nothing that %s is made of imports itself by a detour", async (entry) => {
  const graph = await linked(entry);
  const own = new Map([...graph].filter(([file]) => file.startsWith("static/src/")));
  expect(own.size).toBeGreaterThan(0);
  expect(circling(own)).toEqual([]);
});

test("a circle would be seen", () => {
  expect(circling(new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b"]], ["d", []]]))).toEqual(["a", "b", "c"]);
});
