// What few ever see: why a record stays, a report for the administrator, and what a server tells once in its life (restored, revoked, locked).
// A part of its own (again.ts holds it for when there is no network); own_record.tsx and contact.tsx say less until it is here.

import { useEffect, useState } from "preact/hooks";
import { slugOf } from "../api.ts";
import { NEEDS_HELP_AFTER } from "../backoff.ts";
import { systemClock } from "../clock.ts";
import { moment } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { reportOf } from "../report.ts";
import { desk, syncState, type RecordView } from "../session.ts";
import { APP_VERSION, storageNow } from "../surroundings.ts";
import { Banner, Button } from "../ui/parts.tsx";
import { copy } from "./faults.tsx";
import { told, whyOf } from "./help_words.ts";

const at = (instant: string): string => moment(new Date(instant), systemClock.now());

/** Why this record, or a photo of it, is still here, and what is safe. */
export function wordsFor({ receipt, failures: n, problem }: RecordView): string {
  const slug = problem ? slugOf(problem) : undefined;
  const why = whyOf(slug);
  if (slug === "record-missing-on-phone") return told("lost", { why });
  if (!receipt) return told("record", { n, why });
  return told(slug === "photo-missing-on-phone" ? "gone" : "photo", { n, why });
}

/** The text to copy; it is there before the tap, since a browser lets nobody copy later. `recordId` null: of the phone as a whole. */
export async function reportFor(recordId: string | null): Promise<string> {
  const surroundings = { now: systemClock.now(), appVersion: APP_VERSION, browser: navigator.userAgent, online: navigator.onLine, storage: await storageNow(), sync: syncState.value };
  return JSON.stringify(await reportOf(desk.value!.account, recordId, surroundings), null, 1);
}

function CopyReport() {
  const [report, made] = useState("");
  const { failures } = syncState.value;
  useEffect(() => { void reportFor(null).then(made); }, [failures]);
  return <Button kind="quiet" small icon="copy" onClick={() => void copy(report, t("boot.copied"))}>{t("records.copy")}</Button>;
}

/** On home and "Máy này", above everything else. */
export function Rarely() {
  const { restored_at, wiped } = desk.value!;
  const { problem, detail, failures } = syncState.value;
  const stuck = failures >= NEEDS_HELP_AFTER && (problem === "busy" || problem === "unsigned");
  return (
    <>
      {wiped && <Banner tone="attn" title={told("wiped", { n: wiped.records })}><p>{told("wiped.sub", { at: at(wiped.at) })}</p></Banner>}
      {problem === "account-disabled" && <Banner tone="error" title={told("disabled")}><p>{told("disabled.sub")}</p></Banner>}
      {restored_at && <Banner title={told("restored")}><p>{told("restored.sub", { at: at(restored_at) })}</p></Banner>}
      {stuck && (
        <Banner tone="error" title={told("stuck", { n: failures })}>
          <p>{told("stuck.sub", { why: whyOf(detail ? slugOf(detail) : "receipt-unverified") })}</p>
          <CopyReport />
        </Banner>
      )}
    </>
  );
}
