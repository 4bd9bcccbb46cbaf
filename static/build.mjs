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
import { build, transform } from "esbuild";
import { SHORTENED_BY, sayShort, shortened, shortKeys } from "./shrink.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);
const DIST = join(HERE, "dist");
const OUT = join(HERE, `.dist-${process.pid}`);
const PUBLIC = "/static/dist/";
const TEXT = new Set([".js", ".css", ".html", ".json", ".svg", ".webmanifest"]);
const SOURCES = "static/src/";
const APP = "static/src/app.tsx", FILLING = "static/src/screens/filling.tsx", WORKER = "static/src/sw_sending.ts";
const TARGET = ["chrome109", "safari16.4", "firefox115"];

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const filesBelow = (folder) => existsSync(folder)
  ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).map((f) => join(f.parentPath, f.name)).sort()
  : [];

/** `0.1.0+1a2b3c4d`: the release, and which sources it was built from. */
function versionOf() {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const sources = [join(ROOT, "package-lock.json"), join(HERE, "build.mjs"), join(HERE, "shrink.mjs"), join(HERE, "index.html"), join(HERE, "manifest.webmanifest"),
    ...["src", "css", "icons"].flatMap((folder) => filesBelow(join(HERE, folder)))].filter((f) => existsSync(f) && !/\.test\.tsx?$/.test(f));
  const digest = createHash("sha256");
  for (const file of sources) digest.update(relative(ROOT, file)).update("\0").update(readFileSync(file)).update("\0");
  return `${version}+${digest.digest("hex").slice(0, 8)}`;
}

const shared = (version) => ({
  bundle: true, minify: true, write: true, metafile: true, absWorkingDir: ROOT, outdir: OUT, target: TARGET, legalComments: "none",
  charset: "utf8", logLevel: "warning", banner: { js: `/* ${SHORTENED_BY} */` }, define: { __APP_VERSION__: JSON.stringify(version) },
});

const RARE = /(^|\/)rare_\w+\.tsx?$/;

/** In the app, a rare part is only an address: named by the version, since its bytes name the app's in turn. */
const rarePartsApart = (version) => ({
  name: "rare-parts-apart",
  setup: ({ onResolve }) => onResolve({ filter: RARE }, ({ path, kind }) => (kind === "dynamic-import" ? { path: PUBLIC + rareFile(path, version), external: true } : undefined)),
});
const rareFile = (path, version) => `${basename(path).replace(/\.tsx?$/, "")}-${version.split("+")[1].toUpperCase()}.js`;

/** What a rare part brings itself: neighbours, and packages that nothing else of the app uses. */
const OWN = /\/rare[_/]|\/@noble\//;

/** What rare parts share with the app they take from the part that is there already (static/src/form/widgets/kit.ts), so that the app stays whole. */
const sharedFrom = (filling) => ({
  name: "shared-from-filling",
  setup: ({ onResolve }) => onResolve({ filter: /./ }, ({ path, kind, resolveDir }) =>
    (kind === "entry-point" || OWN.test(path.startsWith(".") ? join(resolveDir, path) : `/${path}`) ? undefined : { path: PUBLIC + filling, external: true, sideEffects: false })),
});

/** The style of a rare part travels inside it, as text: it costs no form that does not need it. */
const stylesAsText = {
  name: "styles-as-text",
  setup: ({ onLoad }) => onLoad({ filter: /rare_\w+\.css$/ }, async ({ path }) => ({
    contents: (await transform(readFileSync(path, "utf8"), { loader: "css", minify: true, target: TARGET, charset: "utf8" })).code.trim(), loader: "text",
  })),
};

/** Tokens that only the desk names stay out of the phone's sheet, which every first load brings. */
const onlyOwnTokens = {
  name: "only-own-tokens",
  setup: ({ onLoad }) => onLoad({ filter: /tokens\.css$/ }, ({ path }) => ({ contents: usedTokens(readFileSync(path, "utf8"), phoneText()), loader: "css" })),
};

const phoneText = () => ["src", "css"].flatMap((folder) => filesBelow(join(HERE, folder)))
  .filter((file) => !/\/(desk[\w-]*|tokens)\.css$|\.test\./.test(file)).map((file) => readFileSync(file, "utf8")).join("");

function usedTokens(tokens, elsewhere) {
  for (let before = ""; before !== tokens;) {
    before = tokens;
    tokens = before.replace(/(--[\w-]+):[^;{}]*;/g, (all, name) => (elsewhere.includes(name) || before.includes(`var(${name})`) ? all : ""));
  }
  return tokens;
}

