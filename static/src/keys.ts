// The device's P-256 key, signatures and digests, all by WebCrypto. Where keys are kept is db.ts's matter.

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SCHEME = { name: "ECDSA", hash: "SHA-256" };

export type Bytes = Uint8Array<ArrayBuffer>;
export interface PinnedKey { key_id: string; spki: string }

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export function base64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function fromBase64url(text: string): Bytes {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

/** 128 random bits as 32 lower-case hex digits: ids never come from the clock. */
export const newId = (): string => hex(crypto.getRandomValues(new Uint8Array(16)));

export async function sha256(bytes: BufferSource): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** The private half can't be taken out: script that gets in can use it, not carry it away (D4). */
export async function makeDeviceKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

export async function publicSpki(pair: CryptoKeyPair): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)));
}

export async function sign(key: CryptoKey, text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.sign(SCHEME, key, utf8(text))));
}

/** True only if a pinned key with that id made the signature over exactly these bytes. Never throws. */
export async function signedBy(pinned: PinnedKey[], keyId: string, signature: string, text: string): Promise<boolean> {
  const pin = pinned.find((key) => key.key_id === keyId);
  if (!pin) return false;
  try {
    const key = await crypto.subtle.importKey("spki", fromBase64url(pin.spki), CURVE, false, ["verify"]);
    return await crypto.subtle.verify(SCHEME, key, fromBase64url(signature), utf8(text));
  } catch {
    return false;
  }
}
