// Unit tests of the phone: Node's own WebCrypto, IndexedDB by fake-indexeddb, no network, no browser.
import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: { include: ["static/src/**/*.test.ts", "static/src/**/*.test.tsx"], environment: "node", restoreMocks: true, testTimeout: 30_000 },
});