/** Name of a rare part → its file. Fails when one needs what the kit does not give. */
async function rareParts(version, scripts) {
  const filling = madeOf(scripts, FILLING), { exports } = scripts.metafile.outputs[filling];
  const entries = filesBelow(join(HERE, "src")).filter((file) => RARE.test(file) && !file.includes(".test."));
  const built = await Promise.all(entries.map((file) => build({
    ...shared(version), entryPoints: [file], format: "esm", jsx: "automatic", jsxImportSource: "preact", entryNames: rareFile(file, version).replace(/\.js$/, ""),
    plugins: [stylesAsText, sharedFrom(basename(filling))],
  })));
  const files = built.flatMap(({ metafile }) => Object.keys(metafile.outputs)).map((file) => basename(file));
  for (const file of files) expectGiven(file, new Set(exports));
  return Object.fromEntries(entries.map((file) => [basename(file).replace(/\.tsx?$/, ""), rareFile(file, version)]).sort());
}

function expectGiven(file, given) {
  const taken = [...readFileSync(join(OUT, file), "utf8").matchAll(/import\{([^}]*)\}from/g)].flatMap(([, names]) => names.split(",").map((name) => name.split(" as ")[0].trim()));
  const lacking = taken.filter((name) => !given.has(name));
  if (lacking.length > 0) throw new Error(`${file}: static/src/form/widgets/kit.ts does not give ${lacking.join(", ")}`);
}

/** Later parts take so much of the app that the bundler would cut it up; named here as one of their needs, it stays one file. */
const appInOneFile = {
  name: "app-in-one-file",
  setup: ({ onLoad }) => onLoad({ filter: /screens\/(filling|doors)\.tsx$/ }, ({ path }) => ({ contents: `import "../app.tsx";\n${readFileSync(path, "utf8")}`, loader: "tsx" })),
};

const wordsShort = () => sayShort(shortKeys(readFileSync(join(HERE, "src/i18n/vi.ts"), "utf8"), filesBelow(join(HERE, "src")).map((file) => readFileSync(file, "utf8"))));

/** Hashed entries: logical name (`app.js`) → file name in dist. */
async function bundles(version) {
  const scripts = await build({
    ...shared(version), entryPoints: [APP, WORKER], format: "esm", splitting: true, jsx: "automatic", jsxImportSource: "preact",
    entryNames: "[name]-[hash]", chunkNames: "part-[hash]", plugins: [rarePartsApart(version), appInOneFile, wordsShort()],
  });
  const styles = [["static/css/phone.css", [onlyOwnTokens]], ["static/css/desk.css", []]].filter(([file]) => existsSync(join(ROOT, file)));
  const sheets = await Promise.all(styles.map(([file, plugins]) => build({ ...shared(version), entryPoints: [file], plugins, entryNames: "[name]-[hash]", external: ["*.woff2"] })));
  const outputs = [scripts, ...sheets].flatMap(entriesOf);
  const [first, parts] = [firstPartsOf(scripts), partsOf(scripts)];
  if (existsSync(join(HERE, "desk.ts"))) {
    outputs.push(...entriesOf(await build({ ...shared(version), entryPoints: ["static/desk.ts"], format: "iife", entryNames: "[name]-[hash]" })));
  }
  const rare = await rareParts(version, scripts);
  rmSync(join(ROOT, madeOf(scripts, APP)));
  await shortenAll();
  return { names: { ...Object.fromEntries(outputs), "app.js": basename(appOf(scripts)) }, first, ...parts, rare, sending: basename(madeOf(scripts, WORKER)) };
}

/** Before anything names the bytes by their hash. */
async function shortenAll() {
  for (const file of filesBelow(OUT).filter((name) => name.endsWith(".js"))) writeFileSync(file, await shortened(readFileSync(file, "utf8")));
}

/** Entries that are asked for by name; parts that are imported on the way, and the sending worker (made below), are not among them. */
function entriesOf({ metafile }) {
  return Object.entries(metafile.outputs).filter(([file, { entryPoint }]) => entryPoint && ![APP, WORKER].includes(entryPoint) && !basename(file).startsWith("part-"))
    .map(([file, output]) => [basename(output.entryPoint).replace(/\.tsx?$/, ".js"), basename(file)]);
}

/** The file that the app's own lines are in; the bundler's entry only points to it and is not used. */
const appOf = ({ metafile }) => Object.keys(metafile.outputs).find((file) => APP in metafile.outputs[file].inputs);
const madeOf = ({ metafile }, entry) => Object.keys(metafile.outputs).find((file) => metafile.outputs[file].entryPoint === entry);

