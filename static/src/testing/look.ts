// What a test reads of a phone and of what it sent.
import { accountDb } from "../db.ts";
import { listsOf } from "../views.ts";
import type { SealedRecord } from "../shapes.ts";
import type { Phone } from "./make.ts";
import type { Asked } from "./server.ts";

export const receiptOf = async (one: Phone, id: string) => (await (await accountDb(one.uid)).get("records", id))?.receipt;
export const batchOf = ({ body }: Asked): SealedRecord[] => (JSON.parse(new TextDecoder().decode(body)) as { records: SealedRecord[] }).records;
export const statuses = async (one: Phone) => (await listsOf(one.uid, new Set())).records.map((view) => view.status);
