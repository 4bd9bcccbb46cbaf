// Builds the phone app and the desk's styles into static/dist: hashed names, Brotli beside each text file,
// the service worker with the list (and SHA-256) of what it must hold. The same sources give the same bytes.
//
// static/index.html is a template: %APP_JS% and %PHONE_CSS% become addresses, %VERSION% the app's version.
// Optional entries are taken when they are there: static/css/desk.css, static/desk.ts.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);
const DIST = join(HERE, "dist");
const OUT = join(HERE, `.dist-${process.pid}`);
const PUBLIC = "/static/dist/";
const TEXT = new Set([".js", ".css", ".html", ".json", ".svg", ".webmanifest"]);
const TARGET = ["chrome109", "safari16.4", "firefox115"];

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const filesBelow = (folder) => existsSync(folder)
  ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).map((f) => join(f.parentPath, f.name)).sort()
  : [];

/** `0.1.0+1a2b3c4d`: the release, and which sources it was built from. */
function versionOf() {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const sources = [join(ROOT, "package-lock.json"), join(HERE, "build.mjs"), join(HERE, "index.html"), join(HERE, "manifest.webmanifest"),
    ...["src", "css", "icons"].flatMap((folder) => filesBelow(join(HERE, folder)))].filter((f) => existsSync(f) && !/\.test\.tsx?$/.test(f));
  const digest = createHash("sha256");
  for (const file of sources) digest.update(relative(ROOT, file)).update("\0").update(readFileSync(file)).update("\0");
  return `${version}+${digest.digest("hex").slice(0, 8)}`;
}

const shared = (version) => ({
  bundle: true, minify: true, write: true, metafile: true, absWorkingDir: ROOT, outdir: OUT, target: TARGET, legalComments: "none",
  charset: "utf8", logLevel: "warning", define: { __APP_VERSION__: JSON.stringify(version) },
});

/** Hashed entries: logical name (`app.js`) → file name in dist. */
async function bundles(version) {
  const scripts = await build({
    ...shared(version), entryPoints: ["static/src/app.tsx"], format: "esm", splitting: true, jsx: "automatic", jsxImportSource: "preact",
    entryNames: "[name]-[hash]", chunkNames: "part-[hash]",
  });
  const styles = ["static/css/phone.css", "static/css/desk.css"].filter((file) => existsSync(join(ROOT, file)));
  const sheets = await build({ ...shared(version), entryPoints: styles, entryNames: "[name]-[hash]", external: ["*.woff2"] });
  const outputs = [...entriesOf(scripts), ...entriesOf(sheets)];
  const first = firstPartsOf(scripts);
  if (existsSync(join(HERE, "desk.ts"))) {
    outputs.push(...entriesOf(await build({ ...shared(version), entryPoints: ["static/desk.ts"], format: "iife", entryNames: "[name]-[hash]" })));
  }
  return { names: Object.fromEntries(outputs), first };
}

function entriesOf({ metafile }) {
  return Object.entries(metafile.outputs).filter(([, output]) => output.entryPoint)
    .map(([file, output]) => [basename(output.entryPoint).replace(/\.tsx?$/, ".js"), basename(file)]);
}

/** What the app imports before its first line runs: named in the page, else the browser learns of it a round trip later. */
function firstPartsOf({ metafile }) {
  const app = Object.values(metafile.outputs).find((output) => output.entryPoint === "static/src/app.tsx");
  return app.imports.filter((one) => one.kind === "import-statement").map((one) => basename(one.path));
}

function pageOf(names, first, version) {
  const preloads = first.map((name) => `<link rel="modulepreload" href="${PUBLIC}${name}">`).join("\n  ");
  const values = { FIRST_PARTS: preloads, APP_JS: PUBLIC + names["app.js"], PHONE_CSS: PUBLIC + names["phone.css"], VERSION: version };
  const page = readFileSync(join(HERE, "index.html"), "utf8").replace(/%([A-Z_]+)%/g, (all, key) => values[key] ?? all);
  for (const address of [values.APP_JS, values.PHONE_CSS]) {
    if (!page.includes(address)) throw new Error(`static/index.html does not name ${address}: use %APP_JS% and %PHONE_CSS%`);
  }
  return page;
}

/** What must work without the network: the page, the app with its parts, its style, the mark. */
function precacheOf() {
  const wanted = readdirSync(OUT).filter((name) => /^(app|part|phone)-.*\.(js|css)$/.test(name)).map((name) => [PUBLIC + name, name]);
  const mark = existsSync(join(OUT, "icons/mark.svg")) ? [[`${PUBLIC}icons/mark.svg`, "icons/mark.svg"]] : [];
  return [["/", "index.html"], ...wanted.sort(), ...mark].map(([url, file]) => ({ url, sha256: sha256(readFileSync(join(OUT, file))) }));
}

async function worker(version) {
  const plan = { version, assets: precacheOf() };
  const options = shared(version);
  await build({ ...options, entryPoints: ["static/src/sw.ts"], format: "iife", entryNames: "sw", define: { ...options.define, __PRECACHE__: JSON.stringify(plan) } });
}

function copyIcons() {
  mkdirSync(join(OUT, "icons"), { recursive: true });
  for (const icon of filesBelow(join(HERE, "icons"))) copyFileSync(icon, join(OUT, "icons", basename(icon)));
  copyFileSync(join(HERE, "manifest.webmanifest"), join(OUT, "manifest.webmanifest"));
}

function compress() {
  for (const file of filesBelow(OUT).filter((name) => TEXT.has(extname(name)))) {
    const bytes = readFileSync(file);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  }
}

/** The old dist stays whole until the new one is: a failed build changes nothing. */
function replaceDist() {
  rmSync(DIST, { recursive: true, force: true });
  renameSync(OUT, DIST);
}

function report(names) {
  const size = (file) => readFileSync(join(DIST, `${file}.br`)).length;
  const phone = [...readdirSync(DIST).filter((name) => /^(app|part|phone)-.*\.(js|css)$/.test(name)), "index.html", "manifest.webmanifest"];
  const sizes = phone.map((file) => [file, size(file)]);
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  for (const [file, bytes] of [...sizes, ["sw.js", size("sw.js")]]) console.log(`${String(bytes).padStart(7)}  ${file}`);
  console.log(`${String(total).padStart(7)}  phone, Brotli (without sw.js); entries: ${Object.keys(names).join(", ")}`);
}

async function main() {
  rmSync(OUT, { recursive: true, force: true });
  try {
    const version = versionOf();
    const { names, first } = await bundles(version);
    copyIcons();
    writeFileSync(join(OUT, "index.html"), pageOf(names, first, version));
    await worker(version);
    const addresses = Object.fromEntries(Object.entries(names).sort().map(([name, file]) => [name, PUBLIC + file]));
    writeFileSync(join(OUT, "assets.json"), `${JSON.stringify({ version, ...addresses }, null, 2)}\n`);
    compress();
    replaceDist();
    report(names);
  } finally {
    rmSync(OUT, { recursive: true, force: true });
  }
}

await main();