/** A file and everything that it imports before its first line runs. */
function withImports({ metafile }, file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const one of metafile.outputs[file].imports) if (one.kind === "import-statement") withImports({ metafile }, one.path, found);
  return found;
}

/** What the app imports before its first line runs: named in the page, else the browser learns of it a round trip later. */
const firstPartsOf = (scripts) => [...withImports(scripts, appOf(scripts))].slice(1).map((file) => basename(file));

/** `always`: the files of the app and of filling, on every phone from the first load on. `later`: of other parts on the way, by the name of their source. */
function partsOf(scripts) {
  const always = new Set([appOf(scripts), madeOf(scripts, FILLING)].flatMap((file) => [...withImports(scripts, file)]));
  const others = Object.entries(scripts.metafile.outputs).filter(([, { entryPoint }]) => entryPoint?.startsWith(SOURCES) && ![APP, FILLING, WORKER].includes(entryPoint));
  const later = others.map(([file, { entryPoint }]) => [basename(entryPoint).replace(/\.tsx?$/, ""), [...withImports(scripts, file)].filter((one) => !always.has(one)).map((one) => basename(one))]);
  return { always: [...always].map((file) => basename(file)), later: Object.fromEntries(later.sort()) };
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

const checkedFile = ([url, file]) => ({ url, sha256: sha256(readFileSync(join(OUT, file))) });
const builtFile = (name) => [PUBLIC + name, name];

/** What must work without the network: the page, the app and filling, their style, the mark. */
function precacheOf({ always, names }) {
  const mark = existsSync(join(OUT, "icons/mark.svg")) ? [[`${PUBLIC}icons/mark.svg`, "icons/mark.svg"]] : [];
  return [["/", "index.html"], ...[...always, names["phone.css"]].sort().map(builtFile), ...mark].map(checkedFile);
}

/** What parts on demand consist of, for whoever has to hold one. */
function listParts(version, { rare, later }) {
  const files = { ...later, ...Object.fromEntries(Object.entries(rare).map(([name, file]) => [name, [file]])) };
  const parts = Object.fromEntries(Object.entries(files).map(([name, some]) => [name, some.map(builtFile).map(checkedFile)]));
  writeFileSync(join(OUT, "parts.json"), `${JSON.stringify({ version, parts })}\n`);
}

/** One for every browser; and one that sends too and imports what the page has brought already. */
async function workers(version, made) {
  const options = shared(version);
  const plan = JSON.stringify({ version, assets: precacheOf(made) });
  await build({ ...options, entryPoints: ["static/src/sw.ts"], format: "iife", entryNames: "sw", define: { ...options.define, __PRECACHE__: plan } });
  writeFileSync(join(OUT, "sw.js"), await shortened(readFileSync(join(OUT, "sw.js"), "utf8")));
  const text = readFileSync(join(OUT, made.sending), "utf8");
  if (!text.includes("__PRECACHE__")) throw new Error("the sending worker does not ask for its plan");
  writeFileSync(join(OUT, "sw-sending.js"), text.replace("__PRECACHE__", () => plan).replaceAll('"./part-', `"${PUBLIC}part-`));
  rmSync(join(OUT, made.sending));
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

function report({ names, rare, always, later }) {
  const size = (file) => readFileSync(join(DIST, `${file}.br`)).length;
  const phone = [...always, names["phone.css"], "index.html", "manifest.webmanifest", "sw-sending.js"];
  const total = (files) => files.reduce((sum, file) => sum + size(file), 0);
  const say = (bytes, what) => console.log(`${String(bytes).padStart(7)}  ${what}`);
  for (const file of phone) say(size(file), file);
  say(total(phone), `phone, Brotli; entries: ${Object.keys(names).join(", ")}`);
  for (const [name, files] of Object.entries(later)) say(total(files), `${name}, on demand`);
  for (const file of Object.values(rare)) say(size(file), `${file}, when a form needs it`);
  say(total(Object.values(rare)), "rare parts together");
}

async function main() {
  rmSync(OUT, { recursive: true, force: true });
  try {
    const version = versionOf();
    const built = await bundles(version);
    const { names, first } = built;
    copyIcons();
    writeFileSync(join(OUT, "index.html"), pageOf(names, first, version));
    listParts(version, built);
    await workers(version, built);
    const addresses = Object.fromEntries(Object.entries(names).sort().map(([name, file]) => [name, PUBLIC + file]));
    writeFileSync(join(OUT, "assets.json"), `${JSON.stringify({ version, ...addresses }, null, 2)}\n`);
    compress();
    replaceDist();
    report(built);
  } finally {
    rmSync(OUT, { recursive: true, force: true });
  }
}

await main();
