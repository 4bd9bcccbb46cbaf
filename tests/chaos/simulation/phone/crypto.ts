// WebCrypto's answers at once instead of from a thread, so that the order of events is the seed's alone. The keys are real.
import { createHash, generateKeyPairSync, createPublicKey, createPrivateKey, sign, verify, type KeyObject } from "node:crypto";
import type { Chance } from "./chance.ts";

interface Key { half: "private" | "public"; der: string }
const POOL = 12;
const known = new Map<string, KeyObject>();
const pairs = Array.from({ length: POOL }, () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { privateKey: keep("private", privateKey), publicKey: keep("public", publicKey) };
});

function keep(half: Key["half"], key: KeyObject): Key {
  const der = key.export(half === "private" ? { format: "der", type: "pkcs8" } : { format: "der", type: "spki" }).toString("base64");
  known.set(der, key);
  return { half, der };
}

function objectOf({ half, der }: Key): KeyObject {
  const made = known.get(der) ?? (half === "private"
    ? createPrivateKey({ key: Buffer.from(der, "base64"), format: "der", type: "pkcs8" })
    : createPublicKey({ key: Buffer.from(der, "base64"), format: "der", type: "spki" }));
  known.set(der, made);
  return made;
}

const viewOf = (data: BufferSource): Uint8Array => (data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
const copyOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/** `crypto` of one phone. */
export function cryptoOf(chance: Chance): unknown {
  let made = chance.below(POOL);
  return {
    getRandomValues: (into: Uint8Array) => { into.set(chance.bytes(into.length)); return into; },
    subtle: {
      digest: async (_: string, data: BufferSource) => copyOf(createHash("sha256").update(viewOf(data)).digest()),
      generateKey: async () => pairs[made++ % POOL],
      exportKey: async (_: string, key: Key) => copyOf(Buffer.from(key.der, "base64")),
      importKey: async (_: string, spki: BufferSource): Promise<Key> => ({ half: "public", der: Buffer.from(viewOf(spki)).toString("base64") }),
      sign: async (_: unknown, key: Key, data: BufferSource) => copyOf(sign("sha256", viewOf(data), { key: objectOf(key), dsaEncoding: "ieee-p1363" })),
      verify: async (_: unknown, key: Key, signature: BufferSource, data: BufferSource) =>
        verify("sha256", viewOf(data), { key: objectOf(key), dsaEncoding: "ieee-p1363" }, viewOf(signature)),
    },
  };
}
