// Enrolling this phone: the code typed, or brought by the QR's link; the phone's own camera reads the QR.

import { useState } from "preact/hooks";
import { CODE_LETTERS } from "../enrol.ts";
import { t, language, type Key } from "../i18n/index.ts";
import { bringWords } from "../i18n/language.ts";
import type { Language } from "../shapes.ts";
import { settings } from "../settings.ts";
import { Actions, Screen } from "../ui/frame.tsx";
import { Icon, Mark, Rings } from "../ui/icon.tsx";
import { changeSettings, enrol, EnrolFault, looksLikeCode, normalEnrolCode, type EnrolProblem } from "../session.ts";
import { Banner, Button } from "../ui/parts.tsx";
import { Sheet, toastFault } from "../ui/sheet.tsx";

const FAULTS: Record<Exclude<EnrolProblem, "code-malformed">, Key> = {
  "code-unknown": "enrol.fault.unknown", "code-expired": "enrol.fault.expired", "code-used": "enrol.fault.used", "too-many": "enrol.fault.slow",
  offline: "enrol.fault.net", portal: "enrol.fault.net", refused: "enrol.fault.other",
};

interface EnrolProps { code: string | null; onDone: () => void; onCancel?: (() => void) | undefined }

export function Enrol({ code, onDone, onCancel }: EnrolProps) {
  const [typed, type] = useState(grouped(code ?? ""));
  const [fault, say] = useState("");
  const [busy, work] = useState(false);
  const [explaining, explain] = useState(false);
  const submit = async () => {
    const clean = normalEnrolCode(typed);
    if (busy) return;
    if (!looksLikeCode(clean)) return say(clean.length === CODE_LETTERS ? t("enrol.fault.unknown") : t("enrol.short", { n: clean.length }));
    work(true);
    say("");
    await enrol(clean).then(onDone).catch((problem: unknown) => say(wordsOf(problem)));
    work(false);
  };
  return (
    <Screen name="enrol" title={t("enrol.title")}>
      <header class="appbar enrol-bar"><Languages /></header>
      <form class="enrol-form" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
        <main class="body body-roomy enrol-body">
          <div class="brand"><Rings kind="quiet" class="brand-rings" /><Mark /><h1>{t("app.name")}</h1><p class="muted">{t("app.claim")}</p></div>
          <div class="q">
            <label class="q-label" for="code">{t("enrol.code")}</label>
            <div class={`field field-code field-long${fault ? " is-fault" : ""}`}>
              <textarea id="code" name="code" rows={2} value={typed} autocapitalize="characters" autocomplete="one-time-code" spellcheck={false} aria-describedby="code-hint code-fault"
                aria-invalid={fault ? true : undefined} onInput={(event) => { type(event.currentTarget.value); say(""); }}
                onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); void submit(); } }} onBlur={() => type(grouped(typed))} />
            </div>
            <div id="code-fault" role="alert">{fault && <p class="q-fault"><Icon name="alert" /><span>{fault}</span></p>}</div>
            <p class="q-hint" id="code-hint">{code ? t("enrol.from.link") : t("enrol.code.hint")}</p>
          </div>
          {settings.value.trial && <Banner>{t("trial.enrol")}</Banner>}
          <p class="row muted push enrol-net"><Icon name="signal" small />{t("enrol.net")}</p>
        </main>
        <Actions column plain>
          {onCancel && <Button kind="quiet" onClick={onCancel}>{t("go.cancel")}</Button>}
          {!code && <Button kind="secondary" icon="qr" onClick={() => explain(true)}>{t("enrol.qr")}</Button>}
          <button class="btn btn-primary" type="submit" aria-disabled={busy ? "true" : undefined}>{busy ? t("enrol.busy") : t("enrol.go")}</button>
        </Actions>
      </form>
      {explaining && <QrSheet onClose={() => explain(false)} />}
    </Screen>
  );
}

/** Groups of five, the last one longer, as the code is printed. */
export const grouped = (typed: string): string => normalEnrolCode(typed).replace(/(.{5})(?=.{5})/g, "$1-");

function wordsOf(problem: unknown): string {
  if (!(problem instanceof EnrolFault)) return t("enrol.fault.other", { why: problem instanceof Error ? problem.message : String(problem) });
  return problem.why === "code-malformed" ? t("enrol.fault.unknown") : t(FAULTS[problem.why], { why: problem.why });
}

export function Languages() {
  return (
    <div class="segments grow" role="radiogroup" aria-label={t("phone.language")}>
      {([["vi", "Tiếng Việt"], ["en", "English"]] as const).map(([code, name]) => (
        <label class="pick" lang={code}>
          <input type="radio" name="language" value={code} checked={language.value === code} onChange={() => choose(code)} />
          <span class="chip"><Icon name="check" small class="when-on" />{name}</span>
        </label>
      ))}
    </div>
  );
}

function choose(code: Language): void {
  changeSettings({ language: code });
  bringWords(code).catch(() => toastFault(t("phone.language.later")));
}

/** The phone's own camera opens the link: no scanner is carried in the app (D5). */
function QrSheet({ onClose }: { onClose: () => void }) {
  const steps: Key[] = ["enrol.qr.1", "enrol.qr.2", "enrol.qr.3"];
  return (
    <Sheet title={t("enrol.qr.title")} onClose={onClose}>
      <div class="stack sheet-body">
        <ol class="numbered">{steps.map((key) => <li><p>{t(key)}</p></li>)}</ol>
        <Banner>{t("enrol.code.hint")}</Banner>
        <div class="actions"><Button kind="primary" onClick={onClose}>{t("go.done")}</Button></div>
      </div>
    </Sheet>
  );
}
