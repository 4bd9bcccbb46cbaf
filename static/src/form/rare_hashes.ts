// Digests, base64 and the shuffle of randomize(): a part of the program of its own, as rare_functions.ts is.
// Twin of forms/xpath/hash_functions.py.
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import type { Eager, Tools } from "./functions.ts";
import type { Value } from "./values.ts";
import type { Scope } from "./xpath.ts";

type Hash = (bytes: Uint8Array) => Uint8Array;

const ALGORITHMS: Record<string, Hash | undefined> = { MD5: md5, "SHA-1": sha1, "SHA-256": sha256, "SHA-384": sha384, "SHA-512": sha512 };
const ENCODINGS: Record<string, ((bytes: Uint8Array) => string) | undefined> = {
  base64: (bytes) => btoa(String.fromCharCode(...bytes)),
  hex: (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
};
const BASE64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==)?|[A-Za-z0-9+/]{3}=?)?$/;
const MOST_SEED = 2 ** 31 - 1; // the modulus of the generator
const MOST_LONG = 2n ** 63n;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The hash of the text in UTF-8; "" for an algorithm or an encoding that the specification does not name. */
const digest = ({ string }: Tools): Eager => (_, source, algorithm, encoding) => {
  const [hash, written] = [ALGORITHMS[string(algorithm!)], ENCODINGS[encoding === undefined ? "base64" : string(encoding)]];
  return hash && written ? written(hash(bytesOf(string(source!)))) : "";
};

/** UTF-8 inside base64, with or without padding; "" if it is no base64. */
const base64Decode = ({ string }: Tools): Eager => (_, value) => {
  const text = string(value!).replace(/[ \t\r\n]/g, "");
  if (!BASE64.test(text)) return "";
  const bytes = Uint8Array.from(atob(text.replace(/=+$/, "")), (letter) => letter.charCodeAt(0));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
};

/** The nodes in a chance order, the same one for the same seed: "inside-out" shuffle, generator of Park and Miller. */
const randomize = (tools: Tools): Eager => (s, nodes, seed) => {
  const given = Array.isArray(nodes) ? nodes : [];
  const [chance, shuffled] = [seed === undefined ? Math.random : chanceOf(seedOf(tools, s, seed)), [...given]];
  given.forEach((node, at) => {
    const into = Math.floor(chance() * (at + 1));
    shuffled[at] = shuffled[into]!;
    shuffled[into] = node;
  });
  return shuffled;
};

/** As Collect: whole part of a number, 0 for nothing, the first eight bytes of SHA-256 for other text. */
function seedOf({ num, string }: Tools, scope: Scope, seed: Value): bigint {
  const number = num(scope, seed);
  if (!Number.isNaN(number)) {
    const far = number > 0 ? MOST_LONG - 1n : -MOST_LONG;
    return Math.abs(number) >= 2 ** 63 ? far : BigInt(Math.trunc(number));
  }
  const text = string(seed);
  return typeof seed === "number" || !text ? 0n : new DataView(sha256(bytesOf(text)).buffer).getBigInt64(0);
}

function chanceOf(seed: bigint): () => number {
  let state = Number(seed % BigInt(MOST_SEED));
  if (state <= 0) state += MOST_SEED - 1;
  return () => {
    state = (state * 16_807) % MOST_SEED;
    return (state - 1) / (MOST_SEED - 1);
  };
}

export const functions = (tools: Tools): Record<string, Eager> =>
  ({ digest: digest(tools), "base64-decode": base64Decode(tools), randomize: randomize(tools) });
