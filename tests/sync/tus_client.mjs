// tus-js-client as it is, with one file: `node tus_client.mjs FILE` and the upload as JSON on standard input.
import { readFileSync } from "node:fs";
import { Upload } from "tus-js-client";

const { endpoint, token, metadata, chunkSize, override } = JSON.parse(readFileSync(0, "utf8"));
const upload = new Upload(readFileSync(process.argv[2]), {
  endpoint, metadata, chunkSize, overridePatchMethod: override, headers: { Authorization: `Bearer ${token}` },
  retryDelays: Array(200).fill(100),
  onError: (error) => { console.error(String(error)); process.exit(1); },
  onSuccess: () => { console.log(upload.url); },
});
upload.start();
