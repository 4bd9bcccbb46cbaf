// `node bundle.mjs ENTRY OUT RUN`: the phone's program as one file, without the surroundings of a page; and what plays it.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const [entry, out, run] = process.argv.slice(2);
const all = { bundle: true, target: "es2022", logLevel: "error" };
await build({ ...all, entryPoints: [entry], outfile: out, format: "cjs", platform: "browser" });
await build({ ...all, entryPoints: [fileURLToPath(new URL("run.ts", import.meta.url))], outfile: run, format: "esm", platform: "node" });
