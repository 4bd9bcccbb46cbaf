// When the app can't begin: an emptied store, or a fault of its own. Both must stand without a network.

import { useEffect } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { letNewerIn } from "../session.ts";
import { Actions, Screen } from "../ui/frame.tsx";
import { Mark } from "../ui/icon.tsx";
import { Banner, Button } from "../ui/parts.tsx";
import { toast } from "../ui/sheet.tsx";

export async function copy(text: string, said: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    prompt(said, text); // the browser refuses: the text stands there to be copied by hand
  }
}

/** `left`: records that still lie in the store; `onOther`: somebody else's store on this phone is whole. */
export function StoreEmptied({ left, onEnrol, onOther }: { left: number; onEnrol: () => void; onOther: (() => void) | undefined }) {
  return (
    <Screen name="store-emptied" title={t("empty.title")}>
      <main class="body hint-body">
        <Mark />
        <h1>{t("empty.title")}</h1>
        <Banner tone="attn" alert>{t("empty.why")}</Banner>
        <p>{left > 0 ? t("empty.left", { n: left }) : t("empty.safe")}</p>
        <p>{t("empty.do")}</p>
        <p>{t("empty.ask")}</p>
      </main>
      <Actions column>
        {onOther && <Button kind="secondary" onClick={onOther}>{t("empty.other")}</Button>}
        <Button kind="primary" onClick={onEnrol}>{t("empty.go")}</Button>
      </Actions>
    </Screen>
  );
}

/** The app of the server may have gone on without this one: then it opens by itself. */
export function BootFault({ fault }: { fault: unknown }) {
  useEffect(() => void letNewerIn().catch(() => undefined), []);
  const said = fault instanceof Error ? `${fault.name}: ${fault.message}\n${fault.stack ?? ""}` : String(fault);
  return (
    <Screen name="boot-fault" title={t("boot.fault")}>
      <main class="body hint-body">
        <Mark />
        <h1>{t("boot.fault")}</h1>
        <Banner tone="error" alert>{t("boot.fault.sub")}</Banner>
      </main>
      <Actions>
        <Button kind="secondary" icon="copy" onClick={() => void copy(said, t("boot.copied"))}>{t("boot.copy")}</Button>
        <Button kind="primary" icon="refresh" onClick={() => location.reload()}>{t("go.retry")}</Button>
      </Actions>
    </Screen>
  );
}
