// What of the phone's program the simulation runs: the very modules of static/src, bundled anew for every process.
export { accountDb, meta } from "../../../../static/src/db.ts";
export * as drafts from "../../../../static/src/drafts.ts";
export { enrol, EnrolFault } from "../../../../static/src/enrol.ts";
export { newId, sha256 } from "../../../../static/src/keys.ts";
export { fetchFiles } from "../../../../static/src/news.ts";
export * as outbox from "../../../../static/src/outbox.ts";
export { roundFor, Syncer } from "../../../../static/src/sync.ts";
