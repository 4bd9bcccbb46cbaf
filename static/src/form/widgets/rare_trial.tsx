// Trying a draft of a form on this phone: the code is given to the server, the form is fetched, and one button opens it.
// Nobody but who tries forms needs this, so it is a part of its own and brings its own words.

import { useEffect, useState } from "preact/hooks";
import { Api, slugOf, type Reply } from "../../api.ts";
import { accountDb, needMeta } from "../../db.ts";
import { words } from "../../i18n/index.ts";
import { language } from "../../i18n/language.ts";
import { desk, syncNow, syncState, takeUpdate } from "../../session.ts";
import { change, settings } from "../../settings.ts";
import type { FormRef } from "../../shapes.ts";
import { Screen } from "../../ui/frame.tsx";
import { Banner, Button } from "../../ui/parts.tsx";
import { replace } from "../../ui/router.ts";

const WORDS = {
  vi: {
    title: "Bản thử biểu mẫu", asking: "Đang nhận biểu mẫu", here: "Biểu mẫu đã ở trên máy này. Điền và gửi như thật; không bản ghi nào được tính.", open: "Điền thử",
    version: "Bản", home: "Trang chủ", retry: "Thử lại", offline: "Chưa có mạng", offlineSub: "Mã được giữ trên máy này và tự thử lại khi có mạng.",
    unknown: "Mã này không đúng", unknownSub: "Quét lại mã QR ở trang biểu mẫu, hoặc xin người quản trị mã mới.", expired: "Mã này đã hết hạn",
    expiredSub: "Mã dùng được 7 ngày, tới khi bản nháp được phát hành hoặc bỏ đi. Xin người quản trị mã mới.", used: "Mã này người khác đã dùng",
    usedSub: "Mỗi mã dành cho một người. Xin người quản trị mã riêng.", other: "Máy chủ chưa nhận mã", otherSub: "Mã vẫn được giữ trên máy này.",
    old: "Cần bản ứng dụng mới", oldSub: "Biểu mẫu này cần Lan Tỏa mới hơn. Bản ghi trên máy không mất.", update: "Cập nhật", none: "Không có mã nào đang chờ",
  },
  en: {
    title: "Trial of a form", asking: "Fetching the form", here: "The form is on this phone. Fill and send it as in earnest; no record of it is counted.", open: "Try it",
    version: "Version", home: "Home", retry: "Try again", offline: "No connection", offlineSub: "The code is kept on this phone and tried again when there is one.",
    unknown: "This code is not right", unknownSub: "Scan the QR code of the form's page again, or ask the administrator for a new one.", expired: "This code has expired",
    expiredSub: "A code is good for 7 days, until the draft is published or given up. Ask the administrator for a new one.", used: "Somebody else has used this code",
    usedSub: "Each code is for one person. Ask the administrator for your own.", other: "The server did not take the code", otherSub: "The code is still kept on this phone.",
    old: "A newer app is needed", oldSub: "This form needs a newer Lan Tỏa. Records on this phone stay.", update: "Update", none: "No code waits",
  },
} as const;

type Why = "offline" | "unknown" | "expired" | "used" | "other";
type State = { kind: "asking" } | { kind: "none" } | { kind: "old" } | { kind: "fault"; why: Why } | { kind: "fetching" | "here"; form: FormRef };
const SLUGS: Record<string, Why> = { "trial-code-unknown": "unknown", "trial-code-expired": "expired", "trial-code-used": "used" };

/** One at a time: home and this screen may both ask. */
let asking: Promise<State> | null = null;
export const spend = (): Promise<State> => asking ??= ask().finally(() => { asking = null; });

/** The code is forgotten only when the server has given what it stands for; a fault that waiting won't mend is the person's to put away. */
async function ask(): Promise<State> {
  const code = settings.value.trial;
  if (!code) return { kind: "none" };
  const { token } = await needMeta(await accountDb(desk.value!.account), "identity");
  const reply = await new Api((input, init) => fetch(input, init), token).trial(code);
  if (reply.kind !== "ok") return { kind: "fault", why: whyOf(reply) };
  change({ trial: "" });
  return fetched(reply.value);
}

function whyOf(reply: Exclude<Reply<FormRef>, { kind: "ok" }>): Why {
  return reply.kind === "problem" ? SLUGS[slugOf(reply.problem)] ?? "other" : "offline";
}

/** Two rounds: the first may have been under way before the server knew of the trial. */
async function fetched(form: FormRef): Promise<State> {
  for (let n = 0; n < 2; n++) {
    await syncNow();
    if (heldOf(form)) return { kind: "here", form };
    if (syncState.value.problem) return { kind: "fetching", form };
  }
  return { kind: "old" };
}

const heldOf = ({ form_id, version }: FormRef): FormRef | undefined => desk.value?.forms.find((form) => form.form_id === form_id && form.version === version);

export function Trial({ begin }: { begin: (form: FormRef) => void }) {
  const [state, turn] = useState<State>({ kind: "asking" });
  const code = settings.value.trial;
  const say = WORDS[language.value];
  const go = () => { turn({ kind: "asking" }); void spend().then(turn); };
  const waits = state.kind === "fault" && ["offline", "other"].includes(state.why);
  // A new code, the network back, a word from the server: each may be what was lacking.
  useEffect(() => { if (code) go(); }, [code]);
  useEffect(() => {
    if (!waits) return;
    addEventListener("online", go);
    return () => removeEventListener("online", go);
  }, [waits]);
  useEffect(() => { if (waits && code) go(); }, [syncState.value.last_contact_at]);
  useEffect(() => { if (!code && state.kind === "asking") turn({ kind: "none" }); }, []);
  const form = "form" in state ? heldOf(state.form) : undefined;
  const leave = () => { if (state.kind === "fault" && !waits) change({ trial: "" }); replace("home"); };
  const [title, sub] = form ? [words(form.title), say.here] : saidOf(state, say);
  return (
    <Screen name={`trial ${form ? "here" : state.kind}`} title={title}>
      <main class="body empty-body" data-trial={form ? "here" : state.kind === "fault" ? state.why : state.kind}>
        <p class="muted">{say.title}{form && ` · ${say.version} ${form.version}`}</p>
        <h1 data-heading>{title}</h1>
        {sub && (state.kind === "fault" ? <Banner tone="attn" alert>{sub}</Banner> : <p>{sub}</p>)}
        <span class="sr-only" role="status">{title}</span>
      </main>
      <div class="actions actions-plain">
        <Button kind={form || waits || state.kind === "old" ? "secondary" : "primary"} grow onClick={leave}>{say.home}</Button>
        {form && <Button kind="primary" icon="pencil" grow onClick={() => begin(form)}>{say.open}</Button>}
        {waits && <Button kind="primary" icon="refresh" grow onClick={go}>{say.retry}</Button>}
        {state.kind === "old" && <Button kind="primary" icon="refresh" grow onClick={takeUpdate}>{say.update}</Button>}
      </div>
    </Screen>
  );
}

function saidOf(state: State, say: (typeof WORDS)["vi" | "en"]): [string, string] {
  if (state.kind === "fault") return [say[state.why], say[`${state.why}Sub`]];
  if (state.kind === "old") return [say.old, say.oldSub];
  if (state.kind === "fetching") return [say.asking, say.offlineSub];
  return [state.kind === "none" ? say.none : say.asking, ""];
}
